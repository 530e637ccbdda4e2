"""How far a change is from what is usual in its history: sentences, each with its number."""

from itertools import combinations

from checks.model.errors import Refusal
from checks.repository import history, hotspots
from checks.repository.change import Change
from checks.risk import kinds

LEAST = 30
"""Commits below which a history tells nothing of what is usual."""
RARE = 0.1
"""The share of commits below which something is told as unusual."""
SELDOM = 1
"""Commits of all that changed a file which is seldom changed."""
OFTEN = 5
"""Commits that changed each of two files which never change together."""
MOST = 3
"""Sentences of one kind."""


def unusual(change: Change) -> tuple[str, ...]:
    """Of the commits before the change. Where they are not there as a whole that is the only sentence."""
    known = _history(change)
    if known is None:
        return ("The history is not complete here: what is usual is unknown.",)
    if known.commits < LEAST:
        commits = f"{known.commits} commit{'' if known.commits == 1 else 's'}"
        return (f"The history has {commits}: too few to tell what is usual.",)
    return (*_size(change, known), *_seldom(change, known), *_apart(change, known))


def _history(change: Change) -> hotspots.History | None:
    if change.root is None:
        return None
    try:
        return hotspots.before(change.root, change.base_commit or history.resolve(change.root, "HEAD"))
    except Refusal:
        return None


def _size(change: Change, known: hotspots.History) -> tuple[str, ...]:
    found = []
    lines = sum(kinds.changed_lines(*kinds.sides(change, each)) for each in change.touched)
    for what, mine, place in (("lines", lines, 1), ("files", len(change.touched), 0)):
        as_large = sum(each[place] >= mine for each in known.sizes)
        if as_large <= RARE * len(known.sizes):
            found.append(f"It changes {mine} {what}: {as_large} of the last {known.commits} commits changed as many.")
    return tuple(found)


def _seldom(change: Change, known: hotspots.History) -> tuple[str, ...]:
    found = []
    for each in change.touched:
        commits = known.spots.get(each.was, hotspots.Spot()).commits
        if each.status != "added" and commits <= SELDOM:
            found.append(
                f"`{history.shown(each.was)}` is seldom changed: by {commits} of the last {known.commits} commits."
            )
    more = len(found) - MOST
    return (*found[:MOST], *((f"So are {more} more of its files.",) if more > 0 else ()))


def _apart(change: Change, known: hotspots.History) -> tuple[str, ...]:
    """Files that are both changed often, and never by one commit."""
    counts = {each.was: known.spots.get(each.was, hotspots.Spot()).commits for each in change.touched}
    often = sorted((path for path in counts if counts[path] >= OFTEN), key=lambda path: (-counts[path], path))[:20]
    found = []
    for one, other in combinations(often, 2):
        if not any(one in files and other in files for files in known.together):
            found.append(
                f"`{history.shown(one)}` and `{history.shown(other)}` were changed {counts[one]} and {counts[other]} "
                f"times in the last {known.commits} commits, and never together."
            )
    return tuple(found[:MOST])
