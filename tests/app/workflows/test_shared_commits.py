"""One commit in several pull requests, targets that change, pull requests that are closed: a check run belongs to a
commit, whatever pull request it was made for."""

from collections.abc import Callable
from dataclasses import replace

import pytest

from app.model.forge import Conclusion, Opinion, Pull
from app.model.job import PUSHED, Kind
from app.model.trouble import Superseded
from app.store import audit, grants, heads
from app.workflows import gate, review
from app.workflows.steps import run_all
from checks.model.safety import Level
from checks.model.verdicts import Outcome, TestResult
from tests.pulls.judgements import judged
from tests.pulls.worlds import BOB, TOTAL, World

ENFORCE = "mode: enforce\nallowed_commands: []\n"
GATE = [each.name for each in review.STEPS].index("report_gate")
type Make = Callable[..., World]


def waiting(make: Make) -> tuple[World, Pull]:
    world = make(ENFORCE)
    world.host.protected = {"main"}
    pull = world.pull(BOB, cart="x = 1\n")
    world.judged(pull, judged(Level.MEDIUM_RISK))
    world.weigh(pull)
    assert world.gate(pull).conclusion is None
    return world, pull


def lax(world: World, configuration: str = "mode: observe\n", at: str = "main") -> None:
    """Anybody with write access pushes a branch with a configuration of its own."""
    world.git.git("checkout", "-q", "-b", "lax", at)
    world.git.put(".github/selfmod.yml", configuration)
    world.git.commit()
    world.git.git("checkout", "-q", "main")


@pytest.mark.parametrize("mode", ["observe", "propose"])
@pytest.mark.parametrize("failing", [False, True])
def test_a_target_that_holds_nothing_lets_nothing_in_elsewhere(make: Make, mode: str, failing: bool) -> None:
    world, pull = waiting(make)
    lax(world, f"mode: {mode}\n")
    other = world.host.open(pull.head_ref, "lax", BOB)
    fails = [TestResult("test_a.py::test_x", Outcome.FAILED)] if failing else []
    world.judged(other, judged(Level.MEDIUM_RISK, failing=fails))
    world.weigh(other)
    assert world.gate(pull).conclusion is None
    assert world.gate(pull).title == f"MEDIUM_RISK · waiting for #{pull.number} to be closed: it has the same commit"
    world.host.opened[pull.number] = replace(pull, open=False)
    world.weigh(other)
    # closed for a moment, it would be let in by this success when it is opened again
    assert world.gate(pull).conclusion is Conclusion.CANCELLED
    assert world.gate(pull).title.endswith("for information: this branch is not protected, main is held")


@pytest.mark.parametrize(
    ("of_main", "of_other", "protected", "expected"),
    [
        ("mode: enforce\n", "mode: enforce\n", {"main"}, Conclusion.CANCELLED),
        ("mode: enforce\n", "mode: observe\n", {"main"}, Conclusion.CANCELLED),
        ("mode: x\n", "mode: enforce\n", {"main"}, Conclusion.CANCELLED),
        ("mode: enforce\n", "mode: enforce\n", {"main", "lax"}, Conclusion.SUCCESS),
        ("mode: observe\n", "mode: enforce\n", {"main"}, Conclusion.SUCCESS),
        ("mode: propose\n", "mode: observe\n", set(), Conclusion.SUCCESS),
    ],
)
def test_success_is_not_said_for_a_branch_that_anybody_can_make(
    make: Make, of_main: str, of_other: str, protected: set[str], expected: Conclusion
) -> None:
    world = make(of_main)
    world.host.protected = protected
    lax(world, of_other)
    pull = world.pull(BOB, base="lax", cart="x = 1\n")
    pull = replace(pull, base_ref="lax")
    world.host.opened[pull.number] = pull
    world.judged(pull, judged(Level.SAFE))
    world.weigh(pull)
    assert world.gate(pull).conclusion is expected


@pytest.mark.parametrize(
    ("of_main", "queue", "protected", "expected"),
    [
        ("mode: enforce\n", "main", {"main", "lax"}, Conclusion.CANCELLED),
        ("mode: x\n", "main", {"lax"}, Conclusion.CANCELLED),
        ("mode: observe\n", "main", {"main", "lax"}, Conclusion.SUCCESS),
        ("mode: enforce\n", "", {"main", "lax"}, Conclusion.SUCCESS),
        ("mode: enforce\n", "lax", {"main", "lax"}, Conclusion.SUCCESS),
        ("mode: enforce\n", "gone", {"main", "lax"}, Conclusion.SUCCESS),
    ],
)
def test_success_is_not_said_for_the_head_of_a_merge_group(
    make: Make, of_main: str, queue: str, protected: set[str], expected: Conclusion
) -> None:
    """Its check runs are the group's: what a lax branch lets in would let in the group."""
    world = make(of_main)
    world.host.protected = protected
    lax(world)
    pull = world.pull(BOB, base="lax", cart="x = 1\n")
    if queue:
        world.git.git("branch", f"gh-readonly-queue/{queue}/pr-3-{'a' * 40}", pull.head)
    pull = replace(pull, base_ref="lax")
    world.host.opened[pull.number] = pull
    world.judged(pull, judged(Level.SAFE))
    world.weigh(pull)
    assert world.gate(pull).conclusion is expected
    said = "for information: the merge queue of main has the same commit"
    assert world.gate(pull).title.endswith(said) == (expected is Conclusion.CANCELLED)


def test_a_group_of_the_targets_own_queue_withholds_nothing(make: Make) -> None:
    """What is asked here is at least what is asked of the group."""
    world = make(ENFORCE)
    world.host.protected = {"main"}
    pull = world.pull(BOB, cart="x = 1\n")
    world.git.git("branch", f"gh-readonly-queue/main/pr-3-{'a' * 40}", pull.head)
    world.judged(pull, judged(Level.SAFE))
    world.weigh(pull)
    assert world.gate(pull).conclusion is Conclusion.SUCCESS


@pytest.mark.parametrize("text", ["mode: observe\n", "mode: x\n"])
def test_where_nothing_is_held_anywhere_siblings_hold_nothing(make: Make, text: str) -> None:
    world = make("mode: observe\n")
    world.git.git("branch", "release")
    world.configure(text)
    world.host.protected = {"main", "release"}
    pull = world.pull(BOB, base="release", cart="x = 1\n")
    pull = replace(pull, base_ref="release")
    world.host.opened[pull.number] = pull
    world.judged(pull)
    world.host.open(pull.head_ref, "main", BOB)
    world.weigh(pull)
    # a configuration that is not valid holds
    assert (world.gate(pull).conclusion is Conclusion.SUCCESS) == (text == "mode: observe\n")


def test_what_waited_for_a_sibling_is_weighed_when_that_is_closed(make: Make) -> None:
    world, pull = waiting(make)
    other = world.host.open(pull.head_ref, "main", BOB)
    world.weigh(pull)
    assert f"#{other.number} to be closed" in world.gate(pull).title
    world.host.opened[other.number] = replace(other, open=False)
    world.run(gate.STEPS, world.job(other, Kind.GATE, "closed"))
    assert [(job.kind, job.number, job.head) for job in world.enqueued] == [(Kind.GATE, pull.number, pull.head)]
    run_all(gate.STEPS, world.tools, world.enqueued.pop())
    assert world.gate(pull).title == "MEDIUM_RISK · waiting for 1 of 1 approval: anybody with write access"


def test_nothing_stays_in_progress_on_a_closed_one(make: Make) -> None:
    world, pull = waiting(make)
    world.host.opened[pull.number] = replace(pull, open=False)
    for _ in range(2):
        world.run(gate.STEPS, world.job(pull, Kind.GATE, "closed"))
    assert world.gate(pull).conclusion is Conclusion.CANCELLED
    assert world.enqueued == []
    # opened again before that was heard of, it is weighed as it is
    world.host.opened[pull.number] = pull
    world.run(gate.STEPS, world.job(pull, Kind.GATE, "closed"))
    assert world.gate(pull).conclusion is None


def test_a_former_commit_of_the_target_does_not_bring_its_configuration_back(make: Make) -> None:
    """Opened against a branch at a commit from before the gate held anything, then sent to main: until that is judged
    anew, no review and no button makes the older judgement this one's."""
    world = make("mode: observe\n")
    world.git.git("branch", "old")
    pull = world.pull(BOB, base="old", cart="x = 1\n")
    pull = replace(pull, base_ref="old")
    world.host.opened[pull.number] = pull
    world.judged(pull)
    world.configure(ENFORCE)
    world.host.opened[pull.number] = pull = replace(pull, base_ref="main")
    assert world.weigh(pull) == {"done": True}
    assert [job.kind for job in world.enqueued] == [Kind.REVIEW]
    assert world.host.made_runs == {}


def test_a_target_that_changed_while_it_was_judged_is_judged_again(make: Make) -> None:
    world = make(ENFORCE)
    lax(world)
    pull = world.pull(BOB, cart=TOTAL)
    world.host.opened[pull.number] = replace(pull, base_ref="lax")
    (*steps, last), job = review.STEPS[: GATE + 1], world.job(pull)
    state = run_all(tuple(steps), world.tools, job)
    world.host.opened[pull.number] = pull
    with pytest.raises(Superseded):
        last.run(world.tools, job, state)
    assert world.gate(pull).conclusion is None
    (again,) = world.enqueued
    run_all(review.STEPS, world.tools, again)
    assert world.gate(pull).title == "MEDIUM_RISK · waiting for 1 of 1 approval: anybody with write access"


def test_a_configuration_that_changed_since_is_asked(make: Make) -> None:
    world = make("mode: observe\nallowed_commands: []\n")
    pull = world.pull(BOB, cart=TOTAL)
    world.judged(pull)
    world.weigh(pull)
    assert world.gate(pull).conclusion is Conclusion.SUCCESS
    world.git.commit(other="y = 1\n")
    world.weigh(pull)
    assert world.enqueued == []
    world.configure(ENFORCE)
    world.host.review(pull.number, "ann", Opinion.COMMENTED)
    world.weigh(pull)
    (again,) = world.enqueued
    run_all(review.STEPS, world.tools, again)
    assert world.gate(pull).conclusion is None


def test_weighing_records_no_head(make: Make) -> None:
    """A replica that lags shows the older head to a job of the older head: the newer one stays the newest."""
    world, pull = waiting(make)
    newer = world.push(pull, cart="x = 2\n")
    assert heads.newest(world.store, pull.repository, pull.number, newer.head) == 2
    world.host.opened[pull.number] = pull
    world.weigh(pull)
    assert heads.current(world.store, pull.repository, pull.number) == (newer.head, 2)


def test_an_approval_during_the_judgement_is_kept(make: Make) -> None:
    world = make(ENFORCE)
    pull = world.pull(BOB, cart="x = 1\n")
    for login in ("ann", "eve", "bob"):
        world.press(pull, "approve", login)
    assert {g.login for g in grants.approvals(world.store, pull.repository, pull.number, pull.head)} == {"ann", "bob"}
    world.judged(pull, judged(Level.HIGH_RISK))
    world.weigh(pull)
    assert world.gate(pull).title == "HIGH_RISK · waiting for 1 of 2 approvals: anybody with write access"


def test_who_pushed_does_not_approve_whatever_the_commits_say(make: Make) -> None:
    """Author and committer of a commit are what its maker wrote there; the delivery of the push is GitHub's word."""
    world, pull = waiting(make)
    pushed = world.push(pull, cart="x = 2\n")
    job = replace(world.job(pull, Kind.GATE, PUSHED, again="d"), actor="ann", needs="")
    for _ in range(2):
        assert world.run(gate.STEPS, job) == {"done": True}
    assert sum('"pushed"' in line for line in audit.export(world.store)) == 1
    world.judged(pushed, judged(Level.MEDIUM_RISK))
    world.host.review(pull.number, "ann", Opinion.APPROVED)
    world.weigh(pushed)
    assert world.gate(pull).conclusion is None
    assert "pushed to this pull request" in world.gate(pull).summary
    world.host.review(pull.number, "mia", Opinion.APPROVED)
    world.weigh(pushed)
    assert world.gate(pull).title == "MEDIUM_RISK · approved by @mia"


def test_what_waited_for_a_sibling_is_weighed_when_that_is_pushed_to(make: Make) -> None:
    world, pull = waiting(make)
    other = world.host.open(pull.head_ref, "main", BOB)
    world.host.opened[other.number] = replace(other, head="f" * 40)
    world.run(gate.STEPS, world.job(other, Kind.GATE, PUSHED))
    assert [(job.number, job.head, job.reason) for job in world.enqueued] == [(pull.number, pull.head, "sibling")]
