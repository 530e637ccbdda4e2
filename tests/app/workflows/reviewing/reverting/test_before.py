"""What a branch held before a modification comes back with its revert: people decide, and the gate does not fail."""

import time
from collections.abc import Callable
from dataclasses import replace
from html import unescape

import pytest

from app.model.forge import Opinion, Pull
from app.model.job import Job, Kind
from app.model.modification import Modification, Sort
from app.store import records
from app.store.proposed import modifications
from app.workflows.reviewing.reverting.before import before
from app.workflows.rollback import STEPS
from checks.model.safety import Level
from checks.reports.judged import reading
from checks.repository.change import Change
from checks.repository.changed import of_commits
from tests.pulls.judgements import judged
from tests.pulls.worlds import EVIL, World

type Make = Callable[..., World]
ENFORCE = "mode: enforce\nallowed_commands: []\n"
MENDED = EVIL.replace("'ls ' + name, shell=True", "['ls', name]")


def reverted(world: World) -> Pull:
    """The revert of a fix of selfmod's own that was judged and merged."""
    pull = world.own(shell=MENDED)
    record = records.get(world.store, world.judged(pull, judged(Level.LOW_RISK)))
    assert record is not None
    records.put(world.store, replace(record, finished=time.time()))
    made = Modification(pull.repository, Sort.FIX, pull.head_ref, "main", "x", head=pull.head, number=pull.number)
    modifications.put(world.store, made)
    world.host.merge(pull.number, pull.head, "squash")
    job = Job(Kind.ROLLBACK, pull.repository, 5, pull.number, actor="ann", needs="write", words=str(pull.number))
    return world.host.pull(int(world.run(STEPS, job)["revert"]))


def found(world: World, pull: Pull) -> Change | None:
    return before(world.tools, pull, of_commits(world.git.root, pull.base_ref, pull.head))


def tree(world: World, commit: str) -> str:
    return world.git.git("rev-parse", f"{commit}^{{tree}}")


def of(world: World, pull: Pull) -> Modification:
    made = modifications.of_pull(world.store, pull.repository, pull.number)
    assert made is not None
    return made


def test_the_gate_of_a_revert_that_brings_a_finding_back_waits_for_two_people(make: Make) -> None:
    world = make(ENFORCE, shell=EVIL)
    pull = reverted(world)
    world.host.gated = {"main"}
    state = world.review(pull)
    gate, validation = world.gate(pull), world.host.run_of("validation", pull.head)
    assert gate.conclusion is None
    assert gate.title.startswith("HIGH_RISK · waiting for 2 of 2 approvals")
    assert "brought back by the revert: shell-injection at shell.py" in unescape(gate.summary)
    assert validation.conclusion == "success"
    notes = [each for each in validation.annotations if each.message.startswith("Brought back by the revert")]
    assert {(each.path, each.level) for each in notes} == {("shell.py", "notice")}
    record = records.get(world.store, state["record"])
    assert record is not None
    stages = reading.judged(record.document).verdict.stages
    assert [each.stage for each in stages if each.brought_back] == ["security", "dangerous"]
    assert all("shell.py:5" in each.facts["brought back by the revert"] for each in stages if each.brought_back)
    for login in ("mia", "zoe"):
        world.host.review(pull.number, login, Opinion.APPROVED)
        world.weigh(pull)
    assert world.gate(pull).conclusion == "success"


def test_a_commit_on_top_of_the_revert_makes_it_somebodys_change(make: Make) -> None:
    world = make(ENFORCE, shell=EVIL)
    pull = reverted(world)
    assert found(world, pull) is not None
    pull = world.push(pull, other="x = 1\n")
    assert found(world, pull) is None
    world.review(pull)
    assert world.gate(pull).conclusion == "failure"


def test_what_is_kept_of_a_pull_request_makes_no_revert_of_another_commit(make: Make) -> None:
    """With the Action it stands in the pull request's body, which people can edit."""
    world = make(ENFORCE, shell=EVIL)
    pull = reverted(world)
    pull = world.push(pull, shell=EVIL + "\n\nrun('x')\n")
    modifications.put(world.store, replace(of(world, pull), head=pull.head))
    assert found(world, pull) is None


def test_the_tree_is_that_of_the_branch_before_the_merge(make: Make) -> None:
    world = make(ENFORCE, shell=EVIL)
    start = world.host.branch("main")
    pull = reverted(world)
    change = found(world, pull)
    assert change is not None and start
    assert (change.base_commit, change.head_commit) == (start, pull.head)
    assert tree(world, start) == tree(world, pull.head)


def test_only_what_is_merged_into_the_base_counts(make: Make) -> None:
    world = make(ENFORCE, shell=EVIL)
    start = world.host.branch("main")
    pull = reverted(world)
    change = of_commits(world.git.root, "main", pull.head)
    assert before(world.tools, pull, replace(change, base_commit=start)) is None
    (taken,) = (each for each in world.host.opened.values() if each.merged)
    world.host.opened[taken.number] = replace(taken, merged=False, merge_commit="")
    assert before(world.tools, pull, change) is None


@pytest.mark.parametrize(
    "changed",
    [
        {"sort": Sort.FIX},
        {"reverts": ""},
        {"reverts": "#999"},
        {"reverts": "mod_000000000000"},
        {"head": "0" * 40},
    ],
    ids=str,
)
def test_what_is_no_revert_of_something_known_has_nothing_before(make: Make, changed: dict[str, str]) -> None:
    world = make(ENFORCE, shell=EVIL)
    pull = reverted(world)
    modifications.put(world.store, replace(of(world, pull), **changed))  # type: ignore[arg-type]  # a case's
    assert found(world, pull) is None


def test_the_same_commit_as_somebody_else_proposes_it_is_theirs(make: Make) -> None:
    world = make(ENFORCE, shell=EVIL)
    pull = reverted(world)
    assert found(world, pull) is not None
    assert found(world, replace(pull, own=False)) is None
