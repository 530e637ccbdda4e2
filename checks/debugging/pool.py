"""Worker processes that parse what may be hostile: bounded in time and memory, replaced when they break down."""

import contextlib
import json
import multiprocessing
import os
import signal
import sys
import threading
import time
from collections import deque
from collections.abc import Callable, Iterator, Sequence
from multiprocessing.connection import Connection, wait
from typing import Any

SECONDS = 30.0
"""A file may take so long. Real files take milliseconds; what takes longer was made to."""
MEMORY = 1536 * 1024 * 1024
"""Address space of a worker in bytes: a line of 20 MB would take gigabytes."""
DEPTH = 20_000
"""Python frames of a worker: an expression of some thousand operands is nested as deeply."""

type Task = tuple[str, Any]
"""What a task is about (a path), and its JSON."""
type Answer = tuple[str, Any | None, str]
"""Path, the JSON that came back or None, and then why."""


def cores() -> int:
    """Processors that this process may use."""
    return len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count() or 1


class _Worker:
    def __init__(self, work: Callable[[Any], Any], others: list["_Worker"], limits: tuple[float, int]) -> None:
        # forking is quickest, and sound while there is only one thread; a server has more
        alone = sys.platform == "linux" and threading.active_count() == 1
        kind = multiprocessing.get_context("fork") if alone else multiprocessing.get_context("spawn")
        self.seconds, memory = limits
        self.connection, theirs = kind.Pipe()
        inherited = [self.connection, *(other.connection for other in others)] if alone else []
        self.process = kind.Process(target=_serve, args=(theirs, work, inherited, memory), daemon=True)
        self.process.start()
        theirs.close()
        self.task: Task | None = None
        self.deadline = 0.0

    def give(self, task: Task) -> None:
        self.task = task
        self.deadline = time.monotonic() + self.seconds
        with contextlib.suppress(OSError):  # a dead worker is seen by its closed pipe
            self.connection.send_bytes(json.dumps(task[1]).encode())

    def end(self) -> None:
        self.process.kill()
        self.process.join()
        self.connection.close()


def _serve(connection: Connection, work: Callable[[Any], Any], inherited: list[Connection], memory: int) -> None:
    """The worker's life: a task in, its answer out, until the pipe closes."""
    for other in inherited:
        other.close()  # so that the pipes close when the parent dies
    signal.signal(signal.SIGINT, signal.SIG_IGN)  # the parent ends us
    signal.signal(signal.SIGTERM, signal.SIG_DFL)
    sys.setrecursionlimit(DEPTH)
    with contextlib.suppress(ImportError, ValueError, OSError):
        import resource

        resource.setrlimit(resource.RLIMIT_AS, (memory, resource.getrlimit(resource.RLIMIT_AS)[1]))
        resource.setrlimit(resource.RLIMIT_CORE, (0, resource.getrlimit(resource.RLIMIT_CORE)[1]))
    while True:
        try:
            payload = json.loads(connection.recv_bytes())
        except (EOFError, OSError):
            return
        try:
            answer = {"ok": work(payload)}
        except MemoryError:
            answer = {"why": "its analysis needs too much memory"}
        except RecursionError:
            answer = {"why": "nested too deeply to be analysed"}
        except Exception as error:  # a bug of ours must not end the review of the other files
            answer = {"why": f"the analysis failed: {type(error).__name__}: {error}"[:300]}
        try:
            connection.send_bytes(json.dumps(answer).encode())
        except (MemoryError, RecursionError):
            connection.send_bytes(b'{"why": "its analysis needs too much memory"}')


def run(
    tasks: Sequence[Task],
    work: Callable[[Any], Any],
    *,
    workers: int | None = None,
    seconds: float = SECONDS,
    memory: int = MEMORY,
) -> Iterator[Answer]:
    """Runs `work` on every task's JSON in worker processes; yields answers as they come.

    A worker that takes longer than `seconds`, uses more than `memory` bytes or dies costs its task only: the answer
    says why, and a new worker goes on. No worker is left when the iterator ends, is closed, or is interrupted.
    """
    waiting = deque(tasks)
    alive: list[_Worker] = []
    count = min(workers or cores(), len(waiting))
    try:
        while waiting or any(worker.task for worker in alive):
            while len(alive) < count and waiting:
                alive.append(_Worker(work, alive, (seconds, memory)))
            for worker in alive:
                if worker.task is None and waiting:
                    worker.give(waiting.popleft())
            busy = [worker for worker in alive if worker.task is not None]
            patience = max(0.0, min(worker.deadline for worker in busy) - time.monotonic())
            ready = wait([worker.connection for worker in busy], timeout=patience)
            for worker in busy:
                assert worker.task is not None
                path = worker.task[0]
                if worker.connection in ready:
                    try:
                        answer = json.loads(worker.connection.recv_bytes())
                    except (EOFError, OSError):
                        alive.remove(worker)
                        worker.end()
                        yield path, None, f"the analysis broke down ({_ending(worker.process.exitcode)})"
                        continue
                    worker.task = None
                    yield path, answer.get("ok"), answer.get("why", "")
                elif time.monotonic() >= worker.deadline:
                    alive.remove(worker)
                    worker.end()
                    yield path, None, f"its analysis took more than {seconds:g} s"
    finally:
        for worker in alive:
            worker.end()


def _ending(code: int | None) -> str:
    if code is not None and code < 0:
        with contextlib.suppress(ValueError):
            return signal.Signals(-code).name
    return f"exit {code}"
