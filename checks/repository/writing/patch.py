"""A change set as a unified diff that `git apply` accepts."""

from collections.abc import Callable, Iterator

from checks.model.changes import ChangeSet, FileChange, digest
from checks.model.errors import Refusal
from checks.repository import lines, paths

AROUND = 3
"""Unchanged lines shown around a change."""

_ESCAPES = {7: "\\a", 8: "\\b", 9: "\\t", 10: "\\n", 11: "\\v", 12: "\\f", 13: "\\r", 34: '\\"', 92: "\\\\"}


def as_diff(change_set: ChangeSet, read: Callable[[str], bytes]) -> str:
    """The change set as a diff with `a/` and `b/`; `read` gives the bytes that a file has before.

    Bytes that are no UTF-8 are lone surrogates: write the text with `encode("utf-8", "surrogateescape")` and without
    translating line ends. Raises Refusal for a file that is not what the change was made for, OSError from `read`."""
    paths.check(change_set)
    text = b"".join(_file(change, read) for change in sorted(change_set.files, key=lambda change: change.path))
    return text.decode("utf-8", "surrogateescape")


def _file(change: FileChange, read: Callable[[str], bytes]) -> bytes:
    before = read(change.path) if change.before is not None else b""
    if change.before is not None and digest(before) != change.before:
        raise Refusal(f"{change.path} is not what the change was made for.", "Run the fix again.")
    after = change.after if change.after is not None else b""
    if change.before is not None and change.after == before:
        return b""
    old, new = quoted("a/" + change.path), quoted("b/" + change.path)
    mode = b"100755" if change.executable else b"100644"
    head = [b"diff --git " + old + b" " + new]
    if change.before is None:
        head.append(b"new file mode " + mode)
        old = b"/dev/null"
    if change.after is None:
        head.append(b"deleted file mode " + mode)
        new = b"/dev/null"
    hunks = b"".join(_hunks(_lines(before), _lines(after)))
    if hunks:
        head += [b"--- " + _ended(old), b"+++ " + _ended(new)]
    return b"\n".join(head) + b"\n" + hunks


def _lines(content: bytes) -> list[bytes]:
    """The lines with their LF; the last one may have none."""
    pieces = content.split(b"\n")
    last = pieces.pop()
    return [piece + b"\n" for piece in pieces] + ([last] if last else [])


def _hunks(old: list[bytes], new: list[bytes]) -> Iterator[bytes]:
    """The hunks: stretches of changes with at most twice AROUND unchanged lines between them."""
    changes = list(_changes(old, new))
    while changes:
        group = [changes.pop(0)]
        while changes and changes[0][0] - group[-1][1] <= 2 * AROUND:
            group.append(changes.pop(0))
        lead = min(AROUND, group[0][0])
        start, other = group[0][0] - lead, group[0][2] - lead
        body, at = [], start
        for i, i_end, j, j_end in group:
            body += [b" " + line for line in old[at:i]]
            body += [b"-" + line for line in old[i:i_end]]
            body += [b"+" + line for line in new[j:j_end]]
            at = i_end
        tail = min(AROUND, len(old) - at)
        body += [b" " + line for line in old[at : at + tail]]
        stop, other_stop = at + tail, group[-1][3] + tail
        yield b"@@ -%s +%s @@\n" % (_range(start, stop), _range(other, other_stop))
        for line in body:
            yield line if line.endswith(b"\n") else line + b"\n\\ No newline at end of file\n"


def _changes(old: list[bytes], new: list[bytes]) -> Iterator[tuple[int, int, int, int]]:
    """Ranges (from, to in the old; from, to in the new) that differ, in order."""
    i = j = 0
    for a, b in [*lines.pairs(old, new), (len(old), len(new))]:
        if a > i or b > j:
            yield i, a, j, b
        i, j = a + 1, b + 1


def _range(start: int, stop: int) -> bytes:
    """A range of a hunk's head: an empty one names the line before it."""
    return b"%d,%d" % (start + 1 if stop > start else start, stop - start)


def quoted(path: str) -> bytes:
    """A path as git writes it in a diff: quoted like a C string where it has quotes, control characters or no UTF-8."""
    raw = path.encode("utf-8", "surrogateescape")
    valid = path.isprintable() or not any(ord(c) < 32 or ord(c) == 127 or 0xDC80 <= ord(c) <= 0xDCFF for c in path)
    if valid and b'"' not in raw and b"\\" not in raw:
        return raw
    shown = "".join(_ESCAPES.get(byte) or (chr(byte) if 32 <= byte < 127 else f"\\{byte:03o}") for byte in raw)
    return f'"{shown}"'.encode("ascii")


def _ended(name: bytes) -> bytes:
    """A name with blanks is ended by a tab, or what follows the blank could be taken for a date."""
    return name + b"\t" if b" " in name and not name.startswith(b'"') else name
