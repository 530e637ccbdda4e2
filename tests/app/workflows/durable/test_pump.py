import json
import time
from collections.abc import Iterator, Sequence
from pathlib import Path

import pytest

from app.model.delivery import Delivery
from app.model.job import Job, Kind
from app.model.trouble import Unavailable
from app.store import inbox
from app.store.connect import Store
from app.workflows.durable import pump as pumping
from app.workflows.durable.pump import Pump
from checks.model.errors import Refusal
from tests.app import stores
from tests.faults.crew import Crew, until
from tests.faults.worker import jobs_of


@pytest.fixture
def store(tmp_path: Path) -> Iterator[Store]:
    store = stores.store(tmp_path / "data")
    yield store
    store.close()


def delivery(name: str, job: Job | None) -> Delivery:
    body = json.dumps(job.plain()) if job else f"poison {name}"
    return Delivery(name, "pull_request", body.encode(), time.time())


def gate(number: int) -> Job:
    return Job(Kind.GATE, "o/n", 7, number=number)


def state(store: Store, name: str) -> str:
    seen = inbox.find(store, name)
    return str(seen.state) if seen else ""


def looked(identity: str, by: str) -> str:
    """No job failed."""
    return identity


def test_poison_fails_alone_and_with_an_identifier(store: Store, caplog: pytest.LogCaptureFixture) -> None:
    for name, job in (("a", gate(1)), ("b", None), ("c", gate(2))):
        inbox.accept(store, delivery(name, job))
    enqueued: list[Job] = []

    def enqueue(job: Job) -> str:
        enqueued.append(job)
        return job.identity

    pump = Pump(store, jobs_of, enqueue, looked)
    assert pump.turn() == 3
    assert enqueued == [gate(1), gate(2)]
    assert [state(store, name) for name in "abc"] == ["done", "failed", "done"]
    seen = inbox.find(store, "b")
    assert seen is not None
    assert seen.why.startswith("bug_")
    assert seen.why.partition(":")[0] in caplog.text
    assert pump.turn() == 0


def test_what_cannot_be_reached_fails_nobody(store: Store, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(pumping, "LEASE", 0.0)
    inbox.accept(store, delivery("a", gate(1)))
    away = [True]

    def enqueue(job: Job) -> str:
        if away:
            away.pop()
            raise Unavailable("the database")
        return job.identity

    pump = Pump(store, jobs_of, enqueue, looked)
    with pytest.raises(Unavailable):
        pump.turn()
    assert state(store, "a") == "pending"
    assert pump.turn() == 1
    assert state(store, "a") == "done"


def test_what_cannot_be_reached_for_long_fails_nobody_either(store: Store, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(pumping, "LEASE", 0.01)
    names = [f"d{number}" for number in range(4)]
    for number, name in enumerate(names):
        inbox.accept(store, delivery(name, gate(number + 1)))

    def away(job: Job) -> str:
        raise Unavailable("the database of jobs")

    pump = Pump(store, jobs_of, away, looked)
    for _ in range(4 * inbox.TAKEN):
        time.sleep(0.01)
        with pytest.raises(Unavailable):
            pump.turn()
    assert [state(store, name) for name in names] == ["pending"] * 4
    time.sleep(0.01)
    assert Pump(store, jobs_of, lambda job: job.identity, looked).turn() == 4
    assert [state(store, name) for name in names] == ["done"] * 4


def test_what_a_pump_that_ends_had_taken_is_there_at_once(store: Store) -> None:
    for number in (1, 2):
        inbox.accept(store, delivery(f"d{number}", gate(number)))

    def enqueue(job: Job) -> str:
        pump._ended.set()
        return job.identity

    pump = Pump(store, jobs_of, enqueue, looked)
    pump.turn()
    assert [each.id for each in inbox.take(store)] == ["d2"]


def test_the_thread_is_woken_and_outlives_what_goes_wrong(store: Store, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(pumping, "REST", 0.01)
    monkeypatch.setattr(pumping, "LEASE", 0.0)
    monkeypatch.setattr(pumping, "LOOK", 3600.0)
    failures: list[Exception] = [RuntimeError("a bug"), Unavailable("away")]
    taking = inbox.take

    def take(store: Store, most: int, lease: float) -> Sequence[Delivery]:
        if failures:
            raise failures.pop()
        return taking(store, most, lease)

    monkeypatch.setattr(inbox, "take", take)
    pump = Pump(store, jobs_of, lambda job: job.identity, looked)
    pump.start()
    until(lambda: not failures, "both failed")
    for number in range(1, 4):
        inbox.accept(store, delivery(f"d{number}", gate(number)))
        pump.wake()
        until(lambda number=number: state(store, f"d{number}") == "done", "handled")  # type: ignore[misc]  # a default
    assert pump.alive
    pump.stop()
    assert not pump.alive


def test_a_kill_between_enqueuing_and_marking_runs_nothing_twice(tmp_path: Path, store: Store) -> None:
    crew = Crew(tmp_path)
    try:
        crew.pause("enqueued")
        inbox.accept(store, delivery("a", gate(1)))
        crew.start(wait=False, worker=False, pump=True, lease=2)
        crew.kill_at("enqueued")
        assert state(store, "a") == "pending"
        crew.start(pump=True, lease=2)
        until(lambda: state(store, "a") == "done", "handled", 60)
        until(lambda: len(crew.effects()) == 3, "the job ran")
        assert len(crew.lines("traces")) == 3
    finally:
        crew.close()


def repeated(store: Store, name: str, jobs: Sequence[str]) -> None:
    """A delivery that was done with these jobs and came again."""
    sent = delivery(name, gate(1))
    inbox.accept(store, sent)
    inbox.take(store)
    inbox.done(store, name, jobs)
    assert inbox.accept(store, sent) is inbox.Accepted.AGAIN


def test_the_jobs_of_what_came_again_are_asked_for_and_written_down(store: Store) -> None:
    repeated(store, "a", ["fine", "broken"])
    asked: list[tuple[str, str]] = []

    def again(identity: str, by: str) -> str:
        asked.append((identity, by))
        return f"{identity}+1" if identity == "broken" else identity

    pump = Pump(store, jobs_of, lambda job: pytest.fail("it is no new delivery"), again)
    assert pump.turn() == 1
    assert [identity for identity, _ in asked] == ["fine", "broken"]
    assert len({by for _, by in asked}) == 1
    seen = inbox.find(store, "a")
    assert seen is not None
    assert (seen.state, seen.jobs) == ("done", '["fine","broken+1"]')
    assert pump.turn() == 0


def test_what_came_again_waits_for_a_database_and_for_nothing_else(
    store: Store, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    monkeypatch.setattr(pumping, "LEASE", 0.0)
    repeated(store, "a", ["job"])
    faults: list[Exception] = [RuntimeError("a bug"), Unavailable("away")]

    def again(identity: str, by: str) -> str:
        raise faults.pop()

    pump = Pump(store, jobs_of, lambda job: job.identity, again)
    with pytest.raises(Unavailable):
        pump.turn()
    assert state(store, "a") == "again"
    assert pump.turn() == 1
    assert state(store, "a") == "done"
    assert "bug_" in caplog.text


def test_an_installation_that_the_forge_limits_holds_up_no_other(store: Store, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(pumping, "MOST", 3)  # all that are taken together are of the one that is limited
    limited = [True]
    asked: list[int] = []

    def named(delivery: Delivery) -> Sequence[Job]:
        asked.append(delivery.installation)
        if delivery.installation == 1 and limited:
            raise Unavailable("the forge limits this installation", 3000.0)
        return jobs_of(delivery)

    for number in range(1, 10):
        job = gate(number).plain() | {"installation": {"id": 1 if number < 9 else 2}}
        inbox.accept(store, Delivery(f"d{number}", "pull_request", json.dumps(job).encode(), time.time() - 900))
    pump = Pump(store, lambda each: named(each), lambda job: job.identity, looked)
    assert [pump.turn() for _ in range(4)] == [3, 3, 3, 0]
    assert state(store, "d9") == "done"
    assert asked == [1, 2], "a forge that limits is left alone"
    assert inbox.pending_count(store) == 8
    assert inbox.oldest(store) is None, "what waits for its own forge is no sign that nobody handles anything"
    limited.clear()
    clock, wall = time.monotonic() + pumping.LONGEST, time.time() + pumping.LONGEST
    monkeypatch.setattr(time, "monotonic", lambda: clock)
    monkeypatch.setattr(time, "time", lambda: wall)
    while pump.turn():
        pass
    assert [state(store, f"d{number}") for number in range(1, 10)] == ["done"] * 9


def test_what_waits_for_an_installation_is_given_back_together(store: Store, monkeypatch: pytest.MonkeyPatch) -> None:
    """One by one a long queue of it held up all others, for as long as that many writes take."""
    given: list[tuple[int, float]] = []
    give_back = inbox.give_back

    def seen(store: Store, ids: Sequence[str], later: float = 0.0) -> None:
        given.append((len(ids), later))
        give_back(store, ids, later)

    def limited(_: Delivery) -> Sequence[Job]:
        raise Unavailable("the forge limits this installation", 60.0)

    monkeypatch.setattr(inbox, "give_back", seen)
    for number in range(1, 6):
        job = gate(number).plain() | {"installation": {"id": 1}}
        inbox.accept(store, Delivery(f"d{number}", "pull_request", json.dumps(job).encode(), time.time()))
    pump = Pump(store, limited, lambda job: job.identity, looked)
    assert [pump.turn() for _ in range(2)] == [5, 0]
    ((count, later),) = given
    assert count == 5 and 50 < later <= 60


@pytest.mark.parametrize(("age", "after"), [(0.0, "pending"), (1_000.0, "failed")])
def test_what_the_forge_refuses_to_tell_is_asked_for_again(
    store: Store, monkeypatch: pytest.MonkeyPatch, age: float, after: str
) -> None:
    """GitHub's answer was a 401: it sends the delivery no more, so that a command would be lost."""
    refused = [True]

    def named(delivery: Delivery) -> Sequence[Job]:
        if delivery.id == "a" and refused:
            raise Refusal("GitHub refused GET /repos/o/n (401): Bad credentials")
        return jobs_of(delivery)

    for name in "ab":
        job = gate(1).plain() | {"installation": {"id": 1}, "name": name}
        inbox.accept(store, Delivery(name, "pull_request", json.dumps(job).encode(), time.time() - age))
    pump = Pump(store, named, lambda job: job.identity, looked)
    assert pump.turn() == 2
    assert [state(store, name) for name in "ab"] == [after, "done"], "another delivery of it does not wait"
    assert pump.turn() == 0
    seen = inbox.find(store, "a")
    assert seen is not None and ("(401)" in seen.why) is (after == "failed")
    refused.clear()
    later, clock = time.time() + pumping.AGAIN, time.monotonic() + pumping.AGAIN
    monkeypatch.setattr(time, "time", lambda: later)
    monkeypatch.setattr(time, "monotonic", lambda: clock)
    assert pump.turn() == (after == "pending")
    assert state(store, "a") == ("done" if after == "pending" else "failed")


def test_what_the_forge_refuses_to_tell_is_asked_once_for_all(store: Store, monkeypatch: pytest.MonkeyPatch) -> None:
    """A busy repository of which it says nothing had hundreds of deliveries asked for every minute, one by one,
    and whatever came later waited behind them."""
    asked: list[str] = []

    def named(delivery: Delivery) -> Sequence[Job]:
        asked.append(delivery.id)
        if delivery.payload["repository"]["full_name"] == "o/closed":
            raise Refusal("GitHub refused GET /repos/o/closed (403): an IP allow list")
        return ()

    names = ["o/closed"] * 5 + ["o/other"]  # the same one by another name is another question
    for number, name in enumerate(names, 1):
        body = {"installation": {"id": 1}, "repository": {"id": 5, "full_name": name}, "number": number}
        inbox.accept(store, Delivery(f"d{number}", "pull_request", json.dumps(body).encode(), time.time()))
    pump = Pump(store, named, lambda job: job.identity, looked)
    assert [pump.turn(), pump.turn()] == [6, 0]
    assert asked == ["d1", "d6"]
    assert state(store, "d6") == "done"
    wall, clock = time.time(), time.monotonic()
    later = pumping.AGAIN + 1
    monkeypatch.setattr(time, "time", lambda: wall + later)
    monkeypatch.setattr(time, "monotonic", lambda: clock + later)
    assert pump.turn() == 5
    assert asked == ["d1", "d6", "d1"]
    later = pumping.REFUSED + pumping.AGAIN
    assert pump.turn() == 5
    assert asked[3:] == ["d1", "d2", "d3", "d4", "d5"], "each has its last try"
    assert [state(store, f"d{number}") for number in range(1, 6)] == ["failed"] * 5
