"""Whole trees as they are laid out for a run: every file whatever its size, the executable ones as such, and links,
which are never followed here: where they lead is the sandbox's to bound."""

import errno
import os
import stat
from collections.abc import Callable, Iterable, Iterator
from contextlib import closing
from pathlib import Path
from typing import get_args

from checks.model.errors import Refusal
from checks.model.trees import File, Mode
from checks.repository import beneath, objects, paths
from checks.repository.history import shown
from checks.repository.listing import LEFT_OUT, MOST_DEPTH, MOST_FILES

MODES: dict[str, Mode] = {mode: mode for mode in get_args(Mode)} | {"100664": "100644"}
"""The modes of git that are laid out, and as what (100664 is of its first years); a submodule has no content here, and
is left out."""
_REMEDY = "Name a smaller folder, or move away what its tests do not need."


def of_commit(root: Path, commit: str, limit: int) -> Iterator[File]:
    """All entries of a commit's tree (a full object name), sorted by path, but submodules: their content is elsewhere.

    Raises Refusal where they have more than `limit` bytes together, where one of them is not in the repository, and for
    a tree that no checkout could make: a path that leads out or into `.git`, or lies beneath a file or a link."""
    return of_entries(root, objects.tree(root, commit), limit)


def of_entries(root: Path, entries: dict[str, objects.Blob], limit: int) -> Iterator[File]:
    """As `of_commit`, for entries that were listed before. Nothing is read before their sizes are known to fit."""
    wanted = {path: blob for path, blob in entries.items() if blob.mode in MODES}
    total = sum(max(0, blob.size) for blob in wanted.values())
    if total > limit:
        raise too_large(total, limit)
    for path in wanted:
        parts = path.split("/")
        odd = any(part in ("", ".", "..") or paths.is_git(part) for part in parts)
        if odd or any("/".join(parts[:count]) in wanted for count in range(1, len(parts))):
            raise Refusal(f"The tree holds {shown(path)!r}, which cannot be checked out.", "Check it with: git fsck")
    left = limit
    with closing(objects.Blobs(root)) as blobs:
        for path, blob in sorted(wanted.items()):
            try:
                content = blobs.read(blob.name, left)
            except OSError as error:
                raise Refusal(
                    f"{shown(path)} is not read from git: {error}.", "Fetch what is missing: git fetch"
                ) from None
            left -= len(content)
            yield File(path, content, MODES[blob.mode])


def too_large(total: int | None, limit: int) -> Refusal:
    """What is said of a tree of `total` bytes, None where it was not read to its end."""
    mib = 1024 * 1024
    seen = "" if total is None else f"{total / mib:,.0f} MiB together: "
    return Refusal(
        f"The files have {seen}more than the {limit / mib:,.0f} MiB of the sandbox's disk.",
        "Raise the limit of the disk, or keep large data out of the project.",
    )


def of_folder(path: Path, limit: int) -> Iterator[File]:
    """All regular files and links beneath a folder, git or not; `limit` is bytes of all together. Left out are `.git`,
    virtual environments and LEFT_OUT; FIFOs, sockets and devices are never opened. What vanishes meanwhile is left out.

    Raises Refusal where the folder is not there, where something in it cannot be read, for more bytes than `limit`,
    more files than MOST_FILES, and more than MOST_DEPTH folders within each other."""
    return _laid_out(path, limit, lambda folders: _walk(folders, path))


def of_listed(root: Path, names: Iterable[str], limit: int) -> Iterator[File]:
    """The regular files and links among these paths beneath a folder, such as all that git tracks or would track; what
    is not there is left out. Raises Refusal as `of_folder` does."""
    return _laid_out(root, limit, lambda folders: (beneath.split(name) for name in names))


type _Names = Iterator[tuple[tuple[str, ...], str]]
"""The folder's parts and the name of each entry."""


def _laid_out(path: Path, limit: int, listed: Callable[[beneath.Folders], _Names]) -> Iterator[File]:
    try:
        folders = beneath.Folders(path)
    except (OSError, ValueError) as error:
        why = "is no folder" if isinstance(error, NotADirectoryError) else "does not exist or cannot be read"
        raise Refusal(f"{path} {why}.", "Name the project's folder.") from None
    left, most = limit, MOST_FILES
    with folders:
        for parts, name in listed(folders):
            parent = folders.get(parts)
            if parent is None:
                continue
            try:
                file = _read(parent, name, "/".join((*parts, name)), left)
            except FileNotFoundError:
                continue
            except OSError as error:
                if error.errno == errno.EFBIG:
                    raise too_large(None, limit) from None
                raise _unreadable(path, (*parts, name), error) from None
            if file is None:
                continue
            left, most = left - len(file.content), most - 1
            if left < 0:
                raise too_large(None, limit)
            if most < 0:
                raise Refusal(f"{path} holds more than {MOST_FILES} files.", _REMEDY)
            yield file


def _walk(folders: beneath.Folders, root: Path) -> Iterator[tuple[tuple[str, ...], str]]:
    """The folder's parts and the name of each regular file and link, those of one folder together."""
    waiting: list[tuple[str, ...]] = [()]
    while waiting:
        parts = waiting.pop()
        if len(parts) > MOST_DEPTH:
            raise Refusal(f"{root} has more than {MOST_DEPTH} folders within each other.", _REMEDY)
        here = folders.get(parts)
        if here is None:
            _refuse_closed(folders, root, parts)
            continue
        try:
            with os.scandir(here) as listing:
                entries = sorted(listing, key=lambda entry: entry.name)
        except OSError as error:
            raise _unreadable(root, parts, error) from None
        if parts and any(entry.name == "pyvenv.cfg" for entry in entries):
            continue
        deeper = []
        for entry in entries:
            if entry.name == ".git":
                continue
            if entry.is_dir(follow_symlinks=False):
                if entry.name not in LEFT_OUT:
                    deeper.append((*parts, entry.name))
            elif entry.is_symlink() or entry.is_file(follow_symlinks=False):
                yield parts, entry.name
        waiting.extend(reversed(deeper))


def _refuse_closed(folders: beneath.Folders, root: Path, parts: tuple[str, ...]) -> None:
    """Raises Refusal where a folder is closed to us; one that is gone or was replaced by a link is left out."""
    parent = folders.get(parts[:-1])
    if parent is None:
        return
    try:
        os.close(os.open(parts[-1], beneath.FOLDER, dir_fd=parent))
    except OSError as error:
        if error.errno not in (errno.ENOENT, errno.ENOTDIR, errno.ELOOP):
            raise _unreadable(root, parts, error) from None


def _read(parent: int, name: str, path: str, limit: int) -> File | None:
    """One file or link, None where it has become something else since it was listed. Raises OSError, EFBIG before a
    file of more than `limit` bytes is read."""
    facts = os.stat(name, dir_fd=parent, follow_symlinks=False)
    if stat.S_ISLNK(facts.st_mode):
        return File(path, os.fsencode(os.readlink(name, dir_fd=parent)), "120000")
    if not stat.S_ISREG(facts.st_mode):
        return None
    if facts.st_size > limit:
        raise OSError(errno.EFBIG, "too large", path)
    content, facts = beneath.read_in(parent, name, limit)
    return File(path, content, "100755" if facts.st_mode & stat.S_IXUSR else "100644")


def _unreadable(root: Path, parts: tuple[str, ...], error: OSError) -> Refusal:
    why = f"{shown('/'.join(parts)) or '.'} in {root} cannot be read: {error.strerror}."
    return Refusal(why, "Mend its permissions, or move it out of the project.")
