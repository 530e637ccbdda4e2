import pytest

from app.model.job import Job, Kind
from app.workflows.durable.hourly import HOUR, Hourly, of_hour
from tests.faults.crew import until


def test_the_job_of_an_hour_is_the_same_in_every_process() -> None:
    first, last, next_ = (of_hour(moment) for moment in (HOUR * 500_000, HOUR * 500_001 - 0.1, HOUR * 500_001))
    assert first.identity == last.identity != next_.identity
    assert first.kind is Kind.RECONCILE


def test_each_hour_is_asked_for_once_and_a_failure_is_tried_again() -> None:
    now = [float(HOUR)]
    asked: list[Job] = []
    failures = [RuntimeError("away")]

    def enqueue(job: Job) -> str:
        if failures:
            raise failures.pop()
        asked.append(job)
        return job.identity

    hourly = Hourly(enqueue, lambda: now[0])
    with pytest.raises(RuntimeError):
        hourly.look()
    for moment in (HOUR, HOUR + 10, HOUR * 2, HOUR * 2 + 3599, HOUR * 3):
        now[0] = float(moment)
        hourly.look()
    assert [job.again for job in asked] == ["1", "2", "3"]


def test_a_change_of_a_stop_is_carried_once_and_a_failure_is_tried_again() -> None:
    changed = [0.0]
    asked: list[Job] = []
    failures: list[RuntimeError] = []

    def enqueue(job: Job) -> str:
        if failures:
            raise failures.pop()
        asked.append(job)
        return job.identity

    hourly = Hourly(enqueue, lambda: 0.0, lambda: changed[0])
    hourly.look()
    changed[0] = 7.5
    failures.append(RuntimeError("away"))
    with pytest.raises(RuntimeError):
        hourly.look()
    for moment in (7.5, 7.5, 8.25, 8.25):
        changed[0] = moment
        hourly.look()
    assert [(job.kind, job.repository, job.again) for job in asked] == [
        (Kind.RECONCILE, "", "0"),
        (Kind.STOP, "", "7.5"),
        (Kind.STOP, "", "8.25"),
    ]


def test_the_thread_begins_at_once_and_ends() -> None:
    asked: list[Job] = []

    def enqueue(job: Job) -> str:
        asked.append(job)
        return job.identity

    hourly = Hourly(enqueue)
    hourly.start()
    until(lambda: asked, "the first job")
    hourly.stop()
    assert len(asked) == 1
