"""What a project declares about itself: the oldest Python that it runs on and the distributions that it needs.

Everything is read as data. Formats: https://packaging.python.org/en/latest/specifications/ (pyproject.toml, dependency
groups, version and dependency specifiers, name normalisation), https://python-poetry.org/docs/pyproject/,
https://setuptools.pypa.io/en/latest/userguide/declarative_config.html, https://pip.pypa.io/en/stable/reference/requirements-file-format/.
"""

import configparser
import posixpath
import re
import tomllib
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from checks.repository.declarations.setup_script import keywords
from checks.repository.snapshot import Snapshot

OLDEST = (3, 10)
"""The oldest Python that is still supported (https://devguide.python.org/versions/, November 2026)."""
SIZE_LIMIT = 256 * 1024
"""Bytes of one file of declarations; of a larger one nothing is taken."""
LINE_LIMIT = 4096
"""Characters of one line of it: the standard library's parsers take quadratic time for long ones."""
DOTS_LIMIT = 50
"""Parts of a TOML key, for the same reason."""


@dataclass(frozen=True, slots=True)
class Project:
    """`python` is the lowest version declared (major, minor), else OLDEST. `distributions` are the names declared, for
    running, for extras and for development, normalised as in the registry; None where nothing is declared anywhere."""

    python: tuple[int, int]
    distributions: frozenset[str] | None


@dataclass(slots=True)
class _Declared:
    python: str | None = None
    names: set[str] | None = None

    def add(self, names: Iterator[str]) -> None:
        self.names = (self.names or set()) | set(names)


def of(snapshot: Snapshot, subfolder: str = "") -> Project:
    """The project that a folder belongs to: the folder's own declarations, each that is missing from the folders above.

    `subfolder` is relative with `/`. Never raises: what cannot be read declares nothing."""
    known = {entry.path: entry.size for entry in snapshot.files}
    python: tuple[int, int] | None = None
    names: set[str] | None = None
    folder = subfolder.strip("/")
    while True:
        found = _in_folder(snapshot, known, folder)
        python = python or lowest(found.python)
        names = found.names if names is None else names
        if not folder:
            return Project(python or OLDEST, None if names is None else frozenset(names))
        folder = posixpath.dirname(folder)


def _in_folder(snapshot: Snapshot, known: dict[str, int], folder: str) -> _Declared:
    found = _Declared()
    prefix = f"{folder}/" if folder else ""
    _pyproject(_table(_text(snapshot, known, prefix + "pyproject.toml")), found)
    _pipfile(_table(_text(snapshot, known, prefix + "Pipfile")), found)
    _setup_cfg(_text(snapshot, known, prefix + "setup.cfg"), found)
    _setup_py(_text(snapshot, known, prefix + "setup.py"), found)
    pattern = re.compile(re.escape(prefix) + r"(requirements/[^/]+\.(txt|in)|[^/]*requirements[^/]*\.(txt|in))")
    for path in (path for path in known if pattern.fullmatch(path)):
        found.add(_requirements(snapshot, known, path, set()))
    return found


def _text(snapshot: Snapshot, known: dict[str, int], path: str) -> str | None:
    """A file of declarations, None where it is missing, too large, no UTF-8 or has lines that parsers choke on."""
    if known.get(path, SIZE_LIMIT + 1) > SIZE_LIMIT:
        return None
    try:
        content = snapshot.read(path)
        text = content[: SIZE_LIMIT + 1].decode("utf-8-sig").replace("\r\n", "\n").replace("\r", "\n")
    except (OSError, UnicodeDecodeError):
        return None
    return None if any(len(line) > LINE_LIMIT for line in text.split("\n")) else text


def _table(text: str | None) -> dict[str, Any]:
    if text is None or any(line.partition("=")[0].count(".") > DOTS_LIMIT for line in text.split("\n")):
        return {}
    try:
        return tomllib.loads(text)
    except (ValueError, RecursionError, MemoryError):
        return {}


def _at(table: object, *keys: str) -> Any:
    """What lies under the keys of nested tables, None where something else is in the way."""
    for key in keys:
        table = table.get(key) if isinstance(table, dict) else None
    return table


def _strings(value: object) -> Iterator[str]:
    """The strings of a list, or of the lists in a table."""
    if isinstance(value, dict):
        value = [each for group in value.values() if isinstance(group, list) for each in group]
    if isinstance(value, list | tuple):
        yield from (each for each in value if isinstance(each, str))


def _pyproject(table: dict[str, Any], found: _Declared) -> None:
    project, poetry = _at(table, "project"), _at(table, "tool", "poetry")
    for declared in (_at(project, "requires-python"), _at(poetry, "dependencies", "python")):
        if isinstance(declared, str) and found.python is None:
            found.python = declared
    lists = [
        _at(project, "dependencies"),
        _at(project, "optional-dependencies"),
        _at(table, "dependency-groups"),
        _at(table, "tool", "uv", "dev-dependencies"),
        _at(table, "tool", "pdm", "dev-dependencies"),
    ]
    for value in lists:
        if isinstance(value, list | dict):
            found.add(_names(_strings(value)))
    groups = _at(poetry, "group")
    nested = [_at(group, "dependencies") for group in groups.values()] if isinstance(groups, dict) else []
    for value in [_at(poetry, "dependencies"), _at(poetry, "dev-dependencies"), *nested]:
        if isinstance(value, dict):
            found.add(_names(name for name in value if name.lower() != "python"))


def _pipfile(table: dict[str, Any], found: _Declared) -> None:
    version = _at(table, "requires", "python_version")
    if isinstance(version, str):
        found.python = found.python or version
    for value in (_at(table, "packages"), _at(table, "dev-packages")):
        if isinstance(value, dict):
            found.add(_names(iter(value)))


def _setup_cfg(text: str | None, found: _Declared) -> None:
    parser = configparser.RawConfigParser(strict=False, interpolation=None)
    try:
        # Blanks within a line are folded: configparser's pattern for options takes quadratic time for many.
        parser.read_string(re.sub(r"(?<=\S)[^\S\n]+", " ", text or ""))
    except (configparser.Error, ValueError, AttributeError):
        return
    found.python = found.python or parser.get("options", "python_requires", fallback=None)
    values = [parser.get("options", key, fallback=None) for key in ("install_requires", "tests_require")]
    if parser.has_section("options.extras_require"):
        values += [value for _, value in parser.items("options.extras_require")]
    for value in values:
        if value is not None:
            found.add(_names(iter(value.split("\n"))))


def _setup_py(text: str | None, found: _Declared) -> None:
    given = keywords(text) if text is not None else {}
    declared = given.get("python_requires")
    if isinstance(declared, str):
        found.python = found.python or declared
    for key in ("install_requires", "extras_require", "tests_require"):
        value = given.get(key)
        if isinstance(value, str):
            value = value.split("\n")
        if isinstance(value, list | tuple | dict):
            found.add(_names(_strings(value)))


def _requirements(snapshot: Snapshot, known: dict[str, int], path: str, seen: set[str]) -> Iterator[str]:
    """The names of a requirements file and of those that it includes."""
    seen.add(path)
    lines = (_text(snapshot, known, path) or "").replace("\\\n", " ").split("\n")
    for line in lines:
        stripped = line.strip()
        include = re.match(r"(?:-r|--requirement)[ =]?\s*(\S+)", stripped)
        if include:
            other = posixpath.normpath(posixpath.join(posixpath.dirname(path), include[1]))
            if other not in seen and len(seen) < 50:
                yield from _requirements(snapshot, known, other, seen)
        egg = re.search(r"#egg=([A-Za-z0-9._-]+)", stripped)
        if egg:
            yield from _names(iter([egg[1]]))
        elif not stripped.startswith(("-", "#", ".", "/")) and "://" not in stripped.partition("@")[0]:
            yield from _names(iter([stripped]))


def _names(requirements: Iterator[str]) -> Iterator[str]:
    """The normalised name at the start of each requirement; what starts with none is passed over."""
    for requirement in requirements:
        name = re.match(r"\s*([A-Za-z0-9](?:[A-Za-z0-9._-]*[A-Za-z0-9])?)\s*(?=$|[\[(<>=!~;@,# \t])", requirement)
        if name:
            yield normalised(name[1])


def normalised(name: str) -> str:
    """A distribution's name in lower case with single hyphens, as in the registry."""
    return re.sub(r"[-_.]+", "-", name).lower()


def lowest(declared: str | None) -> tuple[int, int] | None:
    """The lowest version (major, minor) that a declaration such as `>=3.9,<4`, `^3.9` or `3.9 || 3.10` allows; None
    where it names no lower bound."""
    bounds = []
    for alternative in re.split(r"\|\|?", declared or ""):
        clauses = re.findall(r"(<=|>=|<|>|!=|~=|===|==|=|\^|~)?\s*v?(\d{1,3})(?:\.(\d{1,3}))?[0-9.*]*", alternative)
        lower = [(int(a), int(b or 0)) for sign, a, b in clauses if sign not in ("<", "<=", "!=")]
        if lower:
            bounds.append(max(lower))
    return min(bounds, default=None)
