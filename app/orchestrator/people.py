"""Who is there to agree: roles, teams, code owners, and who is part of the change itself."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, replace

from app.model.decision import Decision
from app.model.forge import Committer, Role
from app.orchestrator.policy import Policy

ROLES = {"maintainers": Role.MAINTAIN, "admins": Role.ADMIN}
"""Names of who approves CRITICAL changes where no team is configured, with the least role of each."""
_ASKED = "asked for this change"


@dataclass(frozen=True, slots=True)
class People:
    """Everything that is known of people for one pull request. Logins are compared whatever their case.

    `author` opened it, `requesters` asked for the change (of selfmod's own), `commits` are all of them, `pushers` who
    pushed them (what a commit says of its author, whoever made it wrote there). `roles` are of who gave an approval or
    demanded changes; `teams` the members by `@org/team` (None: they may not be read). `owners` are the code owners of
    the touched paths. `writers`, `maintainers` and `admins` are all people with at least that role, None where that may
    not be listed. `known_as` are all logins, in lower case, that the account of a login is known to have had. `asking`
    are accounts' numbers, each with a login, in lower case, under which it asked."""

    author: str
    requesters: tuple[str, ...] = ()
    commits: tuple[Committer, ...] = ()
    roles: Mapping[str, Role] = field(default_factory=dict)
    teams: Mapping[str, tuple[str, ...] | None] = field(default_factory=dict)
    owners: tuple[str, ...] = ()
    writers: tuple[str, ...] | None = None
    maintainers: tuple[str, ...] | None = None
    admins: tuple[str, ...] | None = None
    pushers: tuple[str, ...] = ()
    known_as: Mapping[str, frozenset[str]] = field(default_factory=dict)
    asking: frozenset[tuple[int, str]] = frozenset()

    def names(self, login: str) -> frozenset[str]:
        """The logins, in lower case, behind which the same person is."""
        return self.known_as.get(login.casefold(), frozenset()) | {login.casefold()}

    def role(self, login: str) -> Role:
        """What somebody may do; nothing where that was not asked."""
        return next((role for name, role in self.roles.items() if _same(name, login)), Role.NONE)

    def members(self, who: str) -> tuple[str, ...] | None:
        """The logins behind a person (`@ann`), a team (`@acme/web`) or the name of a role; None where that is not to be
        known here (a mail address of CODEOWNERS, a team that may not be read)."""
        if who in ROLES:
            return self.maintainers if ROLES[who] is Role.MAINTAIN else self.admins
        if "/" in who:
            return next((members for name, members in self.teams.items() if _same(name, who)), None)
        return (who.removeprefix("@"),) if who.startswith("@") else None

    def is_one(self, login: str, who: str) -> bool:
        """Whether somebody is this person, of this team, or has this role. What is not known is not so."""
        if who in ROLES:
            return self.role(login).at_least(ROLES[who])
        return any(_same(login, each) for each in self.members(who) or ())

    def excluded(self, alone: str = "") -> dict[str, str]:
        """Who is part of the change and cannot approve it, by login in lower case, each with why. `alone` is the owner
        of a one-person repository, who may."""
        found: dict[str, str] = {}
        for commit in self.commits:
            for person in (commit.author, commit.committer):
                if person is not None:
                    found.setdefault(person.login.casefold(), f"wrote commit {commit.sha[:10]}")
        found = self._written_down() | found | {each.casefold(): _ASKED for each in self.requesters}
        found[self.author.casefold()] = "opened this pull request"
        for name in self.names(alone.removeprefix("@")):
            found.pop(name, None)
        return found

    def why_excluded(self, login: str, excluded: Mapping[str, str]) -> str:
        """Why somebody cannot approve, empty where nothing is against it; `excluded` is the method's of that name. Who
        pushed or asked was written down by the login of then, and is found by former logins too: rather somebody who
        had such a login long before is shut out than whoever has taken another one since. Author and commits have the
        logins of now."""
        if why := excluded.get(login.casefold()):
            return why
        told = self._written_down()
        return next((told[each] for each in sorted(self.names(login)) if each in told and each in excluded), "")

    def _written_down(self) -> dict[str, str]:
        pushed = {each.casefold(): "pushed to this pull request" for each in self.pushers}
        return pushed | {each.casefold(): _ASKED for each in self.requesters}

    def able(self, whom: Iterable[str] | None) -> int | None:
        """How many people could agree: of these teams, people and roles, or with None everybody with write access. None
        where that is not known."""
        listed = [self.writers] if whom is None else [self.members(each) for each in whom]
        out = self.excluded()
        names: set[str] = set()
        for members in listed:
            if members is None:
                return None
            names |= {each.casefold() for each in members}
        if whom is not None and self.writers is not None:
            names &= {each.casefold() for each in self.writers}
        return len(names - out.keys())


def known(policy: Policy, people: People) -> Policy:
    """The policy with what is known of people. Code owners stay out where the configuration leaves them out."""
    owners = people.owners if policy.code_owners is None else policy.code_owners
    sole = people.writers[0] if people.writers is not None and len(people.writers) == 1 else ""
    return replace(
        policy,
        code_owners=owners,
        eligible=people.able(None),
        eligible_critical=people.able(policy.critical_approvers),
        eligible_owners=people.able(owners) if owners else None,
        owner=f"@{sole}" if sole else "",
        asked_by_owner=any(_same(sole, each) for each in people.requesters),
    )


def alone(policy: Policy, decision: Decision) -> str:
    """The owner of a one-person repository where the decision leaves it to that person, empty where it does not."""
    return policy.owner if policy.solo and policy.owner and decision.approvers == (policy.owner,) else ""


def _same(one: str, other: str) -> bool:
    return one.removeprefix("@").casefold() == other.removeprefix("@").casefold()
