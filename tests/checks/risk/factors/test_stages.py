from dataclasses import replace

import pytest

from checks.model.safety import Level
from checks.model.verdicts import Outcome, State, TestResult
from checks.risk.factors import stages
from tests.changed import edited, evidence, run, verdict


def test_stages_that_did_not_pass_are_named() -> None:
    seen = verdict(states={"syntax": State.FAILED, "sandbox": State.SKIPPED, "imports": State.ERROR})
    found = {each.seen: each.floor for each in stages.weigh(evidence(edited(), seen))}
    assert set(found) == {"failed: syntax", "error: imports", "skipped: sandbox"}
    assert set(found.values()) == {Level.MEDIUM_RISK}
    assert stages.weigh(evidence(edited(), verdict())) == ()


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


def test_a_test_that_fails_now_and_then_asks_for_somebody_to_look() -> None:
    seen = verdict()
    assert seen.tests is not None
    (found,) = stages.weigh(evidence(edited(), replace(seen, tests=replace(seen.tests, flaky=("a",)))))
    assert found.floor is Level.MEDIUM_RISK
