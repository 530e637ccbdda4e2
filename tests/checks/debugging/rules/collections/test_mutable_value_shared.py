import pytest

from checks.debugging.rules.collections.mutable_value_shared import RULE
from tests.rulecases import check_fixed, check_left, check_silent

FIXED = [
    ("d = dict.fromkeys(xs, [])\n", "d = {key: [] for key in xs}\n"),
    ("key = 1\nd = dict.fromkeys(a or b, set())\n", "key = 1\nd = {name: set() for name in (a or b)}\n"),
    ("f(dict.fromkeys((1, 2), {}))\n", "f({key: {} for key in (1, 2)})\n"),
    ("rows = [[]] * n\n", "rows = [[] for _ in range(n)]\n"),
    (
        "def f(w, h):\n    return [[0] * w] * (h + 1)\n",
        "def f(w, h):\n    return [[0] * w for _ in range(h + 1)]\n",
    ),
    ("rows = 3 * [{'a': 1}]\nrows[0]['a'] = 2\n", "rows = [{'a': 1} for _ in range(3)]\nrows[0]['a'] = 2\n"),
    ("rows = (\n    [None] * 3\n)\nt = [set()] * 4\n", "rows = (\n    [None] * 3\n)\nt = [set() for _ in range(4)]\n"),
]

SILENT = [
    "d = dict.fromkeys(xs)\n",
    "d = dict.fromkeys(xs, 0)\n",
    "d = dict.fromkeys(xs, ())\n",
    "d = dict.fromkeys(xs, make())\n",
    "d = OrderedSet.fromkeys(xs, [])\n",
    "row = [0] * n\n",
    "row = [()] * n\n",
    "x = zip(*[iter(xs)] * 2)\n",
    "assert f(x) == [[1, 2]] * 3\n",
    "assert d == dict.fromkeys(xs, [])\n",
    "a, b = [[]] * 2\n",
    "xs = [[]] * 1\n",
    "def dict(): pass\nd = dict.fromkeys(xs, [])\n",
    "xs = [1, []] * 2\n",
]

LEFT = [
    "rows = [[f()]] * n\n",
    "d = dict.fromkeys(xs, [a.b])\n",
    "d = dict.fromkeys(\n    xs,  # all\n    [],\n)\n",
    "class A:\n    w = 3\n    rows = [[w]] * 2\n",
    "def range(n): pass\nrows = [[]] * n\n",
    "rows = [[_]] * n\n",
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
