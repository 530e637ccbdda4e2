"""The host of a run without a database."""

from dataclasses import replace
from pathlib import Path
from typing import Any, cast

import pytest

from app.action.stateless import markers, recall, stopped
from app.action.stateless.host import HOURLY, NOTE, Asking, StatelessHost, whole
from app.model.forge import Button, CheckRun, Committer, FileEdit, Person
from app.model.job import Job, Kind
from app.model.modification import Modification, Sort, Status
from app.model.stop import Stop
from app.store.connect import Store
from app.store.proposed import modifications, stops
from app.workflows import landing
from app.workflows.reviewing.proposing import proposer_of
from app.workflows.steps import Tools
from app.workflows.stopping.guard import Halted
from app.workflows.stopping.halted import takes_back
from checks.model.errors import Refusal
from checks.model.safety import Proposer
from checks.settings import Settings
from tests.app.action.stateless.conftest import Runs
from tests.pulls.hosts import OWN
from tests.pulls.worlds import BOB

BRANCH = "selfmod/fix/unsafe-yaml-1a2b3c4d"
HERE = "acme/shop"
MADE = Modification(HERE, Sort.FIX, BRANCH, "main", "Load safely", "a" * 40, "b" * 40, keys=("f" * 32,))
EDIT = [FileEdit("more.py", b"x = 1\n")]


def opened(runs: Runs, host: StatelessHost, store: Store) -> int:
    """A proposal as the workflow opens one."""
    base = runs.world.host.branch("main")
    assert base
    head = host.commit_files(BRANCH, base, EDIT, "Load safely")
    modifications.put(store, replace(MADE, base=base, head=head))
    pull = host.open_pull(BRANCH, "main", "Load safely", "What and why.")
    modifications.put(store, replace(MADE, base=base, head=head, number=pull.number))
    return pull.number


@pytest.mark.parametrize(
    ("branch", "body", "own"),
    [
        (BRANCH, markers.line(MADE), True),
        (BRANCH, "", False),
        ("selfmod/configure", "", True),
        ("release-please--main", "", False),
        ("release-please--main", markers.line(MADE), False),
        ("revert-7-topic", markers.line(replace(MADE, branch="revert-7-topic", sort=Sort.REVERT)), True),
        ("revert-7-topic", "", False),
    ],
)
def test_what_another_workflow_opened_with_the_same_account_is_not_selfmods(
    runs: Runs, branch: str, body: str, own: bool
) -> None:
    number = runs.own(branch, body, more="x = 1\n").number
    host, _ = runs.fresh()
    assert host.pull(number).own is own
    assert [each.own for each in host.pulls()] == [own]
    assert runs.fresh(shared=False)[0].pull(number).own  # an account of its own is nobody else's


def test_a_proposal_says_what_it_is_and_that_no_workflow_was_started(runs: Runs) -> None:
    host, store = runs.fresh()
    number = opened(runs, host, store)
    body = runs.world.host.pull(number).body
    assert body.endswith(f"What and why.\n\n---\n\n{NOTE}")
    assert markers.modification(host.pull(number)) is not None
    assert host.moved == [number]
    host.keep()
    assert runs.world.host.writes["edit"] == 0  # it is there already
    alone, store = runs.fresh(shared=False)
    alone.edit_pull(number, "Load safely", "What and why.")
    assert NOTE not in runs.world.host.pull(number).body


def test_what_changed_is_written_back_once(runs: Runs) -> None:
    host, store = runs.fresh()
    number = opened(runs, host, store)
    made = modifications.of_pull(store, HERE, number)
    assert made is not None
    modifications.put(store, replace(made, status=Status.SUPERSEDED, reason="nothing is left"))
    runs.world.host.close_pull(number)
    host.keep()
    host.keep()
    assert runs.world.host.writes["edit"] == 1
    found = markers.modification(runs.world.host.pull(number))
    assert found is not None
    assert (found.status, found.reason) == (Status.SUPERSEDED, "nothing is left")
    assert runs.world.host.pull(number).body.endswith(NOTE)


def test_a_stop_outlasts_the_run_and_is_asked_for_at_every_write(runs: Runs) -> None:
    first, store = runs.fresh()
    first.recall_stops()
    second, other = runs.fresh()
    second.recall_stops()
    asking: Any = Asking(second, other, Job(Kind.PROPOSE, HERE, 0))
    stops.put(store, Stop("ann", "incident", repository=HERE))
    first.keep()
    base = runs.world.host.branch("main")
    with pytest.raises(Halted, match="stopped by @ann: incident"):  # kept after the second run began
        asking.commit_files(BRANCH, base, EDIT, "x")
    assert asking.pulls() == ()  # reading goes on
    stops.lift(other, Stop("ann", "incident", repository=HERE), "mia", "mended")
    second.keep()
    asking.commit_files(BRANCH, base, EDIT, "x")
    third, last = runs.fresh()
    third.recall_stops()
    assert stops.holding(last, HERE) is None
    assert stops.last_lifted(last, HERE) > 0
    assert runs.world.host.writes["commit"] == 3


@pytest.mark.parametrize("shared", [True, False])
def test_a_stop_is_kept_with_the_branch_of_selfmods_own_alone(runs: Runs, shared: bool) -> None:
    """By that a merge group tells what is stopped: it asks GitHub nothing."""
    numbers = [runs.own(BRANCH, markers.line(MADE), more="x = 1\n").number]
    numbers.append(runs.own("release-please--main", "", other="x = 1\n").number)
    numbers.append(runs.world.pull(BOB, third="x = 1\n").number)
    for number in numbers:  # a run each: what earlier ones kept stays
        host, store = runs.fresh(shared)
        host.recall_stops()
        host.pull(number)
        stops.put(store, Stop("ann", "odd", repository=HERE, number=number))
        host.keep()
    content = runs.world.host.file(stopped.FILE, stopped.BRANCH)
    assert content is not None
    expected = {numbers[0]: BRANCH} if shared else {numbers[0]: BRANCH, numbers[1]: "release-please--main"}
    assert stopped.branches(content) == expected
    assert {each.number for each in stopped.read(content, HERE)} == set(numbers)


def test_stops_of_two_runs_at_once_are_both_kept(runs: Runs, monkeypatch: pytest.MonkeyPatch) -> None:
    first, one = runs.fresh()
    second, two = runs.fresh()
    for each in (first, second):
        each.recall_stops()
    stops.put(one, Stop("ann", "first", repository=HERE, number=7))
    stops.put(two, Stop("bob", "second", repository=HERE))
    real, raced = runs.world.host.commit_files, list[bool]()

    def commit_files(branch: str, base: str, edits: Any, message: str) -> str:
        if not raced:
            raced.append(True)
            first.keep()
            raise Refusal("the branch is there and holds something else.")
        return real(branch, base, edits, message)

    monkeypatch.setattr(runs.world.host, "commit_files", commit_files)
    second.keep()
    content = runs.world.host.file(stopped.FILE, stopped.BRANCH)
    assert content is not None
    assert {each.why for each in stopped.read(content, HERE)} == {"first", "second"}


def test_a_stop_that_another_run_kept_since_is_not_written_over(runs: Runs) -> None:
    """Neither a stop nor the end of one: this run changes its own alone."""
    setter, store = runs.fresh()
    setter.recall_stops()
    stops.put(store, Stop("ann", "old", repository=HERE, number=3))
    setter.keep()
    first, one = runs.fresh()
    second, two = runs.fresh()
    for each in (first, second):
        each.recall_stops()
    stops.put(one, Stop("ann", "first", repository=HERE, number=7))
    stops.lift(one, Stop("ann", "old", repository=HERE, number=3), "ann", "mended")
    first.keep()
    stops.put(two, Stop("bob", "second", repository=HERE))
    second.keep()
    content = runs.world.host.file(stopped.FILE, stopped.BRANCH)
    assert content is not None
    assert {each.why: each.holds for each in stopped.read(content, HERE)} == {
        "old": False,
        "first": True,
        "second": True,
    }


def test_commands_name_all_of_the_commit_and_there_are_no_buttons(runs: Runs) -> None:
    host, _ = runs.fresh()
    pull = runs.own(BRANCH, more="x = 1\n")
    host.pull(pull.number)
    said = f"Fine: `/selfmod approve {pull.head[:10]}`."
    host.put_comment(pull.number, "selfmod:sticky", said, 1)
    assert f"/selfmod approve {pull.head}`" in runs.world.host.sticky(pull.number)
    run = CheckRun(
        "selfmod/gate", pull.head, "k", f"waits for /selfmod ok-to-test {pull.head[:10]}", said,
        buttons=(Button("Approve", "Approve this commit", "approve"),),
    )  # fmt: skip
    host.put_run(run)
    seen = runs.world.host.run_of("gate", pull.head)
    assert (seen.title, seen.buttons) == (f"waits for /selfmod ok-to-test {pull.head}", ())
    assert whole(f"/selfmod approve {'a' * 10}", "") == f"/selfmod approve {'a' * 10}"
    assert whole(f"/selfmod approve {'a' * 11}", "a" * 40) == f"/selfmod approve {'a' * 11}"


def test_it_is_a_host(runs: Runs) -> None:
    host = cast(Any, runs.fresh()[0])
    assert (host.repository, host.app_id, host.default_branch()) == (HERE, 42, "main")


@pytest.mark.parametrize(("verified", "who"), [(True, Proposer.SELFMOD), (False, Proposer.PERSON)])
def test_what_only_says_that_selfmod_wrote_it_is_a_persons(runs: Runs, verified: bool, who: Proposer) -> None:
    pull = runs.own(BRANCH, markers.line(MADE), more="x = 1\n")
    runs.world.host.committed[pull.number] = (Committer(pull.head, OWN, Person("web-flow", 1), verified),)
    host, store = runs.fresh()
    tools = Tools(cast(Any, host), store, runs.world.settings)
    assert proposer_of(tools, host.pull(pull.number), Settings()) is who


def test_nobody_is_promised_another_try_within_the_hour(runs: Runs) -> None:
    host, _ = runs.fresh()
    host.put_run(CheckRun("selfmod/gate", "a" * 40, "k", "t", f"Not now: busy. {HOURLY}"))
    assert runs.world.host.run_of("gate", "a" * 40).summary == "Not now: busy. `/selfmod review` tries again."
    assert f" {HOURLY}" in Path(landing.__file__).read_text()  # as the workflow says it


def test_a_try_that_came_to_no_pull_request_leaves_no_branch(runs: Runs, monkeypatch: pytest.MonkeyPatch) -> None:
    host, store = runs.fresh()

    def refused(*given: Any) -> None:
        raise Refusal("GitHub Actions is not permitted to create or approve pull requests.")

    monkeypatch.setattr(runs.world.host, "open_pull", refused)
    with pytest.raises(Refusal, match="not permitted"):
        opened(runs, host, store)
    assert runs.world.host.branch(BRANCH) is None


def test_a_stop_that_may_not_be_kept_is_refused_in_githubs_words(runs: Runs, monkeypatch: pytest.MonkeyPatch) -> None:
    host, store = runs.fresh()
    host.recall_stops()
    stops.put(store, Stop("ann", "incident", repository=HERE))

    def refused(*given: Any) -> None:
        raise Refusal("Resource not accessible by integration.", "Give the job permissions: contents: write.")

    monkeypatch.setattr(runs.world.host, "commit_files", refused)
    with pytest.raises(Refusal, match="contents: write"):
        host.keep()


def test_with_the_account_of_all_workflows_nothing_is_merged(runs: Runs) -> None:
    pull = runs.own(BRANCH, markers.line(MADE), more="x = 1\n")
    runs.world.host.gated.add("main")
    host, _ = runs.fresh()
    for call in (host.arm, host.merge):
        with pytest.raises(Refusal, match="Merged by a person: the workflow's token is every workflow's"):
            call(pull.number, pull.head, "merge")
    assert (runs.world.host.writes["arm"], runs.world.host.writes["merge"]) == (0, 0)
    runs.fresh(shared=False)[0].arm(pull.number, pull.head, "merge")
    assert runs.world.host.pull(pull.number).armed


@pytest.mark.parametrize(("shared", "edited"), [(True, True), (False, True), (True, False), (False, False)])
def test_a_hidden_line_that_somebody_else_wrote_does_not_get_past_a_stop(
    runs: Runs, shared: bool, edited: bool
) -> None:
    pull = runs.own(BRANCH, "", more="x = 1\n")
    line = markers.line(replace(MADE, sort=Sort.REVERT, head=pull.head, reverts="#3"))
    runs.world.host.opened[pull.number] = replace(pull, body=f"{line}\nTakes it back.")
    if edited:
        runs.edited.bodies.add(pull.number)
    host, store = runs.fresh(shared)
    seen = recall.pull(store, cast(Any, host), OWN.id, pull.number)
    assert takes_back(store, HERE, pull.number, pull.head) is not edited
    assert seen.body.endswith("Takes it back.")
    assert (markers.told(seen.body) == "") is edited
    assert seen.own is not (shared and edited)
    recall.proposals(store, cast(Any, host))
    assert [each.head for each in host.pulls()] == [pull.head]
    assert takes_back(store, HERE, pull.number, pull.head) is not edited


def test_an_edit_within_a_run_is_seen(runs: Runs) -> None:
    pull = runs.own(BRANCH, markers.line(MADE), more="x = 1\n")
    host, _ = runs.fresh()
    assert host.pull(pull.number).own
    forged = markers.line(replace(MADE, sort=Sort.REVERT))
    runs.world.host.opened[pull.number] = replace(pull, body=forged)
    runs.edited.bodies.add(pull.number)
    assert markers.modification(host.pull(pull.number)) is None
