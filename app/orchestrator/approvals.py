"""Which approvals count, and why each other one does not: a pure function that explains itself."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime

from app.model.approval import Given, Seen, Weighed
from app.model.decision import Decision
from app.model.forge import Opinion, Review, Role
from app.orchestrator.people import People

_SILENT = (Opinion.COMMENTED, Opinion.PENDING)
"""Reviews that say nothing for or against: the one before stands, as on GitHub."""


@dataclass(frozen=True, slots=True)
class _Word:
    """One person's word as it stands now."""

    login: str
    bot: bool
    how: str
    commit: str
    when: float


def weigh(
    decision: Decision,
    people: People,
    head: str,
    reviews: Sequence[Review],
    given: Sequence[Given],
    alone: str = "",
    since: float = 0.0,
) -> Weighed:
    """What reviews, buttons and commands come to for this decision at this head. `alone` is the owner of a one-person
    repository, where the decision leaves it to that person. What was agreed before `since` (seconds since the epoch,
    when a stop ended) does not count; what was objected does.

    The latest review of each person counts that says anything. An approval counts for its commit alone, and only of a
    person with write access who has no part in the change. Where a commit belongs to no account nobody can tell who
    has part in it, and no approval counts."""
    excluded = people.excluded(alone)
    faults = _faults(people)
    blocking, seen = _demands(_latest(reviews), people, excluded)
    words = [
        _Word(r.person.login, r.person.bot, "review", r.commit, moment(r.submitted))
        for r in _latest(reviews)
        if _approves(r)
    ]
    words += [_Word(g.login, g.login.endswith("[bot]"), "button", g.commit, g.when) for g in given]
    agreeing: list[str] = []
    counted: list[str] = []
    for word in words:
        why = _why_not(word, people, head, excluded, blocking)
        why = why or ("was given before the stop ended" if since and word.when <= since else "")
        why = why or (faults[0] if faults and decision.approvals else "")
        if why:
            seen.append(Seen(word.login, word.how, word.commit, False, why))
            continue
        if any(people.names(word.login) & people.names(each) for each in agreeing):
            seen.append(Seen(word.login, word.how, word.commit, False, "counts already"))
            continue
        agreeing.append(word.login)
        of = [each for each in decision.approvers if people.is_one(word.login, each)]
        if decision.approvers and not of:
            seen.append(Seen(word.login, word.how, word.commit, False, f"is not of {' or '.join(decision.approvers)}"))
            continue
        counted.append(word.login)
        roles = [*of, *(each for each in decision.named if people.is_one(word.login, each))]
        if any(people.is_one(word.login, each) for each in people.owners):
            roles.append("code owner")
        seen.append(Seen(word.login, word.how, word.commit, True, ", ".join(dict.fromkeys(roles)) or "write access"))
    missing, whom = _missing(decision, people, agreeing, counted)
    return Weighed(
        needed=decision.approvals,
        counted=tuple(counted),
        missing=missing,
        whom=whom,
        seen=tuple(seen),
        blocking=blocking,
        excluded=tuple(excluded.items()),
        faults=(*(faults if missing else ()), *(_unread(decision, people) if missing else ())),
    )


def moment(time: str) -> float:
    """ISO 8601 as seconds since the epoch; 0 where it is none, so that it lies before everything."""
    try:
        told = datetime.fromisoformat(time)
    except ValueError:
        return 0.0
    return (told if told.tzinfo else told.replace(tzinfo=UTC)).timestamp()


def _approves(review: Review) -> bool:
    return review.opinion is Opinion.APPROVED


def _latest(reviews: Sequence[Review]) -> list[Review]:
    """The last review of each person that says anything, in the order in which they were given."""
    last = {review.person.login.casefold(): review for review in reviews if review.opinion not in _SILENT}
    return sorted(last.values(), key=lambda review: (review.submitted, review.id))


def _demands(latest: Sequence[Review], people: People, excluded: dict[str, str]) -> tuple[tuple[str, ...], list[Seen]]:
    """Whose demand for changes stands (whatever the commit: it stands until it is taken back), and what else was said
    that is no approval."""
    blocking, seen = [], []
    for each in latest:
        login = each.person.login
        if each.opinion is Opinion.DISMISSED:
            seen.append(Seen(login, "review", each.commit, False, "was dismissed"))
        elif each.opinion is Opinion.CHANGES_REQUESTED:
            if each.person.bot:
                why = "asks for changes, and is a bot: that holds nothing"
            elif not people.role(login).at_least(Role.WRITE):
                why = "asks for changes without write access: that holds nothing"
            else:
                blocking.append(login)
                why = "asks for changes; that stands until the review is dismissed or is an approval"
            seen.append(Seen(login, "review", each.commit, False, why))
    return tuple(blocking), seen


def _why_not(word: _Word, people: People, head: str, excluded: dict[str, str], blocking: tuple[str, ...]) -> str:
    """Why an approval does not count, whatever the decision asks for; empty where it does."""
    if word.bot:
        return "is a bot"
    if why := people.why_excluded(word.login, excluded):
        return why
    role = people.role(word.login)
    if not role.at_least(Role.WRITE):
        return f"has {'no' if role is Role.NONE else role.value} access; write is needed"
    if any(people.names(word.login) & people.names(each) for each in blocking):
        return "asks for changes in a review"
    if word.commit != head:
        return f"is for {word.commit[:10]}, and the head is {head[:10]} now"
    return ""


def _faults(people: People) -> tuple[str, ...]:
    unknown = [each.sha for each in people.commits if each.author is None or each.committer is None]
    if not unknown:
        return ()
    more = f" and {len(unknown) - 1} more" if len(unknown) > 1 else ""
    return (
        f"Commit {unknown[0][:10]}{more} belongs to no account, so nobody can tell who wrote it, and no approval "
        "counts. Add its mail address to a GitHub account, or commit it again with one that has an account.",
    )


def _unread(decision: Decision, people: People) -> tuple[str, ...]:
    """Teams that must agree and whose members are not known here, and code owners whose account is not."""
    asked = (*decision.approvers, *decision.named, *(people.owners if decision.code_owners else ()))
    teams = [each for each in dict.fromkeys(asked) if "/" in each and people.members(each) is None]
    told = [
        f"The members of {each} cannot be read. Give the App the permission Members: read, and see that the team has "
        "access to this repository."
        for each in teams
    ]
    if decision.code_owners and people.owners and not any(each.startswith("@") for each in people.owners):
        told.append("CODEOWNERS has mail addresses only, and whose they are is not known here. Name people or teams.")
    return tuple(told)


def _missing(decision: Decision, people: People, agreeing: Sequence[str], counted: Sequence[str]) -> tuple[int, str]:
    """The least number of approvals that are still to come, and of whom, in words."""
    named = [each for each in decision.named if not any(people.is_one(login, each) for login in agreeing)]
    owners = sum(any(people.is_one(login, each) for each in people.owners) for login in counted)
    owning = max(0, decision.code_owners - owners)
    number = max(0, decision.approvals - len(counted))
    missing = max(number, owning, 1 if named else 0)
    if not missing:
        return 0, ""
    anybody = " or ".join(decision.approvers) or "anybody with write access"
    if named:
        # one person may be of several teams; where more are missing than could be of these, anybody is asked too
        return missing, " and ".join(named) + (f", then {anybody}" if number > len(named) else "")
    if owning:
        whose = f"a code owner ({', '.join(people.owners)})" if people.owners else "a code owner"
        return missing, whose + (f" and {anybody}" if number > owning else "")
    return missing, anybody
