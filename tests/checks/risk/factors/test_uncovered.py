from dataclasses import replace

import pytest

from checks.model.safety import Level
from checks.model.verdicts import LineCoverage
from checks.risk.factors.uncovered import weigh
from tests.changed import BASE, change, coverage, edited, evidence, verdict

CART = "src/shop/cart.py"
CODE = edited(src__shop__cart_py="class Cart:\n    def total(self, tax=0):\n        return 2 + tax\n")


@pytest.mark.parametrize(
    ("uncovered", "weight"), [(0, 0), (1, 2), (9, 2), (10, 3), (29, 3), (30, 4), (99, 4), (100, 5), (5000, 5)]
)
def test_uncovered_lines_weigh_by_their_number(uncovered: int, weight: int) -> None:
    (found,) = weigh(evidence(CODE, verdict(coverage(CART, 7, uncovered))))
    assert found.weight == weight
    assert found.floor is (Level.MEDIUM_RISK if uncovered else None)
    assert found.known


def test_places_are_named() -> None:
    lines = LineCoverage(CART, (1, 2), (3, 4, 5, 9))
    (found,) = weigh(evidence(CODE, verdict(lines)))
    assert found.seen == "2 of 6 (33 %); not src/shop/cart.py:3-5, 9"
    assert found.lower == "cover src/shop/cart.py:3-5, 9 by a test"


def test_what_was_not_measured_is_unknown() -> None:
    for seen in (verdict(), verdict(tests=False), verdict(LineCoverage(CART, (), ())),
                 verdict(coverage(CART, 3, 0), trusted=False), verdict(coverage("other.py", 3, 0))):  # fmt: skip
        (found,) = weigh(evidence(CODE, seen))
        assert (found.known, found.weight, found.floor) == (False, 2, Level.MEDIUM_RISK)
        assert found.seen == f"unknown here: {CART}"


@pytest.mark.parametrize(
    ("new", "known"),
    [
        (BASE[CART] + "# why\n", True),
        ('"""What it is."""\n' + BASE[CART], True),
        (BASE[CART].replace("return 1", "return 2"), False),
        (BASE[CART].replace("tax=0", "tax=1"), False),
        (BASE[CART].replace("1 + tax", "(\n            1 + tax\n        )"), False),
        ("class Cart:\n    pass\n", True),
        ("class Cart(\n", False),
    ],
)
def test_only_lines_that_run_need_a_test(new: str, known: bool) -> None:
    assert all(each.known for each in weigh(evidence(edited(src__shop__cart_py=new), verdict()))) is known


def test_tests_documents_and_what_is_gone_need_none() -> None:
    assert weigh(evidence(edited(tests__test_cart_py="def test_x(): ...\n", README_md="x"), verdict())) == ()
    gone = {path: text for path, text in BASE.items() if path != CART}
    assert weigh(evidence(change(BASE, gone), verdict())) == ()


def test_a_measured_and_an_unknown_file_are_two_factors() -> None:
    of = change(BASE, BASE | {CART: "x = 2\n", "src/shop/new.py": "y = 2\n"})
    found = weigh(evidence(of, verdict(coverage(CART, 1, 1))))
    assert [each.known for each in found] == [False, True]


def test_an_untrusted_run_covers_nothing() -> None:
    seen = verdict(coverage(CART, 3, 0))
    assert seen.tests is not None
    seen = replace(seen, tests=replace(seen.tests, head=replace(seen.tests.head, trusted=False)))
    assert [each.known for each in weigh(evidence(CODE, seen))] == [False]
