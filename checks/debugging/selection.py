"""Which files of a snapshot are looked at, and what rules may know of the repository around them."""

import os
import re
from collections.abc import Iterable
from pathlib import Path

from pathspec import GitIgnoreSpec

from checks.debugging.source.module import Surroundings
from checks.model.errors import Refusal
from checks.model.findings import NotAnalysed
from checks.repository import git
from checks.repository.declarations import project
from checks.repository.snapshot import Snapshot, of_working_tree

ENDINGS = (".py", ".pyw")
_ROOTS = ("", "src/", "lib/", "python/")
"""Folders whose modules are imported by their bare name."""


def excluding(patterns: Iterable[str]) -> GitIgnoreSpec:
    """Patterns as in .gitignore. Raises Refusal for one that cannot be read."""
    patterns = tuple(patterns)
    try:
        return GitIgnoreSpec.from_lines(patterns)
    except (ValueError, re.error) as error:  # the latter for a range such as [z-a]
        raise Refusal(f"exclude: {error}", "Write patterns as in .gitignore.") from None


def python_files(snapshot: Snapshot, exclude: GitIgnoreSpec) -> list[str]:
    """The paths that are analysed."""
    paths = (entry.path for entry in snapshot.files)
    return [path for path in paths if path.endswith(ENDINGS) and not exclude.match_file(path)]


def unread(snapshot: Snapshot, exclude: GitIgnoreSpec) -> list[NotAnalysed]:
    """What is named like Python and was not read (links, special files, too large), with why."""
    return [s for s in snapshot.skipped if s.file.endswith(ENDINGS) and not exclude.match_file(s.file)]


def contents(snapshot: Snapshot, paths: Iterable[str]) -> tuple[dict[str, bytes], list[NotAnalysed]]:
    """The bytes of files; those that cannot be read any more are not analysed, with why."""
    found, failed = {}, []
    for path in paths:
        try:
            found[path] = snapshot.read(path)
        except OSError as error:
            failed.append(NotAnalysed(path, f"cannot be read: {error.strerror or error}"))
    return found, failed


def whole(snapshot: Snapshot, path: Path) -> Snapshot:
    """What lies around the files of a snapshot of `path`: the repository. Outside git no more than the folder named, or
    the folder of the file named without what is beneath it: above may be a whole disk."""
    root = snapshot.root
    if root is None or path.resolve() == root:
        return snapshot
    if git.find_root(root) is not None:
        return of_working_tree(root)
    names = sorted(each.name for each in root.iterdir())
    near = [root / name for name in (*names, *(f"{name}/__init__.py" for name in names))]
    # False, and no error, where nobody may look
    return of_working_tree(root, tuple(each for each in near if os.path.isfile(each)) or (path,))  # noqa: PTH113


def surroundings(whole: Snapshot, subfolder: str = "") -> Surroundings:
    """What rules may know: from the snapshot of the whole repository."""
    known = project.of(whole, subfolder)
    return Surroundings(known.python, known.distributions, own_modules(entry.path for entry in whole.files))


def own_modules(paths: Iterable[str]) -> frozenset[str]:
    """Names that an import finds in the repository itself: modules and packages at its root or under `src/`."""
    names = set()
    for path in paths:
        if not path.endswith(".py"):
            continue
        for root in _ROOTS:
            if path.startswith(root):
                first, _, rest = path.removeprefix(root).partition("/")
                if not rest:
                    names.add(first.removesuffix(".py"))
                elif rest == "__init__.py":
                    names.add(first)
    return frozenset(names - {"setup", "conftest", "__init__", "noxfile"})
