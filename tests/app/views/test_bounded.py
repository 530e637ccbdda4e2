"""Whole parts, as many as fit."""

from app.views.bounded import MOST, joined, line


def test_parts_are_paragraphs() -> None:
    assert joined(("a", "", "b")) == "a\n\nb\n"
    assert joined(()) == ""


def test_what_does_not_fit_is_left_out_as_a_whole() -> None:
    said = joined(("a", "é" * MOST, "b"), "The record has it.")
    assert said == "a\n\nThe rest is too long for GitHub. The record has it.\n"
    assert joined(("x" * MOST,)) == "The rest is too long for GitHub.\n"
    assert len(joined(["x" * 1000] * 1000).encode()) <= MOST


def test_a_line() -> None:
    assert line(" a\n\x1bb ") == "a\\n\\x1bb"
    assert len(line("x" * 999)) == 200
