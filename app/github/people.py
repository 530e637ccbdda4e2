"""Who may do what, who is in a team, and what a branch requires."""

from collections.abc import Iterator
from typing import Any

from app.github import values
from app.github.faults import Rejected
from app.github.place import Place
from app.model.forge import Required, Role
from app.model.trouble import Gone
from checks.model.errors import Refusal


def role(place: Place, login: str, account: int = 0) -> Role:
    """What somebody may do, as GitHub says at this moment; who is not known may do nothing. A login can be another
    account's by now: where `account` is known (not 0), GitHub must not name another one."""
    try:
        data = place.get("people", f"collaborators/{values.segment(login)}/permission")
    except Gone:
        return Role.NONE
    if account and values.number(data, "user", "id") not in (0, account):
        return Role.NONE
    return values.role(data)


def with_role(place: Place, least: Role) -> tuple[str, ...] | None:
    """People with at least this role, those of teams included; None where they may not be listed."""
    try:
        found = list(place.pages("people", "collaborators", affiliation="all"))
    except (Gone, Rejected):
        return None
    return tuple(
        values.text(each, "login")
        for each in found
        if values.text(each, "type") in ("User", "") and values.role(each).at_least(least)
    )


def team(place: Place, name: str) -> tuple[str, ...] | None:
    """The members of `org/team`, those of teams below it included; None where that may not be read."""
    organisation, _, slug = name.partition("/")
    try:
        path = f"/orgs/{values.segment(organisation)}/teams/{values.segment(slug)}/members"
        return tuple(values.text(each, "login") for each in place.pages("members", path))
    except (Gone, Refusal):
        return None


def required(place: Place, branch: str) -> Required:
    """What a branch requires: its rules (every App may read them), and what the branch itself says of its protection.

    *Unverified*: that GitHub shows the required checks of branch protection to an App without `administration`. Where
    a protected branch shows nothing at all, they are not known."""
    checks: list[tuple[str, int]] = []
    protected, known = False, True
    try:
        for each in place.pages("rules", f"rules/branches/{values.segment(branch)}"):
            protected = True
            checks += _of_rule(each)
    except (Gone, Rejected):
        known = False  # a server without rulesets, or a branch that is not there
    try:
        data = place.get("contents", f"branches/{values.segment(branch)}")
    except (Gone, Rejected):
        return Required(tuple(dict.fromkeys(checks)), known and bool(checks), protected)
    detail = values.at(data, "protection")
    shown = isinstance(values.at(detail, "required_status_checks"), dict)
    if values.at(data, "protected") is True:
        # protected by rules only, or by something that is not shown
        known = shown or (known and protected)
        protected = True
    else:
        known = True
    checks += _of_protection(values.at(detail, "required_status_checks"))
    return Required(tuple(dict.fromkeys(checks)), known, protected)


def _of_rule(rule: Any) -> Iterator[tuple[str, int]]:
    if values.text(rule, "type") == "required_status_checks":
        for each in values.items(rule, "parameters", "required_status_checks"):
            yield values.text(each, "context"), max(values.number(each, "integration_id"), 0)


def _of_protection(data: Any) -> Iterator[tuple[str, int]]:
    """`checks` names the Apps; the older `contexts` has the same names without them."""
    if values.text(data, "enforcement_level") == "off":
        return
    named = set()
    for each in values.items(data, "checks"):
        named.add(values.text(each, "context"))
        yield values.text(each, "context"), max(values.number(each, "app_id"), 0)
    for name in values.items(data, "contexts"):
        if isinstance(name, str) and name not in named:
            yield name, 0
