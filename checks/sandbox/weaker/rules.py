"""What a process binds itself to, for ever and for all that it starts: Landlock's rules and a filter of system calls.

Source: https://docs.kernel.org/userspace-api/landlock.html and include/uapi/linux/landlock.h; the numbers of its calls
are the same on every machine.
"""

import ctypes
import errno
import os
import struct
from collections.abc import Iterable
from pathlib import Path

LEAST = 6
"""The version of Landlock (kernel 6.12) that bounds signals: before it a tested program could end its own keeper."""
READ = 1 << 0 | 1 << 2 | 1 << 3
"""Executing a file, reading a file, listing a folder."""
DEVICE = 1 << 1 | 1 << 2
"""Writing to and reading from a file."""
_IOCTL_DEVICE = 1 << 15
_NODES = 1 << 6 | 1 << 11
"""Making character and block devices."""
_EVERY_FILE_RIGHT = (1 << 16) - 1
WRITE = _EVERY_FILE_RIGHT & ~_IOCTL_DEVICE & ~_NODES
"""Everything but devices."""
_TCP = 1 << 0 | 1 << 1
_ABSTRACT_SOCKETS, _SIGNALS = 1 << 0, 1 << 1

_CREATE, _ADD, _RESTRICT = 444, 445, 446
_SECCOMP = {"x86_64": 317, "aarch64": 277}
_NO_NEW_PRIVILEGES, _SUBREAPER, _DEATH_SIGNAL = 38, 36, 1
_FILTER, _ACTION_AVAILABLE = 1, 2
_LISTENER, _WAIT_KILLABLE = 1 << 3, 1 << 5

_libc = ctypes.CDLL(None, use_errno=True)


def _call(number: int, *arguments: object) -> int:
    """One system call. Raises OSError."""
    done = int(_libc.syscall(ctypes.c_long(number), *arguments))
    if done < 0:
        raise OSError(ctypes.get_errno(), os.strerror(ctypes.get_errno()))
    return done


def _prctl(option: int, value: int) -> None:
    if _libc.prctl(*map(ctypes.c_ulong, (option, value, 0, 0, 0))) != 0:
        raise OSError(ctypes.get_errno(), os.strerror(ctypes.get_errno()))


def version() -> int:
    """The version of Landlock that the kernel has, 0 for none, or where it is switched off."""
    try:
        return _call(_CREATE, None, ctypes.c_size_t(0), ctypes.c_uint32(1))
    except OSError:
        return 0


def answers() -> bool:
    """Whether a filter can hand a system call to another process for an answer."""
    machine = os.uname().machine
    wanted = ctypes.c_uint32(0x7FC00000)
    try:
        return _call(_SECCOMP[machine], ctypes.c_uint(_ACTION_AVAILABLE), ctypes.c_uint(0), ctypes.byref(wanted)) == 0
    except (KeyError, OSError):
        return False


def adopt_orphans() -> None:
    """From now on whatever a descendant leaves behind becomes a child of this process."""
    _prctl(_SUBREAPER, 1)


def die_with_parent(parent: int) -> None:
    """The kernel kills this process when its parent, which was `parent`, ends."""
    _prctl(_DEATH_SIGNAL, 9)
    if os.getppid() != parent:
        os._exit(1)


def scope_signals() -> None:
    """From now on this process and what it starts can signal none but each other. Raises OSError."""
    _enter(_ruleset(0, 0, _SIGNALS))


def restrict(places: Iterable[tuple[str, int]]) -> None:
    """From now on only these places of the file system can be used, each with its rights (READ, DEVICE, WRITE), no TCP
    and no signals to others. A place that is not there is passed over. Raises OSError."""
    ruleset = _ruleset(_EVERY_FILE_RIGHT, _TCP, _ABSTRACT_SOCKETS | _SIGNALS)
    for place, rights in places:
        try:
            opened = os.open(place, os.O_PATH | os.O_CLOEXEC)
        except (FileNotFoundError, PermissionError, NotADirectoryError):
            continue
        if not Path(f"/proc/self/fd/{opened}").is_dir():
            rights &= ~(1 << 3) & (1 << 0 | 1 << 1 | 1 << 2 | 1 << 14 | 1 << 15)
        rule = struct.pack("=Qi", rights, opened)
        _call(_ADD, ctypes.c_int(ruleset), ctypes.c_int(1), ctypes.c_char_p(rule), ctypes.c_uint32(0))
        os.close(opened)
    _enter(ruleset)


def _ruleset(files: int, network: int, scopes: int) -> int:
    asked = struct.pack("=QQQ", files, network, scopes)
    return _call(_CREATE, ctypes.c_char_p(asked), ctypes.c_size_t(len(asked)), ctypes.c_uint32(0))


def _enter(ruleset: int) -> None:
    _prctl(_NO_NEW_PRIVILEGES, 1)
    _call(_RESTRICT, ctypes.c_int(ruleset), ctypes.c_uint32(0))
    os.close(ruleset)


def install(program: bytes, *, listened: bool) -> int:
    """Puts a filter in force for this thread and all that it starts. Where it is `listened` to, returns the descriptor
    on which the calls arrive that are to be answered, else 0. Raises OSError."""

    class Program(ctypes.Structure):
        _fields_ = (("length", ctypes.c_ushort), ("lines", ctypes.c_char_p))

    _prctl(_NO_NEW_PRIVILEGES, 1)
    whole = Program(len(program) // 8, program)
    number = _SECCOMP.get(os.uname().machine)
    if number is None:
        raise OSError(errno.ENOSYS, "no filter for this machine")
    flags = _LISTENER | _WAIT_KILLABLE if listened else 0
    return _call(number, ctypes.c_uint(_FILTER), ctypes.c_uint(flags), ctypes.byref(whole))
