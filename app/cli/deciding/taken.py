"""What `selfmod rollback` knows of the proposals of its repository, and keeps of what it took back.

A store that cannot be used is no reason not to take anything back: who asked is told, and git has it all."""

from collections.abc import Iterator, Sequence
from contextlib import ExitStack, contextmanager
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING

from app.cli.deciding import opening
from app.cli.group import say
from checks.model import trailers
from checks.model.errors import Refusal
from checks.repository import git

if TYPE_CHECKING:
    from app.model.modification import Status
    from app.store.connect import Store

MOST = 1_000
"""Proposals among which those are looked for that a commit brought, the newest first."""


def whole(root: Path, identifier: str) -> str:
    """The identifier of the one proposal that begins so, else what was given."""
    if not identifier.startswith("mod_") or len(identifier) >= len("mod_") + 12:
        return identifier
    with _store(root) as store:
        if store is None:
            return identifier
        from app.store.proposed import modifications

        found = [each.id for each in modifications.recent(store, most=MOST) if each.id.startswith(identifier)]
        return found[0] if len(found) == 1 else identifier


def commit_of(root: Path, identifier: str) -> str:
    """The commit by which a proposal came in, where the store knows one of this identifier; else what was given. Raises
    Refusal for one that was not applied."""
    with _store(root) as store:
        if store is None:
            return identifier
        from app.model.modification import Status
        from app.store.proposed import modifications

        made = modifications.get(store, identifier)
        if made is None or made.merged:
            return made.merged if made is not None and _there(root, made.merged) else identifier
        if made.status in (Status.PENDING_APPROVAL, Status.APPROVED) and not _there(root, made.head):
            raise Refusal(f"{identifier} was not applied.", f"Refuse it: selfmod reject {identifier} -m WHY")
        return identifier


def keep(root: Path, reverted: Sequence[str], identifiers: Sequence[str], commit: str, why: str) -> None:
    """Keeps what a commit took back; where it cannot, that is said, for the commit is there."""
    try:
        _keep(root, reverted, identifiers, commit, why)
    except Refusal as refusal:
        say(f"selfmod: that this was taken back could not be kept: {refusal}")


def _keep(root: Path, reverted: Sequence[str], identifiers: Sequence[str], commit: str, why: str) -> None:
    """Keeps that these modifications, and those that one of the `reverted` commits had brought, were taken back by a
    commit; and that what these commits had taken back themselves holds again, by this commit."""
    with _store(root, told=True) as store:
        if store is None:
            return
        from app.model.modification import Status
        from app.store.proposed import modifications

        commits = [each for named in reverted for each in _commits(root, named)]
        applied = modifications.recent(store, statuses=(Status.APPLIED,), most=MOST)
        back = (*identifiers, *(each.id for each in applied if each.merged in commits))
        again = [each for every in commits for each in _trailers(root, every)]
        for id in again:
            _put(store, id, Status.APPLIED, f"brought back by commit {commit[:10]}", commit, why)
        for id in dict.fromkeys(back):
            _put(store, id, Status.ROLLED_BACK, f"taken back by commit {commit[:10]}", commit, why)


def _put(store: "Store", id: str, status: "Status", reason: str, commit: str, why: str) -> None:
    from app.local.host import account
    from app.model.modification import Status
    from app.store import audit
    from app.store.proposed import modifications

    made = modifications.get(store, id)
    if made is None or made.status is status:
        return
    facts = {"modification": id, "status": status.value, "by": account(), "commit": commit, "why": why}
    about = f"{made.repository}#{made.number}"
    audit.append(store, "rollback", made.repository, about, facts, once=f"rollback:{id}:{commit}:{status}")
    merged = commit if status is Status.APPLIED else made.merged
    reason += f": {why}" if why else ""
    modifications.put(store, replace(made, status=status, merged=merged, reason=reason))


@contextmanager
def _store(root: Path, told: bool = False) -> "Iterator[Store | None]":
    """The store, None where nothing was proposed here, or it cannot be used; with `told` that is said."""
    with ExitStack() as held:
        try:
            store = held.enter_context(opening.opened(root)) if opening.is_there(root) else None
        except Refusal as refusal:
            if told:
                say(f"selfmod: what was proposed here is not known: {refusal}")
            store = None
        yield store


def _commits(root: Path, named: str) -> list[str]:
    """A commit, or those of a range."""
    if ".." not in named:
        return [named]
    return git.output(root, "rev-list", f"--max-count={MOST}", named).decode().split()


def _trailers(root: Path, commit: str) -> tuple[str, ...]:
    """What a commit says that it took back."""
    told = git.output(root, "rev-list", "--max-count=1", "--encoding=UTF-8", "--format=%B", commit)
    return trailers.values(told.decode("utf-8", "replace"), trailers.REVERTS)


def _there(root: Path, commit: str) -> bool:
    """Whether a commit is in the history of what is checked out."""
    return bool(commit) and git.run(root, "merge-base", "--is-ancestor", commit, "HEAD").status == 0
