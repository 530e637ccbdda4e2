import pytest

from checks.debugging.rules.comparison.assert_on_tuple import RULE
from tests.rulecases import check_fixed, check_left, check_silent

FIXED = [
    ('assert (x, (\n    "a"\n    "b"\n))\n', 'assert x, (\n    "a"\n    "b"\n)\n'),
    ('assert (\n    a\n    or b,\n    "m",\n)\n', 'assert (a\n    or b), "m"\n'),
    (
        'assert (\n    condition,\n    "' + "long " * 15 + '",\n)\n',
        'assert condition, (\n    "' + "long " * 15 + '"\n)\n',
    ),
    ('assert (x > 0, "positive")\n', 'assert x > 0, "positive"\n'),
    ('assert(x, "m")  # why\n', 'assert x, "m"  # why\n'),
    ('assert (x, f"no {x}",)\n', 'assert x, f"no {x}"\n'),
    ('assert ((a or b), "no %s" % a)\n', 'assert (a or b), "no %s" % a\n'),
    ('assert (m := f(), "no match")\n', 'assert (m := f()), "no match"\n'),
    ('if a: assert (b, "m"); c()\n', 'if a: assert b, "m"; c()\n'),
    (
        """
        def f(x):
            assert (
                x > 0,
                "positive",
            )
        """,
        """
        def f(x):
            assert x > 0, "positive"
        """,
    ),
    (
        """
        assert (
            f(
                x
            ),
            "first"
            "second",
        )
        """,
        """
        assert f(
                x
            ), (
            "first"
            "second"
        )
        """,
    ),
]

SILENT = [
    "assert (a and b)\n",
    "assert (a), 'why'\n",
    "x = (a, 'why')\nassert x\n",
    'assert x, "message"\n',
    "assert (x > 0)\n",
    "assert ()\n",
    "assert (*xs,)\n",
    'assert x == (1, "a")\n',
    'assert f(x, "a")\n',
    'assert (x > 0), ("the number", x)\n',
    'def assert_(pair): return pair\nassert_((x, "m"))\n',
]

LEFT = [
    "assert (a, b)\n",
    "assert (a,)\n",
    'assert (a, b, "m")\n',
    'assert ("a", "b")\n',
    'assert (a, "m"), "other"\n',
    'assert (\n    a,  # why\n    "m",\n)\n',
    'assert (*a, "m")\n',
]


@pytest.mark.parametrize(("before", "after"), FIXED)
def test_fixed(before: str, after: str) -> None:
    check_fixed(RULE, before, after)


@pytest.mark.parametrize("source", SILENT)
def test_look_alikes(source: str) -> None:
    check_silent(RULE, source)


@pytest.mark.parametrize("source", LEFT)
def test_left(source: str) -> None:
    check_left(RULE, source)
