"""Puts into the store of a run what earlier runs and people left on GitHub."""

import time
from dataclasses import replace

from app.action.stateless import markers, stopped
from app.action.stateless.said import said
from app.model.forge import Pull, Role
from app.model.modification import Modification, Status
from app.store import grants, heads
from app.store.connect import Store
from app.store.naming import accounts
from app.store.proposed import modifications, stops
from app.views import replies
from app.workflows.host import Host
from app.workflows.stopping import armed

MOST = 300
"""Pull requests that are looked through for proposals of selfmod's own, the newest first."""


def pull(store: Store, host: Host, account: int, number: int, without: int = 0) -> Pull:
    """All about one pull request, as it is now: what it proposes, what was said of its head, whether the account of
    this number had GitHub merge it. `without` is a comment that is being answered. A later run has a greater
    generation, so that an older one that is late never overwrites what it wrote. Raises Gone."""
    seen = host.pull(number)
    heads.start(store, host.repository, number, int(time.time()))
    if seen.own and (made := markers.modification(seen)) is not None:
        _bring(store, made)
    if seen.open:
        comments = [each for each in host.comments(number) if each.id != without]
        for each in said(comments, seen.head):
            if each.account:
                accounts.seen(store, each.account, each.login)
            if each.lets_run:
                # the first word stands, so one that nobody may give is not let in its place
                if host.role(each.login).at_least(Role.WRITE):
                    grants.grant(store, host.repository, number, seen.head, each.login, each.when)
            else:
                grants.approve(store, host.repository, number, seen.head, each.login, when=each.when)
    if seen.armed and seen.own and (seen.armed_by is None or seen.armed_by.id == account):
        armed.begin(store, host.repository, number, seen.head)
    return seen


def answered(host: Host, number: int, comment: int) -> bool:
    """Whether a command in a comment was replied to already. Raises Gone."""
    marked = replies.marker(comment).removeprefix("<!-- ").removesuffix("-->")
    return any(each.own and marked in each.body.partition("\n")[0] for each in host.comments(number))


def proposals(store: Store, host: Host) -> None:
    """Every modification of this repository that its pull requests tell of, with those that were taken back."""
    for each in taken_back([made for made in map(markers.modification, _own(host)) if made is not None]):
        _bring(store, each)


def _own(host: Host) -> list[Pull]:
    return [each for each in host.pulls("all", MOST) if each.own]


def taken_back(found: list[Modification]) -> list[Modification]:
    """The same, with what a merged revert took back as that. Pure."""
    by_id = {each.id: each for each in sorted(found, key=lambda made: made.number)}  # of one branch the newest counts
    for each in sorted(found, key=lambda made: made.number, reverse=True):  # a revert may itself be taken back later
        now = by_id[each.id]
        taken = by_id.get(each.reverts)
        if now.status is Status.APPLIED and taken is not None and taken.status is Status.APPLIED:
            reason = f"taken back by pull request {each.number}"
            by_id[taken.id] = replace(taken, status=Status.ROLLED_BACK, reason=reason)
    return list(by_id.values())


def _bring(store: Store, made: Modification) -> None:
    """Keeps it, unless this run knows better: what it did itself is newer than what a list showed before."""
    known = modifications.get(store, made.id)
    if known is None or (known.number == made.number and known.status in (Status.PENDING_APPROVAL, Status.APPROVED)):
        modifications.put(store, made)


def stopping(store: Store, host: Host) -> None:
    """What is stopped in this repository. Raises Refusal where that cannot be told."""
    content = host.file(stopped.FILE, stopped.BRANCH) if host.branch(stopped.BRANCH) else None
    stops.clear(store, host.repository)
    for each in stopped.read(content, host.repository) if content is not None else ():
        stops.restore(store, each)
