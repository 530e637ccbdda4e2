"""The environment of the target: the interpreter that its tests run with, and what of the host is seen for that.

A folder of the project may be hostile, and so may the `pyvenv.cfg` in it (https://docs.python.org/3/library/venv.html):
what it names is bound only where it really is a Python installation of root's or the caller's, outside the project.
"""

import importlib.util
import os
import re
import subprocess
import sys
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, replace
from pathlib import Path

from checks.model.errors import Refusal
from checks.sandbox.port import PROJECT, Binding

PACKAGES = "/packages"
"""Where our own packages of pytest lie inside."""
OURS_FROM = (3, 11)
"""The oldest Python that they run on without packages that only older ones need."""
_PYTEST = ("pytest", "_pytest", "py", "pluggy", "iniconfig", "packaging", "pygments")
_TEXT_LIMIT = 1024 * 1024
_HINT = "Name the interpreter or the folder of an environment that has what the tests need."


@dataclass(frozen=True, slots=True)
class Environment:
    """`python` is an interpreter's path inside, `version` its (major, minor), `bindings` what it needs of the host.
    `origin` says in words where it comes from; `paths` are folders of packages that are ours and come last; `folder` is
    where the project is to lie inside (an editable install names the place it had)."""

    python: str
    version: tuple[int, int]
    bindings: tuple[Binding, ...]
    origin: str
    paths: tuple[str, ...] = ()
    folder: str = PROJECT


@dataclass(frozen=True, slots=True)
class _Installation:
    """A Python as it was installed: `lib` is its folder `pythonX.Y` of the standard library."""

    prefix: Path
    python: Path
    lib: Path
    version: tuple[int, int]


def find(
    root: Path | None,
    choice: str | None = None,
    *,
    variables: Mapping[str, str] | None = None,
    shipped: Callable[[str], bool] = lambda folder: False,
) -> Environment:
    """The user's `choice` (an interpreter or the folder of an environment), else the one that is active, else the
    project's own `.venv` or `venv`, else selfmod's own interpreter.

    `root` is the project's folder, None for none; `variables` those of the process by default; `shipped` tells whether
    a folder, relative to the root, holds files of the repository itself: such an environment is never used. Raises
    Refusal where the choice, or the environment that was found, is no usable Python."""
    given = os.environ if variables is None else variables
    place = root.resolve() if root is not None else None
    if choice:
        return _fitted(_chosen(Path(choice).expanduser(), place), place)
    for name in ("VIRTUAL_ENV", "CONDA_PREFIX"):
        folder = Path(given[name]) if given.get(name) else None
        if folder and (folder / "bin").is_dir() and not _comes_with(folder, place, shipped):
            return _fitted(_of_folder(folder, f"the active environment {folder}", place), place)
    for name in (".venv", "venv"):
        folder = place / name if place else None
        if folder and (folder / "pyvenv.cfg").is_file() and not folder.is_symlink() and not shipped(name):
            return _fitted(_of_folder(folder, f"the project's {name}", place), place)
    version = ".".join(map(str, sys.version_info[:2]))
    origin = f"selfmod's own Python {version}: no environment of the project was found"
    own = _of_folder(Path(sys.prefix), origin, place) if sys.prefix != sys.base_prefix else None
    return own or _fitted(_plain(Path(sys.executable), origin, place), place)


def _chosen(path: Path, root: Path | None) -> Environment:
    path = Path.cwd() / path
    if path.is_dir():
        return _of_folder(path, f"the chosen environment {path}", root)
    if not path.is_file() or not os.access(path, os.X_OK):
        raise Refusal(f"{path} is neither an interpreter nor an environment.", _HINT)
    if (path.parent.parent / "pyvenv.cfg").is_file():
        return _of_folder(path.parent.parent, f"the chosen interpreter {path}", root)
    return _plain(path, f"the chosen interpreter {path}", root)


def _comes_with(folder: Path, root: Path | None, shipped: Callable[[str], bool]) -> bool:
    """Whether an environment lies in the project and is part of it."""
    try:
        return root is not None and shipped(folder.resolve().relative_to(root).as_posix())
    except ValueError:
        return False


def _of_folder(folder: Path, origin: str, root: Path | None) -> Environment:
    """The environment in a folder: one of venv's, or a whole installation (conda)."""
    folder = Path.cwd() / folder
    python = next((folder / "bin" / name for name in ("python", "python3") if (folder / "bin" / name).exists()), None)
    if python is None:
        raise Refusal(f"{folder} has no bin/python.", _HINT)
    if not (folder / "pyvenv.cfg").is_file():
        return _plain(python, origin, root)
    base = _installation(_base_of(folder, python), root)
    libraries = folder / "lib" / f"python{base.version[0]}.{base.version[1]}"
    if not (libraries / "site-packages").is_dir():
        raise Refusal(f"{folder} has no packages for the Python that it names.", _HINT)
    parts = [folder / "bin", folder / "pyvenv.cfg", folder / "lib"]
    if (folder / "lib64").is_dir() and not (folder / "lib64").is_symlink():
        parts.append(folder / "lib64")
    own = [Binding(part, str(part)) for part in parts if not part.is_symlink()]
    bindings = [*_bindings(base, _named(python, base)), *own]
    return Environment(str(python), base.version, tuple(bindings), origin)


def _base_of(folder: Path, python: Path) -> Path:
    """The interpreter that an environment was made from: the one its link leads to, else the one in `home`."""
    real = python.resolve()
    if not real.is_relative_to(folder.resolve()):
        return real
    home = re.search(r"(?mi)^home\s*=\s*(/[^\n\0]*?)\s*$", _text(folder / "pyvenv.cfg"))
    name = next((each.name for each in (folder / "lib").glob("python3.*")), "python3") if home else ""
    return (Path(home[1]) / name).resolve() if home else real


def _plain(python: Path, origin: str, root: Path | None) -> Environment:
    """The environment that an installation is by itself."""
    base = _installation(python.resolve(), root)
    return Environment(str(python), base.version, tuple(_bindings(base, _named(python, base))), origin)


def _installation(python: Path, root: Path | None) -> _Installation:
    """Checks that an interpreter lies in a Python installation that root or the caller owns, outside the project."""
    prefix = python.parent.parent
    if root is not None and prefix.is_relative_to(root):
        raise Refusal(f"The interpreter {python} lies in the project itself.", _HINT)
    version = _version(python)
    lib = prefix / "lib" / f"python{version[0]}.{version[1]}"
    essential = (python, lib, lib / "os.py", lib / "site.py")
    if python.parent.name != "bin" or not all(_ours(path) for path in essential):
        raise Refusal(f"{prefix} is no Python installation of yours or root's.", _HINT)
    return _Installation(prefix, python, lib, version)


def _ours(path: Path) -> bool:
    try:
        return path.stat().st_uid in (0, os.getuid())
    except OSError:
        return False


def _version(python: Path) -> tuple[int, int]:
    """From the interpreter's name, else from the interpreter itself, run without its site and the caller's settings."""
    named = re.fullmatch(r"python(\d)\.(\d{1,2})", python.name)
    if named:
        return int(named[1]), int(named[2])
    if not python.name.startswith(("python", "pypy")) or not _ours(python) or not os.access(python, os.X_OK):
        raise Refusal(f"{python} is no interpreter of yours or root's.", _HINT)
    script = "import sys; print('%d.%d' % sys.version_info[:2])"
    try:
        done = subprocess.run(
            (python, "-I", "-S", "-c", script), capture_output=True, timeout=20, cwd="/", env={}, check=False
        )
    except (OSError, subprocess.TimeoutExpired):
        raise Refusal(f"{python} cannot be run.", _HINT) from None
    said = re.fullmatch(r"(\d)\.(\d{1,2})\s*", done.stdout.decode("ascii", "replace"))
    if not said:
        raise Refusal(f"{python} does not say which Python it is.", _HINT)
    return int(said[1]), int(said[2])


def _named(python: Path, base: _Installation) -> list[Path]:
    """The prefixes that the chain of links to an interpreter goes through, other than the real one."""
    found: list[Path] = []
    link = python
    for _ in range(20):
        prefix = link.parent.parent
        if prefix != base.prefix and prefix.resolve() == base.prefix:
            found.append(prefix)
        if not link.is_symlink():
            break
        link = Path(os.path.normpath(link.parent / link.readlink()))
    return found


def _bindings(base: _Installation, prefixes: Iterable[Path]) -> list[Binding]:
    """What an installation needs to be seen: nothing where it is the system's, whose folders are there anyway."""
    found = []
    for prefix in (base.prefix, *prefixes):
        if not prefix.is_relative_to("/usr"):
            parts = [base.prefix / "bin", base.lib]
            if (base.prefix / "conda-meta").is_dir():
                parts = [base.prefix / "bin", base.prefix / "lib"]  # whose other libraries it links against
            else:
                parts += sorted((base.prefix / "lib").glob("libpython*.so*"))
            found += [Binding(part, str(prefix / part.relative_to(base.prefix))) for part in parts]
    return found


def _fitted(environment: Environment, root: Path | None) -> Environment:
    """With selfmod's own pytest as the last resort, and the project where an editable install looks for it."""
    packages = _packages() if environment.version >= OURS_FROM else ()
    fitted = replace(environment, bindings=environment.bindings + packages, paths=(PACKAGES,) if packages else ())
    if root is not None and len(root.parts) > 2 and any(_names(each, root) for each in _path_files(environment)):
        fitted = replace(fitted, folder=str(root))
    return fitted


def _packages() -> tuple[Binding, ...]:
    """selfmod's own pytest with all that it needs: pure Python, each package by itself."""
    found = []
    for name in _PYTEST:
        spec = importlib.util.find_spec(name)
        if spec is None or not spec.origin:
            return ()
        origin = Path(spec.origin)
        folder = origin.parent if origin.name == "__init__.py" else origin  # pytest's own `py` is one file
        found.append(Binding(folder, f"{PACKAGES}/{folder.name}"))
        found += [
            Binding(each, f"{PACKAGES}/{each.name}")
            for each in sorted(folder.parent.glob("*.dist-info"))
            if each.name.partition("-")[0].lower() == name
        ]
    return tuple(found)


def _path_files(environment: Environment) -> Iterable[Path]:
    """The files of an environment that put folders on the path."""
    for binding in environment.bindings:
        for folder in (binding.host, *binding.host.glob("python3.*")):
            packages = folder / "site-packages"
            yield from sorted(
                [*packages.glob("*.pth"), *packages.glob("__editable__*.py"), *packages.glob("*.egg-link")]
            )


def _names(file: Path, root: Path) -> bool:
    return re.search(rf"(?<![\w/.-]){re.escape(str(root))}(?![\w.-])", _text(file)) is not None


def _text(path: Path) -> str:
    try:
        with path.open("rb") as file:
            return file.read(_TEXT_LIMIT).decode("utf-8", "surrogateescape")
    except OSError:
        return ""
