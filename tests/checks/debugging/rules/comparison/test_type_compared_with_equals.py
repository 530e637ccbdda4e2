import pytest

from checks.debugging.rules.comparison.type_compared_with_equals import RULE
from tests.rulecases import check_fixed, check_left, check_silent

FIXED = [
    ("type(a) == type(b)\n", "type(a) is type(b)\n"),
    ("if type(a)!=int: pass\n", "if type(a) is not int: pass\n"),
    ("str == type(a)\n", "str is type(a)\n"),
    ("class A: pass\nx = type(a) == A\n", "class A: pass\nx = type(a) is A\n"),
    (
        "from decimal import Decimal\nx = type(a) == Decimal and b\n",
        "from decimal import Decimal\nx = type(a) is Decimal and b\n",
    ),
    ("x = (type(a)  # one\n    == type(b))\n", "x = (type(a)  # one\n    is type(b))\n"),
    ("type(a) == self.__class__\n", "type(a) is self.__class__\n"),
]

SILENT = [
    "type(a) is int\n",
    "isinstance(a, int)\n",
    "type(a) in (int, str)\n",
    "type(a) == kind\n",
    'type(a) == "str"\n',
    "type(a) == x == int\n",
    "def f(type): return type(a) == int\n",
    "node.type(a) == int\n",
    'type("A", (), {}) == int\n',
    "from mine import TYPE_NAME\ntype(a) == TYPE_NAME\n",
    "class M(type): pass\nclass A(metaclass=M): pass\nx = type(a) == A\n",
]

LEFT = ['print(f"{type(a) == type(b)=}")\n']


@pytest.mark.parametrize(("before", "after"), FIXED)
def test_fixed(before: str, after: str) -> None:
    check_fixed(RULE, before, after)


@pytest.mark.parametrize("source", SILENT)
def test_look_alikes(source: str) -> None:
    check_silent(RULE, source)


@pytest.mark.parametrize("source", LEFT)
def test_left(source: str) -> None:
    check_left(RULE, source)
