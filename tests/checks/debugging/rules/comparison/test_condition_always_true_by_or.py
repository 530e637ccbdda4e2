import pytest

from checks.debugging.rules.comparison.condition_always_true_by_or import RULE
from tests.rulecases import check_fixed, check_left, check_silent

FIXED = [
    ('if x == "a" or "b": pass\n', 'if x in ("a", "b"): pass\n'),
    ("while self.kind == 1 or 2 or 3:\n    f()\n", "while self.kind in (1, 2, 3):\n    f()\n"),
    ('if y and (x == "a" or "b"): pass\n', 'if y and (x in ("a", "b")): pass\n'),
    ('if x == "a" or x == "b" or "c": pass\n', 'if x in ("a", "b", "c"): pass\n'),
    ("y = [x for x in xs if x == b'a' or b'b']\n", "y = [x for x in xs if x in (b'a', b'b')]\n"),
    ('y = 1 if not (x == "a" or "b") else 2\n', 'y = 1 if not (x in ("a", "b")) else 2\n'),
]

SILENT = [
    'if x == "a" or x == "b": pass\n',
    'if x in ("a", "b"): pass\n',
    'y = x == "a" or "b"\n',
    'f(x == "a" or "b")\n',
    'if x or "b": pass\n',
    'if x == "a" or "": pass\n',
    'if x == "a" or 0: pass\n',
    'if x == "a" or 5: pass\n',
    'if x == "a" and "b": pass\n',
    "if debug == 1 or True: pass\n",
]

LEFT = [
    'if x != "a" or "b": pass\n',
    'if f() == "a" or "b": pass\n',
    'if x == "a" or y == "b" or "c": pass\n',
    'if (x == "a"  # why\n    or "b"):\n    pass\n',
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
