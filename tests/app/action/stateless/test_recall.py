"""What a run that begins with nothing knows of a pull request, and of what was proposed."""

from dataclasses import replace
from typing import cast

import pytest

from app.action.stateless import markers, recall
from app.action.stateless.said import moment
from app.model.forge import Person, Role
from app.model.modification import Modification, Sort, Status
from app.store import audit, grants, heads
from app.store.proposed import modifications
from app.workflows.host import Host
from app.workflows.reviewing.judging import allowed
from app.workflows.steps import Tools
from app.workflows.stopping.armed import ARMED
from tests.app.action.stateless.conftest import AT, Runs
from tests.pulls.hosts import OWN
from tests.pulls.worlds import ANN, BOB, EVE

BOT = Person("helper[bot]", 77, bot=True)
BRANCH = "selfmod/fix/unsafe-yaml-1a2b3c4d"


def test_words_of_people_on_the_head_with_the_time_at_which_they_were_said(runs: Runs) -> None:
    pull = runs.world.pull(BOB, more="x = 1\n")
    runs.say(pull.number, ANN, f"/selfmod approve {pull.head}")
    runs.say(pull.number, ANN, f"/selfmod ok-to-test {pull.head}")
    for by, body, updated in (
        (BOT, f"/selfmod approve {pull.head}", AT),
        (EVE, f"/selfmod approve {pull.head}", "2026-01-02T00:00:00Z"),
        (EVE, f"> /selfmod approve {pull.head}", AT),
        (EVE, f"/selfmod approve {pull.head[:12]}", AT),
        (EVE, f"<!-- selfmod:reply:1 generation=1 -->\n<!-- selfmod:approve {pull.head} -->", AT),
    ):
        runs.say(pull.number, by, body, updated)
    store = runs.recalled(pull.number)
    (given,) = grants.approvals(store, "acme/shop", pull.number, pull.head)
    assert (given.login, given.when) == ("ann", moment(AT))
    granted = grants.granted(store, "acme/shop", pull.number, pull.head)
    assert granted is not None
    assert (granted.by, granted.when) == ("ann", moment(AT))


@pytest.mark.parametrize("word", ["approve", "ok-to-test"])
def test_a_comment_that_was_edited_within_its_second_counts_for_nothing(runs: Runs, word: str) -> None:
    pull = runs.world.pull(BOB, more="x = 1\n")
    runs.edited.comments.add(runs.say(pull.number, ANN, f"/selfmod {word} {pull.head}"))
    store = runs.recalled(pull.number)
    assert grants.approvals(store, "acme/shop", pull.number, pull.head) == ()
    assert grants.granted(store, "acme/shop", pull.number, pull.head) is None
    runs.say(pull.number, ANN, f"/selfmod {word} {pull.head}")
    store = runs.recalled(pull.number)
    given = grants.approvals(store, "acme/shop", pull.number, pull.head)
    assert (len(given) == 1, grants.granted(store, "acme/shop", pull.number, pull.head) is not None) == (
        word == "approve",
        word == "ok-to-test",
    )


def test_comments_of_an_issue_are_read_all_the_same(runs: Runs) -> None:
    runs.say(99, ANN, "/selfmod fix")
    assert [each.body for each in runs.fresh()[0].comments(99)] == ["/selfmod fix"]


def test_a_push_voids_them(runs: Runs) -> None:
    pull = runs.world.pull(BOB, more="x = 1\n")
    runs.say(pull.number, ANN, f"/selfmod approve {pull.head}")
    now = runs.world.push(pull, more="x = 2\n")
    store = runs.recalled(pull.number)
    assert grants.approvals(store, "acme/shop", pull.number, now.head) == ()


def test_the_comment_that_is_answered_is_not_its_own_record(runs: Runs) -> None:
    pull = runs.world.pull(BOB, more="x = 1\n")
    comment = runs.say(pull.number, ANN, f"/selfmod approve {pull.head}")
    host, store = runs.fresh()
    recall.pull(store, cast(Host, host), OWN.id, pull.number, without=comment)
    assert grants.approvals(store, "acme/shop", pull.number, pull.head) == ()


def test_a_later_run_is_newer(runs: Runs) -> None:
    pull = runs.world.pull(BOB, more="x = 1\n")
    before = runs.world.host.pull(pull.number)
    store = runs.recalled(pull.number)
    first = heads.newest(store, "acme/shop", pull.number, before.head)
    assert first > 1_700_000_000
    assert heads.newest(store, "acme/shop", pull.number, before.head) == first


@pytest.mark.parametrize(("by", "armed"), [(None, True), (OWN, True), (ANN, False)])
def test_only_what_this_account_armed_is_its_own_to_disarm(runs: Runs, by: Person | None, armed: bool) -> None:
    pull = runs.own(BRANCH, more="x = 1\n")
    runs.world.host.opened[pull.number] = replace(pull, armed=True, armed_by=by)
    store = runs.recalled(pull.number)
    about = audit.about(store, "acme/shop", f"acme/shop#{pull.number}", 10)
    assert [each.kind for each in about] == [ARMED] * armed


def modification(branch: str, number: int, status: Status, reverts: str = "") -> Modification:
    sort = Sort.REVERT if reverts else Sort.FIX
    return Modification("acme/shop", sort, branch, "main", "x", number=number, status=status, reverts=reverts)


def test_what_was_taken_back_and_brought_back() -> None:
    fix = modification("selfmod/fix/a", 1, Status.APPLIED)
    revert = modification("revert-1-a", 2, Status.APPLIED, fix.id)
    again = modification("revert-2-a", 3, Status.APPLIED, revert.id)
    waiting = replace(again, status=Status.PENDING_APPROVAL)

    def found(*these: Modification) -> list[Status]:
        return [each.status for each in recall.taken_back(list(these))]

    assert found(fix) == [Status.APPLIED]
    assert found(fix, revert) == [Status.ROLLED_BACK, Status.APPLIED]
    assert found(again, revert, fix) == [Status.APPLIED, Status.ROLLED_BACK, Status.APPLIED]
    assert found(fix, revert, waiting) == [Status.ROLLED_BACK, Status.APPLIED, Status.PENDING_APPROVAL]


def test_of_two_pull_requests_of_one_branch_the_newest_counts() -> None:
    before, now = modification(BRANCH, 1, Status.FAILED), modification(BRANCH, 2, Status.PENDING_APPROVAL)
    assert recall.taken_back([now, before]) == recall.taken_back([before, now]) == [now]


def test_every_proposal_is_known_with_how_it_ended(runs: Runs) -> None:
    made = replace(modification(BRANCH, 0, Status.PENDING_APPROVAL), keys=("f" * 32,), requester="ann")
    closed = runs.own(BRANCH, markers.marked("", made), more="x = 1\n")
    runs.world.host.close_pull(closed.number)
    host, store = runs.fresh()
    recall.proposals(store, cast(Host, host))
    (known,) = modifications.recent(store, "acme/shop")
    assert (known.status, known.number, known.keys) == (Status.REJECTED, closed.number, ("f" * 32,))


@pytest.mark.parametrize("author", [BOB, BOT])
def test_a_marker_in_somebody_elses_pull_request_counts_for_nothing(runs: Runs, author: Person) -> None:
    made = modification("topic-0", 0, Status.PENDING_APPROVAL)
    pull = runs.world.pull(author, more="x = 1\n")
    runs.world.host.opened[pull.number] = replace(pull, body=markers.marked("", made))
    host, store = runs.fresh()
    recall.proposals(store, cast(Host, host))
    recall.pull(store, cast(Host, host), OWN.id, pull.number)
    assert modifications.recent(store, "acme/shop") == ()
    assert not host.pull(pull.number).own


@pytest.mark.parametrize(
    ("by", "body", "lets"),
    [
        (ANN, "/selfmod ok-to-test {head}", True),
        (EVE, "/selfmod ok-to-test {head}", False),
        (ANN, "/selfmod ok-to-test {short}", False),
        (ANN, "/selfmod approve {head}", False),
        (OWN, "/selfmod ok-to-test {head}", False),
    ],
)
def test_a_forks_code_runs_on_the_word_of_who_may_write_now(runs: Runs, by: Person, body: str, lets: bool) -> None:
    pull = runs.world.pull(EVE, fork="eve/shop", more="x = 1\n")
    runs.say(pull.number, EVE, f"/selfmod ok-to-test {pull.head}")  # whose fork it is: in nobody's way
    runs.say(pull.number, by, body.format(head=pull.head, short=pull.head[:12]))
    store = runs.recalled(pull.number)
    tools = Tools(cast(Host, runs.world.host), store, runs.world.settings)
    assert allowed(tools, pull) is lets
    runs.world.host.roles["ann"] = Role.TRIAGE
    assert not allowed(tools, pull)
