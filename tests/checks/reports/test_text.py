import re
from collections.abc import Callable
from dataclasses import replace

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from checks.model.findings import Finding, Severity
from checks.model.review import Review
from checks.reports import text

OWN_STYLE = re.compile(r"\x1b\[[0-9;]*m")


def test_the_sample(sample: Review) -> None:
    assert (
        text.render(sample)
        == """\
src/acme/cache.py:31:18  medium  mutable-default-argument  The default is shared by all calls.  [fixable]
src/acme/db.py:54:5      high    sql-from-format           The query holds 100% of `name`.

not analysed:
  src/acme/broken.py  invalid syntax in line 3

2 findings in 212 files (1.8 s)   1 fixable
not shown: 1 below medium, 12 older, 3 suppressed
"""
    )


def test_folded_to_a_terminal_with_excerpts(sample: Review, finding: Callable[..., Finding]) -> None:
    far = finding(file="src/acme/a/very/long/way/down/to/the/module/that/is/meant/here.py", fixable=False)
    review = replace(sample, findings=(*sample.findings[:2], far), not_analysed=(), older=0, suppressed=0)
    assert (
        text.render(review, width=88, excerpts=True)
        == """\
src/acme/a/very/long/way/down/to/the/module/that/is/meant/here.py:31:18
    medium  mutable-default-argument  The default is shared by all calls.
    | def get(self, seen=[]):
src/acme/cache.py:31:18  medium  mutable-default-argument  The default is shared by all
                                                           calls.  [fixable]
    | def get(self, seen=[]):
src/acme/db.py:54:5      high    sql-from-format           The query holds 100% of
                                                           `name`.
    | cursor.execute("SELECT * FROM users WHERE name = '%s'" % name)

3 findings in 212 files (1.8 s)   1 fixable
"""
    )


def test_a_narrow_terminal_has_the_message_below(sample: Review) -> None:
    review = replace(sample, findings=sample.findings[:1], not_analysed=(), older=0, suppressed=0)
    assert (
        text.render(review, width=60)
        == """\
src/acme/cache.py:31:18  medium  mutable-default-argument
    The default is shared by all calls.  [fixable]

1 finding in 212 files (1.8 s)   1 fixable
"""
    )


def test_everything_shows_what_is_below_the_threshold(sample: Review) -> None:
    lines = text.render(replace(sample, older=0, suppressed=0), everything=True).splitlines()
    assert lines[0].startswith("setup.py:1:1             info    F401  ")
    assert lines[-1] == "3 findings in 212 files (1.8 s)   2 fixable"


def test_nothing_found(sample: Review) -> None:
    clean = replace(sample, findings=(), not_analysed=(), files=1, older=0, suppressed=0)
    assert text.render(clean) == "no findings in 1 file (1.8 s)\n"


def test_colour_changes_no_character(sample: Review) -> None:
    coloured = text.render(sample, colour=True, everything=True, excerpts=True)
    assert "\x1b[31mhigh\x1b[0m  " in coloured
    assert OWN_STYLE.sub("", coloured) == text.render(sample, everything=True, excerpts=True)


def test_wide_characters_keep_the_columns(sample: Review, finding: Callable[..., Finding]) -> None:
    review = replace(sample, findings=(finding(file="日本.py"), finding(file="e\u0301.py"), finding(file="abcd.py")))
    lines = text.render(review).splitlines()[:3]
    assert {text.cells(line[: line.index("medium")]) for line in lines} == {15}


@pytest.mark.parametrize(("shown", "cells"), [("abc", 3), ("日本", 4), ("e\u0301", 1), ("é", 1), ("", 0)])
def test_cells(shown: str, cells: int) -> None:
    assert text.cells(shown) == cells


@pytest.mark.parametrize(("number", "said"), [(0, "no files"), (1, "1 file"), (2, "2 files")])
def test_counted(number: int, said: str) -> None:
    assert text.counted(number, "file") == said


def test_a_message_that_folds_at_a_command_makes_none(sample: Review, finding: Callable[..., Finding]) -> None:
    hostile = finding(message="x" * 50 + " ::add-mask::e", fixable=False)
    rendered = text.render(replace(sample, findings=(hostile,), not_analysed=()), width=60)
    assert "\n    \\x3a:add-mask::e\n" in rendered


@settings(deadline=None)  # the cores are shared: slow is no fault here
@given(data=st.data(), width=st.none() | st.integers(1, 200), everything=st.booleans(), excerpts=st.booleans())
def test_no_input_drives_the_terminal_or_a_runner(
    data: st.DataObject, reviews: st.SearchStrategy[Review], width: int | None, everything: bool, excerpts: bool
) -> None:
    review = data.draw(reviews)
    plain = text.render(review, width=width, everything=everything, excerpts=excerpts)
    assert not re.search("[\x00-\x09\x0b-\x1f\x7f-\x9f\u202a-\u202e\u2066-\u2069]", plain)
    assert [line for line in plain.split("\n") if line.lstrip().startswith("::") or "##[" in line] == []
    coloured = text.render(review, width=width, everything=everything, excerpts=excerpts, colour=True)
    assert OWN_STYLE.sub("", coloured) == plain
    plain.encode()


@settings(deadline=None)  # the cores are shared: slow is no fault here
@given(data=st.data())
def test_unfolded_it_has_one_line_a_finding(data: st.DataObject, reviews: st.SearchStrategy[Review]) -> None:
    review = replace(data.draw(reviews), not_analysed=(), threshold=Severity.INFO)
    before_the_closing = text.render(review).split("\n\n")[0].split("\n") if review.findings else []
    assert len(before_the_closing) == len(review.findings)
