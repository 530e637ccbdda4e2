"""Whether a pull request could be merged, from git; null at first, as GitHub computes it in the background."""

from app.standin.git import Ident
from app.standin.state import Pull, World


def mergeable(pull: Pull, now: float) -> bool | None:
    """One read: None for the first of a head and base, and what git says from the second on."""
    asked = (pull.head, pull.base_sha)
    if pull.asked != asked:
        pull.asked = asked
        return None
    return merge_commit(pull, now) is not None


def merge_commit(pull: Pull, now: float) -> str | None:
    """The commit that a merge would make (`refs/pull/N/merge`); None where head and base conflict."""
    head, base = pull.head, pull.base_sha
    if pull.computed[:2] != (head, base):
        git = pull.repository.git
        tree, made = git.merge_tree(base, head), None
        if tree:
            message = f"Merge {head} into {base}"
            made = git.write_commit(tree, (base, head), message, Ident("GitHub", "noreply@github.com", now))
            git.set_ref(f"refs/pull/{pull.number}/merge", made)
        pull.computed = (head, base, made)
    return pull.computed[2]


def state(world: World, pull: Pull, known: bool | None) -> str:
    """GitHub's `mergeable_state`."""
    if known is None:
        return "unknown"
    if not known:
        return "dirty"
    return "draft" if pull.draft else world.merge_state(world, pull)
