"""How the gate stands: what is broken before what nobody can do, that before people."""

from dataclasses import replace

import pytest

from app.model.approval import Weighed
from app.model.decision import Decision, Merge
from app.model.gate import Stands
from app.orchestrator.standing import standing
from checks.configuration.approvals import Mode
from checks.model.judged import Judged
from checks.model.safety import Level
from checks.model.verdicts import Outcome, StageResult, State, TestResult, Verdict
from tests.pulls.judgements import finding, judged

ONE = Decision(Level.MEDIUM_RISK, Merge.BY_PERSON, 1)
WANTS = Weighed(1, (), 1, "anybody with write access")
FAILING = judged(failing=[TestResult("tests/test_a.py::test_x", Outcome.FAILED)] * 2)
TOO_FEW = "2 approvals of maintainers needed, and only 1 could give one. Name more people in `approvals.critical`."


@pytest.mark.parametrize(
    ("value", "weighed", "decision", "more", "stands", "said"),
    [
        (judged(), WANTS, ONE, {}, Stands.WAITS, "1 of 1 approval: anybody with write access"),
        (
            judged(), Weighed(2, ("ann",), 1, "@acme/security"), ONE, {}, Stands.WAITS,
            "1 of 2 approvals: @acme/security",
        ),
        (judged(), Weighed(1, ("ann",)), ONE, {}, Stands.PASSES, "approved by @ann"),
        (judged(), Weighed(0), ONE, {}, Stands.PASSES, "no approval needed"),
        (judged(), Weighed(1, ("ann",), blocking=("zoe",)), ONE, {}, Stands.WAITS, "@zoe, who asked for changes"),
        (judged(), Weighed(1, ("ann",)), ONE, {"sibling": 12}, Stands.WAITS, "#12 to be closed"),
        (judged(), WANTS, ONE, {"untried": "/selfmod ok-to-test abc"}, Stands.WAITS, "/selfmod ok-to-test abc"),
        (judged(), WANTS, replace(ONE, blocked=TOO_FEW), {}, Stands.BLOCKED, "2 approvals of maintainers needed"),
        (FAILING, Weighed(1, ("ann",)), ONE, {"untried": "x"}, Stands.FAILS, "2 tests fail that passed on the base"),
        (judged(findings=[finding()]), WANTS, ONE, {}, Stands.FAILS, "1 new security finding"),
        (
            judged(skipped="there are no tests"), WANTS,
            replace(ONE, blocked="The tests did not run, and `sandbox.required` asks for them."), {}, Stands.FAILS,
            "the tests did not run",
        ),
    ],
)  # fmt: skip
def test_order(
    value: Judged, weighed: Weighed, decision: Decision, more: dict[str, object], stands: Stands, said: str
) -> None:
    found = standing(value, decision, weighed, Mode.ENFORCE, **more)  # type: ignore[arg-type]  # a case's
    assert found.stands is stands
    assert found.said.startswith(said)


def test_where_nothing_is_held_the_missing_ones_are_counted() -> None:
    assert standing(judged(), ONE, WANTS, Mode.OBSERVE).said == "1 approval: anybody with write access"


def test_a_stage_that_could_not_be_carried_out_is_broken_too() -> None:
    stages = (StageResult("imports", State.ERROR, "no table"), StageResult("syntax", State.FAILED, "line 3"))
    found = standing(replace(judged(), verdict=Verdict(stages)), ONE, WANTS, Mode.ENFORCE)
    assert (found.stands, found.said) == (Stands.FAILS, "line 3 (and 1 more stage)")
    found = standing(replace(judged(), verdict=Verdict(stages[:1])), ONE, WANTS, Mode.ENFORCE)
    assert found.said == "imports could not be carried out: no table"
