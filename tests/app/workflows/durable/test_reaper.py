"""Who counts as dead, and what becomes of jobs that no process can go on with. With real processes: test_jobs."""

import time
from collections.abc import Iterator
from contextlib import ExitStack
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, cast

import pytest

from app.model.job import Job, Kind
from app.store import locks
from app.store.connect import Store
from app.workflows.durable import reaper
from app.workflows.durable.engine import Engine, Row
from app.workflows.durable.reaper import GRACE, RARELY, SHAKEN, Presence, Reaper
from tests.app import stores

JOB = Job(Kind.GATE, "o/n", 7, number=1, delivery="d")


@dataclass
class Jobs:
    """An engine with jobs of these processes and rows."""

    executor: str = "me"
    running: set[str] = field(default_factory=set)
    old: list[Row] = field(default_factory=list)
    hopeless: list[Row] = field(default_factory=list)
    recovered: list[str] = field(default_factory=list)
    cancelled: list[str] = field(default_factory=list)

    def executors(self) -> set[str]:
        return self.running

    def recover(self, executor: str) -> int:
        self.recovered.append(executor)
        return 1

    def older(self) -> list[Row]:
        return self.old

    def given_up(self) -> list[Row]:
        return self.hopeless

    def anew(self, row: Row) -> str:
        return f"{row.args[2]['base']}%jobs-2"

    def cancel(self, name: str) -> None:
        self.cancelled.append(name)

    def forget(self, before: float) -> int:
        return 0


@dataclass
class Clock:
    now: float = 1000.0

    def __call__(self) -> float:
        return self.now


@pytest.fixture
def store(tmp_path: Path) -> Iterator[Store]:
    store = stores.store(tmp_path / "data")
    yield store
    store.close()


@pytest.fixture
def clock(monkeypatch: pytest.MonkeyPatch) -> Clock:
    clock = Clock()
    monkeypatch.setattr(reaper, "time", cast(Any, type("", (), {"monotonic": clock, "time": time.time})))
    return clock


def looking(store: Store, jobs: Jobs) -> tuple[Reaper, list[tuple[Job, dict[str, Any], dict[str, Any]]]]:
    put: list[tuple[Job, dict[str, Any], dict[str, Any]]] = []

    def enqueue(job: Job, state: dict[str, Any], turn: dict[str, Any]) -> str:
        put.append((job, state, turn))
        return ""

    return Reaper(store, cast(Engine, jobs), Presence(store, "me"), enqueue), put


def test_a_process_is_dead_when_its_lock_was_free_for_a_while(store: Store, clock: Clock) -> None:
    jobs = Jobs(running={"me", "alive", "dead"})
    looker, _ = looking(store, jobs)
    with locks.exclusive(store, "executor:alive"):
        looker.look()
        clock.now += GRACE / 2
        looker.look()
        assert jobs.recovered == []
        clock.now += GRACE
        looker.look()
    assert jobs.recovered == ["dead"]


def test_one_that_took_its_lock_again_in_time_is_alive(store: Store, clock: Clock) -> None:
    jobs = Jobs(running={"shaken"})
    looker, _ = looking(store, jobs)
    looker.look()
    with locks.exclusive(store, "executor:shaken"):
        clock.now += GRACE
        looker.look()
    clock.now += GRACE / 2
    looker.look()
    assert jobs.recovered == []


def test_nobody_is_taken_for_dead_while_the_own_lock_was_just_lost(store: Store, clock: Clock) -> None:
    jobs = Jobs(running={"dead"})
    looker, _ = looking(store, jobs)
    looker._presence.lost = clock.now
    for _ in range(2):
        looker.look()
        clock.now += SHAKEN - 1
    assert jobs.recovered == []
    looker.look()
    assert jobs.recovered == ["dead"]


def row(status: str, turn: dict[str, Any], executor: str = "") -> Row:
    return Row("x~1", status, (JOB.plain(), {"head": "h"}, turn), {}, executor, "jobs-1")


def test_a_job_of_an_older_version_begins_anew_unless_somebody_alive_runs_it(store: Store, clock: Clock) -> None:
    turn = {"base": "x+1", "number": 3, "at": 2, "generation": 5, "by": "d 1", "first": "x", "attempt": 1}
    jobs = Jobs(old=[row("ENQUEUED", turn), row("PENDING", {"base": "y"}, "alive")])
    looker, put = looking(store, jobs)
    looker.look()
    kept = {"base": "x+1%jobs-2", "generation": 5, "by": "d 1", "first": "x", "attempt": 1}
    assert put == [(JOB, {}, kept)]
    assert jobs.cancelled == ["x~1"]


def test_a_job_that_no_process_survives_is_left_to_be_told(store: Store, clock: Clock) -> None:
    jobs = Jobs(hopeless=[row("MAX_RECOVERY_ATTEMPTS_EXCEEDED", {"base": "x", "number": 1, "at": 2})])
    looker, put = looking(store, jobs)
    looker.look()
    looker.look()
    assert jobs.cancelled == ["x~1"], "looked for rarely"
    ((job, state, turn),) = put
    assert (job, state) == (JOB, {"head": "h"})
    assert (turn["number"], turn["at"]) == (2, 2)
    assert "each time the process ended" in turn["trouble"]["why"]
    clock.now += RARELY
    looker.look()
    assert len(put) == 2


def test_presence_is_there_until_it_leaves(store: Store) -> None:
    presence = Presence(store, "me")
    with ExitStack() as leaving:
        presence.take()
        leaving.callback(presence.leave)
        assert locks.held(store, "executor:me")
        with pytest.raises(locks.Busy), locks.exclusive(store, "executor:me"):
            pytest.fail("two have one name")
    assert not locks.held(store, "executor:me")
