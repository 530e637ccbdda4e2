"""Worker processes that parse what may be hostile: bounded in time and memory, replaced when they break down."""

import contextlib
import ctypes
import json
import multiprocessing
import os
import signal
import sys
import threading
import time
from collections.abc import Callable, Generator, Iterable, Iterator
from multiprocessing import forkserver
from multiprocessing.connection import Connection, wait
from multiprocessing.context import ForkServerContext, SpawnContext
from typing import Any

from checks.model.errors import Refusal

SECONDS = 30.0
"""A file may take so long. Real files take milliseconds; what takes longer was made to."""
MEMORY = 1536 * 1024 * 1024
"""Address space of a worker in bytes: a line of 20 MB would take gigabytes."""
DEPTH = 20_000
"""Python frames of a worker: an expression of some thousand operands is nested as deeply."""
PARTING = 2.0
"""Seconds that an idle worker has to end by itself."""

type Task = tuple[str, Any]
"""What a task is about (a path), and its JSON."""
type Answer = tuple[str, Any | None, str]
"""Path, the JSON that came back or None, and then why."""

_STARTING = threading.Lock()
_DIE_WITH_PARENT = 1  # PR_SET_PDEATHSIG of linux/prctl.h


def cores() -> int:
    """Processors that this process may use."""
    return len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count() or 1


class _Worker:
    def __init__(self, work: Callable[[Any], Any], others: list["_Worker"], limits: tuple[float, int]) -> None:
        # forking is quickest, and sound while there is only one thread; a server has more, and lets a process fork that
        # has one and everything imported: a worker that imports it all itself takes a second
        alone = sys.platform == "linux" and threading.active_count() == 1
        kind = multiprocessing.get_context("fork") if alone else _elsewhere()
        self.seconds = limits[0]
        self.connection, theirs = kind.Pipe()
        inherited = [self.connection, *(other.connection for other in others)] if alone else []
        parent = os.getpid() if alone or sys.platform != "linux" else 0
        self.process = kind.Process(target=_serve, args=(theirs, work, inherited, limits, parent), daemon=True)
        try:
            with _uninterrupted() if alone else _no_working_folder():
                self.process.start()
        except OSError:
            self.connection.close()
            raise
        finally:
            theirs.close()
        self.busy = False
        self.about = ""
        self.deadline = 0.0

    def give(self, task: Task) -> None:
        self.about, payload = task[0], json.dumps(task[1]).encode()
        self.busy = True
        self.deadline = time.monotonic() + self.seconds
        with contextlib.suppress(OSError):  # a dead worker is seen by its closed pipe
            self.connection.send_bytes(payload)

    def kill(self) -> None:
        self.process.kill()
        self.process.join()
        self.connection.close()


def _elsewhere() -> ForkServerContext | SpawnContext:
    """How a worker is started where this process must not fork itself."""
    if sys.platform != "linux":
        return multiprocessing.get_context("spawn")
    kind = multiprocessing.get_context("forkserver")
    # what is imported here by now is what workers need; counts for the server's start, which the first worker causes
    named = [name for name in list(sys.modules) if name.startswith("checks.")]
    kind.set_forkserver_preload(["__main__", "checks.debugging.tools.bandit", *named])
    return kind


@contextlib.contextmanager
def _no_working_folder() -> Iterator[None]:
    """A Python that is started with `-c`, as multiprocessing does, imports from the working folder before it imports
    from the standard library: a `multiprocessing.py` in the analysed repository would be run. Not with this set."""
    name = "PYTHONSAFEPATH"
    with _STARTING:
        before = os.environ.get(name)
        os.environ[name] = "1"
        try:
            yield
        finally:
            if before is None:
                del os.environ[name]
            else:
                os.environ[name] = before


_ENDING = frozenset({signal.SIGINT, signal.SIGTERM})


@contextlib.contextmanager
def _uninterrupted() -> Iterator[None]:
    """Holds back what would end the parent: a worker that is being forked has its handlers for a moment."""
    before = signal.pthread_sigmask(signal.SIG_BLOCK, _ENDING)
    try:
        yield
    finally:
        signal.pthread_sigmask(signal.SIG_SETMASK, before)


def _serve(
    connection: Connection,
    work: Callable[[Any], Any],
    inherited: list[Connection],
    limits: tuple[float, int],
    parent: int,
) -> None:
    """The worker's life: a task in, its answer out, until the pipe closes."""
    for other in inherited:
        other.close()  # so that the pipes close when the parent dies
    seconds, memory = limits
    _bounded(memory, parent)
    while True:
        try:
            payload = json.loads(connection.recv_bytes())
        except (EOFError, OSError):
            return
        except MemoryError:
            connection.send_bytes(_refused("its analysis needs too much memory"))
            continue
        # nobody may be left who would end us: the kernel does, a little after the parent would have
        signal.setitimer(signal.ITIMER_REAL, seconds + PARTING)
        answer = _answered(work, payload)
        signal.setitimer(signal.ITIMER_REAL, 0)
        try:
            connection.send_bytes(answer)
        except OSError:
            return


def _bounded(memory: int, parent: int) -> None:
    signal.signal(signal.SIGINT, signal.SIG_IGN)  # the parent ends us
    signal.signal(signal.SIGTERM, signal.SIG_DFL)
    signal.signal(signal.SIGALRM, signal.SIG_DFL)
    signal.pthread_sigmask(signal.SIG_UNBLOCK, _ENDING)
    sys.setrecursionlimit(DEPTH)
    if sys.platform == "linux":
        ctypes.CDLL(None).prctl(_DIE_WITH_PARENT, signal.SIGKILL, 0, 0, 0)
        if not parent:
            _leave_alone()
        elif os.getppid() != parent:
            os._exit(1)  # it died before it could be said
    with contextlib.suppress(ImportError, ValueError, OSError):
        import resource

        for what, limit in ((resource.RLIMIT_AS, _mapped() + memory), (resource.RLIMIT_CORE, 0)):
            resource.setrlimit(what, (limit, resource.getrlimit(what)[1]))


def _mapped() -> int:
    """Bytes of address space that a forked worker has from the start: libraries and stacks of a process that has
    run for long can be more than an analysis may take."""
    try:
        with open("/proc/self/statm", "rb") as file:  # noqa: PTH123  # opened in every worker
            return int(file.read().split()[0]) * os.sysconf("SC_PAGE_SIZE")
    except (OSError, ValueError, IndexError):
        return 0


def _leave_alone() -> None:
    """The process that forks for a server ends, and we with it, once nobody holds its pipe: the server alone is to."""
    with contextlib.suppress(AttributeError, TypeError, OSError):
        os.close(forkserver._forkserver._forkserver_alive_fd)  # type: ignore[attr-defined]  # not public


def _answered(work: Callable[[Any], Any], payload: Any) -> bytes:
    """The bytes of an answer, whatever `work` does."""
    try:
        return json.dumps({"ok": work(payload)}).encode()
    except MemoryError:
        return _refused("its analysis needs too much memory")
    except RecursionError:
        return _refused("nested too deeply to be analysed")
    except Exception as error:  # a bug of ours must not end the review of the other files
        return _refused(f"the analysis failed: {type(error).__name__}: {error}"[:300])


def _refused(why: str) -> bytes:
    return json.dumps({"why": why}).encode()


def run(
    tasks: Iterable[Task],
    work: Callable[[Any], Any],
    *,
    workers: int | None = None,
    seconds: float = SECONDS,
    memory: int = MEMORY,
) -> Generator[Answer]:
    """Runs `work` on every task's JSON in worker processes; yields answers as they come. Tasks are taken when they are
    needed, so that not all need to be in memory.

    A worker that takes longer than `seconds`, uses more than `memory` bytes or dies costs its task only: the answer
    says why, and a new worker goes on. No worker is left when the iterator ends, is closed, or is interrupted, or when
    this process is killed. Raises Refusal where no process can be started.
    """
    source = iter(tasks)
    waiting = next(source, None)
    alive: list[_Worker] = []
    count = workers or cores()
    try:
        while waiting is not None or any(worker.busy for worker in alive):
            idle = [worker for worker in alive if not worker.busy]
            while waiting is not None and (idle or len(alive) < count):
                if not idle:
                    fresh = _started(work, alive, (seconds, memory))
                    if fresh is None:
                        count = len(alive)
                        break
                    alive.append(fresh)
                    idle.append(fresh)
                idle.pop().give(waiting)
                waiting = next(source, None)
            yield from _answers(alive)
    finally:
        _end(alive)


def _started(work: Callable[[Any], Any], alive: list[_Worker], limits: tuple[float, int]) -> _Worker | None:
    """A new worker; None where the system gives no more, and the ones that there are must do."""
    try:
        return _Worker(work, alive, limits)
    except OSError as error:
        if alive:
            return None
        reason = f"No process can be started to analyse files in: {error.strerror}."
        raise Refusal(reason, "Raise the limits of processes, open files or memory (ulimit -a).") from None


def _answers(alive: list[_Worker]) -> Iterator[Answer]:
    """Waits until a worker answers, dies or is late; workers that are gone are taken from the list."""
    busy = [worker for worker in alive if worker.busy]
    patience = max(0.0, min(worker.deadline for worker in busy) - time.monotonic())
    ready = wait([worker.connection for worker in busy], timeout=patience)
    for worker in busy:
        path = worker.about
        if worker.connection in ready:
            try:
                answer = json.loads(worker.connection.recv_bytes())
            except (EOFError, OSError, ValueError, RecursionError):
                alive.remove(worker)
                worker.kill()
                yield path, None, f"the analysis broke down ({_ending(worker.process.exitcode)})"
                continue
            worker.busy = False
            yield path, answer.get("ok"), answer.get("why", "")
        elif time.monotonic() >= worker.deadline:
            alive.remove(worker)
            worker.kill()
            yield path, None, f"its analysis took more than {worker.seconds:g} s"


def _end(alive: list[_Worker]) -> None:
    """Ends all workers: who has nothing to do ends by itself when its pipe closes, the others at once."""
    for worker in alive:
        if worker.busy:
            worker.process.kill()
        else:
            worker.connection.close()
    until = time.monotonic() + PARTING
    for worker in alive:
        worker.process.join(max(0.0, until - time.monotonic()))
        if worker.process.is_alive():
            worker.process.kill()
            worker.process.join()
        worker.connection.close()


def _ending(code: int | None) -> str:
    if code is not None and code < 0:
        with contextlib.suppress(ValueError):
            return signal.Signals(-code).name
    return f"exit {code}"
