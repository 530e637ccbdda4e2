"""What a branch demands of a pull request before its merge: protection and rulesets together, the stricter of both.

Sources: https://docs.github.com/en/rest/branches/branch-protection, https://docs.github.com/en/rest/repos/rules"""

from collections.abc import Iterator
from dataclasses import dataclass, field, replace
from fnmatch import fnmatchcase
from typing import Any

from app.standin.state import Account, App, Repository, World

METHODS = ("merge", "squash", "rebase")
ANY_APP = -1
"""`app_id` of protection for whom the App does not matter."""
ROLE_IDS = {1: "read", 2: "maintain", 3: "triage", 4: "write", 5: "admin"}
"""`actor_id` of an `actor_type: RepositoryRole`."""


@dataclass(frozen=True)
class Demand:
    """What one source (protection, or one rule of a ruleset) demands. `checks` are (name, App's number or None for
    anybody); `approvals` None where no review is demanded. `bypass` are those whom it does not hold."""

    source: str
    checks: tuple[tuple[str, int | None], ...] = ()
    strict: bool = False
    approvals: int | None = None
    dismiss_stale: bool = False
    last_push: bool = False
    code_owners: bool = False
    linear: bool = False
    locked: bool = False
    methods: tuple[str, ...] = METHODS
    pushers: tuple[str, ...] | None = None
    """Logins and Apps' slugs that alone may push, so merge; None: everybody with write access."""
    bypass: tuple[dict[str, Any], ...] = field(default=())
    admins_pass: bool = False

    @property
    def ruleset(self) -> bool:
        return self.source != "protection"


def demands(repository: Repository, branch: str) -> tuple[Demand, ...]:
    """All that hold this branch."""
    protection = repository.protection.get(branch)
    found = [_of_protection(protection)] if protection else []
    return (*found, *(demand for demand, _ in _of_rulesets(repository, branch)))


def is_protected(repository: Repository, branch: str) -> bool:
    return bool(demands(repository, branch))


def dismisses_stale(repository: Repository, branch: str) -> bool:
    """Whether a push to a pull request into this branch voids the approvals it has."""
    return any(demand.dismiss_stale for demand in demands(repository, branch))


def _of_protection(value: dict[str, Any]) -> Demand:
    """`value` is what PUT protection was given, with `checks` filled in."""
    checks = value["required_status_checks"] or {}
    reviews = value["required_pull_request_reviews"]
    restrictions = value["restrictions"]
    return Demand(
        source="protection",
        checks=tuple((each["context"], each["app_id"]) for each in checks.get("checks", ())),
        strict=bool(checks.get("strict")),
        approvals=None if reviews is None else reviews.get("required_approving_review_count", 1),
        dismiss_stale=bool(reviews and reviews.get("dismiss_stale_reviews")),
        last_push=bool(reviews and reviews.get("require_last_push_approval")),
        code_owners=bool(reviews and reviews.get("require_code_owner_reviews")),
        linear=bool(value.get("required_linear_history")),
        locked=bool(value.get("lock_branch")),
        pushers=None if restrictions is None else (*restrictions["users"], *restrictions.get("apps", ())),
        admins_pass=not value["enforce_admins"],
    )


def applies(repository: Repository, ruleset: dict[str, Any], branch: str) -> bool:
    """Whether an active ruleset of branches names this one."""
    if ruleset["enforcement"] != "active" or ruleset["target"] != "branch":
        return False
    names = (ruleset.get("conditions") or {}).get("ref_name") or {"include": [], "exclude": []}

    def fits(pattern: str) -> bool:
        if pattern == "~ALL":
            return True
        if pattern == "~DEFAULT_BRANCH":
            return branch == repository.default_branch
        return fnmatchcase(f"refs/heads/{branch}", pattern)

    return any(map(fits, names["include"])) and not any(map(fits, names["exclude"]))


def rules(repository: Repository, branch: str) -> Iterator[tuple[dict[str, Any], dict[str, Any]]]:
    """(ruleset, rule) of every active rule of a branch."""
    for ruleset in repository.rulesets.values():
        if applies(repository, ruleset, branch):
            yield from ((ruleset, rule) for rule in ruleset["rules"])


def _of_rulesets(repository: Repository, branch: str) -> Iterator[tuple[Demand, dict[str, Any]]]:
    for ruleset, rule in rules(repository, branch):
        parameters = rule.get("parameters") or {}
        base = Demand(source=f"ruleset {ruleset['id']}", bypass=tuple(ruleset.get("bypass_actors") or ()))
        match rule["type"]:
            case "required_status_checks":
                checks = tuple(
                    (each["context"], each.get("integration_id")) for each in parameters["required_status_checks"]
                )
                strict = parameters["strict_required_status_checks_policy"]
                yield replace(base, checks=checks, strict=strict), rule
            case "pull_request":
                yield (
                    replace(
                        base,
                        approvals=parameters["required_approving_review_count"],
                        dismiss_stale=parameters["dismiss_stale_reviews_on_push"],
                        last_push=parameters["require_last_push_approval"],
                        code_owners=parameters["require_code_owner_review"],
                        methods=tuple(parameters.get("allowed_merge_methods", METHODS)),
                    ),
                    rule,
                )
            case "required_linear_history":
                yield replace(base, linear=True), rule
            case "update":
                yield replace(base, locked=True), rule


def passes(world: World, repository: Repository, demand: Demand, account: Account, app: App | None) -> bool:
    """Whether this one is not held by a demand: an administrator where protection lets administrators pass, or one whom
    a ruleset lets bypass."""
    role = "none" if app else world.role(repository, account.login)
    if demand.admins_pass and role == "admin":
        return True
    return any(_is_actor(world, repository, actor, account, app, role) for actor in demand.bypass)


def _is_actor(
    world: World, repository: Repository, actor: dict[str, Any], account: Account, app: App | None, role: str
) -> bool:
    number = actor.get("actor_id")
    match actor["actor_type"]:
        case "Integration":
            return app is not None and app.id == number
        case "OrganizationAdmin":
            return app is None and repository.owner.members.get(account.login.casefold()) == "admin"
        case "RepositoryRole":
            return ROLE_IDS.get(number or 0) == role
        case "User":
            return app is None and account.id == number
        case "Team":
            members = [team.members for team in world.teams.values() if team.id == number]
            return app is None and any(account.login in each for each in members)
    return False
