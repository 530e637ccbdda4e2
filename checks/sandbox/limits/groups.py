"""Control groups of the kernel, version 1 and 2: memory and number of processes for a whole tree.

Source: Documentation/admin-guide/cgroup-v2.rst and cgroup-v1/{memory,pids}.rst of the kernel.
"""

import os
import re
import signal
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from checks.sandbox.limits import tree
from checks.sandbox.port import Limits

NAME = re.compile(r"selfmod-([0-9]+)-([0-9]+)-[0-9a-f]+")
EMPTIED = 5.0
"""Seconds after which a group that does not empty is left to the next sweep."""


@dataclass(frozen=True, slots=True)
class Place:
    """Where groups can be made: the folder for memory, the one for numbers of processes (None: no such control), and
    the version, 1 or 2; for version 2 both are one."""

    version: int
    memory: Path
    processes: Path | None


@dataclass(frozen=True, slots=True)
class Group:
    """One group for one tree; `folders` are its own, each with a `cgroup.procs` by which a process joins."""

    version: int
    memory: Path
    folders: tuple[Path, ...]

    def exhausted(self) -> bool:
        """Whether the kernel ended a process of the group for want of memory."""
        name = "memory.events" if self.version == 2 else "memory.oom_control"
        return _figure(self.memory / name, "oom_kill") > 0

    def peak(self) -> int | None:
        """The most memory that was held at once, in bytes; None where the kernel does not say."""
        name = "memory.peak" if self.version == 2 else "memory.max_usage_in_bytes"
        try:
            return int((self.memory / name).read_text())
        except (OSError, ValueError):
            return None

    def kill(self) -> None:
        """Sends SIGKILL to every process of the group."""
        for folder in self.folders:
            _kill(folder)


def _figure(file: Path, name: str) -> int:
    try:
        lines = file.read_text().splitlines()
    except OSError:
        return 0
    return next((int(line.split()[1]) for line in lines if line.split()[:1] == [name]), 0)


def _kill(folder: Path) -> None:
    try:
        processes = [int(line) for line in (folder / "cgroup.procs").read_text().split()]
    except OSError:
        return
    for process in processes:
        try:
            os.kill(process, signal.SIGKILL)
        except (ProcessLookupError, PermissionError):
            continue


def mounts(text: str) -> dict[str, tuple[str, Path]]:
    """The hierarchies in the text of /proc/self/mountinfo: "" for version 2 and the controllers' names for version 1,
    each with the group that is its root and where that is mounted."""
    found: dict[str, tuple[str, Path]] = {}
    for line in text.splitlines():
        before, _, after = line.partition(" - ")
        kind, _, options = (*after.split(" ", 2), "", "")[:3]
        root, folder = before.split(" ")[3:5]
        if kind == "cgroup2":
            found.setdefault("", (root, Path(folder)))
        elif kind == "cgroup":
            for name in options.rpartition(" ")[2].split(","):
                found.setdefault(name, (root, Path(folder)))
    return found


def own(text: str, mounted: dict[str, tuple[str, Path]]) -> dict[str, tuple[Path, Path]]:
    """The folder of this process's own group in each hierarchy, and that of the hierarchy's root, from the text of
    /proc/self/cgroup. A group outside of what is mounted is left out."""
    found: dict[str, tuple[Path, Path]] = {}
    for line in text.splitlines():
        _, names, path = line.split(":", 2)
        for name in names.split(","):
            if name in mounted:
                root, folder = mounted[name]
                inner = path if root == "/" else path.removeprefix(root)
                if ".." not in inner.split("/"):
                    found[name] = (folder / inner.lstrip("/"), folder)
    return found


def place() -> Place | None:
    """Where this process may make groups with a limit of memory; None where nowhere. Looks, and tries by making one."""
    try:
        mounted = mounts(Path("/proc/self/mountinfo").read_text())
        groups = own(Path("/proc/self/cgroup").read_text(), mounted)
    except OSError:
        return None
    if "memory" in groups and _usable(groups["memory"][0], "memory.limit_in_bytes"):
        pids = groups.get("pids")
        return Place(1, groups["memory"][0], pids[0] if pids and _usable(pids[0], "pids.max") else None)
    if "" in groups:
        folder, root = groups[""]
        # a group with processes hands no controllers down (but the root): so a sister of our own group, or an aunt
        for above in (folder, *folder.parents):
            if _usable(above, "memory.max"):
                return Place(2, above, above if _usable(above, "pids.max") else None)
            if above == root:
                break
    return None


def _usable(folder: Path, file: str) -> bool:
    """Whether a group made there has that control and takes processes from ours."""
    trial = folder / _name()
    try:
        trial.mkdir()
    except OSError:
        return False
    try:
        return os.access(trial / file, os.W_OK) and os.access(folder / "cgroup.procs", os.W_OK)
    finally:
        trial.rmdir()


def _name() -> str:
    return f"selfmod-{os.getpid()}-{tree.started(os.getpid())}-{os.urandom(6).hex()}"


def sweep(where: Place) -> None:
    """Ends and removes the groups of runs whose own process is gone."""
    for folder in {where.memory, where.processes or where.memory}:
        for entry in folder.glob("selfmod-*"):
            match = NAME.fullmatch(entry.name)
            if match and tree.started(int(match[1])) != int(match[2]):
                _kill(entry)
                _remove(entry)


def _remove(folder: Path) -> None:
    end = time.monotonic() + EMPTIED
    while True:
        try:
            folder.rmdir()
        except FileNotFoundError:
            return
        except OSError:  # a process of it is on its way out
            if time.monotonic() > end:
                return
            _kill(folder)
            time.sleep(0.002)
        else:
            return


@contextmanager
def group(where: Place, limits: Limits) -> Iterator[Group]:
    """Makes a group with the limits and, in the end, kills what is in it and removes it. OSError where that fails."""
    sweep(where)
    name = _name()
    memory = where.memory / name
    folders = (memory,) if where.version == 2 or not where.processes else (memory, where.processes / name)
    try:
        for folder in folders:
            folder.mkdir()
        if where.version == 2:
            (memory / "memory.max").write_text(str(limits.memory))
            _perhaps(memory / "memory.swap.max", "0")
            _perhaps(memory / "memory.oom.group", "1")
        else:
            (memory / "memory.limit_in_bytes").write_text(str(limits.memory))
            _perhaps(memory / "memory.memsw.limit_in_bytes", str(limits.memory))
        if where.processes:
            # our own two beside those of the command: bubblewrap outside and the first process inside
            (folders[-1] / "pids.max").write_text(str(limits.processes + 2))
        yield Group(where.version, memory, folders)
    finally:
        for folder in folders:
            _kill(folder)
            _remove(folder)


def _perhaps(file: Path, value: str) -> None:
    """Sets what not every kernel has (swap may not be counted, or not exist)."""
    try:
        file.write_text(value)
    except OSError:
        return
