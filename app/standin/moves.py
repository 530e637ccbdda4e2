"""What follows when branches move: heads of pull requests, check suites, and their webhooks.

Every change of a branch, by a push, the API or Python, ends in `moved`."""

from app.standin import events
from app.standin.git import ZERO
from app.standin.routing import Problem
from app.standin.state import Account, App, Closed, Pull, Repository, Suite, World


def moved(world: World, repository: Repository, before: dict[str, str], by: Account) -> None:
    """Looks at what changed since `before` (`refs/…` → commit) and lets everything follow."""
    after = repository.git.refs("refs/heads/") | repository.git.refs("refs/tags/")
    for ref in sorted(before.keys() | after.keys()):
        if ref.startswith(("refs/heads/", "refs/tags/")) and before.get(ref, ZERO) != after.get(ref, ZERO):
            follow(world, repository, ref, before.get(ref, ZERO), after.get(ref, ZERO), by)


def asked(world: World, repository: Repository, ref: str, sha: str, by: Account) -> None:
    """As `move`, where the branch's protection permits it; else Problem."""
    why = world.refuses(world, repository, ref, repository.git.refs(ref).get(ref, ZERO), sha, by)
    if why:
        raise Problem(422, why)
    move(world, repository, ref, sha, by)


def move(world: World, repository: Repository, ref: str, sha: str, by: Account) -> None:
    """Sets a ref (`ZERO` deletes it) and lets everything follow."""
    old = repository.git.refs(ref).get(ref, ZERO)
    if old == sha:
        return
    if sha == ZERO:
        repository.git.delete_ref(ref)
    else:
        repository.git.set_ref(ref, sha)
    follow(world, repository, ref, old, sha, by)


def follow(world: World, repository: Repository, ref: str, old: str, new: str, by: Account) -> None:
    repository.pushed = world.now()
    events.push(world, repository, ref, old, new, by)
    if not ref.startswith("refs/heads/"):
        return
    branch = ref.removeprefix("refs/heads/")
    for base in list(world.repositories.values()):
        for pull in base.pulls:
            if pull.open and pull.head_repository is repository and pull.head_ref == branch:
                _head_moved(world, pull, new, by)
    for pull in repository.pulls:
        if pull.open and pull.base_ref == branch and new != ZERO and repository.git.is_ancestor(pull.head, new):
            close(world, pull, by, merge_commit=new, base=old)
    if new != ZERO:
        for installation in world.installed(repository):
            if installation.permissions.get("checks") == "write":
                suite(world, repository, installation.app, new, branch, old, by)


def _head_moved(world: World, pull: Pull, new: str, by: Account) -> None:
    if new == ZERO:
        close(world, pull, by)
        return
    old, pull.head, pull.pushed_by = pull.head, new, by
    pull.issue.updated = world.now()
    keep_head(pull)
    events.pull_request(world, pull, "synchronize", by, before=old, after=new)


def keep_head(pull: Pull) -> None:
    """`refs/pull/N/head` of the base, which also brings a fork's commits there."""
    if pull.head_repository:
        pull.repository.git.fetch(pull.head_repository.git, pull.head, f"refs/pull/{pull.number}/head")


def close(world: World, pull: Pull, by: Account, merge_commit: str | None = None, base: str = "") -> None:
    """Closes a pull request: as merged where there is a merge commit. `base` is the tip of its base before that, where
    the branch has moved already."""
    pull.closed_base = base or pull.base_sha
    issue = pull.issue
    issue.state, issue.closed, issue.closed_by, issue.updated = "closed", world.now(), by, world.now()
    if merge_commit:
        pull.merged, pull.merged_by, pull.merge_commit = world.now(), by, merge_commit
    pull.auto_merge = None
    pull.turns.append(world.new(Closed, actor=by, at=world.now()))
    events.pull_request(world, pull, "closed", by)


def set_draft(world: World, pull: Pull, draft: bool, by: Account) -> None:
    """Marks it as a draft or as ready for review (GraphQL only, at GitHub too)."""
    if pull.draft != draft:
        pull.draft, pull.issue.updated = draft, world.now()
        events.pull_request(world, pull, "converted_to_draft" if draft else "ready_for_review", by)


def suite(
    world: World, repository: Repository, app: App, head: str, branch: str | None, before: str, by: Account
) -> Suite:
    """The check suite of an App on a commit: the one that is there, or a new one that is announced to the App."""
    found = next((one for one in repository.suites if one.app is app and one.head == head), None)
    if found:
        return found
    now = world.now()
    made = world.new(
        Suite,
        repository=repository,
        app=app,
        head=head,
        branch=branch,
        before=before,
        created=now,
        updated=now,
    )
    repository.suites.append(made)
    if branch is not None:
        events.check_suite(world, made, "requested", by)
    return made
