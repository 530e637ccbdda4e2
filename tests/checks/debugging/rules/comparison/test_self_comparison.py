import pytest

from checks.debugging.rules.comparison.self_comparison import RULE
from tests.rulecases import check_left, check_silent

SILENT = [
    "x != x\n",
    "x == x\n",
    "a.x == a.x\n",
    "a.x == b.x and a.y == b.y\n",
    "f() == f()\n",
    "xs[0] < xs[0]\n",
    "next(a) is next(a)\n",
    "x = x\n",
    "class A:\n    x = x\n",
    "def f(x):\n    self.x = self.x\n",
    "def f(x):\n    x = x  # for locals()\n",
    "def f(x):\n    x = y = x\n",
    "def f():\n    global x\n    x = x\n",
]

LEFT = [
    "x < x\n",
    "if a.b is not a.b: pass\n",
    "a.x == b.x and a.y == b.y and a.z == b.z and a.y == a.y\n",
    "def f(x):\n    x = x\n",
]


@pytest.mark.parametrize("source", SILENT)
def test_look_alikes(source: str) -> None:
    check_silent(RULE, source)


@pytest.mark.parametrize("source", LEFT)
def test_left(source: str) -> None:
    check_left(RULE, source)
