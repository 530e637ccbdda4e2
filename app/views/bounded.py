"""Texts within what GitHub takes (https://docs.github.com/en/rest/checks/runs, https://docs.github.com/en/rest/issues/comments)."""

from collections.abc import Iterable

from checks.reports.safe import shortened, visible

MOST = 65_535
"""Characters of a summary, a text, a comment or the body of a pull request. Counted in bytes, which is never more."""
TITLE = 200
"""Characters of a check run's title: GitHub shows the first 100 or so in a list."""
_LEFT = "\n\nThe rest is too long for GitHub."


def joined(parts: Iterable[str], left: str = "") -> str:
    """The parts that are not empty, as paragraphs, as many as fit: whole ones only, so that nothing that is opened
    stays open. `left` says where the rest is."""
    text = ""
    room = MOST - len((_LEFT + left).encode()) - 2
    for part in parts:
        if not part:
            continue
        longer = f"{text}\n\n{part}" if text else part
        if len(longer.encode("utf-8", "surrogatepass")) > room:
            return f"{text}{_LEFT}{f' {left}' if left else ''}\n".lstrip()
        text = longer
    return f"{text}\n" if text else ""


def line(text: str, most: int = TITLE) -> str:
    """Plain text on one line with nothing that acts or hides: GitHub shows titles as they are."""
    return shortened(visible(text).strip(), most)
