"""Titles look like those of the history they come into."""

import unicodedata

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.views.proposing.habit import LONGEST, Form, Habit, habit, title

WHAT = "File opened and not closed on every path in cache.py"
PATHS = ("src/shop/cache.py",)


@pytest.mark.parametrize(
    ("subjects", "expected"),
    [
        ([], "fix: file opened and not closed on every path in cache.py"),
        (
            ["feat: add a cart", "fix: round cents", "docs: say more"],
            "fix: file opened and not closed on every path in cache.py",
        ),
        (
            ["feat: Add a cart", "fix: Round cents", "Merge branch 'x'"],
            "fix: File opened and not closed on every path in cache.py",
        ),
        (
            ["Feat: Add a cart.", "Fix: Round cents.", "Chore: Tidy."],
            "Fix: File opened and not closed on every path in cache.py.",
        ),
        (
            ["feat(shop): add a cart", "fix(cache): round", "fix(web): more", "chore: tidy"],
            "fix(cache): file opened and not closed on every path in cache.py",
        ),
        (
            ["feat(shop): add", "fix(web): round"],
            "fix(shop): file opened and not closed on every path in cache.py",
        ),
        (
            ["feat(api): add", "fix(web)!: round"],
            "fix: file opened and not closed on every path in cache.py",
        ),
        (
            ["Add a cart", "Round cents (#12)", "Say more"],
            "Fix file opened and not closed on every path in cache.py",
        ),
        (
            ["add a cart", "round cents", "Say more"],
            "fix file opened and not closed on every path in cache.py",
        ),
        (
            ["Add a cart. (#4)", "Round cents.", "Say more"],
            "Fix file opened and not closed on every path in cache.py.",
        ),
        (
            ["✨ Add a cart", "🚑 Fix rounding", "📝 Say more"],
            "🚑 Fix file opened and not closed on every path in cache.py",
        ),
        (
            [":sparkles: add a cart", ":memo: say more"],
            ":bug: fix file opened and not closed on every path in cache.py",
        ),
        (
            ["✨ feat: add a cart", "📝 docs: say more"],
            "🐛 fix: file opened and not closed on every path in cache.py",
        ),
        (
            ["http: drop a header", "cache: keep less", "doc: say more"],
            "cache: fix file opened and not closed on every path in cache.py",
        ),
        (
            ["http: Drop a header", "net: Keep less"],
            "cache: Fix file opened and not closed on every path in cache.py",
        ),
        # one that does otherwise changes nothing, and neither do merges and reverts
        (
            ["feat: add", "fix: round", "WIP", 'Revert "x"', "Merge pull request #1", "fixup! y"],
            "fix: file opened and not closed on every path in cache.py",
        ),
    ],
)
def test_a_title_is_worded_as_its_neighbours(subjects: list[str], expected: str) -> None:
    assert title(habit(subjects), WHAT, PATHS) == expected


@pytest.mark.parametrize(
    ("what", "expected"),
    [
        ("HTTP request without a timeout in http.py", "fix: HTTP request without a timeout in http.py"),
        (
            "MD5 or SHA-1 where a hash may be relied on in a.py",
            "fix: MD5 or SHA-1 where a hash may be relied on in a.py",
        ),
        ("NotImplemented raised as if it were an exception in a.py", "fix: NotImplemented raised as if"),
        ("A shell for a constant command in a.py", "fix: a shell for a constant command in a.py"),
        ("3 findings of 2 rules in 2 files", "fix: 3 findings of 2 rules in 2 files"),
        ("Camel-case name of threading that has a successor in a.py", "fix: camel-case name of threading"),
    ],
)
def test_names_keep_their_capitals(what: str, expected: str) -> None:
    assert title(Habit(), what, PATHS).startswith(expected)


@pytest.mark.parametrize(
    ("paths", "area"),
    [(("a/b/c.py", "a/b/d.py"), "b"), (("a/b/c.py", "a/d.py"), "a"), (("c.py", "d.py"), "code"), (("c.py",), "c")],
)
def test_an_area_that_nobody_named_yet_is_what_the_files_share(paths: tuple[str, ...], area: str) -> None:
    assert title(Habit(Form.AREA), "Text in x", paths) == f"{area}: fix text in x"


@given(st.lists(st.text(max_size=40), max_size=6), st.text(min_size=1, max_size=300), st.text(min_size=1, max_size=30))
def test_whatever_the_history_says_a_title_is_one_short_line(subjects: list[str], what: str, path: str) -> None:
    said = title(habit(subjects), what, (path,))
    assert 0 < len(said) <= 2 * LONGEST  # an area of the history may be written out
    assert not any(unicodedata.category(each) in ("Cc", "Cf", "Zl", "Zp") for each in said)
