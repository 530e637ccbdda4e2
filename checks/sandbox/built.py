"""Builds the environment of a target from its requirements: wheels of one index only, once for each set of them.

Nothing of theirs runs meanwhile: pip installs wheels by unpacking (https://packaging.python.org/en/latest/specifications/binary-distribution-format/),
one process does it all before any of them can be imported, and an audit hook keeps that process from starting another,
so that no source distribution is ever built. Requirements are hostile text: only names, versions, markers and hashes
are handed on, never options, paths or addresses.
"""

import contextlib
import fcntl
import hashlib
import importlib.util
import os
import re
import shutil
import subprocess
import sys
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from checks.model.errors import Refusal
from checks.sandbox import environment
from checks.sandbox.environment import Environment

DONE = "complete"
"""The file that marks a folder of the cache as wholly built."""
FILE_LIMIT = 2 * 1024**3
"""Bytes of one file that is unpacked."""
_NAME = r"[A-Za-z0-9](?:[A-Za-z0-9._-]*[A-Za-z0-9])?"
_REQUIREMENT = re.compile(
    rf"(?P<what>{_NAME}\s*(?:\[[A-Za-z0-9._,\s-]*\])?\s*\(?[A-Za-z0-9.*+!<>=~,\s-]*\)?)"
    r"(?P<marker>;[A-Za-z0-9_.'\"<>=!~()\s,+-]*)?(?P<hashes>(?:\s--hash=sha(?:256|384|512):[0-9a-f]+)*)"
)
_ALLOWED = ("HTTPS_PROXY", "https_proxy", "NO_PROXY", "no_proxy", "SSL_CERT_FILE", "SSL_CERT_DIR")
_HINT = "Name requirements that the index has wheels of for this Python."
_INSTALL = """\
import sys, runpy

def refuse(event, arguments):
    if event in ("subprocess.Popen", "os.system", "os.exec", "os.posix_spawn", "os.fork", "os.forkpty"):
        raise PermissionError(event)

sys.addaudithook(refuse)
runner = sys.argv.pop(1)
sys.argv[0] = "pip"
runpy.run_path(runner, run_name="__main__")
"""


@dataclass(frozen=True, slots=True)
class Index:
    """Where wheels come from: the address of an index of packages, folders with wheels, or with `usual` the index that
    pip itself would take; only one of them."""

    url: str = ""
    folders: tuple[Path, ...] = ()
    usual: bool = False


@dataclass(frozen=True, slots=True)
class Requirements:
    """Checked lines of a requirements file; `locked` where every one has a hash."""

    lines: tuple[str, ...]
    locked: bool


def checked(text: str) -> Requirements:
    """The requirements in a text (one a line, hashes as pip writes them). Raises Refusal for what is none."""
    found = []
    hashed = []
    for line in re.sub(r"[ \t]*\\\r?\n[ \t]*", " ", text).splitlines():
        plain = re.sub(r"(?:^|\s)#.*$", "", line).strip()
        if not plain:
            continue
        match = _REQUIREMENT.fullmatch(plain)
        if match is None or re.search(r"\s-", f"{match['what']}{match['marker'] or ''}"):
            raise Refusal(f"The requirement {plain[:200]!r} is not one of a package of the index.", _HINT)
        found.append(" ".join(plain.split()))
        hashed.append(bool(match["hashes"].strip()))
    if any(hashed) and not all(hashed):
        raise Refusal("Some requirements have a hash and some have none.", "Lock all of them, or none.")
    return Requirements(tuple(sorted(dict.fromkeys(found))), bool(found) and all(hashed))


def of_distributions(
    requirements: str, cache: Path, index: Index, *, python: Path | None = None, seconds: float = 600.0
) -> Environment:
    """The environment with these requirements for an interpreter (this one by default), from the cache where it was
    built before. The folder belongs to the cache and is to be bound read-only, as the result says.

    Raises Refusal where a requirement is none of a package, has no wheel, or has another hash than it should."""
    wanted = checked(requirements)
    base = environment.find(None, str(python or Path(sys.base_prefix) / "bin" / f"python3.{sys.version_info[1]}"))
    folder = cache / _key(wanted, base, index)
    cache.mkdir(parents=True, exist_ok=True)
    with _alone(cache / f"{folder.name}.lock"):
        if not (folder / DONE).is_file():
            shutil.rmtree(folder, ignore_errors=True)
            try:
                _build(folder, wanted, base, index, seconds)
            except BaseException:
                shutil.rmtree(folder, ignore_errors=True)
                raise
    found = environment.find(None, str(folder), variables={})
    kind = "locked" if wanted.locked else "declared"
    origin = f"built from {len(wanted.lines)} {kind} requirement{'s' if len(wanted.lines) != 1 else ''}"
    return Environment(found.python, found.version, found.bindings, origin, found.paths)


def _key(wanted: Requirements, base: Environment, index: Index) -> str:
    parts = [
        base.python,
        str(base.version),
        "usual" if index.usual else index.url,
        *map(str, index.folders),
        *wanted.lines,
    ]
    return hashlib.sha256("\0".join(parts).encode()).hexdigest()[:32]


@contextlib.contextmanager
def _alone(path: Path) -> Iterator[None]:
    """Holds the lock of one folder of the cache: a second process waits for the first one's result."""
    with path.open("w") as file:
        fcntl.flock(file, fcntl.LOCK_EX)
        yield


def _build(folder: Path, wanted: Requirements, base: Environment, index: Index, seconds: float) -> None:
    spec = importlib.util.find_spec("pip")
    if spec is None or not spec.origin:
        raise Refusal("There is no pip beside selfmod.", "Install it there: python -m pip, or ensurepip.")
    _run((base.python, "-I", "-m", "venv", "--without-pip", "--symlinks", str(folder)), seconds, "the environment")
    python, settings = folder / "bin" / "python", folder / "pyvenv.cfg"
    before = (python.readlink(), settings.read_bytes())
    listed = folder / "requirements.txt"
    listed.write_text("".join(f"{line}\n" for line in wanted.lines), "utf-8")
    options = [
        "--isolated",
        "--no-input",
        "--disable-pip-version-check",
        "--no-cache-dir",
        "--no-python-version-warning",
    ]
    options += ["install", "--only-binary=:all:", "--no-compile", "--no-warn-script-location", "--quiet"]
    options += ["--require-hashes"] if wanted.locked else []
    if not index.usual:
        options += ["--index-url", index.url] if index.url else ["--no-index"]
    options += [word for each in index.folders for word in ("--find-links", str(each))]
    runner = Path(spec.origin).parent / "__pip-runner__.py"
    if wanted.lines:
        words = (str(python), "-I", "-c", _INSTALL, str(runner), *options, "--requirement", str(listed))
        _run(words, seconds, "the requirements")
    if not python.is_symlink() or (python.readlink(), settings.read_bytes()) != before:
        raise Refusal("A wheel replaced the interpreter of the environment.", _HINT)
    (folder / DONE).touch()


def _run(words: tuple[str, ...], seconds: float, what: str) -> None:
    variables = {name: os.environ[name] for name in _ALLOWED if name in os.environ}
    variables |= {"PATH": "/usr/bin:/bin", "LANG": "C.UTF-8", "HOME": "/nonexistent"}

    def bounded() -> None:
        import resource

        resource.setrlimit(resource.RLIMIT_FSIZE, (FILE_LIMIT, FILE_LIMIT))

    try:
        done = subprocess.run(
            words,
            env=variables,
            cwd="/",
            stdin=subprocess.DEVNULL,
            capture_output=True,
            timeout=seconds,
            check=False,
            preexec_fn=bounded,
        )
    except (OSError, subprocess.TimeoutExpired):
        raise Refusal(f"{what[0].upper()}{what[1:]} could not be installed within {seconds:g} s.", _HINT) from None
    if done.returncode != 0:
        said = [line for line in done.stderr.decode("utf-8", "replace").splitlines() if line.startswith("ERROR:")]
        reason = (said or ["pip failed"])[-1].removeprefix("ERROR:").strip()[:300]
        raise Refusal(f"{what[0].upper()}{what[1:]} could not be installed: {_plain(reason)}", _HINT)


def _plain(text: str) -> str:
    return "".join(each if each.isprintable() else "?" for each in text)
