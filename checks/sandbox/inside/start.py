"""Starts one command inside a sandbox: reads a stream of settings and files, gives up what it may, becomes the command.

`python -I -S start.py STREAM STATUS REPORT` with three open descriptors. STREAM holds records (see
checks/sandbox/stream.py, which writes them); the files are put into the folder as they come. On STATUS goes one line:
nothing more follows b"ready\\n" where the command began (the descriptor closes on exec), or b"refused: why\\n".
REPORT becomes descriptor 3 of the command; no other descriptor but 0, 1 and 2 stays open.
"""

from __future__ import annotations

import os
import resource
import stat
import struct
import sys

TYPE_CHECKING = False  # `typing` and `signal` cost milliseconds
if TYPE_CHECKING:
    import signal as _signal
    from collections.abc import Iterator
    from typing import BinaryIO, NoReturn
else:
    import _signal

HEAD = struct.Struct(">cIQ")
REPORT = 3
MOST_NAME = 1 << 20
CAPABILITY_VERSION = 0x20080522
PR_CAPBSET_DROP, PR_SET_NO_NEW_PRIVS, PR_GET_NO_NEW_PRIVS, PR_CAPBSET_READ = 24, 38, 39, 23


class Refused(Exception):
    """The command cannot be started as it was asked for; the message is for a person."""


def records(stream: BinaryIO) -> Iterator[tuple[bytes, bytes, bytes]]:
    """Yields (kind, name, content) up to the record b"E"; a stream that ends before raises Refused."""
    while True:
        head = stream.read(HEAD.size)
        if len(head) != HEAD.size:
            raise Refused("the stream ended too soon")
        kind, name_size, size = HEAD.unpack(head)
        if name_size > MOST_NAME:
            raise Refused("a name in the stream is too long")
        name, content = stream.read(name_size), stream.read(size)
        if len(name) != name_size or len(content) != size:
            raise Refused("the stream ended too soon")
        if kind == b"E":
            return
        yield kind, name, content


class Tree:
    """Puts files below the working folder, which nobody else writes to yet: only into folders that it made itself, so
    no link is ever followed and nothing is written twice."""

    def __init__(self) -> None:
        self.folders = {b""}

    def folder(self, path: bytes, shown: str) -> None:
        if path in self.folders:
            return
        above, _, name = path.rpartition(b"/")
        if name in (b"", b".", b".."):
            raise Refused(f"the path {shown} leads out of the folder")
        self.folder(above, shown)
        try:
            os.mkdir(path, 0o755)
        except FileExistsError:
            raise Refused(f"the path {shown} leads through a file, a link or a bound folder") from None
        self.folders.add(path)

    def put(self, kind: bytes, path: bytes, content: bytes) -> None:
        shown = ascii(path.decode("utf-8", "surrogateescape"))
        above, _, name = path.rpartition(b"/")
        if name in (b"", b".", b"..") or path.startswith(b"/") or b"\0" in path:
            raise Refused(f"the path {shown} leads out of the folder")
        self.folder(above, shown)
        try:
            if kind == b"L":
                os.symlink(content, path)
                return
            mode = 0o755 if kind == b"X" else 0o644
            file = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL | os.O_NOFOLLOW | os.O_CLOEXEC, mode)
        except FileExistsError:
            raise Refused(f"the path {shown} comes twice") from None
        except ValueError:
            raise Refused(f"the link {shown} has no target") from None
        try:
            rest = memoryview(content)
            while rest:
                rest = rest[os.write(file, rest) :]
        finally:
            os.close(file)


def become(uid: int) -> None:
    """Switches from root to the user and group `uid` for good: no groups, no capability left in any set."""
    import ctypes  # only where the caller is root; it costs some milliseconds

    library = ctypes.CDLL(None, use_errno=True)
    prctl = library.prctl
    prctl.argtypes = (ctypes.c_int,) + (ctypes.c_ulong,) * 4
    number = 0
    while prctl(PR_CAPBSET_READ, number, 0, 0, 0) >= 0:
        if prctl(PR_CAPBSET_DROP, number, 0, 0, 0) != 0:
            raise Refused(f"the bounding set cannot be emptied: {os.strerror(ctypes.get_errno())}")
        number += 1
    os.setgroups([])
    os.setresgid(uid, uid, uid)
    os.setresuid(uid, uid, uid)
    # that emptied all sets but the inheritable one
    if library.capset(struct.pack("=Ii", CAPABILITY_VERSION, 0), bytes(24)) != 0:
        raise Refused("the inheritable capabilities cannot be given up")
    if prctl(PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0) != 0:
        raise Refused("no-new-privileges cannot be set")


def hold(settings: dict[bytes, bytes]) -> None:
    """Sees for itself that the promised state holds; raises Refused where it does not."""
    with open("/proc/self/status", "rb") as file:
        status = dict(line.split(b":", 1) for line in file.read().splitlines() if b":" in line)
    if settings.get(b"bare") == b"1":
        for name in (b"CapInh", b"CapPrm", b"CapEff", b"CapBnd", b"CapAmb"):
            if int(status[name], 16) != 0:
                raise Refused(f"capabilities are left: {name.decode()}")
        if status[b"NoNewPrivs"].strip() != b"1":
            raise Refused("new privileges could be had")
    if settings.get(b"filtered") == b"1" and status.get(b"Seccomp", b"").strip() != b"2":
        raise Refused("no system call filter is loaded")
    if b"uid" in settings and status[b"Uid"].split() != [settings[b"uid"]] * 4:
        raise Refused("the user was not switched")


def limit(name: str, value: int) -> None:
    """Sets one limit of resources, never above what is allowed already."""
    kind = getattr(resource, name)
    hard = resource.getrlimit(kind)[1]
    least = value if hard == resource.RLIM_INFINITY else min(value, hard)
    resource.setrlimit(kind, (least, least))


def kill_first() -> None:
    """Offers this tree to the kernel before anything else where the host runs out of memory."""
    try:
        with open("/proc/self/oom_score_adj", "w") as file:
            file.write("1000")
    except OSError:
        return  # it is a kindness to the host, not a wall


def start(stream: BinaryIO, report: int) -> tuple[list[bytes], dict[bytes, bytes]]:
    """Reads the whole stream and brings about what it says; gives the command's arguments and environment.

    Raises Refused or OSError."""
    settings: dict[bytes, bytes] = {}
    environment: dict[bytes, bytes] = {}
    argv: list[bytes] = []
    limits: list[tuple[str, int]] = []
    owned: list[tuple[bytes, int]] = []
    made: list[tuple[bytes, int]] = []
    tree = None
    for kind, name, content in records(stream):
        if kind == b"S":
            settings[name] = content
        elif kind == b"A":
            argv.append(content)
        elif kind == b"V":
            environment[name] = content
        elif kind == b"R":
            limits.append((name.decode("ascii"), int(content)))
        elif kind == b"O":
            owned.append((name, int(content, 8)))
        elif kind == b"D":
            made.append((name, int(content, 8)))
        else:
            if tree is None:
                tree = arrive(settings, owned, made)
            tree.put(kind, name, content)
    if tree is None:
        arrive(settings, owned, made)
    stream.close()
    kill_first()
    hold(settings)
    for resource_name, value in limits:
        limit(resource_name, value)
    if report != REPORT:
        os.dup2(report, REPORT, inheritable=True)
        os.close(report)
    os.set_inheritable(REPORT, True)
    return argv, environment


def arrive(settings: dict[bytes, bytes], owned: list[tuple[bytes, int]], made: list[tuple[bytes, int]]) -> Tree:
    """Hands the writable folders over, switches the user where that is asked for, and enters the working folder."""
    if b"uid" in settings:
        uid = int(settings[b"uid"])
        for folder, mode in owned:
            os.chown(folder, uid, uid)
            os.chmod(folder, mode)
        become(uid)
    os.umask(0o022)
    for folder, mode in made:
        os.mkdir(folder, mode)
    os.chdir(settings[b"folder"])
    return Tree()


def close_others(kept: set[int]) -> None:
    """Closes every descriptor but those: what a caller left open by mistake stays outside."""
    for name in os.listdir("/proc/self/fd"):
        if int(name) not in kept:
            try:
                os.close(int(name))
            except OSError:
                pass  # the folder's own descriptor, closed by now


def say(status: int, text: str) -> None:
    os.write(status, text.encode("utf-8", "backslashreplace") + b"\n")


def main(stream: int, status: int, report: int) -> NoReturn:
    # STREAM may be number 3, which the report will take: everything of ours goes out of the way first
    status, report = (os.dup(number) if number == REPORT else number for number in (status, report))
    os.set_inheritable(status, False)
    try:
        for number in (status, report):
            if not stat.S_ISFIFO(os.fstat(number).st_mode):
                raise Refused(f"descriptor {number} is no pipe")
        argv, environment = start(os.fdopen(stream, "rb", 1 << 20), report)
        close_others({0, 1, 2, REPORT, status})
        # exec hands on what is ignored, by our interpreter or by whoever started selfmod (a shell's background job)
        for number in range(1, 32):
            if number not in (_signal.SIGKILL, _signal.SIGSTOP) and _signal.getsignal(number) is _signal.SIG_IGN:
                _signal.signal(number, _signal.SIG_DFL)
        say(status, "ready")
        os.execve(argv[0], argv, environment)  # noqa: S606 (the command itself; no shell is meant)
    except (Refused, OSError, ValueError, MemoryError) as error:
        say(status, f"refused: {error}")
    os._exit(126)


if __name__ == "__main__":
    main(*map(int, sys.argv[1:4]))
