"""Worker processes of a test, and what they left."""

import json
import os
import signal
import subprocess
import sys
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

from app.model.job import Job
from app.workflows.durable.jobs import Durable

ROOT = Path(__file__).parents[2]
PATIENCE = 40.0
"""Seconds after which something that should come about has failed."""


def until(holds: Callable[[], Any], what: str, seconds: float = PATIENCE) -> Any:
    """Waits for something to become true, and returns it."""
    ends = time.monotonic() + seconds
    while not (found := holds()):
        assert time.monotonic() < ends, f"not within {seconds} s: {what}"
        time.sleep(0.01)
    return found


class Crew:
    """Starts processes over one folder and database, and ends those that are left."""

    def __init__(self, folder: Path, url: str = "") -> None:
        self.folder = folder
        self.url = url or f"sqlite:///{folder}/data/selfmod.db"
        self.log = folder / "log"
        self.processes: list[subprocess.Popen[bytes]] = []
        for name in ("pause", "reached", "heads", "go", "effects", "ready"):
            (folder / name).mkdir(parents=True, exist_ok=True)

    def start(self, wait: bool = True, **options: Any) -> "subprocess.Popen[bytes]":
        """A process; see `tests.faults.worker` for the options."""
        line = [sys.executable, "-m", "tests.faults.worker", str(self.folder), self.url, json.dumps(options)]
        with self.log.open("ab") as log:
            process = subprocess.Popen(line, cwd=ROOT, stdin=subprocess.DEVNULL, stdout=log, stderr=log)
        self.processes.append(process)
        if wait:
            self.ready(process)
        return process

    def ready(self, process: "subprocess.Popen[bytes]") -> None:
        """Waits until it takes jobs."""

        def holds() -> bool:
            assert process.poll() in (None, 0), self.told()
            return (self.folder / "ready" / str(process.pid)).exists()

        until(holds, "a process is ready")

    def told(self) -> str:
        """The end of the log."""
        return self.log.read_text("utf-8", "replace")[-6000:]

    def kill(self, process: "subprocess.Popen[bytes]") -> None:
        """As the kernel does it when memory runs out."""
        process.send_signal(signal.SIGKILL)
        process.wait()

    def pause(self, point: str) -> None:
        """Whoever comes to the point stops there."""
        (self.folder / "pause" / point).touch()

    def reached(self, point: str) -> int:
        """Waits until somebody has, and returns the process's number."""
        path = self.folder / "reached" / point
        until(path.exists, f"{point} is reached: {self.told() if path.exists() else ''}")
        return int(path.read_text())

    def go(self, point: str) -> None:
        """Nobody stops there any more."""
        (self.folder / "pause" / point).unlink()
        (self.folder / "reached" / point).unlink(missing_ok=True)

    def kill_at(self, point: str) -> None:
        """Waits until a process has come to the point, and kills it there."""
        number = self.reached(point)
        victim = next(process for process in self.processes if process.pid == number)
        self.kill(victim)
        self.go(point)

    def head(self, number: int, head: str) -> None:
        """What the forge shows as a pull request's head."""
        (self.folder / "heads" / str(number)).write_text(head)

    def effects(self) -> set[str]:
        """Everything that was made."""
        return {path.name for path in (self.folder / "effects").iterdir()}

    def lines(self, name: str) -> list[str]:
        """The lines of a file that the processes append to."""
        path = self.folder / name
        return path.read_text().splitlines() if path.exists() else []

    def close(self) -> None:
        """Ends what is left, without asking."""
        for process in self.processes:
            if process.poll() is None:
                process.kill()
            process.wait()


def ended(durable: Durable, job: Job | str, seconds: float = PATIENCE) -> dict[str, Any]:
    """What a job ended with; waits for it."""
    identity = job if isinstance(job, str) else job.identity
    found: dict[str, Any] = until(lambda: durable.outcome(identity), f"{identity} ends", seconds)
    return found


def alive(number: int) -> bool:
    """Whether a process is there."""
    try:
        os.kill(number, 0)
    except ProcessLookupError:
        return False
    return True
