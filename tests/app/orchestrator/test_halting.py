"""What a stop does to the judgement of a pull request."""

import math
from dataclasses import replace

import pytest

from app.model.approval import Given, Weighed
from app.model.decision import Decision, Merge
from app.model.forge import Opinion, Person, Pull, Review
from app.model.gate import Standing, Stands
from app.model.stop import Stop
from app.orchestrator.decide import decide
from app.orchestrator.halting import BEFORE, Halt, halt
from app.orchestrator.policy import Policy
from checks.configuration.approvals import Mode
from checks.model.safety import Level, Proposer
from tests.pulls.judgements import HEAD, judged

STOP = Stop("ann", "incident 4711", 50.0, repository="acme/shop")
EARLY, LATE = "1970-01-01T00:01:00Z", "1970-01-01T00:03:00Z"
LIFTED = 120.0
PULL = Pull(7, "", "", Person("x", 1), HEAD, "b", "acme/shop", "main", "b" * 40, "acme/shop", created=EARLY, own=True)
AUTOMATIC = Decision(Level.LOW_RISK, Merge.AUTOMATIC, 0, reasons=("It is merged by itself.",))


@pytest.mark.parametrize(
    ("pull", "stop", "lifted", "revert", "made", "since"),
    [
        (PULL, None, 0.0, False, Halt(own=True), 0.0),
        (PULL, STOP, 0.0, False, Halt(True, STOP), math.inf),
        (PULL, STOP, LIFTED, False, Halt(True, STOP, LIFTED, True), math.inf),
        (PULL, None, LIFTED, False, Halt(True, None, LIFTED, True), LIFTED),
        (replace(PULL, created=LATE), None, LIFTED, False, Halt(True, None, LIFTED), LIFTED),
        (replace(PULL, created=""), None, LIFTED, False, Halt(True, None, LIFTED, True), LIFTED),
        (replace(PULL, own=False), STOP, LIFTED, False, Halt(False, STOP, LIFTED, True), 0.0),
        (PULL, STOP, LIFTED, True, Halt(), 0.0),
    ],
)
def test_what_it_is_to_whom(
    pull: Pull, stop: Stop | None, lifted: float, revert: bool, made: Halt, since: float
) -> None:
    found = halt(pull, stop, lifted, revert=revert)
    assert (found, found.since) == (made, since)


@pytest.mark.parametrize("level", Level)
@pytest.mark.parametrize("require", [True, False])
def test_what_was_opened_before_the_stop_ended_needs_an_approval(level: Level, require: bool) -> None:
    """Whatever the level, and whatever the configuration leaves out."""
    value = judged(level)
    policy = Policy(Proposer.SELFMOD, mode=Mode.ENFORCE, require_approval=require)
    plain = decide(value.assessment, value.verdict, policy)
    asked = decide(value.assessment, value.verdict, Halt(True, None, LIFTED, early=True).asked(policy))
    assert asked.approvals == max(1, plain.approvals)
    for other in (Halt(True, None, LIFTED), Halt(False, None, LIFTED, early=True), Halt(True)):
        assert other.asked(policy) == policy


def test_meanwhile_nothing_is_merged_by_itself() -> None:
    for own in (True, False):
        found = Halt(own, STOP).decided(AUTOMATIC, Weighed(0), (), ())
        assert (found.merge, found.reasons[0]) == (
            Merge.BY_PERSON,
            "Nothing is merged by itself: stopped by @ann: incident 4711.",
        )
    by_person = replace(AUTOMATIC, merge=Merge.BY_PERSON)
    assert Halt(True, STOP).decided(by_person, Weighed(0), (), ()) == by_person


def review(submitted: str) -> Review:
    return Review(1, Person("mia", 2), Opinion.APPROVED, HEAD, submitted)


@pytest.mark.parametrize(
    ("reviews", "given", "counted", "merge"),
    [
        ([], [], (), Merge.BY_PERSON),
        ([review(EARLY)], [], ("mia",), Merge.BY_PERSON),
        ([review(LATE)], [], ("mia",), Merge.AUTOMATIC),
        ([review(LATE)], [], (), Merge.BY_PERSON),
        ([], [Given("Mia", HEAD, LIFTED)], ("mia",), Merge.BY_PERSON),
        ([], [Given("Mia", HEAD, LIFTED + 1)], ("mia",), Merge.AUTOMATIC),
    ],
)
def test_of_others_selfmod_merges_only_what_was_agreed_to_since(
    reviews: list[Review], given: list[Given], counted: tuple[str, ...], merge: Merge
) -> None:
    found = Halt(False, None, LIFTED, early=True).decided(AUTOMATIC, Weighed(1, counted), reviews, given)
    assert found.merge is merge
    assert (BEFORE in found.reasons[0]) is (merge is Merge.BY_PERSON)


@pytest.mark.parametrize("stands", Stands)
def test_the_gate_of_its_own_is_held_and_of_others_never(stands: Stands) -> None:
    before = Standing(stands, "as it was", "Do it.")
    held = Halt(True, STOP).standing(before)
    assert (held.stands, held.said, held.always) == (Stands.STOPPED, "stopped by @ann: incident 4711", True)
    assert Halt(False, STOP).standing(before) == before
    assert Halt(True).standing(before) == before
    after = Halt(True, None, LIFTED, early=True).standing(before)
    assert after.remedy == (f"{BEFORE} Do it." if stands is Stands.WAITS else "Do it.")
