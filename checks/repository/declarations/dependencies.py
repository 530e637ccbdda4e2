"""Everything that a repository declares anywhere, and what of it holds for one file."""

import posixpath
import re
from collections.abc import Iterable
from dataclasses import dataclass

from checks.repository.declarations import files, locks, manifests, requirement, tools
from checks.repository.declarations.files import text
from checks.repository.declarations.manifests import Manifest
from checks.repository.declarations.requirement import Requirement
from checks.repository.snapshot import SIZE_LIMIT, Snapshot

MOST_FILES = 1_000
"""Files of declarations that are read: those nearest to the root first."""
_REQUIREMENTS = re.compile(r"(^|/)(requirements/.+|[^/]*requirements[^/]*|[^/]*[-_.]reqs?)\.(txt|in|pip)$")
_FOLDERS = re.compile(r"(^|/)(requirements?|reqs|\.github|\.ci|ci|\.circleci|conda|environments?|etc|tools)$")
"""Folders whose declarations are for the folder above them."""


@dataclass(frozen=True, slots=True)
class Dependencies:
    """`requirements` in the order of their files; `names` are the projects' own names (normalised); `indexes` the files
    that name a private index; `declares` the folders in which dependencies are declared at all, `unsure` those in which
    a program declares them, so that more may be than is known."""

    requirements: tuple[Requirement, ...]
    names: frozenset[str]
    indexes: tuple[str, ...]
    declares: frozenset[str]
    unsure: frozenset[str] = frozenset()

    def near(self, path: str) -> tuple[Requirement, ...]:
        """What is declared for a file: in its folder and in those above it."""
        above = set(_above(path))
        return tuple(each for each in self.requirements if each.file == path or _spoken_for(each.file) in above)

    def declared_for(self, path: str) -> bool:
        """Whether dependencies are declared at all where they would hold for a file."""
        return path in self.declares or not self.declares.isdisjoint(_above(path))

    def complete_for(self, path: str) -> bool:
        """Whether all that is declared for a file can be read."""
        return self.unsure.isdisjoint(_above(path))


def _above(path: str) -> Iterable[str]:
    folder = posixpath.dirname(path)
    while folder:
        yield folder
        folder = posixpath.dirname(folder)
    yield ""


def _spoken_for(file: str) -> str | None:
    """The folder that a file of declarations speaks for, None for a script that speaks for itself."""
    return home(file) if is_declaration(file) else None


def home(file: str) -> str:
    """The folder that a file of declarations speaks for."""
    folder = posixpath.dirname(file)
    while _FOLDERS.search(folder):
        folder = posixpath.dirname(folder)
    return folder


def is_declaration(path: str) -> bool:
    """Whether a file declares dependencies, as its name says."""
    return _kind(path) is not None


def _kind(path: str) -> str | None:
    name = posixpath.basename(path)
    if name in ("pyproject.toml", "Pipfile", "setup.cfg", "setup.py", "tox.ini", "noxfile.py"):
        return name
    if locks.is_lock(path):
        return "lock"
    if tools.is_conda(path):
        return "conda"
    return "requirements" if _REQUIREMENTS.search(path) else None


def of(snapshot: Snapshot, scripts: Iterable[str] = ()) -> Dependencies:
    """What all files of a repository declare; `scripts` are Python files that may say for themselves what they need.
    Never raises: what cannot be read declares nothing."""
    known = {entry.path: entry.size for entry in snapshot.files}
    paths = sorted((path for path in known if _kind(path)), key=lambda path: (path.count("/"), path))
    found = Manifest()
    declares, unsure = set(), set()
    for path in paths[:MOST_FILES]:
        found.declares = found.unsure = False
        _read(snapshot, known, path, found)
        if found.declares:
            declares.add(home(path))
        if found.unsure:
            unsure.add(home(path))
    for path in scripts:
        asked = list(tools.script(path, text(snapshot, known, path)))
        found.requirements.extend(asked)
        declares |= {path} if asked else set()
    unique = tuple(dict.fromkeys(found.requirements))
    indexes = tuple(dict.fromkeys(found.indexes))
    return Dependencies(unique, frozenset(found.names), indexes, frozenset(declares), frozenset(unsure))


def _read(snapshot: Snapshot, known: dict[str, int], path: str, found: Manifest) -> None:
    def read(other: str) -> str | None:
        large = other.endswith((".txt", ".in", ".pip"))  # with hashes they grow; reading them is linear
        return text(snapshot, known, other, SIZE_LIMIT if large else files.SIZE_LIMIT)

    match _kind(path):
        case "pyproject.toml":
            manifests.pyproject(path, read, found)
        case "Pipfile":
            manifests.pipfile(path, read, found)
        case "setup.cfg":
            manifests.setup_cfg(path, read, found)
            found.requirements.extend(tools.tox(path, read, found.indexes))
        case "setup.py":
            manifests.setup_py(path, read, found)
        case "tox.ini":
            found.requirements.extend(tools.tox(path, read, found.indexes))
        case "noxfile.py":
            found.requirements.extend(tools.nox(path, read(path)))
        case "conda":
            found.add(tools.conda(path, read(path)))
        case "lock":
            content = text(snapshot, known, path, SIZE_LIMIT, SIZE_LIMIT)
            found.requirements.extend(locks.of_file(path, content or "", found.indexes))
        case _:
            found.add(requirement.of_file(path, read, found.indexes))
