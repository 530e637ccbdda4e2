import pytest

from checks.debugging.rules.exceptions.raise_not_implemented import RULE
from tests.rulecases import check_fixed, check_left, check_silent

FIXED = [
    (
        "class A:\n    def f(self):\n        raise NotImplemented  # yet\n",
        "class A:\n    def f(self):\n        raise NotImplementedError  # yet\n",
    ),
    (
        "def f():\n    raise NotImplemented('a', b)\n",
        "def f():\n    raise NotImplementedError('a', b)\n",
    ),
    (
        "def f():\n    raise (NotImplemented)\n",
        "def f():\n    raise (NotImplementedError)\n",
    ),
]

SILENT = [
    "def f():\n    raise NotImplementedError\n",
    "def __eq__(self, other):\n    return NotImplemented\n",
    "from mine import NotImplemented\nraise NotImplemented\n",
    "def f(NotImplemented):\n    raise NotImplemented('x')\n",
    "raise mine.NotImplemented\n",
    "raise\n",
]

LEFT = [
    "class A:\n    def __lt__(self, other):\n        raise NotImplemented\n",
    "from mine import NotImplementedError\nraise NotImplemented\n",
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
