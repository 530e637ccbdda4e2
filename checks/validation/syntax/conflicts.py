"""Conflict markers that a merge left: <<<<<<<, =======, >>>>>>> at line starts, in this order."""

import re
from collections.abc import Iterator

_MARKER = re.compile(rb"^(<<<<<<<|\|\|\|\|\|\|\||=======|>>>>>>>)(?: [^\r\n]*)?\r?$", re.MULTILINE)
"""As git writes them: seven signs, then the line's end or a blank and a label
(https://git-scm.com/docs/git-merge#_how_conflicts_are_presented)."""
_FENCE = re.compile(rb"^[ \t]*(```|~~~)", re.MULTILINE)


def conflicts(content: bytes) -> Iterator[tuple[int, bool]]:
    """The line (from 1) of the opening marker of each conflict, and whether it stands in a fenced block of Markdown.

    A line of `=======` alone is a heading in many formats and no conflict."""
    opened: int | None = None
    divided = False
    for match in _MARKER.finditer(content):
        sign = match[1]
        labelled = len(match[0].rstrip()) > len(sign)
        if sign == b"<<<<<<<":
            opened, divided = match.start(), False
        elif sign == b"=======" and opened is not None and not labelled:
            divided = True
        elif sign == b">>>>>>>" and opened is not None and divided:
            fenced = len(_FENCE.findall(content, 0, opened)) % 2 == 1
            yield content.count(b"\n", 0, opened) + 1, fenced
            opened = None
