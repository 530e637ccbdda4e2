"""kill -9 at every boundary of a job's steps and inside them, on both databases."""

from collections.abc import Callable, Iterator
from pathlib import Path
from typing import cast

import pytest

from app.model.job import Job, Kind
from app.settings import ServerSettings
from app.store.connect import connect
from app.workflows.durable.jobs import Durable
from app.workflows.host import Host
from app.workflows.steps import Tools
from tests.faults.crew import Crew, ended
from tests.faults.worker import PAUSES, FileHost, Folder
from tests.postgres import postgresql  # noqa: F401 (a fixture)

POINTS = tuple(f"{number}.{pause}" for number in range(3) for pause in PAUSES)
pytestmark = pytest.mark.complete


@pytest.fixture(params=["sqlite", "postgresql"])
def crew(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Crew]:
    url = "" if request.param == "sqlite" else request.getfixturevalue("postgresql").database()
    crew = Crew(tmp_path, url)
    yield crew
    crew.close()


def here(crew: Crew) -> Durable:
    """Of this process: it enqueues and looks, and runs nothing."""
    settings = ServerSettings(database_url=crew.url, data_dir=crew.folder / "data")
    store = connect(crew.url, settings.data_dir)

    def tools_for(_: Job, cancelled: Callable[[], bool]) -> Tools:
        return Tools(cast(Host, FileHost(Folder(crew.folder))), store, settings, cancelled)

    durable = Durable(settings, store, {}, tools_for)
    durable.launch(worker=False)
    return durable


@pytest.fixture
def durable(crew: Crew) -> Iterator[Durable]:
    durable = here(crew)
    yield durable
    durable.stop(0)


def gate(number: int) -> Job:
    return Job(Kind.GATE, "o/n", number, number=number, reason="test")


def made(*numbers: int) -> set[str]:
    return {f"gate-{number}--.{step}" for number in numbers for step in range(3)}


@pytest.mark.timeout(600)
def test_a_kill_at_every_point_loses_nothing(crew: Crew, durable: Durable) -> None:
    """One job a point; a new process takes the place of each that is killed."""
    crew.start(jobs=1)
    for number, point in enumerate(POINTS, 1):
        crew.start(jobs=1)
        crew.pause(point)
        durable.enqueue(gate(number))
        crew.kill_at(point)
        assert ended(durable, gate(number))["ended"] == "done", point
        assert made(number) <= crew.effects(), point
    assert crew.lines("twice") == []
    assert crew.effects() == made(*range(1, len(POINTS) + 1))
    # a step that was recorded is not run again; one that was not is run once more
    runs = crew.lines("traces")
    for number, point in enumerate(POINTS, 1):
        step, pause = point.split(".")
        for each in range(3):
            expected = 2 if each == int(step) and pause != "recorded" else 1
            found = [line for line in runs if line.startswith(f"gate-{number}-- {each} ")]
            assert len(found) == expected, (point, each, found)


@pytest.mark.timeout(600)
def test_a_job_whose_every_process_is_killed_comes_to_its_end(crew: Crew, durable: Durable) -> None:
    """The same job, killed at each point in turn."""
    for point in POINTS:
        crew.pause(point)
    durable.enqueue(gate(1))
    for point in POINTS:
        crew.start(jobs=1)
        crew.kill_at(point)
    crew.start(jobs=1)
    assert ended(durable, gate(1))["ended"] == "done"
    assert crew.effects() == made(1)
    assert crew.lines("twice") == []


@pytest.mark.timeout(600)
def test_processes_are_killed_while_many_jobs_run(crew: Crew, durable: Durable) -> None:
    """Twenty kills at any moment, while 60 jobs are worked off by three processes."""
    jobs = [gate(number) for number in range(1, 61)]
    workers = [crew.start(jobs=2, installation_jobs=2) for _ in range(3)]
    for count, job in enumerate(jobs):
        durable.enqueue(job)
        if count % 3 == 2:
            crew.kill(workers.pop(0))
            workers.append(crew.start(wait=False, jobs=2, installation_jobs=2))
    for job in jobs:
        assert ended(durable, job, 120)["ended"] == "done"
    assert crew.effects() == made(*range(1, 61))
    assert crew.lines("twice") == []
