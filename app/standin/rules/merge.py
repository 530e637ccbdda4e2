"""Merging a pull request: what is asked before, in GitHub's order and words, and what follows.

Source: https://docs.github.com/en/rest/pulls/pulls#merge-a-pull-request. The words of 405 are those that bots report;
which of several comes first is *unverified*."""

from dataclasses import dataclass

from app.standin import events, moves
from app.standin.git import ZERO, GitFailed, Ident
from app.standin.routing import Problem
from app.standin.rules import picking
from app.standin.rules.picking import Message
from app.standin.rules.required import METHODS, demands, passes
from app.standin.rules.verdict import Merger, refusal
from app.standin.state import ROLES, Account, Pull, Repository, World

GITHUB = "noreply@github.com"
NAMES = {"merge": "Merge commits", "squash": "Squash merges", "rebase": "Rebase merges"}
ALLOWED = {"merge": "allow_merge_commit", "squash": "allow_squash_merge", "rebase": "allow_rebase_merge"}
HEAD_MOVED = "Head branch was modified. Review and try the merge again."
BASE_MOVED = "Base branch was modified. Review and try the merge again."


@dataclass(frozen=True)
class Wish:
    """How to merge. Empty parts of the message are GitHub's own."""

    method: str = "merge"
    title: str = ""
    body: str | None = None
    sha: str | None = None
    """What the head must be."""


def merge(world: World, pull: Pull, merger: Merger, wish: Wish) -> str:
    """The commit that the base is at afterwards. Raises Problem: 409 where the head moved, 405 for everything else that
    stands against it."""
    _head_stays(pull, wish.sha)
    if not pull.open:
        raise Problem(405, "Pull Request is not mergeable")
    if pull.draft:
        raise Problem(405, "Pull Request is still a draft")
    _method_is_allowed(world, pull, merger, wish.method)
    base = pull.base_sha
    made = commit(world, pull, merger, wish)
    if made is None:
        raise Problem(405, "Pull Request is not mergeable")
    if against := refusal(world, pull, merger):
        raise Problem(405, against)
    return land(world, pull, base, made, merger.account)


def _head_stays(pull: Pull, sha: str | None) -> None:
    """A push may have moved the head's branch although nothing has followed it yet."""
    tip = pull.head_repository.git.tip(pull.head_ref) if pull.head_repository else pull.head
    if sha is not None and not sha:
        raise Problem(422, "Validation Failed", ["sha is blank"])
    if (sha is not None and sha != pull.head) or (pull.open and tip not in {pull.head, None}):
        raise Problem(409, HEAD_MOVED)


def _method_is_allowed(world: World, pull: Pull, merger: Merger, method: str) -> None:
    if method not in METHODS:
        raise Problem(422, "Validation Failed", [f"{method!r} is not a merge method"])
    if not pull.repository.settings.get(ALLOWED[method], True):
        raise Problem(405, f"{NAMES[method]} are not allowed on this repository.")
    for demand in demands(pull.repository, pull.base_ref):
        if passes(world, pull.repository, demand, merger.account, merger.app):
            continue
        if method not in demand.methods or (demand.linear and method == "merge"):
            raise Problem(405, f"{NAMES[method]} are not allowed on this branch.")


def ident(world: World, account: Account) -> Ident:
    """The name and address that GitHub writes into commits of an account."""
    address = account.email or f"{account.id}+{account.login}@users.noreply.github.com"
    return Ident(account.name or account.login, address, world.now())


def commit(world: World, pull: Pull, merger: Merger, wish: Wish) -> str | None:
    """The commit, not yet on the branch; None where there is a conflict."""
    git, base, head = pull.repository.git, pull.base_sha, pull.head
    message, here = _message(pull, wish), Ident("GitHub", GITHUB, world.now())
    if wish.method == "rebase":
        return picking.rebased(git, base, head, ident(world, merger.account))
    if wish.method == "squash":
        made = picking.squashed(git, base, head, message, ident(world, pull.author), here)
    else:
        made = picking.merged(git, base, head, message, ident(world, merger.account), here)
    if made:
        world.signed.add(made)
    return made


def _message(pull: Pull, wish: Wish) -> Message:
    if wish.method == "squash":
        subjects = [
            pull.repository.git.commit(sha).message for sha in pull.repository.git.log(pull.head, pull.base_sha)
        ]
        text = "\n\n".join(f"* {subject}" for subject in reversed(subjects)) if len(subjects) > 1 else ""
        title = f"{pull.issue.title} (#{pull.number})"
    else:
        text = pull.issue.title
        title = f"Merge pull request #{pull.number} from {pull.head_label.replace(':', '/')}"
    return Message(wish.title or title, text if wish.body is None else wish.body)


def land(world: World, pull: Pull, base: str, made: str, by: Account) -> str:
    """Moves the base from `base` to `made`, where nobody was faster, and closes the pull request as merged."""
    repository, ref = pull.repository, f"refs/heads/{pull.base_ref}"
    try:
        repository.git.set_ref(ref, made, old=base)
    except GitFailed:
        raise Problem(405, BASE_MOVED) from None
    moves.close(world, pull, by, merge_commit=made, base=base)
    moves.follow(world, repository, ref, base, made, by)
    if repository.settings.get("delete_branch_on_merge") and pull.head_repository is repository:
        moves.move(world, repository, f"refs/heads/{pull.head_ref}", ZERO, by)
    return made


def may_merge(world: World, repository: Repository, account: Account) -> bool:
    """Whether a person has write access."""
    return ROLES.index(world.role(repository, account.login)) >= ROLES.index("write")


def arm(world: World, pull: Pull, by: Account, wish: Wish) -> None:
    """Auto-merge from now on; merges by itself when nothing is missing any more (`auto_merge.watch`)."""
    pull.auto_merge = {
        "enabled_by": by,
        "enabled": world.now(),
        "merge_method": wish.method,
        "commit_title": wish.title or None,
        "commit_message": wish.body,
    }
    events.pull_request(world, pull, "auto_merge_enabled", by)


def disarm(world: World, pull: Pull, by: Account, reason: str) -> None:
    if pull.auto_merge:
        armed, pull.auto_merge = pull.auto_merge, None
        del armed
        events.pull_request(world, pull, "auto_merge_disabled", by, reason=reason)
