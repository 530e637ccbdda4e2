"""Jobs run to their end, once, whatever dies: with real processes on SQLite. More of it: tests/faults."""

import json
import threading
import time
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from pathlib import Path
from typing import cast

import pytest

from app.model.delivery import Delivery
from app.model.job import Job, Kind
from app.settings import ServerSettings
from app.store import audit, inbox
from app.store.connect import connect
from app.store.naming import accounts
from app.workflows.durable.jobs import Durable
from app.workflows.host import Host
from app.workflows.steps import Tools
from tests.faults.crew import Crew, ended, until
from tests.faults.worker import FileHost, Folder

H1, H2, H3 = "1" * 40, "2" * 40, "3" * 40


@pytest.fixture
def crew(tmp_path: Path) -> Iterator[Crew]:
    crew = Crew(tmp_path)
    yield crew
    crew.close()


@pytest.fixture
def durable(crew: Crew) -> Iterator[Durable]:
    """Of this process: it enqueues and looks, and runs nothing."""
    settings = ServerSettings(database_url=crew.url, data_dir=crew.folder / "data")
    store = connect(crew.url, settings.data_dir)

    def tools_for(_: Job, cancelled: Callable[[], bool]) -> Tools:
        return Tools(cast(Host, FileHost(Folder(crew.folder))), store, settings, cancelled)

    durable = Durable(settings, store, {}, tools_for)
    durable.launch(worker=False)
    yield durable
    durable.stop(0)
    store.close()


def gate(number: int, again: str = "") -> Job:
    return Job(Kind.GATE, "o/n", 7, number=number, reason="test", again=again)


def review(head: str, number: int = 5, delivery: str = "d") -> Job:
    return Job(Kind.REVIEW, "o/n", 7, number=number, head=head, delivery=delivery)


def test_a_job_runs_its_steps_in_order_and_hands_on_their_state(crew: Crew, durable: Durable) -> None:
    crew.start()
    job = gate(1)
    assert durable.enqueue(job) == job.identity
    assert ended(durable, job) == {
        "ended": "done",
        "generation": 0,
        "state": {"step0": 0, "step1": 1, "step2": 2},
    }
    assert durable.enqueue(job) == job.identity
    assert [line.split()[1] for line in crew.lines("traces")] == ["0", "1", "2"]


def test_who_asks_is_known_by_the_account(durable: Durable) -> None:
    durable.enqueue(replace(gate(1, "a"), actor="Bob", account=3))
    durable.enqueue(replace(gate(1, "b"), actor="robert", account=3))
    durable.enqueue(replace(gate(1, "c"), actor="eve"))
    assert accounts.names(durable.store, "robert") == {"bob", "robert"}
    assert accounts.names(durable.store, "eve", 3) == {"bob", "robert", "eve"}


def test_a_killed_process_loses_nothing(crew: Crew, durable: Durable) -> None:
    crew.start()
    crew.start()
    crew.pause("1.inside")
    job = gate(1)
    durable.enqueue(job)
    crew.kill_at("1.inside")
    assert ended(durable, job)["ended"] == "done"
    assert crew.effects() == {f"gate-1--.{number}" for number in range(3)}
    assert crew.lines("twice") == []


def test_a_newer_push_ends_the_older_review(crew: Crew, durable: Durable) -> None:
    crew.start(jobs=1)
    crew.head(5, H1)
    durable.enqueue(review(H1))
    crew.reached(f"review-5-{H1[:6]}-")
    crew.head(5, H2)
    durable.enqueue(review(H2))
    assert ended(durable, review(H1))["ended"] == "superseded"
    (crew.folder / "go" / f"review-5-{H2[:6]}-").touch()
    assert ended(durable, review(H2))["ended"] == "done"
    assert crew.effects() == {f"review-5-{H2[:6]}-.report"}


def test_an_older_head_that_comes_later_ends_nothing_and_is_not_run(crew: Crew, durable: Durable) -> None:
    crew.start(jobs=2)
    crew.head(5, H2)
    durable.enqueue(review(H2))
    crew.reached(f"review-5-{H2[:6]}-")
    durable.enqueue(review(H1))
    assert ended(durable, review(H1))["ended"] == "superseded"
    (crew.folder / "go" / f"review-5-{H2[:6]}-").touch()
    assert ended(durable, review(H2))["ended"] == "done"
    assert crew.effects() == {f"review-5-{H2[:6]}-.report"}


def test_a_head_that_comes_back_is_reviewed_again(crew: Crew, durable: Durable) -> None:
    crew.start(jobs=2)
    for head in (H1, H2):
        (crew.folder / "go" / f"review-5-{head[:6]}-").touch()
        crew.head(5, head)
        durable.enqueue(review(head, delivery=head[:2]))
        assert ended(durable, review(head))["ended"] == "done"
    assert durable.enqueue(review(H1, delivery="late")) == review(H1).identity, "the forge shows the other head"
    crew.head(5, H1)
    again = durable.enqueue(review(H1, delivery="back"))
    assert again == f"{review(H1).identity}@3"
    assert ended(durable, again)["ended"] == "done"
    assert len([line for line in crew.lines("traces") if H1[:6] in line]) == 2


def test_two_jobs_of_one_pull_request_do_not_run_at_once(crew: Crew, durable: Durable) -> None:
    crew.start(jobs=2)
    crew.pause("1.inside")
    first, second = gate(1, "a"), gate(1, "b")
    durable.enqueue(first)
    crew.reached("1.inside")
    durable.enqueue(second)
    until(lambda: durable.waiting(second.identity) == "subject taken", "the second waits outside its slot")
    assert not [line for line in crew.lines("traces") if line.startswith("gate-1--b")]
    assert {(job, state) for job, state, since in durable.unended() if since > 1e9} == {
        (first, "running"),
        (second, "waiting"),
    }
    crew.go("1.inside")
    assert [ended(durable, job)["ended"] for job in (first, second)] == ["done", "done"]
    numbers = [line.split()[0] for line in crew.lines("traces")]
    assert numbers == ["gate-1--a"] * 3 + ["gate-1--b"] * 3


def test_a_forge_that_is_away_is_tried_again(crew: Crew, durable: Durable) -> None:
    crew.start()
    job = Job(Kind.GROUP, "o/n", 7, head=H1, base=H2)
    durable.enqueue(job)
    until(lambda: durable.waiting(job.identity) == "502", "the job waits")
    (crew.folder / "go" / f"group-0-{H1[:6]}-").touch()
    assert ended(durable, job)["ended"] == "done"
    assert len(crew.lines("traces")) >= 2  # one more where the worker was quicker than this test


def test_a_bug_is_told_with_its_identifier_and_no_more(crew: Crew, durable: Durable) -> None:
    crew.start()
    job = Job(Kind.ONBOARD, "o/n", 7, number=3, delivery="one")
    durable.enqueue(job)
    result = ended(durable, job)
    assert result["ended"] == "failed"
    assert result["bug"].startswith("bug_")
    assert len(result["bug"]) == 16
    assert result["why"] == "ValueError"
    told = (crew.folder / "effects" / "onboard-3--.told").read_text()
    assert result["bug"] in told
    assert "ghp_secret" not in told
    assert result["bug"] in crew.told()
    (record,) = audit.newest(durable.store, "job failed", 5)
    assert result["bug"] in record.facts
    assert "ghp_secret" not in record.facts
    assert durable.enqueue(job) == job.identity, "the same delivery asks for nothing new"
    other = Job(Kind.ONBOARD, "o/n", 7, number=3, delivery="two")
    assert durable.enqueue(other) == f"{job.identity}+1"


@pytest.mark.complete
def test_a_process_that_is_asked_to_end_gives_its_job_back(crew: Crew, durable: Durable) -> None:
    first = crew.start()
    crew.head(5, H1)
    durable.enqueue(review(H1))
    crew.reached(f"review-5-{H1[:6]}-")
    first.terminate()
    assert first.wait(20) == 0
    assert durable.outcome(review(H1).identity) is None
    (crew.folder / "go" / f"review-5-{H1[:6]}-").touch()
    crew.start()
    assert ended(durable, review(H1))["ended"] == "done"
    assert crew.effects() == {f"review-5-{H1[:6]}-.report"}


def test_what_failed_runs_again_once_for_each_asking(crew: Crew, durable: Durable) -> None:
    crew.start(jobs=2)
    job = Job(Kind.ONBOARD, "o/n", 7, number=3, delivery="one")
    assert ended(durable, durable.enqueue(job))["ended"] == "failed"
    assert durable.again("forgotten", "now") == "forgotten"
    with ThreadPoolExecutor(4) as pool:
        first = set(pool.map(lambda _: durable.again(job.identity, "one, again"), range(4)))
    assert first == {f"{job.identity}+1"}
    assert ended(durable, first.copy().pop())["ended"] == "failed"
    assert durable.again(job.identity, "one, again") == f"{job.identity}+1", "asked for the same time"
    (crew.folder / "go" / "onboard-3--").touch()
    assert durable.again(f"{job.identity}+1", "one, a third time") == f"{job.identity}+2"
    assert ended(durable, f"{job.identity}+2")["ended"] == "done"
    assert durable.again(job.identity, "one, a fourth time") == f"{job.identity}+2"
    assert durable.enqueue(job) == durable.enqueue(replace(job, delivery="two")) == f"{job.identity}+2"
    assert len(crew.lines("traces")) == 3


def test_what_runs_waits_or_succeeded_is_not_run_again(crew: Crew, durable: Durable) -> None:
    assert durable.enqueue(gate(1)) == durable.again(gate(1).identity, "while it waits")
    crew.pause("1.inside")
    crew.start()
    crew.reached("1.inside")
    assert durable.again(gate(1).identity, "while it runs") == gate(1).identity
    crew.go("1.inside")
    assert ended(durable, gate(1))["ended"] == "done"
    assert durable.again(gate(1).identity, "when it is done") == gate(1).identity
    assert len(crew.lines("traces")) == 3


def test_a_review_that_failed_is_run_again_as_the_review_that_it_is(crew: Crew, durable: Durable) -> None:
    """What failed by the trouble of its process: the head is the same, nothing was pushed since."""
    crew.head(5, H1)
    durable.enqueue(review(H1))
    durable._engine.cancel(review(H1).identity)
    assert durable.enqueue(review(H1)) == review(H1).identity, "the same delivery asks for nothing new"
    again = durable.again(review(H1).identity, "d, again")
    assert again == durable.enqueue(review(H1, delivery="e")) == f"{review(H1).identity}+1"
    (crew.folder / "go" / f"review-5-{H1[:6]}-").touch()
    crew.start()
    assert ended(durable, again)["ended"] == "done"
    assert durable.enqueue(review(H1, delivery="f")) == again


@pytest.mark.complete
def test_a_redelivery_of_what_failed_survives_a_kill(crew: Crew, durable: Durable) -> None:
    """Between running the job again and writing that down."""
    store = durable.store
    job = Job(Kind.ONBOARD, "o/n", 7, number=3, delivery="a")
    sent = Delivery("a", "pull_request", json.dumps(job.plain()).encode(), 1.0)

    def jobs_of_it() -> str:
        seen = inbox.find(store, "a")
        return seen.jobs if seen and seen.state == "done" else ""

    inbox.accept(store, sent)
    worker = crew.start(pump=True)
    assert ended(durable, job)["ended"] == "failed"
    until(jobs_of_it, "handled")
    crew.kill(worker)
    with ThreadPoolExecutor(10) as pool:
        answers = sorted(pool.map(lambda _: inbox.accept(store, sent), range(10)))
    assert answers == ["again", *["duplicate"] * 9]
    crew.pause("again")
    crew.start(wait=False, worker=False, pump=True, lease=1)
    crew.kill_at("again")
    assert not jobs_of_it()
    (crew.folder / "go" / "onboard-3--").touch()
    crew.start(pump=True, lease=1)
    assert ended(durable, f"{job.identity}+1")["ended"] == "done"
    until(jobs_of_it, "looked at", 60)
    assert inbox.accept(store, replace(sent, id="another name")) == "again"
    assert until(jobs_of_it, "looked at", 60) == json.dumps([f"{job.identity}+1"])
    assert len(crew.lines("traces")) == 2


@pytest.mark.complete
def test_the_same_job_from_many_threads_and_processes_runs_once(crew: Crew, durable: Durable) -> None:
    job = gate(1)
    crew.start(wait=False, worker=False, leave=True, enqueue=[job.plain()] * 3)
    threads = [threading.Thread(target=durable.enqueue, args=(job,)) for _ in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    for process in crew.processes:
        assert process.wait(60) == 0, crew.told()
    crew.start()
    assert ended(durable, job)["ended"] == "done"
    assert len(crew.lines("enqueued")) == 3
    assert len(crew.lines("traces")) == 3


def test_a_release_of_the_same_version_goes_on_and_a_newer_begins_anew(crew: Crew, durable: Durable) -> None:
    old = crew.start(version=1)
    crew.pause("1.enter")
    job = gate(1)
    durable.enqueue(job)
    crew.kill_at("1.enter")
    assert old.poll() is not None
    crew.start(version=2)
    again = f"{job.identity}%jobs-2"
    assert ended(durable, again)["ended"] == "done"
    assert [line.split()[1] for line in crew.lines("traces")] == ["0", "1", "0", "1", "2"]
    assert crew.lines("twice") == []


@pytest.mark.complete
def test_a_step_that_does_not_look_is_left_and_run_by_another(crew: Crew, durable: Durable) -> None:
    first = crew.start(patience=0.5)
    crew.pause("1.inside")
    durable.enqueue(gate(1))
    crew.reached("1.inside")
    first.terminate()
    assert first.wait(30) == 3
    crew.go("1.inside")
    crew.start()
    assert ended(durable, gate(1))["ended"] == "done"
    assert crew.lines("twice") == []


@pytest.mark.complete
def test_a_job_that_takes_every_process_down_ends_and_is_told(crew: Crew, durable: Durable) -> None:
    durable.enqueue(gate(1))
    for _ in range(2):
        crew.pause("1.inside")
        crew.start(attempts=2)
        crew.kill_at("1.inside")
    crew.pause("1.inside")
    crew.start(attempts=2, rarely=0.2)
    until(lambda: durable.outcome(f"{gate(1).identity}~1"), "told")
    (record,) = audit.newest(durable.store, "job failed", 5)
    assert "picked up" in record.facts


def test_a_step_starts_other_jobs_and_lets_comments_through(crew: Crew, durable: Durable) -> None:
    """The step in the sandbox does not hold the pull request; what it enqueues is a job like any other."""
    crew.start(jobs=2)
    crew.head(5, H1)
    durable.enqueue(review(H1))
    crew.reached(f"review-5-{H1[:6]}-")
    comment = Job(Kind.COMMENT, "o/n", 7, number=5, comment=1)
    durable.enqueue(comment)
    assert ended(durable, comment)["ended"] == "done"
    assert durable.outcome(review(H1).identity) is None
    (crew.folder / "go" / f"review-5-{H1[:6]}-").touch()
    assert ended(durable, review(H1))["ended"] == "done"
    assert ended(durable, Job(Kind.COMMENT, "o/n", 7, number=5, comment=2))["ended"] == "done"


def test_what_was_never_launched_can_be_stopped(tmp_path: Path) -> None:
    settings = ServerSettings(database_url=f"sqlite:///{tmp_path}/selfmod.db", data_dir=tmp_path)
    store = connect(settings.database_url, tmp_path)
    assert Durable(settings, store, {}, lambda _, __: pytest.fail("asked")).stop(1)
    store.close()


def test_what_ended_long_ago_is_forgotten(crew: Crew, durable: Durable) -> None:
    crew.start()
    durable.enqueue(gate(1))
    assert ended(durable, gate(1))["ended"] == "done"
    engine = durable._engine
    assert engine.forget(time.time() - 3600) == 0
    assert engine.forget(time.time() + 3600) == 1
    assert engine.row(gate(1).identity) is None
