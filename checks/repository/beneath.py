"""Opening files beneath a folder: no link in any component is followed, and nothing but a regular file is read."""

import errno
import os
import stat
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Self

FOLDER = os.O_RDONLY | os.O_DIRECTORY | os.O_NOFOLLOW | os.O_CLOEXEC
FILE = os.O_RDONLY | os.O_NOFOLLOW | os.O_NONBLOCK | os.O_NOCTTY | os.O_CLOEXEC


@contextmanager
def folder(root: Path | int, parts: tuple[str, ...], *, make: list[str] | None = None) -> Iterator[int]:
    """A descriptor of the folder `parts` beneath `root` (a path, or an open folder), closed at the end.

    Missing folders are made where `make` is given, and their paths added to it. Raises OSError: a link or a file in
    the way is NotADirectoryError or ELOOP. The root itself may be a link."""
    if any(part in ("", ".", "..") or "/" in part for part in parts):
        raise OSError(errno.EINVAL, "not a plain relative path", "/".join(parts))
    here = os.dup(root) if isinstance(root, int) else os.open(root, os.O_RDONLY | os.O_DIRECTORY | os.O_CLOEXEC)
    try:
        for count, part in enumerate(parts, 1):
            if make is not None:
                try:
                    os.mkdir(part, dir_fd=here)
                    make.append("/".join(parts[:count]))
                except FileExistsError:
                    pass
            deeper = os.open(part, FOLDER, dir_fd=here)
            os.close(here)
            here = deeper
        yield here
    finally:
        os.close(here)


def split(path: str) -> tuple[tuple[str, ...], str]:
    """The folders and the last name of a relative path with `/`."""
    *parts, name = path.split("/")
    return tuple(parts), name


def read(root: Path | int, path: str, limit: int) -> tuple[bytes, os.stat_result]:
    """The bytes of the regular file `path` beneath `root`, and what it was when opened.

    Raises OSError: a link, a folder, a device, a FIFO, a socket, or more than `limit` bytes (EFBIG) too."""
    parts, name = split(path)
    with folder(root, parts) as parent:
        return read_in(parent, name, limit)


def read_in(parent: int, name: str, limit: int) -> tuple[bytes, os.stat_result]:
    """As `read`, for one name in an open folder."""
    with opened_in(parent, name) as (descriptor, facts):
        pieces, length = [], 0
        while piece := os.read(descriptor, max(1, min(limit + 1 - length, max(facts.st_size + 1 - length, 65_536)))):
            pieces.append(piece)
            length += len(piece)
            if length > limit:
                raise OSError(errno.EFBIG, f"larger than {limit} bytes", name)
        return b"".join(pieces), facts


@contextmanager
def opened_in(parent: int, name: str) -> Iterator[tuple[int, os.stat_result]]:
    """A descriptor of one regular file in an open folder, closed at the end. Raises OSError as `read` does."""
    # Opening a device can act (a tape rewinds), so what is not a regular file is refused before it is opened, too.
    _check(os.stat(name, dir_fd=parent, follow_symlinks=False), name)
    descriptor = os.open(name, FILE, dir_fd=parent)
    try:
        facts = os.fstat(descriptor)
        _check(facts, name)
        yield descriptor, facts
    finally:
        os.close(descriptor)


def _check(seen: os.stat_result, name: str) -> None:
    if not stat.S_ISREG(seen.st_mode):
        raise OSError(errno.EINVAL, kind(seen.st_mode), name)


def kind(mode: int) -> str:
    """What a file that is not a regular one is, in words for a person."""
    kinds = {
        stat.S_IFLNK: "symbolic link: not followed",
        stat.S_IFIFO: "named pipe: not opened",
        stat.S_IFSOCK: "socket: not opened",
        stat.S_IFCHR: "device: not opened",
        stat.S_IFBLK: "device: not opened",
        stat.S_IFDIR: "a folder is there",
    }
    return kinds.get(stat.S_IFMT(mode), "not a regular file")


class Folders:
    """Descriptors of the folders beneath one root; neighbours in a sorted list share theirs.

    Use as a context manager. `get` gives the descriptor of a folder, or None where a link or a file is in the way or
    nothing is there."""

    def __init__(self, root: Path) -> None:
        self._open = [os.open(root, os.O_RDONLY | os.O_DIRECTORY | os.O_CLOEXEC)]
        self._parts: tuple[str, ...] = ()

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        while self._open:
            os.close(self._open.pop())

    def get(self, parts: tuple[str, ...]) -> int | None:
        """The descriptor of the folder `parts`; it stays open until another folder is asked for."""
        common = 0
        while common < min(len(parts), len(self._parts)) and parts[common] == self._parts[common]:
            common += 1
        while len(self._open) > common + 1:
            os.close(self._open.pop())
        self._parts = parts[:common]
        for part in parts[common:]:
            if part in ("", ".", ".."):
                return None
            try:
                self._open.append(os.open(part, FOLDER, dir_fd=self._open[-1]))
            except OSError:
                return None
            self._parts += (part,)
        return self._open[-1]
