"""Where findings are, in words that survive moved lines: the enclosing definition, and the line's text."""

import bisect
import hashlib
import re
from collections.abc import Iterable, Sequence
from dataclasses import replace
from typing import Any

from checks.debugging.source.text import Text
from checks.model.findings import Finding

LONGEST = 300
"""Characters of a line's text that are kept as they are: a line may have millions, and as many findings."""

_CODE = re.compile(r"""(?:[^'"#\\]|\\.|'(?:[^'\\]|\\.)*+'|"(?:[^"\\]|\\.)*+")*+""")
"""A line up to its comment, if strings end on the line that they begin on. In the midst of a longer string what is cut
off may be no comment: that makes two texts equal, never one text different from itself."""

SECRETS = frozenset({"hard-coded-secret", "B105", "B106", "B107", "S105", "S106", "S107"})
"""Rules that find secrets: reports, caches and baselines hold the line of a finding, so its strings are taken out."""
_LITERAL = re.compile(r"""(['"]).{3,}?\1|(['"]).*""")


def placed(text: Text, findings: Iterable[Finding], scopes: Sequence[Sequence[Any]]) -> list[Finding]:
    """The findings with `scope` and `text`. `scopes` are [first line, last line, qualified name] of all functions and
    classes, in order of place, outer before inner."""
    enclosing = Enclosing(scopes)
    folded: dict[int, str] = {}
    result = []
    findings = list(findings)
    secret = {finding.line for finding in findings if SECRETS & {finding.rule, *finding.aliases}}
    for finding in findings:
        if finding.line not in folded:
            line = fold(text.line(finding.line))
            folded[finding.line] = _LITERAL.sub("'…'", line) if finding.line in secret else line
        result.append(replace(finding, text=folded[finding.line], scope=enclosing.name(finding.line)))
    return result


def fold(line: str) -> str:
    """A line's code with blanks folded: without indentation, and without a comment that follows code. Of a long line
    the beginning and a digest of the whole."""
    if len(line) > 4 * LONGEST:
        return f"{fold(line[:LONGEST])} … {hashlib.sha256(line.encode('utf-8', 'surrogatepass')).hexdigest()[:16]}"
    code = _CODE.match(line)
    kept = code.group() if code else ""
    if line[len(kept) :].startswith("#") and kept.strip():
        line = kept
    return " ".join(line.split())


class Enclosing:
    """The innermost function or class around each line; a definition's own line belongs to what is around it."""

    def __init__(self, scopes: Sequence[Sequence[Any]]) -> None:
        self._scopes = scopes
        self._first = [scope[0] for scope in scopes]
        self._parents: list[int] = []
        above: list[int] = []
        for number, scope in enumerate(scopes):
            while above and scopes[above[-1]][1] < scope[1]:
                above.pop()
            self._parents.append(above[-1] if above else -1)
            above.append(number)

    def name(self, line: int) -> str:
        """Its qualified name; empty at module level."""
        number = bisect.bisect_left(self._first, line) - 1
        while number >= 0 and self._scopes[number][1] < line:
            number = self._parents[number]
        return str(self._scopes[number][2]) if number >= 0 else ""
