"""Folders that can be made anew (copies of repositories, built environments): held while somebody works with one, and
the least recently used removed where all of them together are too large.

Beside a folder lie `<folder>.used`, locked in common by those that hold it and stamped each time that somebody begins
to, and `<folder>.lock`, locked by the one that makes or changes it. Both locks end with the process, however that
ends."""

import fcntl
import os
import shutil
import weakref
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager, suppress
from dataclasses import dataclass
from pathlib import Path

_GONE = ".gone"
_LEFT_OUT = (_GONE, ".new")


class Hold:
    """Keeps a folder, there already or not, from being removed for as long as this object is there."""

    def __init__(self, folder: Path) -> None:
        folder.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
        handle = _open(folder, ".used")
        self.release = weakref.finalize(self, os.close, handle)
        fcntl.flock(handle, fcntl.LOCK_SH)  # who removes has it for the moment of a renaming
        os.utime(handle)


@dataclass(frozen=True, slots=True)
class Bounded:
    """How many folders were removed, the bytes that they took, and the bytes that the others take."""

    removed: int = 0
    freed: int = 0
    left: int = 0


def bound(root: Path, most: int) -> Bounded:
    """Removes the least recently used folders in this one until the rest take no more bytes than `most`, as the disk
    counts them. One that is held, made or changed stays, and so does the one that was used last: one alone may be
    larger than the bound, and would be made anew each time."""
    for each in root.glob(f"*{_GONE}"):  # of a process that died while it removed
        shutil.rmtree(each, ignore_errors=True)
    folders = sorted(_folders(root), key=_used)
    sizes = {each: _size(each) for each in folders}
    left, removed, freed = sum(sizes.values()), 0, 0
    for each in folders[:-1]:
        if left <= most:
            break
        if _removed(each):
            removed, freed, left = removed + 1, freed + sizes[each], left - sizes[each]
    return Bounded(removed, freed, left)


def _folders(root: Path) -> Iterator[Path]:
    with suppress(FileNotFoundError):
        yield from (each for each in root.iterdir() if each.is_dir() and not each.is_symlink() and _counts(each))


def _counts(folder: Path) -> bool:
    return not folder.name.endswith(_LEFT_OUT)


def _used(folder: Path) -> tuple[float, str]:
    """When somebody began to work with it last; when it was made where nobody is known to have."""
    for each in (folder.with_name(f"{folder.name}.used"), folder):
        with suppress(FileNotFoundError):
            return each.stat().st_mtime, folder.name
    return 0.0, folder.name


def _size(folder: Path) -> int:
    total, wanted = 0, [os.fspath(folder)]
    while wanted:
        with suppress(OSError), os.scandir(wanted.pop()) as entries:  # others may remove files meanwhile
            for entry in entries:
                with suppress(OSError):
                    total += entry.stat(follow_symlinks=False).st_blocks * 512
                    if entry.is_dir(follow_symlinks=False):
                        wanted.append(entry.path)
    return total


def _removed(folder: Path) -> bool:
    """Out of the way in one step, so that whoever looks finds all of it or nothing."""
    gone = folder.with_name(f"{folder.name}{_GONE}")
    with _alone(folder) as alone:
        if not alone:
            return False
        try:
            folder.rename(gone)
        except OSError:
            return False
    shutil.rmtree(gone, ignore_errors=True)
    return True


@contextmanager
def _alone(folder: Path) -> Iterator[bool]:
    """Whether nobody holds, makes or changes it, and nobody begins to meanwhile."""
    with ExitStack() as closing:
        for kind in (".used", ".lock"):
            handle = _open(folder, kind)
            closing.callback(os.close, handle)
            try:
                fcntl.flock(handle, fcntl.LOCK_EX | fcntl.LOCK_NB)
            except BlockingIOError:
                yield False
                return
        yield True


def _open(folder: Path, kind: str) -> int:
    # the files stay when the folder goes: who waits for a lock must not wait for that of a removed file
    return os.open(folder.with_name(folder.name + kind), os.O_RDWR | os.O_CREAT | os.O_CLOEXEC, 0o600)
