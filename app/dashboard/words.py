"""Values in words, as the templates need them."""

from collections.abc import Callable, Iterable
from datetime import UTC, datetime
from itertools import pairwise
from typing import Any

from markupsafe import Markup, escape

from checks.reports.safe import shortened, visible

LONGEST = 4_000
"""Characters of one text that a page shows; the record has the rest."""

_MONTHS = ("Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec")


def short(commit: str) -> str:
    """A commit as people name it: ten digits."""
    return commit[:10]


def when(moment: str | float) -> str:
    """`29 Nov 2026, 13:02:11 UTC` of an ISO 8601 time or of seconds since the epoch, itself where it is none."""
    at = _moment(moment)
    return f"{at.day} {_MONTHS[at.month - 1]} {at.year}, {at:%H:%M:%S} UTC" if at else str(moment or "")


def iso(moment: str | float) -> str:
    """For programs: `2026-11-29T13:02:11Z`, empty where it is no time."""
    at = _moment(moment)
    return f"{at:%Y-%m-%dT%H:%M:%SZ}" if at else ""


def _moment(moment: str | float) -> datetime | None:
    try:
        if isinstance(moment, str):
            return datetime.fromisoformat(moment).astimezone(UTC)
        return datetime.fromtimestamp(moment, UTC) if moment else None
    except (ValueError, OverflowError, OSError):
        return None


def duration(seconds: float) -> str:
    """`0.31 s`, `12.4 s`, `3 min 5 s`, `2 h 10 min`."""
    if seconds < 60:
        return f"{seconds:.2f} s" if seconds < 10 else f"{seconds:.1f} s"
    whole = round(seconds)
    return f"{whole // 60} min {whole % 60} s" if whole < 3600 else f"{whole // 3600} h {whole % 3600 // 60} min"


def count(number: int, noun: str, plural: str = "") -> str:
    """`1 file`, `1,204 files`."""
    return f"{number:,} {noun if number == 1 else plural or noun + 's'}"


def percent(part: int, whole: int) -> str:
    """`74 %`; nothing of nothing is all of it. Rounded down, so that 100 % means all."""
    return f"{100 * part // whole if whole else 100} %"


def ranges(lines: Iterable[int]) -> str:
    """`3, 5-8, 12` of line numbers."""
    numbers = sorted(set(lines))
    gaps = [0, *(int(after - before > 1) for before, after in pairwise(numbers))]
    groups: list[list[int]] = []
    for gap, number in zip(gaps, numbers, strict=False):
        if gap or not groups:
            groups.append([])
        groups[-1].append(number)
    return ", ".join(str(each[0]) if len(each) == 1 else f"{each[0]}-{each[-1]}" for each in groups)


def whole(text: str) -> Markup:
    """Escaped for HTML and else as it is, at any length: for a form's values, which are sent back."""
    return escape(text)


def coded(text: str) -> Markup:
    """Prose whose `quoted` parts are code; made harmless as everything else is."""
    pieces = visible(shortened(text, LONGEST)).split("`")
    if len(pieces) % 2 == 0:  # the last one has no end
        pieces[-2:] = ["`".join(pieces[-2:])]
    marked = (
        Markup("<code>{}</code>").format(each) if place % 2 else escape(each) for place, each in enumerate(pieces)
    )
    return Markup().join(marked)


FILTERS: dict[str, Callable[..., Any]] = {
    "short": short,
    "when": when,
    "iso": iso,
    "duration": duration,
    "count": count,
    "percent": percent,
    "ranges": ranges,
    "whole": whole,
    "coded": coded,
}
