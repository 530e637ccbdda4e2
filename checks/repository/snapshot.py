"""A snapshot: the files of one commit or of a working tree, listed once and read on demand."""

import errno
import os
import stat
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Protocol

from checks.model.errors import Refusal
from checks.model.findings import NotAnalysed
from checks.model.trees import File
from checks.repository import beneath, git, history, listing, objects

SIZE_LIMIT = 2 * 1024 * 1024
"""Bytes of one file; a larger one is not analysed."""


@dataclass(frozen=True, slots=True)
class Entry:
    """A regular file: its path relative to the root with `/`, its size in bytes, whether it may be executed."""

    path: str
    size: int
    executable: bool = False


class Source(Protocol):
    """Where a snapshot's bytes come from."""

    def read(self, path: str) -> bytes:
        """The bytes of one file. Raises OSError."""
        ...


@dataclass(frozen=True, slots=True)
class Snapshot:
    """The files of one state of a project, sorted by path, and what stands there that is not read, with why.

    `root` is the work tree, None where there is none; `commit` is a full object name, None for a working tree.
    Nothing is held in memory: `read` reads one file at a time. A snapshot can be pickled to another process."""

    root: Path | None
    commit: str | None
    files: tuple[Entry, ...]
    skipped: tuple[NotAnalysed, ...]
    source: Source = field(repr=False, compare=False)

    def read(self, path: str) -> bytes:
        """The bytes of one of `files`, SIZE_LIMIT at most.

        Raises OSError, with why in words, where the file vanished, grew, or became a link since it was listed."""
        return self.source.read(path)


@dataclass(frozen=True, slots=True)
class _Committed:
    blobs: objects.Blobs
    names: dict[str, str]

    def read(self, path: str) -> bytes:
        if path not in self.names:
            raise FileNotFoundError(errno.ENOENT, "not in the commit", path)
        return self.blobs.read(self.names[path], SIZE_LIMIT)


@dataclass(frozen=True, slots=True)
class _OnDisk:
    root: Path

    def read(self, path: str) -> bytes:
        return beneath.read(self.root, path, SIZE_LIMIT)[0]


@dataclass(frozen=True, slots=True)
class InMemory:
    """A source that holds its bytes: for tests, and for trees with a change already made."""

    contents: dict[str, bytes]

    def read(self, path: str) -> bytes:
        """The bytes of one file. Raises FileNotFoundError."""
        if path not in self.contents:
            raise FileNotFoundError(errno.ENOENT, "not in the snapshot", path)
        return self.contents[path]


@dataclass(frozen=True, slots=True)
class Overlay:
    """A source that has some entries in memory and the others from `beneath`. `changed` holds files, links too, or None
    for what is not there any more; `unheld` the sizes of what was too large to be held (-1 where not known)."""

    beneath: Source
    changed: Mapping[str, File | None]
    unheld: Mapping[str, int]

    def read(self, path: str) -> bytes:
        """The bytes of one file. Raises OSError."""
        if path not in self.changed:
            return self.beneath.read(path)
        file = self.changed[path]
        if file is None or file.mode == "120000":
            raise FileNotFoundError(errno.ENOENT, "no file in the snapshot", path)
        return file.content


def overlaid(
    base: Snapshot, changed: Mapping[str, File | None], unheld: Mapping[str, int], submodules: Iterable[str]
) -> Snapshot:
    """The base with changes on top that are held in memory. `unheld` are files that are there and were too large to be
    held, `submodules` paths where one is now; `changed` has None for both."""
    files = {entry.path: entry for entry in base.files if entry.path not in changed}
    names = {history.shown(path) for path in changed}
    skipped = [note for note in base.skipped if note.file not in names]
    for path, file in changed.items():
        if file is None:
            continue
        size = len(file.content)
        reason = _why_not(path, objects.Blob(file.mode, "", size))
        if reason:
            skipped.append(NotAnalysed(history.shown(path), reason))
        else:
            files[path] = Entry(path, size, file.mode == "100755")
    for path, size in unheld.items():
        why = f"larger than is held: {size // 1024} KiB" if size >= 0 else "larger than is held"
        skipped.append(NotAnalysed(history.shown(path), why))
    skipped += [NotAnalysed(history.shown(path), "submodule: not opened") for path in submodules]
    ordered = tuple(files[path] for path in sorted(files))
    notes = tuple(sorted(skipped, key=lambda note: note.file))
    return Snapshot(base.root, None, ordered, notes, Overlay(base.source, dict(changed), dict(unheld)))


def of_memory(contents: dict[str, bytes]) -> Snapshot:
    """A snapshot of files that are nowhere but in memory."""
    files = tuple(Entry(path, len(contents[path])) for path in sorted(contents))
    return Snapshot(None, None, files, (), InMemory(dict(contents)))


def of_commit(root: Path, rev: str, paths: tuple[str, ...] = ()) -> Snapshot:
    """The files of the commit that `rev` names. `paths`, relative to `root`, restrict to files and folders.

    Raises Refusal where the commit or one of the paths is not there, or git fails."""
    commit = history.resolve(root, rev)
    only = tuple(_plain(root, path) for path in paths)
    entries = objects.tree(root, commit, () if "" in only else only)
    for wanted in only:
        if not any(listing.within(path, (wanted,)) for path in entries):
            raise Refusal(f"{wanted or '.'} is not in {rev}.", f"List its files: git ls-tree -r --name-only {rev}")
    files, skipped, names = [], [], {}
    for path, blob in sorted(entries.items()):
        if only and not listing.within(path, only):
            continue
        reason = _why_not(path, blob)
        if reason:
            skipped.append(NotAnalysed(history.shown(path), reason))
        else:
            files.append(Entry(path, blob.size, blob.mode == "100755"))
            names[path] = blob.name
    return Snapshot(root, commit, tuple(files), tuple(skipped), _Committed(objects.Blobs(root), names))


def _why_not(path: str, blob: objects.Blob) -> str | None:
    """Why an entry of a tree is not read, None where it is."""
    if blob.mode not in ("100644", "100755"):
        return {"120000": "symbolic link: not followed", "160000": "submodule: not opened"}.get(blob.mode, "odd mode")
    if blob.size < 0:
        return "not in this partial clone"
    return _name_or_size(path, blob.size)


def _name_or_size(path: str, size: int) -> str | None:
    if history.shown(path) != path:
        return "name is not UTF-8"
    if size > SIZE_LIMIT:
        return f"larger than {SIZE_LIMIT // 1024} KiB: {size // 1024} KiB"
    return None


def of_working_tree(path: Path, paths: tuple[str | Path, ...] = ()) -> Snapshot:
    """The files that are there now: what git tracks or would track, else all sources (see `listing.walked`).

    `path` is the project's folder or any folder or file in it; the root is that of its work tree, outside git itself.
    `paths`, relative to `path` or absolute, restrict to files and folders; what is named is taken even if git ignores
    it. Raises Refusal where something named is not there, lies outside, or is reached through a link that leads out of
    a work tree, or git fails."""
    try:
        place = path.resolve(strict=True)
        if place.is_dir():
            next(place.iterdir(), None)
    except (OSError, ValueError):
        raise Refusal(f"{path} does not exist or cannot be read.", "Name a file or a folder of the project.") from None
    git.refuse_outward(path)
    top = place if place.is_dir() else place.parent
    found = git.find_root(place)
    root = found or top
    wanted: tuple[str | Path, ...] = paths or ((place,) if place != root else ())
    only = tuple(dict.fromkeys(_existing(root, top, each) for each in wanted))
    if "" in only:
        only = ()
    names = listing.named(root, only) if found else listing.walked(root, only)
    files, skipped = _seen(root, names)
    return Snapshot(root, None, tuple(files), tuple(skipped), _OnDisk(root))


def _relative(root: Path, start: Path, named: str | Path) -> str:
    """The path from the root with `/`, empty for the root itself; folders above resolved, a last link kept as it is."""
    joined = Path(os.path.normpath(start / named))
    return _plain(root, joined.parent.resolve() / joined.name if joined != start else joined)


def _plain(root: Path, named: str | Path) -> str:
    """As `_relative`, from the root and by the letters of the path alone: what is on disk does not matter."""
    try:
        if "\0" in str(named):
            raise ValueError
        relative = Path(os.path.normpath(root / named)).relative_to(root).as_posix()
    except ValueError:
        raise Refusal(f"{named} lies outside {root}.", "Name a path inside the project.") from None
    return "" if relative == "." else relative


def _existing(root: Path, start: Path, named: str | Path) -> str:
    if "\0" in str(named) or not os.path.lexists(start / named):
        raise Refusal(f"{named} does not exist in {start}.", "Name a file or a folder of the project.")
    return _relative(root, start, named)


def _seen(root: Path, names: list[str]) -> tuple[list[Entry], list[NotAnalysed]]:
    """What stands under each name; what was deleted, or lies behind a link, is left out."""
    files, skipped = [], []
    with beneath.Folders(root) as folders:
        for name in names:
            parts, last = beneath.split(name)
            parent = folders.get(parts)
            if parent is None:
                continue
            try:
                facts = os.stat(last, dir_fd=parent, follow_symlinks=False)
            except OSError:
                continue
            regular = stat.S_ISREG(facts.st_mode)
            reason = _name_or_size(name, facts.st_size) if regular else beneath.kind(facts.st_mode)
            if stat.S_ISDIR(facts.st_mode):
                reason = "folder with a repository of its own: not opened"
            if regular and reason is None and not os.access(last, os.R_OK, dir_fd=parent):
                reason = "not readable: no permission"
            if reason:
                skipped.append(NotAnalysed(history.shown(name), reason))
            else:
                files.append(Entry(name, facts.st_size, bool(facts.st_mode & stat.S_IXUSR)))
    return files, skipped
