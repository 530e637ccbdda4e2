import pytest

from checks.debugging.rules.leftovers.useless_comparison import RULE
from tests.rulecases import check_left, check_silent

LEFT = [
    "x == 5\n",
    "def test():\n    f() == 1\n    assert x\n",
    "x is not None\n",
    "a < b < c\n",
    "for x in y:\n    x.value != 3\n",
    "try:\n    x == 1\nfinally:\n    pass\n",
]

SILENT = [
    "x = y == 5\n",
    "assert x == 5\n",
    "x(a == b)\n",
    "key in mapping\n",
    "with pytest.raises(TypeError):\n    a < b\n",
    "with self.assertWarns(W):\n    a == b\n",
    "with contextlib.suppress(E):\n    a == b\n",
    "try:\n    a < b\nexcept TypeError:\n    pass\n",
    "def test_eq():\n    a == b\n",
    "def bench():\n    a == b\n",
    "class TestComparison:\n    def test(self):\n        a == b\n",
    "lambda: a == b\n",
    "a if b == c else d\n",
]


@pytest.mark.parametrize("source", SILENT)
def test_look_alikes(source: str) -> None:
    check_silent(RULE, source)


@pytest.mark.parametrize("source", LEFT)
def test_left(source: str) -> None:
    check_left(RULE, source)
