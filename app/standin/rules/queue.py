"""What a merge queue does once the checks of a group are there.

Source: https://docs.github.com/en/repositories/configuring-branches-and-merges-in-your-repository/configuring-pull-request-merges/managing-a-merge-queue.
Here every group holds one pull request. *Unverified*: which of GitHub's actors is told as who merges it."""

from app.standin import moves, opening
from app.standin.rules.required import demands
from app.standin.rules.verdict import state_of
from app.standin.state import Account, Pull, World


def finish(world: World, pull: Pull, by: Account) -> bool:
    """Merges the group of a pull request if all that its target requires has succeeded on it, takes the pull request
    out of the queue if something has failed, and leaves it there while something is missing. Returns whether it was
    merged."""
    repository = pull.repository
    ref = next((ref for ref, each in repository.queue.items() if each is pull), None)
    if ref is None:
        return False
    head = repository.git.refs(ref)[ref]
    checks = [each for demand in demands(repository, pull.base_ref) for each in demand.checks]
    states = {state_of(repository, head, name, app) for name, app in checks}
    if "failing" in states:
        opening.leave_queue(world, pull, by, "invalidated")
        return False
    if states - {"success"}:
        return False
    opening.leave_queue(world, pull, by, "merged")
    base = pull.base_sha
    moves.close(world, pull, by, merge_commit=head, base=base)
    moves.move(world, repository, f"refs/heads/{pull.base_ref}", head, by)
    return True
