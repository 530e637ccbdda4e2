"""One declared dependency, and the text format of requirements.

Formats: https://packaging.python.org/en/latest/specifications/dependency-specifiers/,
https://pip.pypa.io/en/stable/reference/requirements-file-format/.
"""

import posixpath
import re
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from typing import Literal

Role = Literal["run", "extra", "dev", "build", "tool", "locked", "conda"]
"""What a dependency is for: running, an extra, development and tests, building, an environment of a tool (tox, nox,
hatch), or it stands in a lock file. Names of conda are its own, most of them those of the registry."""

_NAME = re.compile(r"\s*([^\W_](?:[\w.-]*[^\W_])?)\s*(?=$|[\[(<>=!~;@,# \t])")
_DEVELOPMENT = re.compile(r"dev|test|doc|lint|ci\b|build|typ|bench|qa|style|format|example")
MOST_INCLUDED = 50
"""Requirements files that one pulls in."""


@dataclass(frozen=True, slots=True)
class Requirement:
    """`name` is normalised as in the registry, `written` the name as it stands there. `direct`: it comes from a path,
    a repository or an address, not from an index. `file` is the one that declares it."""

    name: str
    role: Role
    file: str
    written: str = ""
    direct: bool = False


def normalised(name: str) -> str:
    """A distribution's name in lower case with single hyphens, as in the registry."""
    return re.sub(r"[-_.]+", "-", name).lower()


def parsed(lines: Iterable[str], role: Role, file: str) -> Iterator[Requirement]:
    """The requirement at the start of each line; what starts with no name is passed over."""
    for line in lines:
        name = _NAME.match(line[:300])
        if name:
            rest = line[name.end() :].lstrip()
            direct = re.match(r"(?:\[[^\]]*\])?\s*@", rest) is not None
            yield Requirement(normalised(name[1]), role, file, name[1], direct)


def role_of(path: str) -> Role:
    """What a requirements file is for, as its name says."""
    return "dev" if _DEVELOPMENT.search(path.lower()) else "run"


def of_file(
    path: str, text: Callable[[str], str | None], indexes: list[str], seen: set[str] | None = None
) -> Iterator[Requirement]:
    """The requirements of a requirements file and of those that it includes; `text` reads one. Names of files with an
    index of their own are added to `indexes`."""
    seen = set() if seen is None else seen
    seen.add(path)
    role = role_of(path)
    for line in (text(path) or "").replace("\\\n", " ").split("\n"):
        stripped = line.strip()
        include = re.match(r"(?:-r|--requirement)[ =]?\s*(\S+)", stripped)
        if include:
            other = posixpath.normpath(posixpath.join(posixpath.dirname(path), include[1]))
            if other not in seen and len(seen) < MOST_INCLUDED:
                yield from of_file(other, text, indexes, seen)
        if is_private(re.match(r"(?:-i|--index-url|--extra-index-url|--find-links|-f)[ =]\s*(\S+)", stripped)):
            indexes.append(path)
        egg = re.search(r"#egg=([A-Za-z0-9._-]+)", stripped)
        if egg:
            yield Requirement(normalised(egg[1]), role, path, egg[1], direct=True)
        elif not stripped.startswith(("-", "#", ".", "/")) and "://" not in stripped.partition("@")[0]:
            yield from parsed([stripped], role, path)


def is_private(match: re.Match[str] | None) -> bool:
    """Whether an option names an index other than the public one."""
    return match is not None and is_private_address(match[1])


def is_private_address(address: object) -> bool:
    """Whether an index's address is another one than the public registry's."""
    return isinstance(address, str) and not re.match(r"https?://(www\.)?(pypi\.org|pypi\.python\.org)(/|$)", address)
