"""What a project declares about itself: the Pythons that it runs on and the distributions that it needs.

Everything is read as data; the formats are named in the modules beside this one.
"""

import posixpath
import re
from dataclasses import dataclass, field

from checks.repository.declarations import manifests, pythons, requirement
from checks.repository.declarations.files import text
from checks.repository.declarations.manifests import Manifest
from checks.repository.declarations.pythons import lowest
from checks.repository.snapshot import Snapshot

OLDEST = (3, 10)
"""The oldest Python that is still supported (https://devguide.python.org/versions/, November 2026)."""
SUPPORTED = tuple(version for version in pythons.KNOWN if OLDEST <= version <= pythons.NEWEST)
"""The Pythons that are taken for declared where nothing is."""


@dataclass(frozen=True, slots=True)
class Project:
    """`python` is the lowest version declared (major, minor), else OLDEST; `pythons` are all known ones that are
    declared, ascending, else SUPPORTED. `distributions` are the names declared, for running, for extras and for
    development, normalised as in the registry; None where nothing is declared anywhere."""

    python: tuple[int, int]
    distributions: frozenset[str] | None
    pythons: tuple[tuple[int, int], ...] = field(default=SUPPORTED)


def of(snapshot: Snapshot, subfolder: str = "") -> Project:
    """The project that a folder belongs to: the folder's own declarations, each that is missing from the folders above.

    `subfolder` is relative with `/`. Never raises: what cannot be read declares nothing."""
    known = {entry.path: entry.size for entry in snapshot.files}
    python: tuple[int, int] | None = None
    versions: tuple[tuple[int, int], ...] = ()
    names: set[str] | None = None
    folder = subfolder.strip("/")
    while True:
        found = in_folder(snapshot, known, folder)
        named = pythons.classified(found.classifiers)
        python = python or lowest(found.python)
        versions = versions or pythons.allowed(found.python, named) or named
        if names is None and found.declares:
            names = {each.name for each in found.requirements if each.role in ("run", "extra", "dev")}
        if not folder:
            return Project(python or OLDEST, None if names is None else frozenset(names), versions or SUPPORTED)
        folder = posixpath.dirname(folder)


def in_folder(snapshot: Snapshot, known: dict[str, int], folder: str) -> Manifest:
    """What the files of one folder declare, those of `requirements/` in it too. `known` are all files with sizes."""
    found = Manifest()
    prefix = f"{folder}/" if folder else ""

    def read(path: str) -> str | None:
        return text(snapshot, known, path)

    manifests.pyproject(prefix + "pyproject.toml", read, found)
    manifests.pipfile(prefix + "Pipfile", read, found)
    manifests.setup_cfg(prefix + "setup.cfg", read, found)
    manifests.setup_py(prefix + "setup.py", read, found)
    pattern = re.compile(re.escape(prefix) + r"(requirements/[^/]+\.(txt|in)|[^/]*requirements[^/]*\.(txt|in))")
    for path in (path for path in known if pattern.fullmatch(path)):
        found.add(requirement.of_file(path, read, found.indexes))
    return found
