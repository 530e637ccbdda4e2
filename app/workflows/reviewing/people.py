"""Reads from the host who is there to agree to one change: no more of it than the decision asks for."""

import re
from collections.abc import Container, Sequence
from dataclasses import dataclass
from pathlib import Path

from app.model.approval import Given
from app.model.decision import Decision
from app.model.forge import Committer, Opinion, Pull, Review, Role
from app.orchestrator.people import ROLES, People
from app.workflows.host import Host
from app.workflows.reviewing.configured import InForce
from checks.model.judged import Judged
from checks.repository import git, history, owners


def gather(
    host: Host,
    pull: Pull,
    force: InForce,
    judged: Judged,
    decision: Decision,
    reviews: Sequence[Review],
    given: Sequence[Given],
    root: Path,
    pushers: Sequence[str] = (),
    asked_by: Sequence[str] = (),
) -> People:
    """`decision` is what is decided without knowing people: where it asks for no approval, only the roles of who
    demands changes are read."""
    said = [each.person.login for each in reviews if each.opinion in (Opinion.APPROVED, Opinion.CHANGES_REQUESTED)]
    logins = dict.fromkeys((*said, *(each.login for each in given)))
    roles = {login: host.role(login) for login in logins}
    if not decision.approvals:
        return People(pull.author.login, roles=roles)
    owning = owners_of(force, judged, root)
    commits = host.commits(pull.number)
    asked = (*decision.approvers, *decision.named, *owning)
    # what was asked for lies in other people's pull requests too, once a fix was merged into their branch
    asking = requesters(
        root, judged.base, judged.head, None if pull.own else {each.sha for each in commits if _of_bot(each)}
    )
    return People(
        author=pull.author.login,
        requesters=tuple(dict.fromkeys((*(each.login for each in asking), *asked_by))),
        asking=frozenset((each.account, each.login.casefold()) for each in asking if each.account),
        commits=commits,
        pushers=tuple(pushers),
        roles=roles,
        teams={name: host.team(name.removeprefix("@")) for name in dict.fromkeys(asked) if "/" in name},
        owners=owning,
        writers=host.people(Role.WRITE),
        maintainers=host.people(Role.MAINTAIN) if _wanted("maintainers", decision) else None,
        admins=host.people(Role.ADMIN) if _wanted("admins", decision) else None,
    )


def _of_bot(commit: Committer) -> bool:
    return commit.author is not None and commit.author.bot


def _wanted(role: str, decision: Decision) -> bool:
    return role in ROLES and role in decision.approvers


def owners_of(force: InForce, judged: Judged, root: Path) -> tuple[str, ...]:
    """The code owners of the touched paths, both of a rename, as the target branch names them."""
    place = next((place for place in owners.PLACES if any(each.path == place for each in force.tree.files)), None)
    if place is None or judged.base is None or judged.head is None:
        return ()
    try:
        found = owners.read(force.tree.read(place))
    except OSError:
        return ()
    touched = history.differing(root, judged.base, judged.head)
    return found.of_all(path for each in touched for path in dict.fromkeys((each.path, each.old_path)))


REQUESTED = "Requested-by"
"""The trailer of selfmod's own commits that names who asked for them. Whoever adds one only excludes somebody more;
whoever takes one away makes another commit, and is its committer."""
_ASKED = re.compile(rf"{REQUESTED}: *@?([^\s@]+)(?: \(account ([1-9][0-9]{{0,17}})\))?[ \r]*")


@dataclass(frozen=True, slots=True)
class Requester:
    """Who asked: `account` is the number of the account that had this login then, 0 where the commit does not say."""

    login: str
    account: int = 0


def requested(login: str, account: int = 0) -> str:
    """The line of a commit's message that names who asked for it."""
    return f"{REQUESTED}: @{login}" + (f" (account {account})" if account else "")


def account_of(root: Path, commit: str, login: str) -> int:
    """The number of the account that asked for one commit of selfmod's by this login; 0 where it does not say."""
    asked = requesters(root, f"{commit}^", commit)
    return next((each.account for each in asked if each.login.casefold() == login.casefold()), 0)


def requesters(
    root: Path, base: str | None, head: str | None, whose: Container[str] | None = None
) -> tuple[Requester, ...]:
    """Who asked for the commits from `base` to `head`; with `whose` for these only."""
    if base is None or head is None:
        return ()
    output = git.output(root, "rev-list", "--format=%x00%H%n%B", "--max-count=250", f"{base}..{head}")
    found: dict[Requester, None] = {}
    for each in output.decode("utf-8", "replace").split("\0")[1:]:
        sha, *lines = each.splitlines()
        if whose is None or sha in whose:
            told = (_ASKED.fullmatch(line) for line in lines)
            found |= {Requester(match[1], int(match[2] or 0)): None for match in told if match}
    return tuple(found)
