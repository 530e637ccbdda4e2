"""What a branch becomes with another one merged into it; nothing is written for it.

As for taking back (`reverting/reverse.py`), git's own engine merges in a repository of our own: neither drivers nor
attributes of the repository have a say. Needs git 2.38 or newer."""

from pathlib import Path

from checks.repository import history
from checks.repository.reverting.bench import bench
from checks.repository.reverting.reverse import Conflict, Reverted, edits, merged, tree_of


def join(root: Path, head: str, onto: str) -> Reverted | Conflict:
    """The commit `onto` with all of `head` that it has not. Without edits, it has all of it. Raises Refusal where the
    two have no common history."""
    target, other = history.resolve(root, onto), history.resolve(root, head)
    base = history.merge_base(root, target, other)
    with bench(root) as place:
        start = tree_of(place, target)
        found = merged(place, tree_of(place, base), start, tree_of(place, other))
        if not isinstance(found, str):
            return Conflict(target, other, found)
        return Reverted(target, (other,), found, edits(place, start, found))
