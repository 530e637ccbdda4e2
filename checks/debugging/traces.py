"""Tracebacks and failing tests in a text that anybody wrote: the files that they name, and which of a repository these
are. Nothing of the text is believed: a name counts only where it is the end of just one path that is there."""

import re
from collections.abc import Iterable
from dataclasses import dataclass

MOST = 200
"""Places of a text that are read, the first."""
LONGEST = 500
"""Characters of a line that are looked at; Python's own are shorter."""
MOST_TEXT = 256 * 1024
"""Characters of a text that are looked at."""
_FRAME = re.compile(r'[> |\t]*File "([^"\x00-\x1f]{1,400})", line (\d{1,7})')
_FAILED = re.compile(r"[> |\t]*(?:FAILED|ERROR) ([^\s:]{1,400}\.py)(?:::|\s|$)")
_PLACE = re.compile(r"[> |\t]*([^\s:]{1,400}\.py):(\d{1,7}): ")
_ERROR = re.compile(r"\w*(?:Error|Exception|Warning|Exit|Interrupt|Failed|in \w+)\b")


@dataclass(frozen=True, slots=True)
class Named:
    """A file as a text names it: a path of any kind, with the line (0: none)."""

    path: str
    line: int = 0


def read(text: str) -> tuple[Named, ...]:
    """The places that Python's tracebacks and pytest's reports name, each file and line once, in their order. Ordinary
    sentences name none."""
    found: dict[Named, None] = {}
    for line in text[:MOST_TEXT].splitlines():
        if len(found) == MOST:
            break
        one = _of_line(line[:LONGEST])
        if one is not None:
            found.setdefault(one)
    return tuple(found)


def _of_line(line: str) -> Named | None:
    if frame := _FRAME.match(line):
        return Named(_plain(frame[1]), int(frame[2]))
    if failed := _FAILED.match(line):
        return Named(_plain(failed[1]))
    place = _PLACE.match(line)
    if place and _ERROR.match(line[place.end() :]):  # `tests/test_a.py:12: AssertionError`, `a.py:3: in total`
        return Named(_plain(place[1]), int(place[2]))
    return None


def _plain(path: str) -> str:
    return path.replace("\\", "/")


def of_repository(named: Iterable[Named], files: Iterable[str]) -> tuple[str, ...]:
    """The paths of a repository that are meant, in the order in which they are named. A path from elsewhere
    (`/home/ann/shop/src/shop/cart.py`) means the longest path that it ends with; of an installed package
    (`…/site-packages/shop/cart.py`) that of its sources, where one path alone ends so."""
    there = tuple(files)
    ends: dict[str, list[str]] = {}
    for path in there:
        ends.setdefault(path.rpartition("/")[2], []).append(path)
    found: dict[str, None] = {}
    for each in named:
        path = _meant(each.path, ends.get(each.path.rpartition("/")[2], []))
        if path:
            found.setdefault(path)
    return tuple(found)


def _meant(path: str, candidates: list[str]) -> str:
    """Of the paths with the same last part."""
    whole = [each for each in candidates if path == each or path.endswith(f"/{each}")]
    if whole:
        return max(whole, key=len)
    _, installed, inner = path.partition("/site-packages/")
    if not installed or "/" not in inner:
        return ""
    sources = [each for each in candidates if each.endswith(f"/{inner}")]
    return sources[0] if len(sources) == 1 else ""
