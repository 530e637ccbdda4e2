"""What has to be installed before a project's tests can run: lines of requirements with their versions.

Taken from the files at the root: a requirements file in which every line has its hash is the whole answer; else what is
declared for running and for tests, with the versions that a lock file pins for these names. What those need in turn is
left to pip. Nothing is run; what comes from an address or a repository is named, and cannot be installed here.
"""

import posixpath
import re
import tomllib
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from typing import Any

from checks.repository.declarations import manifests, requirement
from checks.repository.declarations.files import at, strings, table, text
from checks.repository.declarations.requirement import normalised
from checks.repository.declarations.setup_script import keywords
from checks.repository.snapshot import SIZE_LIMIT, Snapshot

_FILE = re.compile(r"requirements/[^/]+\.(?:txt|lock)|[^/]*requirements[^/]*\.(?:txt|lock)")
_TESTS = re.compile(r"(?:^|[-_.])(?:tests?|testing|dev|development|all)(?:$|[-_.])", re.IGNORECASE)
"""Names of extras and groups that hold what tests need."""
_OTHER = re.compile(r"(?:^|[-_./])(?:docs?|lint|types?|typing|build|release|bench\w*|min\w*|lowest)(?:$|[-_./])")
"""Names of requirements files that tests do without."""
_NAME = re.compile(r"\s*([A-Za-z0-9](?:[A-Za-z0-9._-]*[A-Za-z0-9])?)\s*(\[[^\]]*\])?\s*(.*)", re.DOTALL)
_LOCKS = ("uv.lock", "poetry.lock", "pdm.lock", "pylock.toml")
_NESTING = 20

type _Read = Callable[[str], str | None]


@dataclass(frozen=True, slots=True)
class Installing:
    """`lines` of a requirements file, `files` where they stand, `direct` names that no index has (they come from an
    address, a repository or a path). All empty: nothing is declared."""

    lines: tuple[str, ...] = ()
    files: tuple[str, ...] = ()
    direct: tuple[str, ...] = ()

    @property
    def text(self) -> str:
        """The lines as one text."""
        return "".join(f"{line}\n" for line in self.lines)


def of(snapshot: Snapshot) -> Installing:
    """What the project at the root needs for its tests. Never raises: what cannot be read declares nothing."""
    known = {entry.path: entry.size for entry in snapshot.files}

    def read(path: str) -> str | None:
        return text(snapshot, known, path, SIZE_LIMIT, SIZE_LIMIT if path.endswith(".lock") else 65_536)

    lists = sorted(path for path in known if _FILE.fullmatch(path))
    locked = [(path, lines) for path in lists if (lines := _lines(read(path))) and all("--hash=" in x for x in lines)]
    if locked:
        path, lines = max(locked, key=lambda each: (len(each[1]), each[0]))
        return Installing(tuple(lines), (path,))
    found: dict[str, list[str]] = {}
    for path, lines in (*_declared(read), *_listed(lists, read)):
        if lines:
            found.setdefault(path, []).extend(lines)
    every = list(dict.fromkeys(line for lines in found.values() for line in lines))
    direct = tuple(dict.fromkeys(_named(line) for line in every if _is_direct(line)))
    pins = _pins(read)
    plain = tuple(dict.fromkeys(_pinned(line, pins) for line in every if not _is_direct(line)))
    return Installing(plain, tuple(found), direct)


def _lines(content: str | None) -> list[str]:
    """The lines of a requirements file that are requirements, hashes with them; options are left out."""
    joined = re.sub(r"[ \t]*\\\n[ \t]*", " ", content or "")
    plain = (re.sub(r"(?:^|\s)#.*$", "", line).strip() for line in joined.split("\n"))
    return [line for line in plain if line and not line.startswith(("-", ".", "/"))]


def _listed(paths: Iterable[str], read: _Read) -> Iterator[tuple[str, list[str]]]:
    for path in paths:
        if not _OTHER.search(path.removesuffix(".txt")):
            yield path, list(_included(path, read, set()))


def _included(path: str, read: _Read, seen: set[str]) -> Iterator[str]:
    """The requirements of a file and of those that it includes."""
    if path in seen or len(seen) >= requirement.MOST_INCLUDED:
        return
    seen.add(path)
    content = read(path) or ""
    yield from _lines(content)
    for found in re.finditer(r"(?m)^\s*(?:-r|--requirement)[ =]?[ \t]*(\S+)", content):
        yield from _included(posixpath.normpath(posixpath.join(posixpath.dirname(path), found[1])), read, seen)


def _declared(read: _Read) -> Iterator[tuple[str, list[str]]]:
    """What the manifests at the root declare, those of tests among the extras and groups."""
    content = table(read("pyproject.toml"))
    project, poetry = at(content, "project"), at(content, "tool", "poetry")
    lines = list(strings(at(project, "dependencies")))
    for name, group in _tables(at(project, "optional-dependencies")):
        lines += strings(group) if _TESTS.search(name) else ()
    groups = at(content, "dependency-groups")
    for name, _ in _tables(groups):
        lines += _group(groups, name, 0) if _TESTS.search(name) else ()
    lines += strings(at(content, "tool", "uv", "dev-dependencies"))
    lines += _poetry(at(poetry, "dependencies"))
    lines += _poetry(at(poetry, "dev-dependencies"))
    for name, group in _tables(at(poetry, "group")):
        lines += _poetry(at(group, "dependencies")) if _TESTS.search(name) else ()
    own = normalised(str(at(project, "name") or at(poetry, "name") or ""))
    yield "pyproject.toml", [line for line in lines if normalised(_named(line)) != own]
    parser = manifests.parsed_ini(read("setup.cfg"))
    lines = [*parser.get("options", "install_requires", fallback="").split("\n")]
    lines += parser.get("options", "tests_require", fallback="").split("\n")
    if parser.has_section("options.extras_require"):
        for name, value in parser.items("options.extras_require"):
            lines += value.split("\n") if _TESTS.search(name) else ()
    yield "setup.cfg", [line.strip() for line in lines if line.strip()]
    script = read("setup.py")
    given = keywords(script) if script else {}
    lines = [*strings(given.get("install_requires")), *strings(given.get("tests_require"))]
    for name, value in _tables(given.get("extras_require")):
        lines += strings(value) if _TESTS.search(name) else ()
    yield "setup.py", lines


def _tables(value: object) -> Iterator[tuple[str, Any]]:
    if isinstance(value, dict):
        yield from ((key, each) for key, each in value.items() if isinstance(key, str))


def _group(groups: Any, name: str, depth: int) -> Iterator[str]:
    """A dependency group with those that it includes (https://packaging.python.org/en/latest/specifications/dependency-groups/)."""
    for each in at(groups, name) or () if depth < _NESTING else ():
        if isinstance(each, str):
            yield each
        elif isinstance(each, dict) and isinstance(each.get("include-group"), str):
            yield from _group(groups, each["include-group"], depth + 1)


def _poetry(section: object) -> Iterator[str]:
    """Poetry's table as requirements (https://python-poetry.org/docs/dependency-specification/)."""
    for name, value in _tables(section):
        if name.lower() == "python":
            continue
        way = value[0] if isinstance(value, list) and value else value
        if isinstance(way, dict):
            if {"path", "git", "url", "file"} & way.keys():
                yield f"{name} @ elsewhere"
                continue
            if way.get("optional") is True:
                continue
            extras, version = ",".join(strings(way.get("extras"))), way.get("version")
        else:
            extras, version = "", way
        yield f"{name}[{extras}]{_range(version)}" if extras else f"{name}{_range(version)}"


def _range(version: object) -> str:
    """`^1.2`, `~1.2`, `1.2` and `*` of poetry as a specifier of the standard."""
    given = version.strip() if isinstance(version, str) else "*"
    match = re.fullmatch(r"([\^~]?)(\d+(?:\.\d+)*)", given)
    if given in ("", "*") or "||" in given:
        return ""
    if match is None:
        return given if re.match(r"[<>=!~]", given) else f"=={given}"
    sign, number = match[1], match[2]
    parts = [int(part) for part in number.split(".")[:6]]
    if not sign:
        return f"=={number}"
    fixed = (
        next((at for at, part in enumerate(parts) if part), len(parts) - 1) if sign == "^" else min(1, len(parts) - 1)
    )
    upper = [*parts[:fixed], parts[fixed] + 1]
    return f">={number},<{'.'.join(map(str, upper))}"


def _named(line: str) -> str:
    match = _NAME.match(line[:300])
    return match[1] if match else line[:100]


def _is_direct(line: str) -> bool:
    match = _NAME.match(line[:2000])
    return "://" in line.partition("#")[0] or match is None or match[3].startswith("@")


def _pins(read: _Read) -> dict[str, str]:
    """The one version of each name in the lock file, without those that have several."""
    versions: dict[str, set[str]] = {}
    for place in _LOCKS:
        content = read(place)
        if content is None:
            continue
        try:
            locked = tomllib.loads(content)
        except (ValueError, RecursionError, MemoryError):
            continue
        for each in at(locked, "package") or at(locked, "packages") or ():
            name, version = at(each, "name"), at(each, "version")
            if isinstance(name, str) and isinstance(version, str) and re.fullmatch(r"[A-Za-z0-9.+!_-]{1,60}", version):
                versions.setdefault(normalised(name), set()).add(version)
        break
    return {name: found.pop() for name, found in versions.items() if len(found) == 1}


def _pinned(line: str, pins: dict[str, str]) -> str:
    """The requirement with the version of the lock file in place of its own."""
    match = _NAME.match(line)
    if match is None or normalised(match[1]) not in pins or "--hash=" in line:
        return line
    _, semicolon, marker = match[3].partition(";")
    return f"{match[1]}{match[2] or ''}=={pins[normalised(match[1])]}" + (f"; {marker.strip()}" if semicolon else "")
