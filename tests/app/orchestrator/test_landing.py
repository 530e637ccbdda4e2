"""What goes in by itself, and what does not although it passes."""

from dataclasses import replace

import pytest

from app.model.decision import Decision, Merge
from app.model.forge import Required
from app.model.gate import Standing, Stands
from app.orchestrator.landing import BY_A_PERSON, Way, way
from checks.configuration.approvals import Mode
from checks.model.safety import Level

DECISION = Decision(Level.LOW_RISK, Merge.AUTOMATIC, 0)
PASSES = Standing(Stands.PASSES, "no approval needed")
GATE = ("selfmod/gate", 42)
HELD = Required((GATE, ("tests", 0)), protected=True)


def asked(
    decision: Decision = DECISION,
    standing: Standing = PASSES,
    mode: Mode = Mode.ENFORCE,
    required: Required = HELD,
    draft: bool = False,
    shared: bool = False,
) -> Way:
    return way(decision, standing, mode, required, GATE, "main", draft, shared)


def test_agreed_and_held_it_goes() -> None:
    assert asked() == Way(goes=True)


@pytest.mark.parametrize("merge", [Merge.BY_PERSON, Merge.NEVER])
def test_what_a_person_merges_is_not_spoken_of(merge: Merge) -> None:
    assert asked(replace(DECISION, merge=merge)) == Way()


@pytest.mark.parametrize("stands", [Stands.WAITS, Stands.BLOCKED, Stands.FAILS])
def test_what_is_not_agreed_does_not_go(stands: Stands) -> None:
    assert asked(standing=Standing(stands, "x")) == Way()


@pytest.mark.parametrize("mode", [Mode.OBSERVE, Mode.PROPOSE])
def test_nothing_goes_where_nothing_is_held(mode: Mode) -> None:
    assert asked(mode=mode) == Way()


def test_success_that_is_not_said_does_not_count() -> None:
    assert asked(standing=replace(PASSES, withheld="main")) == Way()


@pytest.mark.parametrize(
    ("required", "words"),
    [
        (Required(), "main does not require selfmod/gate"),
        (Required((("tests", 0),), protected=True), "main does not require selfmod/gate"),
        (Required((("selfmod/gate", 0),), protected=True), "main does not require selfmod/gate"),
        (Required((("selfmod/gate", 41),), protected=True), "main does not require selfmod/gate"),
        (Required(known=False), "what main requires cannot be read"),
    ],
)
def test_where_the_gate_of_this_app_is_not_required_it_says_so(required: Required, words: str) -> None:
    found = asked(required=required)
    assert not found.goes
    assert words in found.why


def test_a_draft_waits() -> None:
    assert "draft" in asked(draft=True).why


def test_what_every_workflow_could_have_said_is_merged_by_a_person() -> None:
    assert asked(shared=True) == Way(why=BY_A_PERSON)
    assert asked(replace(DECISION, merge=Merge.BY_PERSON), shared=True) == Way()
