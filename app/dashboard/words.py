"""Values in words, as the templates need them."""

from collections.abc import Callable, Iterable
from datetime import UTC, datetime
from itertools import pairwise
from typing import Any

from markupsafe import Markup, escape

_MONTHS = ("Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec")


def short(commit: str) -> str:
    """A commit as people name it: ten digits."""
    return commit[:10]


def when(moment: str) -> str:
    """`29 Nov 2026, 13:02:11 UTC` of an ISO 8601 time, itself where it is none."""
    try:
        at = datetime.fromisoformat(moment).astimezone(UTC)
    except (ValueError, OverflowError):
        return moment
    return f"{at.day} {_MONTHS[at.month - 1]} {at.year}, {at:%H:%M:%S} UTC"


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


FILTERS: dict[str, Callable[..., Any]] = {
    "short": short,
    "when": when,
    "duration": duration,
    "count": count,
    "percent": percent,
    "ranges": ranges,
    "whole": whole,
}
