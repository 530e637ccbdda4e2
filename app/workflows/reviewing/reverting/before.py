"""What the branch held before a modification that selfmod takes back: what comes back of it is not new."""

from app.model.forge import Pull
from app.model.modification import Modification, Sort
from app.model.trouble import Gone
from app.store.proposed import modifications
from app.workflows.host import Host
from app.workflows.steps import Tools
from checks.model.errors import Refusal
from checks.repository import git
from checks.repository.change import Change
from checks.repository.changed import of_commits
from checks.repository.reverting import reverse


def before(tools: Tools, pull: Pull, change: Change) -> Change | None:
    """What lies between the tree before the modification that is taken back and the head of the revert. None for
    whatever is no revert as selfmod made it, and where the modification is not merged into what the change goes into:
    the forge says by which commit, and the history of the base has to hold it. The head must be what it becomes without
    that commit and nothing else: with the Action, what is kept of a pull request is written where people can edit."""
    made = revert_of(tools, pull)
    if made is None or change.base_commit is None or change.head_commit is None or change.head_commit != made.head:
        return None
    number = taken_by(tools, made)
    if not number:
        return None
    try:
        taken = tools.host.pull(number)
        if not taken.merged or not taken.merge_commit:
            return None
        if not reverses(tools.host, taken, change.head_commit, change.base_commit):
            return None
        root = tools.host.local(change.base_commit, change.head_commit, taken.merge_commit)
        commits = brought(tools.host, taken, change.base_commit)
        commit = reverse.before(root, commits, change.base_commit)
        return of_commits(root, commit, change.head_commit) if commit is not None else None
    except (Gone, Refusal):  # then everything that comes back counts as new
        return None


def revert_of(tools: Tools, pull: Pull) -> Modification | None:
    """The modification of a pull request that is a revert just as selfmod made it, None for every other."""
    made = modifications.of_pull(tools.store, pull.repository, pull.number)
    if made is None or made.sort is not Sort.REVERT or made.head != pull.head or not pull.own:
        return None
    return made


def taken_by(tools: Tools, made: Modification) -> int:
    """The number of the pull request that a revert takes back, 0 where it is not known."""
    if made.reverts.startswith("#"):
        return int(made.reverts[1:])
    taken = modifications.get(tools.store, made.reverts)
    return taken.number if taken is not None and taken.repository.casefold() == made.repository.casefold() else 0


def reverses(host: Host, taken: Pull, head: str, tip: str) -> bool:
    """Whether a commit holds just what the branch at `tip` was without a merged pull request when the commit left
    it."""
    try:
        root = host.local(head, tip, taken.merge_commit)
        onto = git.output(root, "merge-base", head, tip).decode("ascii").strip()
        result = reverse.reverse(root, brought(host, taken, tip), onto)
        return isinstance(result, reverse.Reverted) and result.tree == reverse.tree_of(root, head)
    except (Gone, Refusal):
        return False


def brought(host: Host, pull: Pull, tip: str) -> tuple[str, ...]:
    """The commits by which a merged pull request came into its branch, as `reverse` takes them. A rebase leaves as many
    commits as it had, with their subjects; a squash leaves one. Where that cannot be told apart, because the head is
    gone, one commit is taken."""
    merged = pull.merge_commit
    try:
        root = host.local(tip, merged, pull.head)
    except Gone:
        return (merged,)
    parents = git.output(root, "rev-list", "--parents", "--max-count=1", merged).split()
    count = len(host.commits(pull.number))
    if len(parents) > 2 or count < 2:
        return (merged,)
    limit = f"--max-count={count}"
    rebased = git.output(root, "log", "--first-parent", "--format=%s", limit, merged)
    original = git.output(root, "log", "--no-merges", "--format=%s", limit, pull.head)
    return (f"{merged}~{count}..{merged}",) if rebased == original else (merged,)
