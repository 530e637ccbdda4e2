import pytest

from checks.debugging.rules.collections.strip_of_a_word import RULE
from checks.debugging.source.module import Surroundings
from tests.rulecases import check_fixed, check_left, check_silent

FIXED = [
    ('s.rstrip(".csv")\n', 's.removesuffix(".csv")\n'),
    (
        's.lstrip("https://").rstrip(".git")\n',
        's.removeprefix("https://").removesuffix(".git")\n',
    ),
    ('s.lstrip("http://")\n', 's.removeprefix("http://")\n'),
    ("name = name.rstrip('.txt').lower()\n", "name = name.removesuffix('.txt').lower()\n"),
    ('f(a.b).lstrip("www.")\n', 'f(a.b).removeprefix("www.")\n'),
    ('s.rstrip("_test")\n', 's.removesuffix("_test")\n'),
    ('s.rstrip(b".py")\n', 's.removesuffix(b".py")\n'),
    ('s.lstrip("refs/heads/")  # branch\n', 's.removeprefix("refs/heads/")  # branch\n'),
    ('x = (s\n    .rstrip(".tar.gz"))\n', 'x = (s\n    .removesuffix(".tar.gz"))\n'),
]

SILENT = [
    's.rstrip(".abc")\n',
    's.lstrip("acgt")\n',
    "s.strip()\n",
    's.strip("0123456789")\n',
    's.rstrip("abcdefghijklmnopqrstuvwxyz")\n',
    's.strip(" \\t\\n")\n',
    's.strip("()[]{}")\n',
    's.rstrip("./")\n',
    's.rstrip("fFlL")\n',
    's.rstrip("LlUu")\n',
    's.lstrip("rRbBuUfF")\n',
    's.strip("aeiou")\n',
    's.rstrip("px")\n',
    "s.strip(chars)\n",
    's.strip("<>")\n',
    's.removeprefix("http://")\n',
    's.lstrip(" wahn")\n',
    's.strip("-_.")\n',
]

LEFT = [
    's.strip("https://")\n',
    's.rstrip("browse")\n',
    's.lstrip("size")\n',
    'frame["a"].str.lstrip("http://")\n',
    "s.strip(\"'image'\")\n",
]


def test_older_pythons_have_no_removeprefix() -> None:
    check_left(RULE, 's.lstrip("http://")\n', surroundings=Surroundings(python=(3, 8)))


@pytest.mark.parametrize(("before", "after"), FIXED)
def test_fixed(before: str, after: str) -> None:
    check_fixed(RULE, before, after)


@pytest.mark.parametrize("source", SILENT)
def test_look_alikes(source: str) -> None:
    check_silent(RULE, source)


@pytest.mark.parametrize("source", LEFT)
def test_left(source: str) -> None:
    check_left(RULE, source)
