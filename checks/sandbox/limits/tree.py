"""A tree of processes as /proc shows it: who belongs to it, how much memory it holds, and its end.

Source: proc_pid_stat(5), proc_pid_statm(5), proc_pid_smaps(5).
"""

import os
import re
import signal
from pathlib import Path

PROC = Path("/proc")
PAGE = os.sysconf("SC_PAGE_SIZE")
LEAST = 0.02
"""The share of the host's memory below which nothing that is not counted may go on."""
MARK = "SELFMOD_RUN"
OWNER = re.compile(rb"(?:^|\0)SELFMOD_RUN=([0-9]+)-([0-9]+)(?=\0|$)")
INODE = 1024
"""What an empty file of a tmpfs costs the kernel, in bytes, at least: its inode and its name."""


def parent(process: int) -> int | None:
    """The number of a process's parent; None where there is no such process."""
    try:
        stat = (PROC / str(process) / "stat").read_bytes()
    except OSError:
        return None
    return int(stat.rpartition(b")")[2].split()[1])  # its name may hold brackets and blanks


def started(process: int) -> int:
    """When a process began, in ticks since the host did: with its number that names it for good. 0: there is none."""
    try:
        return int((PROC / str(process) / "stat").read_bytes().rpartition(b")")[2].split()[19])
    except OSError:
        return 0


def mark() -> dict[str, str]:
    """The environment of what this process starts, by which `sweep` knows whose it was."""
    return {MARK: f"{os.getpid()}-{started(os.getpid())}"}


def sweep() -> None:
    """Kills what runs of a process that is gone have left: bubblewrap's own first process, where its parent was killed
    in the few milliseconds before that one is tied to it."""
    for entry in PROC.iterdir():
        try:
            if not entry.name.isdecimal() or (entry / "comm").read_bytes() != b"bwrap\n":
                continue
            found = OWNER.search((entry / "environ").read_bytes())
            if not found or started(int(found[1])) == int(found[2]):
                continue
            held = os.pidfd_open(int(entry.name))
        except OSError:
            continue  # gone, or not ours to look at
        try:
            if OWNER.search((entry / "environ").read_bytes()):  # still the same
                signal.pidfd_send_signal(held, signal.SIGKILL)
        except OSError:
            continue
        finally:
            os.close(held)


def members(root: int) -> tuple[int, ...]:
    """The process `root` and all below it, parents first. Orphans count only where they fall to one of the tree (the
    first process of a process namespace, a subreaper)."""
    below: dict[int, list[int]] = {}
    for entry in PROC.iterdir():
        if entry.name.isdecimal() and (above := parent(int(entry.name))) is not None:
            below.setdefault(above, []).append(int(entry.name))
    tree, rest = [], [root]
    while rest:
        process = rest.pop()
        tree.append(process)
        rest += below.get(process, ())
    return tuple(tree)


def memory(processes: tuple[int, ...], limit: int = 0) -> int:
    """The bytes of memory that the processes hold together, what they share counted once.

    The exact figure costs the kernel a walk through every page; it is asked for only where the quick one (shared pages
    counted for each) passes `limit`."""
    quick = sum(_resident(process) for process in processes)
    return quick if quick <= limit else sum(_proportional(process) for process in processes)


def _resident(process: int) -> int:
    try:
        return int((PROC / str(process) / "statm").read_bytes().split()[1]) * PAGE
    except (OSError, IndexError):
        return 0


def _proportional(process: int) -> int:
    try:
        rollup = (PROC / str(process) / "smaps_rollup").read_bytes()
    except OSError:
        return _resident(process)  # not ours to look at, or ended: the quick figure is never too low
    return sum(int(line.split()[1]) * 1024 for line in rollup.splitlines() if line.startswith(b"Pss:"))


def mounted(process: int, folders: tuple[str, ...]) -> int:
    """The bytes that file systems in memory hold, each once, as `process` sees them in `folders`."""
    held: dict[int, int] = {}
    for folder in folders:
        place = Path(f"{PROC}/{process}/root{folder}")
        try:
            device, figures = place.stat().st_dev, os.statvfs(place)
        except OSError:
            continue
        blocks, inodes = figures.f_blocks - figures.f_bfree, figures.f_files - figures.f_ffree
        held[device] = blocks * figures.f_frsize + inodes * INODE
    return sum(held.values())


def scarce() -> bool:
    """Whether the whole host has hardly any memory left: what a tree hides in the kernel shows there at last."""
    figures = dict(line.split(":") for line in (PROC / "meminfo").read_text().splitlines())
    left, whole = (int(figures[name].split()[0]) for name in ("MemAvailable", "MemTotal"))
    return left < whole * LEAST


def threads(uid: int) -> int:
    """How many threads run for that user on the whole host: what RLIMIT_NPROC compares with."""
    number = 0
    for entry in PROC.iterdir():
        try:
            if entry.name.isdecimal() and entry.stat().st_uid == uid:
                number += sum(1 for _ in (entry / "task").iterdir())
        except OSError:
            continue
    return number


def kill(root: int) -> None:
    """Ends the whole tree: stops every process of it first, until no new one is seen, so that none can start another or
    notice the end of one; then kills them, `root` last, for orphans may fall to it."""
    stopped: set[int] = set()
    while found := set(members(root)) - stopped:
        for process in found:
            _send(process, signal.SIGSTOP)
        stopped |= found
    for process in (*(stopped - {root}), root):
        _send(process, signal.SIGKILL)


def _send(process: int, number: signal.Signals) -> None:
    try:
        os.kill(process, number)
    except (ProcessLookupError, PermissionError):
        return  # ended meanwhile
