"""Answers the calls that change a file's mode and times: Landlock does not bound these, so the keeper does them itself,
and only for what lies in the work folder.

The path is read and resolved here, once, and what was opened is what is changed: whatever the asking process does to
its memory or its folders meanwhile, no file elsewhere is touched. No file of elsewhere can come to lie in the work
folder either: Landlock refuses links and renames across its border.
Source: https://man7.org/linux/man-pages/man2/seccomp_unotify.2.html, include/uapi/linux/seccomp.h, openat2.h.
"""

import ctypes
import errno
import fcntl
import os
import stat
import struct
from contextlib import suppress
from pathlib import Path

_RECEIVE, _SEND, _VALID = 0xC0502100, 0xC0182101, 0x40082102
_ASKED = struct.Struct("=QII iIQ6Q")
_ANSWER = struct.Struct("=QqiI")
_OPENAT2 = 437
_NO_MAGIC_LINKS = 0x02
"""A path through /proc/self would mean the keeper's own files."""
_HERE = -100
_NO_FOLLOW = 0x100
_PATH_MAX = 4096

_libc = ctypes.CDLL(None, use_errno=True)


def answer(listener: int, folder: str, numbers: dict[str, int]) -> None:
    """Takes one waiting call from the listener and answers it. `folder` is the work folder, all links resolved;
    `numbers` are the machine's of chmod, fchmod, fchmodat and utimensat. Raises OSError where nothing waits, or nobody
    can ask any more."""
    buffer = bytearray(_ASKED.size)
    fcntl.ioctl(listener, _RECEIVE, buffer)
    token, thread, _, number, _, _, *arguments = _ASKED.unpack(buffer)
    name = next((each for each, its in numbers.items() if its == number), "")
    try:
        _do(listener, token, thread, folder, name, arguments)
        error = 0
    except OSError as refused:
        error = refused.errno or errno.EPERM
    # the process may have been killed meanwhile
    with suppress(FileNotFoundError):
        fcntl.ioctl(listener, _SEND, _ANSWER.pack(token, 0, -error, 0))


def _do(listener: int, token: int, thread: int, folder: str, name: str, arguments: list[int]) -> None:
    opened = _opened(listener, token, thread, name, arguments)
    try:
        itself = f"/proc/self/fd/{opened}"
        place = str(Path(itself).readlink())
        if place != folder and not place.startswith(folder + "/"):
            raise PermissionError(errno.EPERM, "outside the work folder")
        facts = os.fstat(opened)
        if stat.S_ISLNK(facts.st_mode):
            # the times of a link itself mean nothing to anybody
            return
        if name == "utimensat":
            times = _memory(thread, arguments[2], 32) if arguments[2] else None
            _still(listener, token)
            if _libc.utimensat(_HERE, itself.encode(), times, 0) != 0:
                raise OSError(ctypes.get_errno(), "utimensat")
        else:
            mode = arguments[2 if name == "fchmodat" else 1]
            os.chmod(itself, mode & 0o1777)  # noqa: PTH101  # nothing gains by a set-user-id bit but confusion
    finally:
        os.close(opened)


def _opened(listener: int, token: int, thread: int, name: str, arguments: list[int]) -> int:
    """A descriptor of the file that a call is about. Raises OSError as the kernel would."""
    by_descriptor = name == "fchmod" or (name == "utimensat" and not arguments[1])
    if by_descriptor:
        return _descriptor(listener, token, thread, arguments[0])
    where, at = (_HERE, arguments[0]) if name == "chmod" else (arguments[0], arguments[1])
    path = _text(thread, at)
    flags = arguments[3] if name == "utimensat" else 0
    _still(listener, token)
    if path == b"" and flags & 0x1000:
        return _descriptor(listener, token, thread, where)
    start = _descriptor(listener, token, thread, where)
    try:
        how = struct.pack("=QQQ", os.O_PATH | os.O_CLOEXEC | (os.O_NOFOLLOW if flags & _NO_FOLLOW else 0), 0, 2)
        done = int(_libc.syscall(_OPENAT2, start, ctypes.c_char_p(path), ctypes.c_char_p(how), len(how)))
        if done < 0:
            raise OSError(ctypes.get_errno(), "openat2")
        return done
    finally:
        os.close(start)


def _descriptor(listener: int, token: int, thread: int, number: int) -> int:
    """What a descriptor of the asking process, or its current folder, stands for."""
    signed = ctypes.c_int(number & 0xFFFFFFFF).value
    place = f"/proc/{thread}/cwd" if signed == _HERE else f"/proc/{thread}/fd/{signed}"
    try:
        opened = os.open(place, os.O_PATH | os.O_CLOEXEC)
    except OSError:
        raise OSError(errno.EBADF, "no such descriptor") from None
    try:
        _still(listener, token)
    except OSError:
        os.close(opened)
        raise
    return opened


def _memory(thread: int, at: int, most: int) -> bytes:
    try:
        memory = os.open(f"/proc/{thread}/mem", os.O_RDONLY | os.O_CLOEXEC)
        try:
            return os.pread(memory, most, at)
        finally:
            os.close(memory)
    except (OSError, OverflowError):
        raise OSError(errno.EFAULT, "bad address") from None


def _text(thread: int, at: int) -> bytes:
    """The string at an address; a page may end before the longest path would."""
    text = b""
    while len(text) <= _PATH_MAX:
        piece = _memory(thread, at + len(text), 4096 - (at + len(text)) % 4096)
        head, end, _ = piece.partition(b"\0")
        text += head
        if end:
            return text
        if not piece:
            raise OSError(errno.EFAULT, "bad address")
    raise OSError(errno.ENAMETOOLONG, "too long")


def _still(listener: int, token: int) -> None:
    """Raises FileNotFoundError where the asking process is gone: its number may be another's by now."""
    fcntl.ioctl(listener, _VALID, struct.pack("=Q", token))
