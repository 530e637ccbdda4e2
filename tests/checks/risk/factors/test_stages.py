from dataclasses import replace

import pytest

from checks.model.safety import Level
from checks.model.verdicts import Outcome, StageResult, State, TestResult, Verdict
from checks.risk.factors import stages
from tests.changed import edited, evidence, run, verdict


def test_stages_that_did_not_pass_are_named() -> None:
    seen = verdict(states={"syntax": State.FAILED, "sandbox": State.SKIPPED, "imports": State.ERROR})
    found = {each.seen: each.floor for each in stages.weigh(evidence(edited(), seen))}
    assert set(found) == {"failed: syntax", "could not be carried out: imports", "skipped: sandbox"}
    assert set(found.values()) == {Level.MEDIUM_RISK}
    assert stages.weigh(evidence(edited(), verdict())) == ()


@pytest.mark.parametrize(
    ("state", "seen", "lower"),
    [
        (State.FAILED, "failed: sandbox", "make the tests pass"),
        (State.ERROR, "could not be carried out: sandbox, it says why", "let the tests finish"),
        (State.SKIPPED, "skipped: sandbox, it says why", "let the tests run"),
    ],
)
def test_why_a_stage_did_not_run_is_said_and_why_it_failed_stands_with_its_findings(
    state: State, seen: str, lower: str
) -> None:
    stage = StageResult("sandbox", state, "it says why")
    others = tuple(each for each in verdict().stages if each.stage != "sandbox")
    (found,) = stages.weigh(evidence(edited(), Verdict((*others, stage))))
    assert (found.seen, found.lower) == (seen, lower)


@pytest.mark.parametrize(
    ("changes", "weight"),
    [
        ({"head": run(trusted=False)}, 6),
        ({"base": run(trusted=False)}, 6),
        ({"head": run(weaker="Landlock only")}, 1),
        ({"flaky": ("a", "b")}, 3),
        ({"skipped_now": ("a",)}, 4),
        ({"added": (TestResult("a", Outcome.FAILED),)}, 4),
        ({"edited": (TestResult("a", Outcome.ERROR), TestResult("b", Outcome.PASSED))}, 4),
    ],
)
def test_what_the_tests_tell(changes: dict[str, object], weight: int) -> None:
    seen = verdict()
    assert seen.tests is not None
    tests = replace(seen.tests, **changes)  # type: ignore[arg-type]  # a table of fields of several types
    (found,) = stages.weigh(evidence(edited(), replace(seen, tests=tests)))
    assert found.weight == weight


@pytest.mark.parametrize("field", ["still_failing", "removed", "quarantined", "flaky"])
def test_a_failing_test_that_is_not_the_changes_own_is_no_new_one(field: str) -> None:
    seen = verdict()
    assert seen.tests is not None
    failing = TestResult("a", Outcome.FAILED)
    value: object = (failing,) if field == "still_failing" else ("a",)
    tests = replace(seen.tests, edited=(failing,), **{field: value})  # type: ignore[arg-type]  # as above
    assert not any(
        "new or edited" in each.seen for each in stages.weigh(evidence(edited(), replace(seen, tests=tests)))
    )


def test_a_test_that_fails_now_and_then_asks_for_somebody_to_look() -> None:
    seen = verdict()
    assert seen.tests is not None
    (found,) = stages.weigh(evidence(edited(), replace(seen, tests=replace(seen.tests, flaky=("a",)))))
    assert found.floor is Level.MEDIUM_RISK


@pytest.mark.parametrize(
    ("state", "points"), [(State.PASSED, 6), (State.FAILED, 6), (State.ERROR, 6), (State.SKIPPED, 6)]
)
def test_a_run_that_cannot_be_trusted_counts_once(state: State, points: int) -> None:
    found = stages.weigh(evidence(edited(), verdict(states={"sandbox": state}, trusted=False)))
    assert sum(each.weight for each in found) == points
