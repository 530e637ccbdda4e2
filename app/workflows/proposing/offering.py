"""From a change that stood to a pull request: a modification that is kept, a branch, a commit, the pull request."""

import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, replace
from pathlib import Path

from app.model.forge import FileEdit
from app.model.modification import Modification, Sort, Status
from app.model.trouble import Unavailable
from app.orchestrator.configured import decided
from app.store import audit, locks
from app.store.connect import Store
from app.store.proposed import modifications, stops
from app.views import decision as decisions
from app.views.proposing import habit, proposal
from app.views.proposing.subject import about
from app.views.proposing.told import Opened
from app.workflows.proposing import prior
from app.workflows.proposing.trial import Stood, Trial, Wanted
from app.workflows.reviewing.people import requested
from app.workflows.steps import Tools
from app.workflows.stopping.guard import Halted
from checks.fix import Change
from checks.model import trailers
from checks.model.errors import Refusal
from checks.model.safety import Proposer
from checks.reports.safe import visible
from checks.reports.text import counted
from checks.repository import git
from checks.settings import Settings

HOUR = 3600.0
HISTORY = 100
"""Commits whose first lines tell the repository's habit."""
LISTED = 50
"""Findings that a commit's message lists."""


@dataclass(frozen=True, slots=True)
class Target:
    """Where a proposal goes: on top of the commit `base` into the branch `base_ref`. `root` is a local repository that
    holds the commit. `number` is the pull request whose own findings it mends (0: a branch's), `requester` who asked
    (empty: the schedule), `account` the number of that account (0: not known)."""

    repository: str
    root: Path
    base: str
    base_ref: str
    number: int = 0
    requester: str = ""
    account: int = 0


def offered(tools: Tools, settings: Settings, target: Target, wanted: Wanted, trial: Trial) -> Opened | str:
    """The pull request of a proposal: the one that is there, or a new one; else why there is none, in words. Raises
    Refusal where nothing of it stands up to validation."""
    repository = target.repository
    place = prior.place(tools.store, repository, wanted.word, wanted.keys)
    before = place.before
    if before is not None and prior.open_(before):
        return Opened(before.number, before.title)
    why = place.why_not or _closed(tools, target, place.branch, wanted) or _held(tools, settings, target, place.branch)
    if why:
        return why
    stood = trial.tried(wanted.keys)
    with alone(tools.store, repository):
        # said once more: the tests took their time
        if why := _held(tools, settings, target, place.branch):
            return why
        return _opened(tools, settings, target, place, stood)


def _opened(tools: Tools, settings: Settings, target: Target, place: prior.Place, stood: Stood) -> Opened:
    """Each part is kept before the next: what is made after a crash is what was made before it."""
    title = title_of(stood.change, target.root, target.base)
    made = Modification(
        repository=target.repository,
        sort=Sort.FIX,
        branch=place.branch,
        base_ref=target.base_ref,
        title=title,
        base=target.base,
        requester=target.requester,
        keys=stood.keys,
        created=place.before.created if place.before else 0.0,
        first=place.before.first if place.before else "",
    )
    _left_over(tools, place, target.base)
    made = modifications.put(tools.store, made)
    try:
        return _published(tools, settings, target, made, stood)
    except Halted:
        raise  # a stop is no fault of it
    except Refusal as refusal:
        modifications.put(tools.store, replace(made, status=Status.FAILED, reason=refusal.reason))
        raise


def _published(tools: Tools, settings: Settings, target: Target, made: Modification, stood: Stood) -> Opened:
    message = message_of(made.title, stood.change, made, target.account)
    head = tools.host.commit_files(made.branch, target.base, edits_of(stood.change), message)
    made = modifications.put(tools.store, replace(made, head=head))
    text = body_of(tools, settings, target, made.id, stood)
    pull = tools.host.open_pull(made.branch, target.base_ref, made.title, text)
    modifications.put(tools.store, replace(made, number=pull.number))
    facts = {
        "modification": made.id,
        "branch": made.branch,
        "base": target.base,
        "head": head,
        "level": stood.judged.assessment.level.value,
        "requester": target.requester,
        "of": str(target.number),
    }
    audit.append(
        tools.store, "proposed", target.repository, f"{target.repository}#{pull.number}", facts, f"proposed:{made.id}"
    )
    return Opened(pull.number, made.title)


def _left_over(tools: Tools, place: prior.Place, base: str) -> None:
    """Removes the branch of a try on another base that came to no pull request, if it is as selfmod left it."""
    before = place.before
    if before is None or before.number or not before.head or before.base == base:
        return
    if tools.host.branch(place.branch) == before.head:
        tools.host.delete_branch(place.branch)


def title_of(change: Change, root: Path, base: str) -> str:
    """In the habit of the history that leads to a commit."""
    options = ("--no-merges", "--format=%s", f"--max-count={HISTORY}")
    told = git.output(root, "log", *options, base, "--").decode("utf-8", "replace")
    return habit.title(habit.habit(told.splitlines()), about(change.fixed), [f.path for f in change.change_set.files])


def message_of(title: str, change: Change, made: Modification, account: int) -> str:
    """The commit's message: what is mended, and in trailers whose it is and who asked."""
    lines = [f"- {each.rule}: {visible(each.file)}:{each.line}" for each in change.fixed[:LISTED]]
    if len(change.fixed) > LISTED:
        lines.append(f"- and {len(change.fixed) - LISTED} more")
    told = [trailers.line(trailers.MODIFICATION, made.id)]
    if made.requester:
        told.append(requested(made.requester, account))
    return "\n".join((title, "", *lines, "", *told, ""))


def edits_of(change: Change) -> list[FileEdit]:
    """The files of a change as the forge takes them."""
    return [FileEdit(each.path, each.after) for each in change.change_set.files]


def body_of(tools: Tools, settings: Settings, target: Target, id: str, stood: Stood) -> str:
    """The text of the pull request."""
    shown = proposal.Proposal(
        id=id,
        change=stood.change,
        judged=stood.judged,
        needs=decisions.needs(decided(stood.judged, settings, Proposer.SELFMOD)),
        requester=target.requester,
        number=target.number,
        tree=f"{tools.settings.github_url.rstrip('/')}/{target.repository}/blob/{target.base}",
    )
    return proposal.body(shown)


def _closed(tools: Tools, target: Target, branch: str, wanted: Wanted) -> str:
    """Why what somebody closed is not proposed again, also where the store forgot it; empty where nobody did."""
    pull = prior.closed(tools.host, branch)
    if pull is None:
        return ""
    made = Modification(
        repository=target.repository,
        sort=Sort.FIX,
        branch=branch,
        base_ref=target.base_ref,
        title=pull.title,
        base=pull.base_sha,
        head=pull.head,
        number=pull.number,
        keys=wanted.keys,
        status=Status.REJECTED,
    )
    return prior.why_not(modifications.put(tools.store, made))


def _held(tools: Tools, settings: Settings, target: Target, branch: str) -> str:
    """Why nothing is opened now, in words: a stop, or a limit. One that is there already is not one more."""
    repository, limits = target.repository, settings.limits
    stop = stops.holding(tools.store, repository, target.number)
    if stop is not None:
        return f"{stop.where} is stopped by @{stop.by}: {stop.why}"
    mine = [each.head_ref for each in tools.host.pulls() if prior.own(each)]
    if branch in mine:
        return ""
    if len(mine) >= limits.open_pull_requests:
        most = limits.open_pull_requests
        return (
            f"selfmod has {counted(len(mine), 'pull request')} of its own open, and limits.open_pull_requests is "
            f"{most}: merge or close one of them"
        )
    opened = modifications.opened_since(tools.store, repository, time.time() - HOUR)
    if opened >= limits.per_hour:
        said = "1 pull request was" if opened == 1 else f"{opened} pull requests were"
        return f"{said} opened in the last hour, and limits.per_hour is {limits.per_hour}"
    return ""


@contextmanager
def alone(store: Store, repository: str) -> Iterator[None]:
    """One at a time opens or moves selfmod's own pull requests of a repository, so that limits hold. Raises Unavailable
    where another does."""
    try:
        with locks.exclusive(store, f"propose:{repository.casefold()}", wait=10.0):
            yield
    except locks.Busy as busy:
        raise Unavailable("another pull request is being opened here") from busy
