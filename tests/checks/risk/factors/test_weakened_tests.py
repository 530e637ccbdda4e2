from dataclasses import replace

import pytest

from checks.model.safety import Level
from checks.model.verdicts import Outcome, TestResult
from checks.risk.factors.weakened_tests import weigh
from tests.changed import BASE, change, edited, evidence, verdict

MANY = "".join(f"def test_{number}():\n    assert f() == {number}\n" for number in range(12))


@pytest.mark.parametrize(("kept", "weight"), [(11, 4), (10, 4), (9, 5), (3, 5), (2, 7), (0, 7)])
def test_the_more_tests_are_gone_the_more_it_weighs(kept: int, weight: int) -> None:
    before = BASE | {"tests/test_many.py": MANY}
    text = "".join(MANY.splitlines(keepends=True)[: 2 * kept])
    (found,) = weigh(evidence(change(before, before | {"tests/test_many.py": text or "# none\n"})))
    assert (found.weight, found.floor) == (weight, Level.MEDIUM_RISK)


def test_what_is_weaker_is_said_with_its_place() -> None:
    (found,) = weigh(evidence(edited(tests__test_cart_py="from shop.cart import Cart\n")))
    assert found.seen == "test_total is gone (tests/test_cart.py:4)"
    assert found.lower == "restore the tests (tests/test_cart.py:4)"


def test_other_expectations_are_mentioned_beside_changed_code_only() -> None:
    test = BASE["tests/test_cart.py"].replace("== 1", "== 2")
    assert weigh(evidence(edited(tests__test_cart_py=test))) == ()
    (found,) = weigh(evidence(edited(tests__test_cart_py=test, src__shop__cart_py="class Cart: ...\n")))
    assert (found.weight, found.floor) == (1, None)


def test_tests_that_the_sandbox_misses_count_too() -> None:
    seen = verdict()
    assert seen.tests is not None
    gone = replace(seen, tests=replace(seen.tests, removed=("a", "b"), added=(TestResult("c", Outcome.PASSED),)))
    (found,) = weigh(evidence(edited(README_md="x"), gone))
    assert (found.seen, found.weight) == ("1 fewer tests ran", 4)
    moved = replace(seen, tests=replace(seen.tests, removed=("a",), added=(TestResult("c", Outcome.PASSED),)))
    assert weigh(evidence(edited(README_md="x"), moved)) == ()
    quiet = replace(seen, tests=replace(seen.tests, removed=("a",), added=(TestResult("c.py", Outcome.SKIPPED),)))
    (found,) = weigh(evidence(edited(README_md="x"), quiet))
    assert found.floor is Level.MEDIUM_RISK


def test_what_could_not_be_compared_is_at_least_medium() -> None:
    (found,) = weigh(evidence(edited(tests__test_cart_py="def (\n")))
    assert (found.seen, found.floor) == ("not compared: tests/test_cart.py", Level.MEDIUM_RISK)
