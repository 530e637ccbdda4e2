"""What one hostile project is: the files, the one bad thing that it tries, and what must hold all the same."""

from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum
from textwrap import dedent

from checks.sandbox.port import MIB, Limits

ESCAPED = "ESCAPED"
"""A project that succeeds in its bad thing says this word, in an assertion or in its output."""
SMALL = Limits(seconds=20, memory=512 * MIB, processes=128, disk=64 * MIB, output=64 * 1024, report=8 * MIB)


class Verdict(StrEnum):
    """What must become of the run, beside all that is looked at on the host afterwards."""

    PASSES = "passes"
    """The attempt is refused, the tests say so honestly: exit 0."""
    EITHER = "either"
    """As `passes`, or its files cannot be read, and a sentence says so: exit 0 or 2."""
    FAILS = "fails"
    """A test fails, hangs or forges: exit 1."""
    UNPASSED = "unpassed"
    """Whatever the run as a whole comes to, `test_must_fail` is never counted as passed."""
    REFUSED = "refused"
    """Its files cannot be laid out and a sentence says so, or the run fails: exit 1 or 2."""
    ANY = "any"
    """Only what is looked at on the host counts, and that nobody says ESCAPED."""


class Noticed(StrEnum):
    """Whether the suite must notice the project where isolation is off."""

    ALWAYS = "always"
    ROOT = "as root"
    """Only root can do it at all."""
    HOST = "by host"
    """It hangs on the kernel or on the devices of the host whether it can be done without isolation."""
    NEVER = "never"
    """It is no matter of isolation but of the runner or of the reading of files."""


@dataclass(frozen=True, slots=True)
class Link:
    """A symbolic link of the project."""

    target: str


@dataclass(frozen=True, slots=True)
class Odd:
    """What is no regular file, in the project's folder: `fifo`, `socket`, `device`, or `hard` (a link to `target`)."""

    kind: str
    target: str = ""


@dataclass(frozen=True, slots=True)
class Repeated:
    """A file too large to be written out here: `head`, `times` × `piece`, `tail`."""

    head: str
    piece: str
    times: int
    tail: str = ""


type Content = str | bytes | Link | Odd | Repeated


@dataclass(frozen=True, slots=True)
class Hostile:
    """One project that tries one bad thing, `tries` in a sentence.

    `files`: path → content; a path that begins with `../` lies beside the project's folder on the host. `<<name>>` in
    texts and paths stands for a canary of the host (canaries.fresh). `cases`: how many results there must be at least
    where it passes. `committed`: the files are handed over as a commit holds them, not read from the folder. `known`
    says why it does not hold and what bounds the harm, empty where it must; `weak` why the weaker sandbox, which says
    so too, does not hold."""

    name: str
    topic: str
    tries: str
    files: Mapping[str, Content]
    expects: Verdict = Verdict.PASSES
    noticed: Noticed = Noticed.ALWAYS
    limits: Limits = SMALL
    cases: int = 0
    committed: bool = False
    known: str = ""
    weak: str = ""


FAILING = {"test_it.py": "def test_passes():\n    pass\n\n\ndef test_must_fail():\n    raise ValueError('honest')\n"}
"""The tests of a forger: one fails, and whatever is tried beside them, that must be seen."""

ATTEMPT = '''\
import ctypes
import os
import platform
import signal
import subprocess
import sys
from pathlib import Path

NUMBERS = {  # of system calls: x86-64, arm64
    "ptrace": (101, 117), "process_vm_readv": (310, 270), "unshare": (272, 97), "setns": (308, 268),
    "mount": (165, 40), "umount2": (166, 39), "bpf": (321, 280), "perf_event_open": (298, 241),
    "keyctl": (250, 219), "add_key": (248, 217), "io_uring_setup": (425, 425), "userfaultfd": (323, 282),
    "kexec_load": (246, 104), "open_by_handle_at": (304, 265), "pidfd_getfd": (438, 438), "syslog": (103, 116),
    "fsopen": (430, 430), "move_mount": (429, 429), "clone3": (435, 435), "open_tree": (428, 428),
    "init_module": (175, 105), "quotactl": (179, 60), "swapon": (167, 224), "clock_settime": (227, 112),
    "fanotify_init": (300, 262), "ioctl": (16, 29), "pivot_root": (155, 41),
    "mbind": (237, 235), "kcmp": (312, 272), "acct": (163, 89), "process_vm_writev": (311, 271),
}


def system(name, *arguments):
    """A system call past every wrapper; OSError where it is refused."""
    libc = ctypes.CDLL(None, use_errno=True)
    number = NUMBERS[name][platform.machine() == "aarch64"] if isinstance(name, str) else name
    plain = [ctypes.c_long(each) if isinstance(each, int) else each for each in arguments]
    libc.syscall.restype = ctypes.c_long
    result = libc.syscall(ctypes.c_long(number), *plain)
    if result == -1:
        raise OSError(ctypes.get_errno(), os.strerror(ctypes.get_errno()))
    return result


def refused(action):
    """The attempt must be refused by the system."""
    try:
        seen = action()
    except OSError:
        return
    raise AssertionError("ESCAPED " + repr(seen)[:300])


def in_child(action):
    """The attempt in a child of its own, so that it changes nothing here; a child that is killed was refused too."""
    child = os.fork()
    if not child:
        try:
            action()
            os._exit(77)
        except OSError:
            os._exit(0)
        finally:
            os._exit(1)
    status = os.waitpid(child, 0)[1]
    if not (os.WIFEXITED(status) and os.WEXITSTATUS(status) == 77):
        raise PermissionError("refused in the child")
    return "done in a child"


def listed(folder):
    """The names in a folder, none where it cannot be read."""
    try:
        return os.listdir(folder)
    except OSError:
        return []


def processes():
    """The ids of all processes that are seen."""
    return [int(each) for each in listed("/proc") if each.isdigit()]


def bytes_of(path):
    """The content of a file, empty where it cannot be read."""
    try:
        with open(path, "rb") as opened:
            return opened.read(1 << 20)
    except OSError:
        return b""


'''
"""What the tests of an attempt begin with."""


def attempt(
    name: str,
    topic: str,
    tries: str,
    body: str,
    *,
    expects: Verdict = Verdict.PASSES,
    noticed: Noticed = Noticed.ALWAYS,
    limits: Limits = SMALL,
    files: Mapping[str, Content] | None = None,
    weak: str = "",
) -> Hostile:
    """A project of one test file: its tests pass only where the attempt was refused."""
    written = {"test_attempt.py": ATTEMPT + dedent(body).lstrip(), **(files or {})}
    return Hostile(name, topic, tries, written, expects, noticed, limits, weak=weak)


def forger(
    name: str,
    tries: str,
    files: Mapping[str, Content],
    *,
    topic: str = "forged",
    expects: Verdict = Verdict.FAILS,
    noticed: Noticed = Noticed.NEVER,
    limits: Limits = SMALL,
    known: str = "",
) -> Hostile:
    """A project with a failing test, and files that are to make it look passed. Texts are dedented."""
    written = {path: dedent(text).lstrip("\n") if isinstance(text, str) else text for path, text in files.items()}
    return Hostile(name, topic, tries, {**FAILING, **written}, expects, noticed, limits, known=known)
