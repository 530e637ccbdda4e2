"""Edits of a file as replaced ranges: what no edit covers stays as it was, to the byte."""

from collections.abc import Iterable
from dataclasses import dataclass

from checks.debugging.source.text import Text


@dataclass(frozen=True, slots=True, order=True)
class Edit:
    """Replaces the bytes from `start` to `end` (UTF-8 offsets) by `text`; `start == end` inserts.

    `text` is written with LF: `applied` gives it the file's own line ending.
    """

    start: int
    end: int
    text: str


@dataclass(frozen=True, slots=True)
class Fix:
    """The edits that mend one fault, applied all together or not at all."""

    edits: tuple[Edit, ...]


def conflict(one: Edit, other: Edit) -> bool:
    """Whether both cannot be applied in one go; equal edits (the same import added twice) agree, but for two that each
    put a line one level deeper: it has to go two. Edits that only touch conflict too: what is put after an argument
    must not be put where another edit takes that argument away."""
    if one == other:
        return one.start == one.end and one.text.isspace()
    return one.start <= other.end and other.start <= one.end


def fits(fix: Fix, taken: Iterable[Edit]) -> bool:
    """Whether no edit of the fix conflicts with those taken already."""
    taken = tuple(taken)
    return not any(conflict(edit, other) for edit in fix.edits for other in taken)


def applied(text: Text, edits: Iterable[Edit]) -> bytes:
    """The UTF-8 data with all edits in; the edits must not conflict (ValueError)."""
    parts = []
    position = 0
    for edit in sorted(set(edits)):
        if edit.start < position or not edit.start <= edit.end <= len(text.data):
            raise ValueError(f"edit {edit} of {text.path} overlaps another or lies outside")
        parts.append(text.data[position : edit.start])
        parts.append(written(text, edit))
        position = edit.end
    parts.append(text.data[position:])
    return b"".join(parts)


def written(text: Text, edit: Edit) -> bytes:
    """What an edit puts into the file, with the file's own line ending."""
    return edit.text.replace("\r\n", "\n").replace("\n", text.newline).encode("utf-8")


def narrowed(text: Text, edit: Edit) -> Edit:
    """The edit without what it leaves as it was at both ends, so that edits of nested places do not conflict."""
    old = text.data[edit.start : edit.end].decode("utf-8")
    new = written(text, edit).decode("utf-8")
    limit = min(len(old), len(new))
    front = next((i for i in range(limit) if old[i] != new[i]), limit)
    limit -= front
    back = next((i for i in range(limit) if old[-1 - i] != new[-1 - i]), limit)
    start = edit.start + len(old[:front].encode("utf-8"))
    end = edit.end - len(old[len(old) - back :].encode("utf-8"))
    return Edit(start, end, new[front : len(new) - back])
