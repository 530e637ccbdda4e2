import contextlib
import ctypes
import faulthandler
import os
import signal
import subprocess
import sys
import textwrap
import threading
import time
from collections.abc import Iterator
from multiprocessing import forkserver, resource_tracker
from pathlib import Path
from typing import Any

import pytest

from checks.debugging import pool
from tests.forks import forked

ROOT = Path(__file__).parents[3]


def work(task: Any) -> Any:
    """Does what the task says, as hostile files would have it done."""
    faulthandler.disable()  # pytest's would print the crashes that are meant
    match task:
        case ["hang"]:
            while True:
                pass
        case ["sleep"]:
            time.sleep(60)
        case ["exit", code]:
            os._exit(code)
        case ["leave"]:
            sys.exit(5)
        case ["signal", number]:
            os.kill(os.getpid(), number)
        case ["crash"]:
            ctypes.string_at(0)
        case ["allocate", size]:
            return len(bytearray(size))
        case ["nest", depth]:
            return work(["nest", depth - 1]) if depth else "the bottom"
        case ["raise", message]:
            raise LookupError(message)
        case ["set"]:
            return {1, 2}
        case ["circle"]:
            circle: list[Any] = []
            circle.append(circle)
            return circle
        case ["pid"]:
            return os.getpid()
        case ["flags"]:
            return [sys.flags.safe_path, "" in sys.path]
    return task


def gone(pid: int, seconds: float = 10.0) -> bool:
    """Whether a process ends in that time; one that nobody has buried yet counts as ended."""
    until = time.monotonic() + seconds
    while time.monotonic() < until:
        with contextlib.suppress(FileNotFoundError, ProcessLookupError):
            if Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()[0] != "Z":
                time.sleep(0.01)
                continue
        return True
    return False


def children() -> set[int]:
    """Of this process, but those that stay: the one that forks for it where it has threads, and what Python itself
    starts with that."""
    stays = {forkserver._forkserver._forkserver_pid, resource_tracker._resource_tracker._pid}  # type: ignore[attr-defined]  # not public
    found = {int(pid) for task in Path("/proc/self/task").iterdir() for pid in (task / "children").read_text().split()}
    return found - stays - BEFORE


BEFORE: set[int] = set()
"""Children that tests before these have left for the whole session, such as a database."""


@pytest.fixture(autouse=True)
def none_of_others() -> None:
    BEFORE.clear()
    BEFORE.update(children())


@pytest.mark.parametrize(
    ("task", "why"),
    [
        (["hang"], "its analysis took more than 0.5 s"),
        (["sleep"], "its analysis took more than 0.5 s"),
        (["exit", 0], "the analysis broke down (exit 0)"),
        (["exit", 3], "the analysis broke down (exit 3)"),
        (["leave"], "the analysis broke down (exit 5)"),
        (["signal", signal.SIGKILL], "the analysis broke down (SIGKILL)"),
        (["signal", signal.SIGTERM], "the analysis broke down (SIGTERM)"),
        (["crash"], "the analysis broke down (SIGSEGV)"),
        (["allocate", 8 << 30], "its analysis needs too much memory"),
        (["nest", 200_000], "nested too deeply to be analysed"),
        (["raise", "x" * 900], "the analysis failed: LookupError: " + "x" * 266),
        (["set"], "the analysis failed: TypeError: Object of type set is not JSON serializable"),
        (["circle"], "the analysis failed: ValueError: Circular reference detected"),
    ],
)
def test_a_bad_task_costs_itself_only(task: list[Any], why: str) -> None:
    tasks = [("bad", task), ("good", ["a"]), ("worse", task), ("better", {"b": None})]
    seconds = 0.5 if task[0] in ("hang", "sleep") else 60.0
    answers = {path: (answer, reason) for path, answer, reason in pool.run(tasks, work, workers=1, seconds=seconds)}
    assert answers == {"bad": (None, why), "good": (["a"], ""), "worse": (None, why), "better": ({"b": None}, "")}
    assert not children()


def test_deep_but_not_too_deep() -> None:
    assert list(pool.run([("a", ["nest", 9_000])], work)) == [("a", "the bottom", "")]


def test_an_interrupt_does_not_reach_the_workers() -> None:
    assert list(pool.run([("a", ["signal", signal.SIGINT])], work)) == [("a", ["signal", signal.SIGINT], "")]


def test_many_tasks_are_taken_when_they_are_needed() -> None:
    taken = []

    def tasks() -> Iterator[pool.Task]:
        for number in range(500):
            taken.append(number)
            yield str(number), [number]

    running = pool.run(tasks(), work, workers=2)
    first = next(running)
    assert len(taken) <= 4
    answers = [first, *running]
    assert sorted(int(path) for path, _, _ in answers) == list(range(500))
    assert all(answer == [int(path)] and not why for path, answer, why in answers)
    assert not children()


@pytest.mark.parametrize("workers", [1, 2, 5])
def test_no_more_workers_than_asked_for(workers: int) -> None:
    assert 1 <= len({answer for _, answer, _ in pool.run([("", ["pid"])] * 40, work, workers=workers)}) <= workers


def test_large_tasks_and_answers_pass() -> None:
    large = ["x" * 5_000_000]
    assert [answer for _, answer, _ in pool.run([("a", large), ("b", large)], work, workers=2)] == [large, large]


def test_nothing_to_do() -> None:
    assert list(pool.run([], work)) == []


@pytest.mark.parametrize("rest", [["hang"], ["a"]])
def test_closing_early_leaves_no_process(rest: list[str]) -> None:
    running = pool.run([("a", ["pid"]), *[("b", rest)] * 5], work, workers=2)
    next(running)
    assert children()
    running.close()
    assert not children()


def test_an_interrupt_of_the_consumer_leaves_no_process() -> None:
    def consume() -> None:
        with contextlib.closing(pool.run([("a", ["pid"]), ("b", ["hang"])], work, workers=2)) as running:
            for _ in running:
                raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        consume()
    assert not children()


def test_an_interrupt_while_waiting_leaves_no_process() -> None:
    forked(_interrupted)


def _interrupted() -> None:
    def interrupt(number: int, frame: object) -> None:
        raise KeyboardInterrupt

    before = signal.signal(signal.SIGALRM, interrupt)
    try:
        with pytest.raises(KeyboardInterrupt):
            for path, _, _ in pool.run([("a", ["pid"]), ("b", ["sleep"])], work, workers=1):
                assert path == "a"
                signal.setitimer(signal.ITIMER_REAL, 0.2)
    finally:
        signal.setitimer(signal.ITIMER_REAL, 0)
        signal.signal(signal.SIGALRM, before)
    assert not children()


def test_a_process_with_threads_starts_fresh_interpreters() -> None:
    done = threading.Event()
    thread = threading.Thread(target=done.wait)
    thread.start()
    try:
        tasks = [("a", ["pid"]), ("b", ["crash"]), ("c", ["c"]), ("d", ["flags"])]
        answers = {path: (answer, why) for path, answer, why in pool.run(tasks, work, workers=1)}
    finally:
        done.set()
        thread.join()
    assert answers["a"][0] != os.getpid()
    assert answers["b"] == (None, "the analysis broke down (SIGSEGV)")
    assert answers["c"] == (["c"], "")
    assert answers["d"] == ([True, False], ""), "its interpreter would import from the working folder"
    assert "PYTHONSAFEPATH" not in os.environ


SCRIPT = """
import os, sys, threading, time
from pathlib import Path

sys.path.insert(0, {root!r})
from checks.debugging import pool

def work(task):
    Path(task).write_text(str(os.getpid()))
    while task.endswith("busy"):
        pass
    return task

if __name__ == "__main__":
    if {threads}:
        threading.Thread(target=time.sleep, args=(3600,), daemon=True).start()
    for answer in pool.run([("a", "idle"), ("b", "busy")], work, workers=2):
        Path("answered").touch()
        time.sleep({pause})
"""


def start(folder: Path, threads: bool, pause: int = 0) -> "subprocess.Popen[bytes]":
    script = folder / "script.py"
    script.write_text(textwrap.dedent(SCRIPT).format(root=str(ROOT), threads=threads, pause=pause))
    return subprocess.Popen([sys.executable, str(script)], cwd=folder)


def pids(folder: Path) -> list[int]:
    """The workers of the script, once all have begun."""
    until = time.monotonic() + 20
    while time.monotonic() < until:
        with contextlib.suppress(FileNotFoundError, ValueError):
            if (folder / "answered").exists():
                return [int((folder / name).read_text()) for name in ("idle", "busy")]
        time.sleep(0.01)
    raise AssertionError("the script did not begin")


@pytest.mark.skipif(sys.platform != "linux", reason="elsewhere a busy worker ends at its time limit")
@pytest.mark.parametrize("threads", [False, True])
@pytest.mark.parametrize("pause", [0, 60])
def test_a_killed_parent_leaves_no_worker(tmp_path: Path, threads: bool, pause: int) -> None:
    parent = start(tmp_path, threads, pause)
    workers = pids(tmp_path)
    parent.kill()
    parent.wait()
    assert all(gone(worker) for worker in workers)


@pytest.mark.parametrize("threads", [False, True])
def test_an_interrupted_parent_leaves_no_worker(tmp_path: Path, threads: bool) -> None:
    parent = start(tmp_path, threads)
    workers = pids(tmp_path)
    parent.send_signal(signal.SIGINT)
    parent.wait(20)
    assert all(gone(worker) for worker in workers)


def test_a_worker_that_nobody_watches_ends_itself(tmp_path: Path) -> None:
    """The kernel ends it where its parent can no longer; seen here by a parent that is stopped."""
    script = SCRIPT.replace("workers=2", "workers=2, seconds=0.5")
    path = tmp_path / "script.py"
    path.write_text(textwrap.dedent(script).format(root=str(ROOT), threads=False, pause=0))
    parent = subprocess.Popen([sys.executable, str(path)], cwd=tmp_path)
    try:
        busy = pids(tmp_path)[1]
        parent.send_signal(signal.SIGSTOP)
        assert gone(busy, pool.PARTING + 5)
    finally:
        parent.kill()
        parent.wait()


@pytest.mark.parametrize("name", ["multiprocessing", "json", "os", "checks", "sitecustomize"])
def test_nothing_is_imported_from_the_working_folder(tmp_path: Path, name: str) -> None:
    """An analysed repository may have modules of any name: a worker must never run them."""
    repository = tmp_path / "repository"
    repository.mkdir()
    (repository / f"{name}.py").write_text("open('ran', 'w')\n")
    script = SCRIPT.replace('("b", "busy")', '("b", "b")').format(root=str(ROOT), threads=True, pause=0)
    (tmp_path / "script.py").write_text(script)
    environment = {name: value for name, value in os.environ.items() if name != "PYTHONPATH"}
    command = [sys.executable, str(tmp_path / "script.py")]
    subprocess.run(command, cwd=repository, env=environment, check=True, timeout=60)
    assert (repository / "idle").exists()
    assert not (repository / "ran").exists()


LIMITED = """
import resource, sys
sys.path.insert(0, {root!r})
from checks.debugging import pool
from checks.model.errors import Refusal
resource.setrlimit(resource.RLIMIT_NOFILE, ({files}, {files}))
try:
    answers = pool.run([(str(n), n) for n in range(20)], abs, workers=12)
    print(sorted(answers) == sorted((str(n), n, "") for n in range(20)))
except Refusal as refusal:
    print(refusal)
"""


@pytest.mark.parametrize(
    ("files", "said"),
    [(16, "True"), (3, "No process can be started to analyse files in: Too many open files.  Raise the limits")],
)
def test_where_the_system_gives_no_more_processes(files: int, said: str) -> None:
    script = LIMITED.format(root=str(ROOT), files=files)
    # coverage wants a file of its own, which there is not
    environment = {name: value for name, value in os.environ.items() if not name.startswith("COVERAGE")}
    done = subprocess.run([sys.executable, "-c", script], env=environment, capture_output=True, text=True, timeout=60)
    assert done.stdout.startswith(said), done.stderr
    assert not done.stderr
