import pytest

from checks.debugging.rules.comparison.is_with_literal import RULE
from tests.rulecases import check_fixed, check_left, check_silent

FIXED = [
    ('x is "a"\n', 'x == "a"\n'),
    ("if x is not 5: pass\n", "if x != 5: pass\n"),
    ("x is ()\n", "x == ()\n"),
    ("-1 is x\n", "-1 == x\n"),
    ('a is b is "c"\n', 'a is b == "c"\n'),
    ("(x)is(1)\n", "(x)==(1)\n"),
    ("x is  not  b'a'\n", "x !=  b'a'\n"),
    (
        """
        if (
            x  # left, is it?
            is  # operator
            (
                "a"  # right
            )
        ):
            pass
        """,
        """
        if (
            x  # left, is it?
            ==  # operator
            (
                "a"  # right
            )
        ):
            pass
        """,
    ),
]

SILENT = [
    "x is None\n",
    "assert [] is not []\n",
    "x is not True\n",
    "False is x\n",
    "x is ...\n",
    "x is Color.RED\n",
    'x == "a"\n',
    'x in ("a", "b")\n',
    'x is f("a")\n',
    'x is names["a"]\n',
]

LEFT = ["x = (a is  # why\n    not 5)\n", "print(f\"{x is 'a'=}\")\n"]


@pytest.mark.parametrize(("before", "after"), FIXED)
def test_fixed(before: str, after: str) -> None:
    check_fixed(RULE, before, after)


@pytest.mark.parametrize("source", SILENT)
def test_look_alikes(source: str) -> None:
    check_silent(RULE, source)


@pytest.mark.parametrize("source", LEFT)
def test_left(source: str) -> None:
    check_left(RULE, source)
