"""Names that are taken for another: one slip of a finger away, or tricked up with separators, prefixes and digits."""

import functools
import re
from collections.abc import Iterable

from checks.validation.known import distributions

SHORT = 4
"""Names of fewer letters resemble too many others to say anything."""
NEAR_POPULAR = ((5, 1_000), (6, 3_000), (8, 15_000))
"""From so many letters on, a name one slip away from one of so many most used ones is taken for it."""
FAR = (10, 3_000)
"""The same for two slips."""
_CONFUSED = (("rn", "m"), ("vv", "w"), ("0", "o"), ("1", "l"), ("5", "s"), ("i", "l"))
_DECORATION = re.compile(
    r"^(python-?[23]?|py[23]?|lib|the)-|-(python-?[23]?|py[23]?|lib|sdk|api|official|tools?|utils?)$"
)


def distance(one: str, other: str, most: int = 2) -> int:
    """Edits between two names, an exchange of neighbours counting as one (optimal string alignment); `most` + 1 where
    it is more than `most`."""
    if abs(len(one) - len(other)) > most:
        return most + 1
    before: list[int] = []
    row = list(range(len(other) + 1))
    for i, a in enumerate(one, 1):
        before, last, row = row, before, [i]
        for j, b in enumerate(other, 1):
            cost = min(before[j] + 1, row[j - 1] + 1, before[j - 1] + (a != b))
            if i > 1 and j > 1 and a == other[j - 2] and one[i - 2] == b:
                cost = min(cost, last[j - 2] + 1)
            row.append(cost)
        if min(row) > most:
            return most + 1
    return min(row[-1], most + 1)


def nearest(name: str, names: Iterable[str], most: int = 2) -> str | None:
    """The name nearest to one, at most `most` edits away; the first of equally near ones."""
    best, found = min(most, max(1, len(name) // 3)) + 1, None
    for other in names:
        if abs(len(other) - len(name)) < best:
            edits = distance(name, other, best - 1)
            if edits < best:
                best, found = edits, other
                if best <= 1:
                    break
    return found


def bare(name: str) -> str:
    """A name without what is added to mislead: separators, `python-` and the like, digits at the end, letters that look
    like others."""
    before = ""
    while before != name:
        before, name = name, _DECORATION.sub("", name)
    name = re.sub(r"(?<=[a-z])\d{1,2}$", "", name.replace("-", ""))
    for look, meant in _CONFUSED:
        name = name.replace(look, meant)
    return name


@functools.cache
def _bare_names() -> dict[str, str]:
    """Well-known names by their bare form, the most used of equal ones."""
    found: dict[str, str] = {}
    for name in distributions.ranks():
        found.setdefault(bare(name), name)
    return found


def only_counts(name: str, other: str) -> bool:
    """Whether two names differ by a number at the end: `httpx2` and `httpx`, which may both be real."""
    return re.sub(r"-?\d{1,2}$", "", name) == re.sub(r"-?\d{1,2}$", "", other)


def mistaken_for(name: str) -> str | None:
    """The well-known distribution that an unknown one (normalised) is probably taken for, None where it resembles none
    or is well known itself. See `only_counts` for the weakest kind of resemblance."""
    ranks = distributions.ranks()
    if name in ranks:
        return None
    letters = len(name.replace("-", ""))
    plain = bare(name)
    same = _bare_names().get(plain)
    if same and len(plain) >= SHORT and ranks[same] < 5_000:
        return same
    if letters < NEAR_POPULAR[0][0]:
        return None
    reach = max(most for least, most in NEAR_POPULAR if letters >= least)
    for other, rank in ranks.items():
        if rank >= reach:
            break
        if abs(len(other) - len(name)) <= 1 and _one_slip(name, other):
            return other
    if letters >= FAR[0]:
        return next((o for o, r in ranks.items() if r < FAR[1] and len(o) >= FAR[0] and distance(name, o) <= 2), None)
    return None


def _one_slip(name: str, other: str) -> bool:
    """One edit, but none that only counts: `foo-2` is no slip for `foo-1`, `foos` is one for `foo`."""
    if re.sub(r"\d+", "#", name) == re.sub(r"\d+", "#", other):
        return False
    return distance(name, other, 1) <= 1
