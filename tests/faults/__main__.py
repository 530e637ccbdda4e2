"""Figures of the jobs: `python -m tests.faults [sqlite|postgresql]`. A busy machine makes all of them worse."""

import os
import sys
import tempfile
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path

from app.model.job import Job, Kind
from app.workflows.durable.jobs import Durable
from tests.faults.crew import Crew, ended, until
from tests.faults.test_kills import gate, here
from tests.postgres import ended as server_ended
from tests.postgres import started

ROUNDS = 10
IDLE = 20.0
"""Seconds over which an idle process is watched."""


def said(what: str, seconds: Sequence[float]) -> None:
    """A line: median and worst in milliseconds."""
    ordered = sorted(seconds)
    middle, worst = ordered[len(ordered) // 2] * 1000, ordered[-1] * 1000
    print(f"  {what:<58} {middle:8.0f} ms median {worst:8.0f} ms worst of {len(ordered)}", flush=True)


def used(number: int) -> float:
    """Seconds of processor time that a process has used."""
    fields = Path(f"/proc/{number}/stat").read_text().rpartition(")")[2].split()
    return (int(fields[11]) + int(fields[12])) / os.sysconf("SC_CLK_TCK")


@contextmanager
def house(url: str) -> Iterator[tuple[Crew, Durable]]:
    """A crew, and a process that enqueues."""
    with tempfile.TemporaryDirectory() as folder:
        crew = Crew(Path(folder), url)
        durable = here(crew)
        try:
            yield crew, durable
        finally:
            crew.close()
            durable.stop(0)


def enqueuing(durable: Durable) -> None:
    """One after the other, while nobody works."""
    times = []
    for number in range(1000, 1200):
        began = time.monotonic()
        durable.enqueue(Job(Kind.COMMENT, "o/n", 99, number=number, comment=number))
        times.append(time.monotonic() - began)
    said("enqueue", times)


def picking_up(crew: Crew, durable: Durable) -> None:
    """From the call of enqueue to the first step, by an idle worker."""
    times = []
    for number in range(1, ROUNDS + 1):
        crew.pause("0.enter")
        began = time.monotonic()
        durable.enqueue(gate(number))
        crew.reached("0.enter")
        times.append(time.monotonic() - began)
        crew.go("0.enter")
        ended(durable, gate(number))
    said("from enqueue to the first step", times)


def taking_over(crew: Crew, durable: Durable) -> None:
    """From the kill to the same step in another process."""
    times = []
    for number in range(100, 100 + ROUNDS):
        crew.start(jobs=1)
        crew.pause("1.enter")
        durable.enqueue(gate(number))
        victim = next(process for process in crew.processes if process.pid == crew.reached("1.enter"))
        (crew.folder / "reached" / "1.enter").unlink()
        began = time.monotonic()
        crew.kill(victim)
        crew.reached("1.enter")
        times.append(time.monotonic() - began)
        crew.go("1.enter")
        ended(durable, gate(number))
    said("from kill -9 to the same step elsewhere", times)


def cancelling(crew: Crew, durable: Durable) -> None:
    """From a newer push to the end of the older review's step."""
    times = []
    for number in range(200, 200 + ROUNDS):
        older, newer = (Job(Kind.REVIEW, "o/n", 7, number=number, head=digit * 40) for digit in "12")
        crew.head(number, older.head)
        durable.enqueue(older)
        crew.reached(f"review-{number}-111111-")
        crew.head(number, newer.head)
        began = time.time()
        durable.enqueue(newer)
        ended(durable, older)
        stopped = next(line for line in crew.lines("ended") if line.startswith(f"review-{number}-"))
        times.append(float(stopped.split()[1]) - began)
        (crew.folder / "go" / f"review-{number}-222222-").touch()
        ended(durable, newer)
    said("from a newer push to the end of the older one's step", times)


def idling(crew: Crew) -> None:
    """A worker and the process that enqueues, without work."""
    worker = next(process for process in crew.processes if process.poll() is None)
    before = used(worker.pid)
    time.sleep(IDLE)
    print(f"  {'processor time of an idle worker':<58} {(used(worker.pid) - before) / IDLE * 100:8.1f} % of a core")


def figures(fresh: Callable[[], str]) -> None:
    """All of them; `fresh` makes an empty database."""
    with house(fresh()) as (crew, durable):
        enqueuing(durable)
    with house(fresh()) as (crew, durable):
        crew.start(jobs=2)
        idling(crew)
        picking_up(crew, durable)
        cancelling(crew, durable)
        taking_over(crew, durable)
        until(lambda: not durable.unended(), "nothing is left")


def main() -> None:
    """Both databases, or the one that is named."""
    wanted = sys.argv[1:] or ["sqlite", "postgresql"]
    if "sqlite" in wanted:
        print("SQLite")
        figures(str)
    if "postgresql" in wanted:
        cluster = started()
        try:
            print("PostgreSQL")
            figures(cluster.database)
        finally:
            server_ended(cluster)


if __name__ == "__main__":
    main()
