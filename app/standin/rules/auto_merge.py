"""Auto-merge: armed through GraphQL, merges by itself when the last demand is met, disarmed by a stranger's push.

Source: https://docs.github.com/en/pull-requests/collaborating-with-pull-requests/incorporating-changes-from-a-pull-request/automatically-merging-a-pull-request"""

from collections.abc import Iterator

from app.standin.routing import Problem
from app.standin.rules import merge
from app.standin.rules.merge import Wish
from app.standin.rules.verdict import Merger, conflicts, merge_state, obstacles
from app.standin.state import App, Issue, Pull, Repository, Review, Run, Status, Suite, World

READY = frozenset({"clean", "unstable", "has_hooks"})
"""States in which a merge may happen at once: auto-merge has nothing to wait for."""


def refusal(world: World, pull: Pull) -> str | None:
    """Why auto-merge cannot be armed, in GitHub's words."""
    if not pull.open:
        return "Pull request is closed"
    if not pull.repository.settings.get("allow_auto_merge"):
        return "Pull request Auto merge is not allowed for this repository"
    state = "dirty" if conflicts(pull) else merge_state(world, pull)
    if state in READY | {"dirty", "draft"}:
        return f"Pull request Pull request is in {state} status"
    return None


def watch(world: World, event: str, subject: object) -> None:
    """After every event: pull requests that it may have made ready are merged, and a push by somebody without write
    access disarms."""
    if event in {"pull_request.closed", "push"}:
        return
    if event in {"pull_request.synchronize", "pull_request.edited"} and isinstance(subject, Pull):
        _stranger(world, subject)
    for pull in _touched(subject):
        attempt(world, pull)


def _stranger(world: World, pull: Pull) -> None:
    by = pull.pushed_by
    if pull.auto_merge and by is not None and by.kind != "Bot" and not merge.may_merge(world, pull.repository, by):
        merge.disarm(world, pull, by, "Head branch was pushed to by a user without write access")


def _touched(subject: object) -> Iterator[Pull]:
    """The armed pull requests that an event's subject belongs to."""
    match subject:
        case Pull():
            found = [subject]
        case Review():
            found = [subject.pull]
        case Issue():
            found = [subject.pull] if subject.pull else []
        case Run():
            found = _of_head(subject.suite.repository, subject.head)
        case Suite():
            found = _of_head(subject.repository, subject.head)
        case (Repository() as home, Status() as made):
            found = _of_head(home, made.sha)
        case Repository():
            found = subject.pulls
        case _:
            found = []
    yield from (pull for pull in found if pull.auto_merge and pull.open)


def _of_head(repository: Repository, head: str) -> list[Pull]:
    return [pull for pull in repository.pulls if pull.head == head]


def attempt(world: World, pull: Pull) -> bool:
    """Merges an armed pull request if nothing is missing. Nobody passes by: an administrator's has to wait too."""
    armed = pull.auto_merge
    if not armed or not pull.open or pull.draft or obstacles(world, pull):
        return False
    wish = Wish(armed["merge_method"], armed["commit_title"] or "", armed["commit_message"])
    try:
        merge.merge(world, pull, Merger(armed["enabled_by"], _app(world, pull)), wish)
    except Problem:
        return False  # a conflict, or a branch that moves right now: it stays armed
    return True


def _app(world: World, pull: Pull) -> App | None:
    by = pull.auto_merge["enabled_by"]
    return next((app for app in world.apps.values() if app.bot is by), None)
