import pytest
from hypothesis import given
from hypothesis import strategies as st

from checks.risk.kinds import changed_lines, in_tests, is_lock, is_source, is_test_module, listed, normal, ranges


@pytest.mark.parametrize(
    ("path", "expected"),
    [
        ("a/b.py", "a/b.py"),
        ("A/B.PY", "a/b.py"),
        ("./a//b.py", "a/b.py"),
        ("/a", "a"),
        ("a/../b", "b"),
        ("../../a", "../../a"),
        ("a\\b", "a/b"),
        ("ａ/ﬁ", "a/fi"),
        ("a\u200b\u202e/b", "a/b"),
        ("a. ./b. ", "a/b"),
        ("a:stream", "a"),
        ("STRASSE/ß", "strasse/ss"),
        ("\udcff", "\udcff"),
    ],
)
def test_one_spelling_of_many(path: str, expected: str) -> None:
    assert normal(path) == expected


@given(st.text(st.characters(codec="utf-8"), max_size=30))
def test_a_spelling_is_its_own_and_no_case_matters(path: str) -> None:
    assert normal(normal(path)) == normal(path)
    assert normal(f"./{path}/x") == normal(f"{path}//x")


@pytest.mark.parametrize(
    ("path", "test", "among", "source"),
    [
        ("tests/test_a.py", True, True, False),
        ("src/a_test.py", True, True, False),
        ("app/tests.py", True, True, False),
        ("tests/data.json", False, True, False),
        ("conftest.py", False, True, False),
        ("src/a.py", False, False, True),
        ("src/testing.py", False, False, True),
        ("docs/conf.py", False, False, False),
        ("setup.py", False, False, False),
        ("README.md", False, False, False),
    ],
)
def test_tests_and_sources(path: str, test: bool, among: bool, source: bool) -> None:
    assert (is_test_module(path), in_tests(path), is_source(path)) == (test, among, source)


@pytest.mark.parametrize("path", ["uv.lock", "Poetry.Lock", "sub/Pipfile.lock", "pylock.toml", "dev-requirements.lock"])
def test_locks(path: str) -> None:
    assert is_lock(path)
    assert not is_lock(path + ".py")


@pytest.mark.parametrize(
    ("old", "new", "expected"),
    [(b"a\nb\n", b"a\nc\n", 2), (None, b"a\nb\n", 2), (b"a\n", None, 1), (b"a\n", b"a\n", 0), (b"", b"a", 1)],
)
def test_lines_that_differ(old: bytes | None, new: bytes | None, expected: int) -> None:
    assert changed_lines(old, new) == expected


def test_words() -> None:
    assert listed(["a", "b"]) == "a, b"
    assert listed("abcde") == "a, b, c and 2 more"
    assert listed(["\udcff"]) == "\\xff"
    assert ranges([5, 1, 2, 3, 9, 5]) == "1-3, 5, 9"
    assert ranges(range(0, 20, 2)) == "0, 2, 4, 6 …"
