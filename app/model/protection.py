"""What holds a branch at GitHub (rulesets, and branch protection, the older form), and what is to change of it.

Rules, bypass actors and conditions stay the JSON that GitHub gave: what is not known here is written back as it
came."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import StrEnum
from typing import Any

GATE = "selfmod/gate"
"""The check that a branch is to require."""
CHECKS = "required_status_checks"
"""The rule of a ruleset, and the part of branch protection, that names required checks."""

EVERYBODY = {1: "read", 3: "triage", 4: "write"}
"""Numbers of the roles that ordinary contributors have."""
_ROLES = {2: "maintainers", 5: "administrators"}

type Pinned = tuple[str, int]
"""A required check: its name, and the number of the App that alone may report it; 0 for anybody."""


class Form(StrEnum):
    """Where the gate is written where nothing requires it yet."""

    RULESET = "ruleset"
    CLASSIC = "classic"


class Also(StrEnum):
    """What else may be asked for, since without it who may push can undo what the gate held."""

    NO_FORCE_PUSH = "no-force-push"
    NO_DELETION = "no-deletion"

    @property
    def rule(self) -> str:
        """The type of the rule in a ruleset."""
        return {Also.NO_FORCE_PUSH: "non_fast_forward", Also.NO_DELETION: "deletion"}[self]

    @property
    def switch(self) -> str:
        """The switch of branch protection that must be off."""
        return {Also.NO_FORCE_PUSH: "allow_force_pushes", Also.NO_DELETION: "allow_deletions"}[self]


@dataclass(frozen=True, slots=True)
class Ruleset:
    """A ruleset for branches. `bypass` is None where it is not shown; `own`: of the repository itself, so that it can
    be changed there; `holds`: it is active for the branch in question. The number is 0 for one that is to be made."""

    id: int
    name: str
    enforcement: str
    conditions: Mapping[str, Any]
    rules: tuple[Mapping[str, Any], ...]
    bypass: tuple[Mapping[str, Any], ...] | None = ()
    own: bool = True
    holds: bool = True

    @property
    def types(self) -> frozenset[str]:
        """The types of its rules."""
        return frozenset(str(rule.get("type")) for rule in self.rules)

    @property
    def checks(self) -> tuple[Pinned, ...]:
        """All checks that it requires."""
        return tuple(pin for rule in self.rules if rule.get("type") == CHECKS for pin in pins(rule))

    @property
    def strict(self) -> bool:
        """Whether a pull request must be up to date with the branch."""
        return any(_parameters(rule).get("strict_required_status_checks_policy") is True for rule in self.rules)


@dataclass(frozen=True, slots=True)
class Classic:
    """Branch protection. `checks` is None where no checks are demanded at all; `reviews` and `restrictions` are as the
    PUT takes them, None where there are none; `switches` are the other settings, by GitHub's names. `unknown` are parts
    that are not known here and would be lost if all of it were written."""

    checks: tuple[Pinned, ...] | None = None
    strict: bool = False
    enforce_admins: bool = False
    reviews: Mapping[str, Any] | None = None
    restrictions: Mapping[str, Any] | None = None
    switches: Mapping[str, bool] = field(default_factory=dict)
    unknown: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Seen:
    """All that holds a branch. `rulesets` is None on a server without them. `classic` is None where there is none, or
    where it is not shown: then `shown` is False."""

    repository: str
    branch: str
    default: bool
    rulesets: tuple[Ruleset, ...] | None = ()
    classic: Classic | None = None
    shown: bool = True


@dataclass(frozen=True, slots=True)
class Change:
    """One thing that is written; `before` is None for a new one."""

    before: Ruleset | Classic | None
    after: Ruleset | Classic


@dataclass(frozen=True, slots=True)
class Plan:
    """`warnings` are sentences about what weakens the gate, `beside` those about what was not asked for."""

    changes: tuple[Change, ...]
    warnings: tuple[str, ...]
    beside: tuple[Also, ...]


def pins(rule: Mapping[str, Any]) -> tuple[Pinned, ...]:
    """The checks of one rule."""
    entries = _parameters(rule).get(CHECKS)
    return tuple(
        (str(each.get("context")), pin(each.get("integration_id")))
        for each in (entries if isinstance(entries, list | tuple) else ())
        if isinstance(each, Mapping)
    )


def pin(number: Any) -> int:
    """The number of an App as GitHub gives it: null, -1 and what is none are 0, anybody."""
    return number if isinstance(number, int) and not isinstance(number, bool) and number > 0 else 0


def actor(bypass: Mapping[str, Any]) -> str:
    """Who may bypass a ruleset, in words."""
    kind, number, mode = str(bypass.get("actor_type")), bypass.get("actor_id"), bypass.get("bypass_mode")
    if kind == "RepositoryRole" and isinstance(number, int) and (number in _ROLES or number in EVERYBODY):
        named = _ROLES.get(number) or f"whoever has {EVERYBODY[number]} access"
    elif kind == "OrganizationAdmin":
        named = "owners of the organisation"
    else:
        named = {"Integration": "App", "RepositoryRole": "role", "DeployKey": "deploy keys"}.get(kind, kind)
        named += f" {number}" if isinstance(number, int) and kind != "DeployKey" else ""
    return f"{named} ({'in pull requests' if mode == 'pull_request' else mode or 'always'})"


def _parameters(rule: Mapping[str, Any]) -> Mapping[str, Any]:
    found = rule.get("parameters")
    return found if isinstance(found, Mapping) else {}
