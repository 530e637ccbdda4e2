import pytest
from hypothesis import given
from hypothesis import strategies as st

from checks.debugging.source.edits import Edit, Fix, applied, conflict, fits
from checks.debugging.source.text import Text


def text(data: bytes) -> Text:
    return Text("a.py", data, "utf-8", False)


CONFLICTS = [
    (Edit(0, 2, "a"), Edit(0, 2, "a"), False),
    (Edit(0, 2, "a"), Edit(0, 2, "b"), True),
    (Edit(1, 1, "a"), Edit(1, 1, "b"), True),
    (Edit(0, 3, ""), Edit(2, 4, ""), True),
    (Edit(0, 9, ""), Edit(2, 4, ""), True),
    (Edit(0, 3, ""), Edit(3, 3, ", x"), True),
    (Edit(0, 3, ""), Edit(3, 5, ""), True),
    (Edit(0, 3, ""), Edit(4, 5, ""), False),
    (Edit(1, 1, "a"), Edit(2, 2, "b"), False),
    (Edit(1, 1, "import a\n"), Edit(1, 1, "import a\n"), False),
    (Edit(1, 1, "    "), Edit(1, 1, "    "), True),
]


@pytest.mark.parametrize(("one", "other", "expected"), CONFLICTS)
def test_conflict_is_symmetric_and_says_what_cannot_go_together(one: Edit, other: Edit, expected: bool) -> None:
    assert conflict(one, other) is conflict(other, one) is expected
    assert fits(Fix((one,)), [other]) is not expected


@given(
    st.binary(max_size=60).filter(lambda b: b.decode("latin-1").isascii()),
    st.lists(st.tuples(st.integers(0, 60), st.integers(0, 8), st.text("ab\n", max_size=4)), max_size=6),
)
def test_untouched_bytes_stay(data: bytes, wanted: list[tuple[int, int, str]]) -> None:
    taken: list[Edit] = []
    for start, length, written in wanted:
        edit = Edit(min(start, len(data)), min(start + length, len(data)), written)
        if fits(Fix((edit,)), taken):
            taken.append(edit)
    result = applied(text(data), taken)
    position = 0
    for edit in sorted(set(taken)):
        kept = data[position : edit.start]
        assert result.startswith(kept)
        result = result[len(kept) :]
        put = edit.text.replace("\n", text(data).newline).encode()
        assert result.startswith(put)
        result = result[len(put) :]
        position = edit.end
    assert result == data[position:]


def test_written_lines_get_the_files_line_ending() -> None:
    assert applied(text(b"a\r\nb\r\n"), [Edit(3, 3, "x\ny\r\n")]) == b"a\r\nx\r\ny\r\nb\r\n"
    assert applied(text(b"a\rb\r"), [Edit(2, 2, "x\n")]) == b"a\rx\rb\r"


@pytest.mark.parametrize(
    "edits", [[Edit(0, 3, ""), Edit(2, 4, "")], [Edit(0, 9, "")], [Edit(3, 2, "")], [Edit(-1, 0, "")]]
)
def test_overlapping_or_outlying_edits_are_an_error(edits: list[Edit]) -> None:
    with pytest.raises(ValueError, match="overlaps another or lies outside"):
        applied(text(b"abcde"), edits)
