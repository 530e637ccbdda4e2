import pytest

from checks.debugging.rules.comparison.string_tested_as_tuple import RULE
from tests.rulecases import check_left, check_silent

SILENT = [
    'x in ("abc",)\n',
    'x in "admin"\n',
    'x in ("admin", "user")\n',
    'x in ("aeiou")\n',
    'x in ("abcdef")\n',
    'x in ("+-")\n',
    'x in ("rwx")\n',
    'x in (\n    "first line of a text "\n    "second line"\n)\n',
    'x in f("admin")\n',
    '"a" in ("banana")\n',
    "x in (names)\n",
]

LEFT = [
    'x in ("admin")\n',
    'if x not in ("application/gzip"): pass\n',
    'if (x) in ("help"): pass\n',
]


@pytest.mark.parametrize("source", SILENT)
def test_look_alikes(source: str) -> None:
    check_silent(RULE, source)


@pytest.mark.parametrize("source", LEFT)
def test_left(source: str) -> None:
    check_left(RULE, source)
