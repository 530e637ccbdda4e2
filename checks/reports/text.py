"""A review for people at a terminal: a line a finding, in aligned columns, and what it comes to."""

import textwrap
import unicodedata
from dataclasses import dataclass

from checks.model.findings import Finding, Severity
from checks.model.review import Review
from checks.reports import safe

WIDEST = 48
"""Cells that the column of places grows to; a longer place stands on a line of its own."""

NARROWEST = 24
"""Cells that a message needs: where fewer are left it goes below, indented by four."""

_RESET, _BOLD, _FAINT = "\x1b[0m", "\x1b[1m", "\x1b[2m"
_SEVERITY = {
    Severity.CRITICAL: "\x1b[1;31m",
    Severity.HIGH: "\x1b[31m",
    Severity.MEDIUM: "\x1b[33m",
    Severity.LOW: "\x1b[36m",
    Severity.INFO: _FAINT,
}


def render(
    review: Review, *, colour: bool = False, everything: bool = False, excerpts: bool = False, width: int | None = None
) -> str:
    """The report, ending in a line feed.

    `everything` shows findings below the threshold too; `excerpts` shows the source line below each. `width` is the
    terminal's, in cells: lines are folded to it; None (a file, a pipe) keeps each finding on one line.
    """
    shown = sorted(review.findings if everything else review.failing, key=lambda f: (f.file, f.line, f.column, f.rule))
    layout = _Layout.of(shown, colour, width)
    lines = []
    for finding in shown:
        lines += layout.finding(finding)
        if excerpts and finding.text:
            lines.append(layout.style(_FAINT, f"    | {layout.cut(safe.for_terminal(finding.text), 6)}"))
    if review.not_analysed:
        lines += ["", "not analysed:"] if lines else ["not analysed:"]
        for each in review.not_analysed:
            lines.append(f"  {safe.for_terminal(each.file)}  {safe.for_terminal(each.reason)}")
    if lines:
        lines.append("")
    first, *rest = closing(review, everything=everything)
    return "\n".join([*lines, layout.style(_BOLD, first), *rest]) + "\n"


def closing(review: Review, *, everything: bool = False) -> list[str]:
    """What it comes to, in a line (`14 findings in 212 files (1.8 s)   9 fixable`), and what was left out, in a second
    one where there is something."""
    shown = review.findings if everything else review.failing
    fixable = sum(finding.fixable for finding in shown)
    line = f"{counted(len(shown), 'finding')} in {counted(review.files, 'file')} ({review.seconds:.1f} s)"
    lines = [f"{line}   {fixable} fixable" if fixable else line]
    hidden = unshown(review, everything=everything)
    return [*lines, f"not shown: {hidden}"] if hidden else lines


def unshown(review: Review, *, everything: bool = False) -> str:
    """The findings that a report leaves out (`5 below medium, 12 older, 3 suppressed`), empty where there are none."""
    below = 0 if everything else len(review.findings) - len(review.failing)
    parts = ((below, f"below {review.threshold}"), (review.older, "older"), (review.suppressed, "suppressed"))
    return ", ".join(f"{count} {what}" for count, what in parts if count)


def counted(number: int, noun: str) -> str:
    """`1 file`, `2 files`, `no files`."""
    return f"{number or 'no'} {noun}{'' if number == 1 else 's'}"


def cells(text: str) -> int:
    """The columns of a terminal that the text takes: wide characters two, combining marks none."""
    if text.isascii():
        return len(text)
    return sum(
        0 if unicodedata.combining(each) else 2 if unicodedata.east_asian_width(each) in "WF" else 1 for each in text
    )


@dataclass(frozen=True, slots=True)
class _Layout:
    """The widths of the columns, in cells."""

    place: int
    severity: int
    rule: int
    colour: bool
    width: int | None

    @classmethod
    def of(cls, findings: list[Finding], colour: bool, width: int | None) -> "_Layout":
        widest = WIDEST if width is None else min(WIDEST, width // 2)
        places = [cells(safe.for_terminal(finding.place)) for finding in findings]
        return cls(
            place=max((size for size in places if size <= widest), default=0),
            severity=max((len(finding.severity) for finding in findings), default=0),
            rule=max((cells(safe.for_terminal(finding.rule)) for finding in findings), default=0),
            colour=colour,
            width=width,
        )

    def finding(self, finding: Finding) -> list[str]:
        place, rule = safe.for_terminal(finding.place), safe.for_terminal(finding.rule)
        message = finding.message + ("  [fixable]" if finding.fixable else "")
        # a place too long for its column keeps its line if lines are not folded, so that a pipe reads one a line
        own_line = self.width is not None and cells(place) > self.place
        head = [
            *([] if own_line else [self.padded(_BOLD, place, self.place)]),
            self.padded(_SEVERITY[finding.severity], finding.severity.value, self.severity),
            self.padded("", rule, self.rule),
        ]
        indent = 4 if own_line else 0
        used = indent + sum((0 if own_line else self.place + 2, self.severity + 2, self.rule + 2))
        message_lines = self.folded(message, used)
        first = " " * indent + "  ".join(head)
        if self.width is not None and self.width - used < NARROWEST:
            below = [" " * 4 + line for line in self.folded(message, 4)]
            lines = [first.rstrip(), *below]
        else:
            lines = [f"{first}  {message_lines[0]}", *(" " * used + line for line in message_lines[1:])]
        return [self.style(_BOLD, place), *lines] if own_line else lines

    def folded(self, message: str, used: int) -> list[str]:
        """The message in lines of what is left of the width; each is made safe, since any may begin one."""
        text = safe.for_terminal(message)
        if self.width is None:
            return [text]
        room = max(self.width - used, NARROWEST)
        # lines are filled by characters: a line of wide ones is halved rather than measured
        room = room if cells(text) == len(text) else max(room // 2, 1)
        return [safe.for_terminal(line) for line in textwrap.wrap(text, room, break_on_hyphens=False)] or [""]

    def cut(self, text: str, used: int) -> str:
        return text if self.width is None else safe.shortened(text, max(self.width - used, NARROWEST))

    def padded(self, style: str, text: str, width: int) -> str:
        return self.style(style, text) + " " * max(width - cells(text), 0)

    def style(self, style: str, text: str) -> str:
        return f"{style}{text}{_RESET}" if self.colour and style else text
