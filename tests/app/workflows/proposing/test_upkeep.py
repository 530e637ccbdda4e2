"""Once an hour: what is looked at, what is asked for, and when a schedule is due."""

import time
from collections.abc import Callable, Iterator
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path

import pytest

from app.model.forge import FileEdit, Opinion, Pull
from app.model.job import Job, Kind
from app.model.modification import Modification, Sort, Status
from app.model.stop import Stop
from app.store import grants, marks
from app.store.proposed import modifications, stops
from app.workflows.proposing import upkeep
from app.workflows.proposing.upkeep import fell_due
from checks.settings import PLACE
from tests.pulls.worlds import World, world

type Make = Callable[..., World]
NAME = "selfmod/fix/x-00000000"


@pytest.fixture
def here(tmp_path: Path) -> Iterator[World]:
    made = world(tmp_path, "mode: propose\n", loads="x = 1\n")
    yield made
    made.store.close()


def proposed(here: World) -> Pull:
    base = here.host.branch("main")
    assert base
    head = here.host.commit_files(NAME, base, [FileEdit("loads.py", b"x = 2\n")], "Mend it")
    pull = here.host.open_pull(NAME, "main", "Mend it", "")
    made = Modification(here.host.repository, Sort.FIX, NAME, "main", "Mend it", base, head, pull.number)
    modifications.put(here.store, made)
    return pull


def hour(again: str = "1") -> Job:
    return Job(Kind.RECONCILE, "acme/shop", 5, reason="hourly", again=again)


def asked(here: World) -> list[int]:
    here.enqueued.clear()
    here.run(upkeep.STEPS, hour())
    return [each.number for each in here.enqueued if each.kind is Kind.PROPOSE and each.reason == "rebase"]


def test_a_base_that_moved_has_it_made_anew_and_one_that_did_not_has_not(here: World) -> None:
    pull = proposed(here)
    assert asked(here) == []
    here.git.commit(other="y = 1\n")
    assert asked(here) == [pull.number]
    first = here.enqueued[0]
    assert (first.actor, first.needs, first.comment) == ("", "", 0)
    assert asked(here) == [pull.number]
    assert here.enqueued[0].identity == first.identity


def pushed(here: World, branch: str = "main") -> list[str]:
    """Identities of what is asked for after a push."""
    here.enqueued.clear()
    here.run((upkeep.STEP,), Job(Kind.BRANCH, "acme/shop", 5, reason="moved", again="d", branch=branch))
    assert all(each.kind is Kind.PROPOSE and each.reason == "rebase" for each in here.enqueued)
    return [each.identity for each in here.enqueued]


def test_after_a_push_it_is_made_anew_once(here: World) -> None:
    pull = proposed(here)
    assert pushed(here) == []
    here.git.commit(other="y = 1\n")
    assert pushed(here, "topic") == []
    found = pushed(here)
    assert len(found) == 1
    assert asked(here) == [pull.number]
    assert [each.identity for each in here.enqueued if each.kind is Kind.PROPOSE] == found
    stops.put(here.store, Stop("ann", "x", repository="acme/shop"))
    assert pushed(here) == []


def test_after_a_push_what_is_closed_or_gone_is_left(here: World) -> None:
    pull = proposed(here)
    modifications.put(here.store, Modification(here.host.repository, Sort.FIX, "selfmod/fix/y", "main", "", number=99))
    here.git.commit(other="y = 1\n")
    here.host.close_pull(pull.number)
    assert pushed(here) == []


@pytest.mark.parametrize("how", ["review", "button"])
def test_what_somebody_approved_moves_only_where_the_same_files_did(here: World, how: str) -> None:
    pull = proposed(here)
    here.git.commit(other="y = 1\n")
    if how == "review":
        here.host.review(pull.number, "ann", Opinion.APPROVED)
    else:
        grants.approve(here.store, here.host.repository, pull.number, pull.head, "ann")
    assert asked(here) == []
    here.git.commit(loads="x = 3\n")
    assert asked(here) == [pull.number]


def test_somebodys_push_is_looked_at_wherever_the_base_is(here: World) -> None:
    pull = here.push(proposed(here), loads="x = 4\n")
    assert asked(here) == [pull.number]


def test_what_ended_unheard_is_kept_and_what_was_reopened_too(here: World) -> None:
    pull = proposed(here)
    here.host.close_pull(pull.number)
    assert asked(here) == []
    made = modifications.of_pull(here.store, here.host.repository, pull.number)
    assert made is not None
    assert (made.status, made.reason) == (Status.REJECTED, "closed")
    here.host.opened[pull.number] = pull
    asked(here)
    made = modifications.of_pull(here.store, here.host.repository, pull.number)
    assert made is not None
    assert made.status is Status.PENDING_APPROVAL
    here.host.merge(pull.number, pull.head, "merge")
    asked(here)
    made = modifications.of_pull(here.store, here.host.repository, pull.number)
    assert made is not None
    assert made.status is Status.APPLIED
    assert here.host.branch(NAME) is None


def test_many_that_were_rejected_hide_none_that_is_open(here: World, monkeypatch: pytest.MonkeyPatch) -> None:
    """And cost no more than a few questions."""
    pull = proposed(here)
    closed = Modification(here.host.repository, Sort.FIX, "", "main", "", number=99, status=Status.REJECTED)
    for number in range(upkeep.MOST + 1):
        modifications.put(here.store, replace(closed, branch=f"selfmod/fix/{number}", created=time.time() + 60))
    here.git.commit(other="y = 1\n")
    numbers, one = [], here.host.pull

    def counted(number: int) -> Pull:
        numbers.append(number)
        return one(number)

    monkeypatch.setattr(here.host, "pull", counted)
    assert asked(here) == [pull.number]
    assert numbers.count(99) == upkeep.REOPENED


def test_what_is_stopped_is_left_until_it_ends(here: World) -> None:
    pull = proposed(here)
    here.git.commit(other="y = 1\n")
    here.git.put(PLACE, "mode: propose\nschedules: {fix: '*/5 * * * *'}\n")
    here.git.commit()
    for number, begun in ((0, []), (pull.number, ["schedule"])):
        stop = Stop("ann", "x", repository="acme/shop", number=number)
        stops.put(here.store, stop)
        assert asked(here) == []
        assert [each.reason for each in here.enqueued] == begun
        stops.lift(here.store, stop, "ann", "over")
    assert asked(here) == [pull.number]


def test_one_that_is_gone_stops_nothing(here: World) -> None:
    pull = proposed(here)
    modifications.put(here.store, Modification(here.host.repository, Sort.FIX, "selfmod/fix/y", "main", "", number=99))
    here.git.commit(other="y = 1\n")
    assert asked(here) == [pull.number]


@pytest.mark.parametrize(
    ("configuration", "started"),
    [
        ("mode: propose\nschedules: {fix: '*/5 * * * *'}\n", 1),
        ("mode: observe\nschedules: {fix: '*/5 * * * *'}\n", 0),
        ("mode: propose\nschedules: {health: '*/5 * * * *'}\n", 0),
        ("mode: propose\nschedules: {fix: never}\n", 0),
        ("mode: propose\n", 0),
    ],
)
def test_a_schedule_that_fell_due_starts_a_job_that_nobody_asked_for(
    here: World, configuration: str, started: int
) -> None:
    here.configure(configuration)
    here.run(upkeep.STEPS, hour())
    assert [(each.kind, each.reason, each.actor, each.number) for each in here.enqueued] == [
        (Kind.PROPOSE, "schedule", "", 0)
    ] * started


def test_the_job_of_all_repositories_looks_at_none(here: World) -> None:
    assert here.run(upkeep.STEPS, Job(Kind.RECONCILE, "", 0, again="1")) == {}


def test_a_time_is_told_once_however_often_it_is_looked(here: World) -> None:
    here.configure("mode: propose\nschedules: {fix: '*/30 * * * *'}\n")
    here.run(upkeep.STEPS, hour(), twice=True)
    here.run(upkeep.STEPS, hour("2"))
    assert len(here.enqueued) == 1
    marks.put(here.store, "schedule:acme/shop", time.time() - 3 * 3600)  # as after a crash, or a server that was away
    here.run(upkeep.STEPS, hour("3"))
    assert len(here.enqueued) == 2


@pytest.mark.parametrize(
    ("schedule", "since", "now", "expected"),
    [
        ("30 4 * * *", "2026-03-04T04:00", "2026-03-04T05:00", "2026-03-04T04:30"),
        ("30 4 * * *", "2026-03-04T04:00", "2026-03-04T04:30", "2026-03-04T04:30"),
        ("30 4 * * *", "2026-03-04T04:30", "2026-03-04T05:30", None),
        ("30 4 * * *", "2026-03-02T04:00", "2026-03-04T04:29", "2026-03-03T04:30"),
        ("30 4 * * mon", "2026-03-01T00:00", "2026-03-04T06:00", "2026-03-02T04:30"),
        ("30 4 1 1 *", "2025-01-01T00:00", "2026-03-04T06:00", None),
        ("*/5 * * * *", "2026-03-04T05:00", "2026-03-04T06:04", "2026-03-04T06:00"),
        ("0 0 29 2 *", "2028-02-28T23:30", "2028-02-29T00:30", "2028-02-29T00:00"),
    ],
)
def test_the_last_time_since_the_last_look(schedule: str, since: str, now: str, expected: str | None) -> None:
    moments = (datetime.fromisoformat(each).replace(tzinfo=UTC) for each in (since, now))
    assert fell_due(schedule, *moments) == (
        None if expected is None else datetime.fromisoformat(expected).replace(tzinfo=UTC)
    )
