"""Pull requests: reading them, their commits and reviews, opening one, asking reviewers."""

from collections.abc import Sequence
from itertools import islice

from app.github import people, values
from app.github.faults import Rejected
from app.github.place import Place, found_or_made
from app.model.forge import Committer, Pull, Review
from app.model.trouble import Gone
from checks.model.errors import Refusal

READ, WRITE = "pull requests", "pull requests: write"
COMPARED = 250
"""Commits that a pull request's own list shows at most."""
OPEN_AT_MOST = 2_000
"""Open pull requests that are looked through for a head."""


def one(place: Place, number: int) -> Pull:
    """A pull request as it is now."""
    return values.pull(place.get(READ, f"pulls/{int(number)}"), place.repository)


def several(place: Place, state: str, most: int, base: str = "") -> tuple[Pull, ...]:
    """The newest first; with `base` those into this branch only."""
    into = {"base": base} if base else {}
    listed = place.pages(READ, "pulls", state=state, sort="created", direction="desc", most=max(most, 1) + 1, **into)
    found = (values.pull(each, place.repository) for each in islice(listed, most))
    # a server that does not know the filter would give any
    return tuple(each for each in found if not base or each.base_ref == base)


def with_head(place: Place, head: str) -> tuple[Pull, ...]:
    """Open ones with this head. All open ones are looked through, because the list by commit leaves out those of
    forks; only where there are too many does that one have to do."""
    found: dict[int, Pull] = {}
    listed = place.pages(READ, "pulls", state="open", sort="updated", direction="desc", most=OPEN_AT_MOST + 1)
    seen = 0
    for each in islice(listed, OPEN_AT_MOST):
        seen += 1
        if values.text(each, "head", "sha") == head:
            found[values.number(each, "number")] = values.pull(each, place.repository)
    if seen == OPEN_AT_MOST:
        for each in _by_commit(place, head):
            if each.open and each.head == head:
                found.setdefault(each.number, each)
    return tuple(found.values())


def _by_commit(place: Place, head: str) -> list[Pull]:
    try:
        listed = list(place.pages(READ, f"commits/{values.segment(head)}/pulls"))
    except (Gone, Rejected):  # GitHub answers 422 for a commit that it does not have
        return []
    return [values.pull(each, place.repository) for each in listed]


def commits(place: Place, number: int) -> tuple[Committer, ...]:
    """All commits of a pull request, the oldest first. Raises Refusal where GitHub does not show all of them: whose
    the others are would stay unknown."""
    found = [values.committer(each) for each in place.pages(READ, f"pulls/{int(number)}/commits")]
    if len(found) < COMPARED:
        return tuple(found)
    data = place.get(READ, f"pulls/{int(number)}")
    count = values.number(data, "commits")
    if len(found) < count:
        base, head = values.text(data, "base", "sha"), values.text(data, "head", "sha")
        basehead = f"compare/{values.segment(base)}...{values.segment(head)}"
        found = [values.committer(each) for each in place.pages("contents", basehead, within="commits", most=10_000)]
    if len(found) < count:
        raise Refusal(
            f"GitHub shows {len(found)} of the {count} commits of pull request {number}.", "Split it into smaller ones."
        )
    return tuple(found)


def reviews(place: Place, number: int) -> tuple[Review, ...]:
    """In the order in which they were submitted; drafts have not been."""
    found = [values.review(each) for each in place.pages(READ, f"pulls/{int(number)}/reviews")]
    return tuple(sorted(found, key=lambda each: (each.submitted or "~", each.id)))


def opened(place: Place, head_ref: str, base_ref: str, title: str, body: str) -> Pull:
    """The open pull request of this branch: the one that is there, or a new one."""
    head = f"{place.owner}:{head_ref}"

    def look() -> Pull | None:
        for each in place.pages(READ, "pulls", state="open", head=head, base=base_ref):
            found = values.pull(each, place.repository)
            # a server that does not know the filter would give any
            if found.head_ref == head_ref and found.base_ref == base_ref and not found.from_fork:
                return found
        return None

    def make() -> Pull:
        sent = {"title": values.line(title), "body": values.body(body), "head": head_ref, "base": base_ref}
        try:
            return values.pull(place.send(WRITE, "POST", "pulls", sent), place.repository)
        except Rejected as error:
            if error.status != 422 or (found := look()) is None:
                raise
            return found

    return found_or_made(look, make)


def request_reviewers(place: Place, number: int, logins: Sequence[str], teams: Sequence[str]) -> None:
    """Whom GitHub refuses is left out (people without access, the author). Who was asked or has reviewed is not asked
    again, because each request sends a mail; a team has reviewed when a member of it has: GitHub then drops its
    request."""
    pull = one(place, number)
    asked = {each.casefold() for each in (*pull.requested, pull.author.login)}
    reviewed = {each.person.login.casefold() for each in reviews(place, number)}
    left = [each for each in dict.fromkeys(logins) if each.casefold() not in asked | reviewed]
    slugs = [
        each.partition("/")[2] or each
        for each in dict.fromkeys(teams)
        if each.casefold() not in asked and not (reviewed and _among(place, each, reviewed))
    ]
    path = f"pulls/{int(number)}/requested_reviewers"
    if not left and not slugs:
        return
    try:
        place.send(WRITE, "POST", path, {"reviewers": left, "team_reviewers": slugs}, repeatable=True)
    except Rejected as error:
        if error.status != 422:
            raise
        for key, name in [*(("reviewers", each) for each in left), *(("team_reviewers", each) for each in slugs)]:
            _try(place, path, key, name)


def _try(place: Place, path: str, key: str, name: str) -> None:
    try:
        place.send(WRITE, "POST", path, {key: [name]}, repeatable=True)
    except Rejected as error:
        if error.status != 422:
            raise


def _among(place: Place, team: str, reviewed: set[str]) -> bool:
    members = people.team(place, team) or ()
    return any(each.casefold() in reviewed for each in members)
