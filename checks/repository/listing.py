"""The names in a working tree: by git where there is one, else by a walk that follows no link."""

import os
import stat
from collections.abc import Iterator
from pathlib import Path

from checks.model.errors import Refusal
from checks.repository import beneath, git
from checks.repository.history import text

MOST_FILES = 200_000
"""Files of one tree; more is refused, because nothing was named that a review could finish."""
MOST_DEPTH = 100
"""Folders within folders that the walk descends."""
LEFT_OUT = frozenset({"__pycache__", "node_modules"})
"""Folders that hold no source of the project, wherever they are; hidden folders and virtual environments are too."""
BUILT = frozenset({"build", "dist"})
"""Folders directly beneath the root that are left out unless they are packages."""


def named(root: Path, only: tuple[str, ...] = ()) -> list[str]:
    """Paths of all files, sorted, that git tracks or would track, and of what stands in place of one (a link, a FIFO, a
    repository of its own); new files in LEFT_OUT and in virtual environments are not among them, because no ignore
    file of the user's own is read. `only` restricts to files and folders beneath `root`; such a one is taken even if
    git ignores it. Names that are no UTF-8 have lone surrogates. Raises Refusal for too many files, or if git fails."""
    pathspec = tuple(only) if len(only) <= 500 else ()
    found = _files(root, "--cached", pathspec) | _sources(_files(root, "--others", pathspec))
    found |= set(_special(root, found))
    if only:
        found = {path for path in found if within(path, only)}
        missing = tuple(wanted for wanted in only if not any(within(path, (wanted,)) for path in found))
        if missing:
            found.update(walked(root, missing))
    return _sorted(found, root)


def _files(root: Path, kind: str, pathspec: tuple[str, ...]) -> set[str]:
    raw = git.output(root, "ls-files", "-z", kind, "--exclude-standard", "--", *pathspec)
    return {text(name).rstrip("/") for name in raw.split(b"\0") if name}


def _special(root: Path, found: set[str]) -> Iterator[str]:
    """FIFOs, sockets and devices beside the files and at the root: git does not name them, but whoever reads a report
    is to know that they were not opened."""
    with beneath.Folders(root) as folders:
        for parts in {(), *(tuple(path.split("/")[:-1]) for path in found)}:
            here = folders.get(parts)
            if here is None:
                continue
            try:
                with os.scandir(here) as listing:
                    entries = [entry.name for entry in listing if not _usual(entry)]
            except OSError:
                continue
            yield from ("/".join((*parts, name)) for name in entries)


def _usual(entry: "os.DirEntry[str]") -> bool:
    return entry.is_file(follow_symlinks=False) or entry.is_dir(follow_symlinks=False) or entry.is_symlink()


def _sources(found: set[str]) -> set[str]:
    """The paths that lie in no virtual environment and no folder of LEFT_OUT."""
    environments = {path.removesuffix("/pyvenv.cfg") for path in found if path.endswith("/pyvenv.cfg")}

    def left_out(path: str) -> bool:
        parts = path.split("/")[:-1]
        above = {"/".join(parts[: count + 1]) for count in range(len(parts))} if environments else set()
        return not LEFT_OUT.isdisjoint(parts) or not environments.isdisjoint(above)

    return {path for path in found if not left_out(path)}


def within(path: str, only: tuple[str, ...]) -> bool:
    """Whether the path is one of `only` or beneath one; the empty path is the root, which everything is beneath."""
    return any(not wanted or path == wanted or path.startswith(wanted + "/") for wanted in only)


def walked(root: Path, only: tuple[str, ...] = ()) -> list[str]:
    """As `named`, without git: every file but those in folders that hold no source (LEFT_OUT, BUILT, hidden ones,
    virtual environments), unless such a folder is named."""
    found: set[str] = set()
    with beneath.Folders(root) as folders:
        for wanted in only or ("",):
            parts = tuple(wanted.split("/")) if wanted else ()
            if parts and not _is_folder(folders, parts):
                found.add(wanted)
                continue
            for path in _descend(folders, parts):
                found.add(path)
                if len(found) > MOST_FILES:
                    break
    return _sorted(found, root)


def _sorted(found: set[str], root: Path) -> list[str]:
    if len(found) > MOST_FILES:
        raise Refusal(f"{root} holds more than {MOST_FILES} files.", "Name the folder to look at.")
    return sorted(found)


def _is_folder(folders: beneath.Folders, parts: tuple[str, ...]) -> bool:
    parent = folders.get(parts[:-1])
    if parent is None:
        return False
    try:
        return stat.S_ISDIR(os.stat(parts[-1], dir_fd=parent, follow_symlinks=False).st_mode)
    except (OSError, ValueError):
        return False


def _descend(folders: beneath.Folders, start: tuple[str, ...]) -> Iterator[str]:
    """Paths of all that is no folder beneath `start`."""
    waiting = [start]
    while waiting:
        parts = waiting.pop()
        here = folders.get(parts)
        if here is None:
            continue
        try:
            with os.scandir(here) as listing:
                entries = [(entry.name, entry.is_dir(follow_symlinks=False)) for entry in listing]
        except OSError:
            continue
        names = {name for name, _ in entries}
        if "pyvenv.cfg" in names and parts != start:
            continue
        if len(parts) == 1 and parts[0] in BUILT and "__init__.py" not in names and parts != start:
            continue
        for name, is_folder in entries:
            if not is_folder:
                yield "/".join((*parts, name))
            elif not name.startswith(".") and name not in LEFT_OUT and len(parts) < MOST_DEPTH:
                waiting.append((*parts, name))
