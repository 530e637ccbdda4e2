import pytest

from checks.debugging.rules.collections.duplicate_dictionary_key import RULE
from tests.rulecases import check_left, check_silent

SILENT = [
    'd = {"a": 1, "b": 2}\n',
    "d = {1: 'a', True: 'b'}\n",
    "d = {a: 1, a: 2}\n",
    'd = {"a": 1, b"a": 2}\n',
    'd = {"a": 1, **defaults, "a": 2}\n',
    "d = dict(a=1)\n",
    's = {"a", "a"}\n',
]

LEFT = [
    'd = {"a": 1, "b": 2, "a": 3}\n',
    "d = {1: f(), 1: g()}\n",
    'd = {"a": 1, "a": 1}\n',
    "d = {None: 1, None: 2}\n",
]


@pytest.mark.parametrize("source", SILENT)
def test_look_alikes(source: str) -> None:
    check_silent(RULE, source)


@pytest.mark.parametrize("source", LEFT)
def test_left(source: str) -> None:
    check_left(RULE, source)
