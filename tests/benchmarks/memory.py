"""The memory of a process and all its children, by sampling /proc: Linux only."""

import subprocess
import time
from collections.abc import Sequence
from contextlib import suppress
from pathlib import Path

PROC = Path("/proc")
PERIOD = 0.02
"""Seconds between two samples."""


def peak(command: Sequence[str], environment: dict[str, str]) -> int | None:
    """The largest sum that was seen, in bytes, while the command ran; None where /proc does not tell."""
    if not (PROC / "self" / "smaps_rollup").exists():
        return None
    process = subprocess.Popen(command, env=environment, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
    most = 0
    while process.poll() is None:
        most = max(most, sum(map(proportional, tree(process.pid, parents()))))
        time.sleep(PERIOD)
    return most


def parents() -> dict[int, int]:
    """The parent of every process that runs now, by process."""
    found = {}
    for place in PROC.iterdir():
        if place.name.isdigit():
            with suppress(OSError):  # it has ended
                # the name of the program, in parentheses, may hold anything: what follows the last one counts
                found[int(place.name)] = int((place / "stat").read_text(errors="replace").rpartition(")")[2].split()[1])
    return found


def tree(root: int, parent_of: dict[int, int]) -> set[int]:
    """A process with all that descend from it."""
    found = {root}
    while more := {child for child, parent in parent_of.items() if parent in found} - found:
        found |= more
    return found


def proportional(pid: int) -> int:
    """Proportional set size in bytes: pages that forked workers share are counted once in the sum (proc(5)). 0 for a
    process that has ended."""
    with suppress(OSError):
        for line in (PROC / str(pid) / "smaps_rollup").read_text().splitlines():
            if line.startswith("Pss:"):
                return int(line.split()[1]) * 1024
    return 0
