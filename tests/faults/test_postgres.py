"""Several workers on one PostgreSQL: one dies, the database restarts, limits hold."""

import signal
import time
from collections import Counter
from collections.abc import Iterator
from pathlib import Path

import pytest

from app.model.job import Job, Kind
from app.workflows.durable.jobs import Durable
from tests.faults.crew import Crew, ended
from tests.faults.test_kills import gate, here, made
from tests.postgres import Cluster, postgresql, postgresql_alone  # noqa: F401 (fixtures)

pytestmark = [pytest.mark.complete, pytest.mark.timeout(600)]


@pytest.fixture(params=["sqlite", "postgresql"])
def crew(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Crew]:
    url = "" if request.param == "sqlite" else request.getfixturevalue("postgresql").database()
    crew = Crew(tmp_path, url)
    yield crew
    crew.close()


@pytest.fixture
def durable(crew: Crew) -> Iterator[Durable]:
    durable = here(crew)
    yield durable
    durable.stop(0)


def test_one_of_three_workers_dies(postgresql: Cluster, tmp_path: Path) -> None:  # noqa: F811  # the fixture
    """Those on which it was working are taken over; how long that took is printed."""
    crew = Crew(tmp_path, postgresql.database())
    durable = here(crew)
    try:
        for _ in range(3):
            crew.start(jobs=2)
        jobs = [gate(number) for number in range(1, 31)]
        crew.pause("1.inside")
        for job in jobs:
            durable.enqueue(job)
        crew.kill_at("1.inside")
        killed = time.monotonic()
        for job in jobs:
            assert ended(durable, job)["ended"] == "done"
        print(f"all 30 ended {time.monotonic() - killed:.1f} s after the kill")
        assert crew.effects() == made(*range(1, 31))
        assert crew.lines("twice") == []
    finally:
        crew.close()
        durable.stop(0)


@pytest.mark.parametrize("how", [signal.SIGINT, signal.SIGQUIT], ids=["restarted", "crashed"])
def test_the_database_restarts_midway(postgresql_alone: Cluster, tmp_path: Path, how: int) -> None:  # noqa: F811  # the fixture
    """Nobody is taken for dead, nothing is lost, and what was recorded is not done again."""
    crew = Crew(tmp_path, postgresql_alone.database())
    durable = here(crew)
    try:
        workers = [crew.start(jobs=2) for _ in range(3)]
        jobs = [gate(number) for number in range(1, 31)]
        crew.pause("1.inside")
        for job in jobs[:10]:
            durable.enqueue(job)
        crew.reached("1.inside")
        postgresql_alone.restart(how)
        crew.go("1.inside")
        for job in jobs[10:]:
            durable.enqueue(job)
        for job in jobs:
            assert ended(durable, job, 120)["ended"] == "done"
        assert crew.effects() == made(*range(1, 31))
        assert crew.lines("twice") == []
        assert all(worker.poll() is None for worker in workers)
        assert "died" not in crew.log.read_text()
        runs = Counter(line.rsplit(" ", 1)[0] for line in crew.lines("traces"))
        print(f"steps run: {sum(runs.values())} of 90, twice: {sum(count > 1 for count in runs.values())}")
    finally:
        crew.close()
        durable.stop(0)


def test_an_installation_never_has_more_jobs_at_once_than_it_may(crew: Crew, durable: Durable) -> None:
    for _ in range(3):
        crew.start(jobs=4, installation_jobs=2)
    jobs = [Job(Kind.COMMENT, "o/n", number % 3, number=number, comment=number) for number in range(1, 46)]
    for job in jobs:
        durable.enqueue(job)
    for job in jobs:
        assert ended(durable, job)["ended"] == "done"
    running, most = Counter[str](), Counter[str]()
    spans = [line.split() for line in crew.lines("spans")]
    for installation, change, _ in sorted(spans, key=lambda span: float(span[2])):
        running[installation] += int(change)
        most[installation] = max(most[installation], running[installation])
    assert set(most) == {"0", "1", "2"}
    assert max(most.values()) == 2, most


def test_the_same_job_ten_times_by_four_processes_runs_once(crew: Crew, durable: Durable) -> None:
    job = gate(1)
    for _ in range(4):
        crew.start(wait=False, worker=False, leave=True, enqueue=[job.plain()] * 10)
    for process in crew.processes:
        assert process.wait(120) == 0, crew.told()
    crew.start()
    assert ended(durable, job)["ended"] == "done"
    assert len(crew.lines("enqueued")) == 40
    assert len(crew.lines("traces")) == 3
