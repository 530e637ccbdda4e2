"""What a delivery asks to be done: event → jobs, or nothing.

Payloads are read tolerantly, a few fields of each: GitHub adds fields, leaves some out, and its own examples do not all
fit its own description. What is read is checked all the same, and a payload with a wrong value asks for nothing.
Whatever the payload says of the state (open, approved, labelled) is a hint only: the job reads it anew.
"""

from collections.abc import Callable, Mapping
from dataclasses import replace

from app.commands.grammar import fingerprint
from app.model.delivery import Delivery
from app.model.forge import Role
from app.model.job import MOVED, PUSHED, Job, Kind
from app.webhooks.commanding import may_command
from app.webhooks.reading import Fields
from checks.repository import owners
from checks.settings import PLACE

OWN_LABELS = ("selfmod:", "review required")
"""How the labels begin that selfmod paints (PRODUCT.md, section 3)."""
MOST_PULLS = 50
"""Pull requests of one check suite that are looked at."""

ROLLBACK = "rollback"
"""The identifier of the button on the gate's check run of what was merged."""
GOVERNING = (PLACE, *owners.PLACES)
"""Files of a branch that pull requests into it are judged by."""
MOST_COMMITS = 20
"""Commits of a push after which its list may be cut: 2,048 by GitHub's description, 20 by that of older servers."""
MOST_PATHS = 300
"""Paths of one commit after which the list may be cut. *Unverified*: GitHub names no number."""

type Trigger = Callable[[Fields, int], tuple[Job, ...]]


def jobs(delivery: Delivery, app_id: int) -> tuple[Job, ...]:
    """All that this delivery asks for, empty for most. `app_id` is the App's own number: check runs and suites of
    other Apps are not ours to run again. Never raises."""
    trigger = TRIGGERS.get((delivery.event, delivery.action))
    if trigger is None:
        return ()
    try:
        return trigger(Fields(delivery), app_id)
    except ValueError:  # a value that is none: see Fields
        return ()


def _review(seen: Fields, _: int) -> tuple[Job, ...]:
    """The head as it was pushed. Both deliveries of one head are the same job."""
    return (_of_pull(seen, Kind.REVIEW, ""),)


def _ready(seen: Fields, _: int) -> tuple[Job, ...]:
    """A draft was judged when it was opened, most often; what waited for its end is left to the gate."""
    return _of_pull(seen, Kind.REVIEW, ""), _of_pull(seen, Kind.GATE, seen.digest)


def _review_again(seen: Fields, _: int) -> tuple[Job, ...]:
    """A head that may have been looked at before and was then left: pushed back to, or closed and opened again. Under
    the old identity its first job, perhaps a cancelled one, would count as this one."""
    return (_of_pull(seen, Kind.REVIEW, seen.digest),)


def _pushed(seen: Fields, _: int) -> tuple[Job, ...]:
    """The new head; and for the gate who pushed it, and which commit is no longer this pull request's."""
    again = _of_pull(seen, Kind.REVIEW, seen.digest)
    before = seen.commit("before") if seen.there("before") else ""
    return again, replace(again, kind=Kind.GATE, head=before, reason=PUSHED)


def _edited(seen: Fields, _: int) -> tuple[Job, ...]:
    """Another base makes the same head another change; another title does not."""
    if not seen.there("changes", "base"):
        return ()
    return (_of_pull(seen, Kind.REVIEW, seen.digest),)


def _gate(seen: Fields, _: int) -> tuple[Job, ...]:
    return (_of_pull(seen, Kind.GATE, seen.digest),)


def _labelled(seen: Fields, _: int) -> tuple[Job, ...]:
    """People's hands on our labels. What bots do there is left alone: painting is done by a bot, our own, and would
    ask for the next painting."""
    if seen.by_bot() or not seen.text("label", "name").casefold().startswith(OWN_LABELS):
        return ()
    return _gate(seen, 0)


def _of_pull(seen: Fields, kind: Kind, again: str) -> Job:
    return Job(
        kind=kind,
        repository=seen.repository(),
        installation=seen.installation(),
        number=seen.number("pull_request", "number"),
        head=seen.commit("pull_request", "head", "sha"),
        reason=seen.action,
        actor=seen.sender(),
        account=seen.account(),
        delivery=seen.id,
        again=again,
    )


def _run_again(seen: Fields, app_id: int) -> tuple[Job, ...]:
    """Somebody pressed "Re-run" beside one check run."""
    return _of_head(seen, "check_run", app_id, Kind.REVIEW, seen.action)


def _pressed(seen: Fields, app_id: int) -> tuple[Job, ...]:
    """Somebody pressed one of our buttons: its identifier is the reason. GitHub shows them to people with write
    access; that this is still so is looked up when the job runs."""
    button = seen.word("requested_action", "identifier")
    found = _of_head(seen, "check_run", app_id, Kind.GATE, button, Role.WRITE)
    if button != ROLLBACK:
        return found
    # a merged pull request is on no list: it is found by its head, and others with that head are not meant
    return tuple(replace(each, kind=Kind.ROLLBACK, number=0) for each in found[:1])


def _suite_again(seen: Fields, app_id: int) -> tuple[Job, ...]:
    """Somebody pressed "Re-run all checks"."""
    return _of_head(seen, "check_suite", app_id, Kind.REVIEW, seen.action)


def _of_head(seen: Fields, of: str, app_id: int, kind: Kind, reason: str, needs: str = "") -> tuple[Job, ...]:
    """A job for each pull request of this head; for none that is listed (GitHub lists none of forks) one with number
    0, which finds it by its head."""
    if seen.number(of, "app", "id") != app_id:
        return ()
    return tuple(
        Job(
            kind=kind,
            repository=seen.repository(),
            installation=seen.installation(),
            number=number,
            head=seen.commit(of, "head_sha"),
            reason=reason,
            actor=seen.sender(),
            account=seen.account(),
            needs=needs,
            delivery=seen.id,
            again=seen.digest,
        )
        for number in _pulls_here(seen, of) or (0,)
    )


def _pulls_here(seen: Fields, of: str) -> tuple[int, ...]:
    """Numbers of the pull requests of this repository: the list has those of other repositories in the network, which
    have the same head and numbers of their own."""
    here = seen.number("repository", "id")
    found: dict[int, None] = {}
    for pull in seen.rows(of, "pull_requests")[:MOST_PULLS]:
        base = pull.get("base")
        repository = base.get("repo") if isinstance(base, Mapping) else None
        if isinstance(repository, Mapping) and repository.get("id") == here:
            found[Fields.as_number(pull.get("number"))] = None
    return tuple(found)


def _group(seen: Fields, _: int) -> tuple[Job, ...]:
    return (
        Job(
            kind=Kind.GROUP,
            repository=seen.repository(),
            installation=seen.installation(),
            head=seen.commit("merge_group", "head_sha"),
            base=seen.commit("merge_group", "base_sha"),
            reason=seen.action,
            delivery=seen.id,
        ),
    )


def _branch(seen: Fields, _: int) -> tuple[Job, ...]:
    """A push to a branch that was there and still is: to the default branch, which proposals follow, or one that may
    have changed what pull requests into it are judged by. Proposals into other branches follow within the hour, and
    the rest concerns nobody here: pull requests tell of their own pushes."""
    branch, made_or_gone = seen.branch("ref"), seen.true("created") or seen.true("deleted")
    governs = not made_or_gone and _may_govern(seen)
    if made_or_gone or not (governs or branch == seen.text("repository", "default_branch")):
        return ()
    return (
        Job(
            kind=Kind.BRANCH,
            repository=seen.repository(),
            installation=seen.installation(),
            head=seen.commit("after"),
            reason="push" if governs else MOVED,
            delivery=seen.id,
            again=seen.digest,
            branch=branch,
        ),
    )


def _may_govern(seen: Fields) -> bool:
    """Whether the configuration or the code owners may be others now. What a list does not show counts as yes (what a
    force push took away, commits beyond the list's end): the job compares."""
    commits = seen.rows("commits")
    if seen.true("forced") or not commits or len(commits) >= MOST_COMMITS:
        return True
    for paths in (commit.get(name) for commit in commits for name in ("added", "removed", "modified")):
        if not isinstance(paths, list) or len(paths) >= MOST_PATHS or any(path in GOVERNING for path in paths):
            return True
    return False


def _comment(seen: Fields, _: int) -> tuple[Job, ...]:
    """A new comment of a person that may hold a command, which the commands' own grammar says for sure. What it said
    when it was written goes with it: GitHub's times are whole seconds, and within one it can be edited."""
    by_app = seen.there("comment", "performed_via_github_app")
    same = seen.number("comment", "user", "id") == seen.number("sender", "id")
    if seen.by_bot() or by_app or not same or not may_command(seen.text("comment", "body")):
        return ()
    return (
        Job(
            kind=Kind.COMMENT,
            repository=seen.repository(),
            installation=seen.installation(),
            number=seen.number("issue", "number"),
            reason=seen.action,
            actor=seen.sender(),
            account=seen.account(),
            comment=seen.number("comment", "id"),
            words=fingerprint(seen.text("comment", "body")),
            asked=seen.time("comment", "created_at"),
            delivery=seen.id,
        ),
    )


TRIGGERS: dict[tuple[str, str], Trigger] = {
    ("pull_request", "opened"): _review,
    ("pull_request", "ready_for_review"): _ready,
    ("pull_request", "synchronize"): _pushed,
    ("pull_request", "reopened"): _review_again,
    ("pull_request", "edited"): _edited,
    ("pull_request", "closed"): _gate,
    ("pull_request", "labeled"): _labelled,
    ("pull_request", "unlabeled"): _labelled,
    ("pull_request_review", "submitted"): _gate,
    ("pull_request_review", "edited"): _gate,
    ("pull_request_review", "dismissed"): _gate,
    ("check_run", "rerequested"): _run_again,
    ("check_run", "requested_action"): _pressed,
    ("check_suite", "rerequested"): _suite_again,
    ("merge_group", "checks_requested"): _group,
    ("issue_comment", "created"): _comment,
    ("push", ""): _branch,
}
