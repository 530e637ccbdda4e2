"""Reads from the host who is there to agree to one change: no more of it than the decision asks for."""

from collections.abc import Container, Sequence
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
    return People(
        author=pull.author.login,
        # what was asked for lies in other people's pull requests too, once a fix was merged into their branch
        requesters=tuple(
            dict.fromkeys(
                (
                    *requesters(root, judged, None if pull.own else {each.sha for each in commits if _of_bot(each)}),
                    *asked_by,
                )
            )
        ),
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


def requesters(root: Path, judged: Judged, whose: Container[str] | None = None) -> tuple[str, ...]:
    """Who asked for the commits of a change; with `whose` for these only."""
    if judged.base is None or judged.head is None:
        return ()
    told = git.output(root, "rev-list", "--format=%x00%H%n%B", "--max-count=250", f"{judged.base}..{judged.head}")
    found: list[str] = []
    for each in told.decode("utf-8", "replace").split("\0")[1:]:
        sha, *lines = each.splitlines()
        if whose is None or sha in whose:
            found += (line.removeprefix(f"{REQUESTED}:").strip() for line in lines if line.startswith(f"{REQUESTED}:"))
    return tuple(dict.fromkeys(each.removeprefix("@") for each in found if each))
