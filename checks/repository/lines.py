"""Which lines of a file are unchanged ones of an older version, in time that hostile files cannot stretch.

Common lines at both ends are paired; between them lines that occur equally often on both sides are anchors (patience
diff, https://bramcohen.livejournal.com/73318.html); what lies between anchors is treated the same way again. Small
remainders get a longest common subsequence, as many as a file may cost; large ones without any anchor a greedy one: a
little more may count as changed.
"""

from bisect import bisect_left, bisect_right
from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass

EXACT = 40_000
"""Pairs of lines up to which a remainder is matched exactly."""
ALL_EXACT = 4_000_000
"""The same for all remainders of a file together."""
ROUNDS = 12
"""How often a remainder is divided by anchors before it is matched greedily."""

Pair = tuple[int, int]


@dataclass(frozen=True, slots=True)
class LineMap:
    """For each line of a new version (the first is 1) its line in the old one, or None where it was added."""

    old: tuple[int | None, ...]

    def old_line(self, line: int) -> int | None:
        """The line in the old version, None for an added line and for one beyond the end."""
        return self.old[line - 1] if 0 < line <= len(self.old) else None

    @property
    def added(self) -> frozenset[int]:
        """The lines that the old version does not have: new or changed ones."""
        return frozenset(number for number, old in enumerate(self.old, 1) if old is None)


def line_map(old: bytes, new: bytes) -> LineMap:
    """Where the lines of `new` were in `old`. Lines end with LF, CRLF or CR, as in Python; which one is the same."""
    before, after = old.splitlines(), new.splitlines()
    numbers: list[int | None] = [None] * len(after)
    for i, j in pairs(before, after):
        numbers[j] = i + 1
    return LineMap(tuple(numbers))


def pairs(a: Sequence[bytes], b: Sequence[bytes]) -> list[Pair]:
    """Indices (from 0) of equal lines, increasing on both sides."""
    found: list[Pair] = []
    left = ALL_EXACT
    waiting = [(0, len(a), 0, len(b), 0)]
    while waiting:
        a_low, a_high, b_low, b_high, rounds = waiting.pop()
        while a_low < a_high and b_low < b_high and a[a_low] == b[b_low]:
            found.append((a_low, b_low))
            a_low, b_low = a_low + 1, b_low + 1
        while a_low < a_high and b_low < b_high and a[a_high - 1] == b[b_high - 1]:
            a_high, b_high = a_high - 1, b_high - 1
            found.append((a_high, b_high))
        if a_low == a_high or b_low == b_high:
            continue
        size = (a_high - a_low) * (b_high - b_low)
        if size <= min(EXACT, left):
            left -= size
            found += _exact(a, b, a_low, a_high, b_low, b_high)
            continue
        anchors = _anchors(a, b, a_low, a_high, b_low, b_high) if rounds < ROUNDS else []
        if not anchors:
            found += _greedy(a, b, a_low, a_high, b_low, b_high)
            continue
        found += anchors
        for i, j in [*anchors, (a_high, b_high)]:
            waiting.append((a_low, i, b_low, j, rounds + 1))
            a_low, b_low = i + 1, j + 1
    return sorted(found)


def _places(lines: Sequence[bytes], low: int, high: int) -> dict[bytes, list[int]]:
    places = defaultdict(list)
    for number in range(low, high):
        places[lines[number]].append(number)
    return places


def _anchors(a: Sequence[bytes], b: Sequence[bytes], a_low: int, a_high: int, b_low: int, b_high: int) -> list[Pair]:
    """The longest increasing chain of pairs of lines that are unique on both sides, else equally frequent on both."""
    left, right = _places(a, a_low, a_high), _places(b, b_low, b_high)
    chosen = [(left[x][0], right[x][0]) for x in left if len(left[x]) == 1 and len(right.get(x, ())) == 1]
    if not chosen:
        even = (x for x in left if len(left[x]) == len(right.get(x, ())))
        chosen = [pair for x in even for pair in zip(left[x], right[x], strict=True)]
    return _increasing(sorted(chosen))


def _increasing(chosen: list[Pair]) -> list[Pair]:
    """The longest chain that increases on the second side too, of pairs sorted by the first."""
    ends: list[int] = []
    last: list[int] = []
    before: list[int] = []
    for number, (_, j) in enumerate(chosen):
        spot = bisect_left(ends, j)
        before.append(last[spot - 1] if spot else -1)
        ends[spot : spot + 1] = [j]
        last[spot : spot + 1] = [number]
    chain = []
    at = last[-1] if last else -1
    while at >= 0:
        chain.append(chosen[at])
        at = before[at]
    return chain[::-1]


def _exact(a: Sequence[bytes], b: Sequence[bytes], a_low: int, a_high: int, b_low: int, b_high: int) -> list[Pair]:
    """A longest common subsequence, by the table of lengths from the end."""
    width = b_high - b_low
    table = [[0] * (width + 1)]
    for i in range(a_high - 1, a_low - 1, -1):
        below, line, row = table[-1], a[i], [0] * (width + 1)
        for k in range(width - 1, -1, -1):
            row[k] = below[k + 1] + 1 if line == b[b_low + k] else max(below[k], row[k + 1])
        table.append(row)
    table.reverse()
    found, i, k = [], 0, 0
    while i < a_high - a_low and k < width:
        if a[a_low + i] == b[b_low + k]:
            found.append((a_low + i, b_low + k))
            i, k = i + 1, k + 1
        elif table[i + 1][k] >= table[i][k + 1]:
            i += 1
        else:
            k += 1
    return found


def _greedy(a: Sequence[bytes], b: Sequence[bytes], a_low: int, a_high: int, b_low: int, b_high: int) -> list[Pair]:
    """Each new line with the next old one that equals it, if that is not far away."""
    left = _places(a, a_low, a_high)
    found, at = [], a_low
    reach = max(64, (a_high - a_low) // 8)
    for j in range(b_low, b_high):
        places = left.get(b[j], [])
        spot = bisect_right(places, at - 1)
        if spot < len(places) and places[spot] - at <= reach:
            found.append((places[spot], j))
            at = places[spot] + 1
    return found
