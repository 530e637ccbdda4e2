from dataclasses import replace

import pytest

from checks.risk.factors import size
from tests.changed import BASE, change, evidence

CART = "src/shop/cart.py"


def lines(count: int, name: str = "src/shop/new{}.py", files: int = 1) -> dict[str, str]:
    return BASE | {name.format(number): "x = 1\n" * count for number in range(files)}


@pytest.mark.parametrize(
    ("head", "weights"),
    [
        (lines(1), [0]),
        (lines(50), [0]),
        (lines(51), [1]),
        (lines(151), [2]),
        (lines(401), [3]),
        (lines(1001), [5]),
        (lines(1, files=11), [0, 1]),
        (lines(1, files=41), [0, 2]),
        (lines(5000, "tests/test_{}.py"), [0]),
        (lines(5000, "docs/{}.md"), [0]),
        (lines(5000, "poetry{}.lock"), [0]),
        (lines(5000, "src/a{}_pb2.py"), [5]),
    ],
)
def test_size(head: dict[str, str], weights: list[int]) -> None:
    assert [each.weight for each in size.weigh(evidence(change(BASE, head)))] == weights


def test_size_says_what_it_counted_and_what_it_did_not() -> None:
    head = BASE | {CART: BASE[CART] + "x = 1\n", "tests/test_cart.py": "\n"}
    (found,) = size.weigh(evidence(change(BASE, head)))
    assert found.seen == "1 line in 1 file, and 4 of tests, documentation and generated files"


def test_what_cannot_be_read_is_said_to_be() -> None:
    of = change(BASE, BASE | {CART: "x = 1\n"})
    of = replace(of, head=change(BASE, {k: v for k, v in BASE.items() if k != CART}).head)
    assert [each.seen for each in size.weigh(evidence(of))][-1] == f"not read: {CART}"
