"""How well a branch is held by the gate of this App, what weakens that, and what a write has lost."""

from collections.abc import Iterator, Mapping
from enum import Enum
from typing import Any

from app.model.forge import Required
from app.model.protection import CHECKS, EVERYBODY, GATE, Also, Classic, Pinned, Ruleset, Seen, actor


class Hold(Enum):
    """What a branch says of the gate."""

    HELD = "of this App"
    ANYBODY = "of anybody"
    OTHER = "of another App"
    UNKNOWN = "cannot be read"
    NOT = "is not required"


def hold(required: Required, app: int) -> Hold:
    """How a branch requires the gate; `app` is this App's number."""
    apps = {number for name, number in required.checks if name == GATE}
    if app in apps:
        return Hold.HELD
    if apps:
        return Hold.ANYBODY if 0 in apps else Hold.OTHER
    return Hold.NOT if required.known else Hold.UNKNOWN


def required(seen: Seen) -> Required:
    """The checks that a branch requires, as far as they are seen."""
    holding = sources(seen)
    checks = tuple(dict.fromkeys(pin for each in holding for pin in each.checks or ()))
    return Required(checks, known=seen.shown, protected=bool(holding))


def has(seen: Seen, also: Also) -> bool:
    """Whether something keeps the branch from being deleted, or pushed to by force."""
    if seen.classic is not None and not seen.classic.switches.get(also.switch, False):
        return True
    return any(also.rule in each.types for each in seen.rulesets or () if each.holds)


def sources(seen: Seen) -> tuple[Ruleset | Classic, ...]:
    """Everything that holds the branch."""
    active = tuple(each for each in seen.rulesets or () if each.holds)
    return active if seen.classic is None else (*active, seen.classic)


def warnings(seen: Seen, app: int) -> Iterator[str]:
    """Of what is seen once the plan is carried out."""
    holding = [each for each in sources(seen) if (GATE, app) in (each.checks or ())]
    passing = [_passing(each) for each in holding]
    if holding and all(passing):
        yield from dict.fromkeys(passing)
    if holding and not any(each.strict for each in sources(seen) if each.checks):
        yield (
            f"A pull request need not be up to date with {seen.branch}: the gate may have judged it on an older state "
            "of it. Demand that where two changes can break each other."
        )
    for each in seen.rulesets or ():
        pinned = {number for name, number in each.checks if name == GATE}
        if pinned and not each.holds:
            why = f"is {each.enforcement}" if each.enforcement != "active" else "does not name this branch"
            yield f'The ruleset "{each.name}" requires {GATE} too, but {why}: it holds nothing here.'
        if pinned - {app} and each.holds and not each.own:
            whom = "anybody" if 0 in pinned else f"App {min(pinned)}"
            yield (
                f'The organisation\'s ruleset "{each.name}" requires {GATE} of {whom}: only its owner can correct that.'
            )
    if not seen.shown:
        yield f"Whether classic protection holds {seen.branch} too is not shown to this token."


def _passing(source: Ruleset | Classic) -> str:
    """Who may merge past the gate, as a sentence; empty where nobody may."""
    if isinstance(source, Classic):
        if source.enforce_admins:
            return ""
        return "Administrators may merge past the gate: the protection does not include them."
    if source.bypass is None:
        return f'Who may bypass the ruleset "{source.name}" is not shown to this token.'
    if not source.bypass:
        return ""
    roles = [each.get("actor_id") for each in source.bypass if each.get("actor_type") == "RepositoryRole"]
    if common := [EVERYBODY[each] for each in roles if each in EVERYBODY]:
        return f'The ruleset "{source.name}" holds nobody: whoever has {common[0]} access may bypass it.'
    return f'The ruleset "{source.name}" may be bypassed by {", ".join(map(actor, source.bypass))}.'


def lost(before: Seen, after: Seen) -> tuple[str, ...]:
    """What was required before and is not any more, a few words each; who reports the gate does not count. Looked at
    after a write: GitHub may have taken less than it was given."""
    found: list[str] = []
    there = {each.id: each for each in after.rulesets or ()}
    for each in before.rulesets or ():
        if each.holds:
            found += (f'ruleset "{each.name}": {what}' for what in _lost_of_ruleset(each, there.get(each.id)))
    if before.classic is not None:
        found += (f"protection: {what}" for what in _lost_of_classic(before.classic, after.classic))
    return tuple(found)


def _lost_of_ruleset(before: Ruleset, after: Ruleset | None) -> Iterator[str]:
    if after is None:
        yield "all of it"
        return
    if not after.holds:
        yield f"it does not hold any more ({after.enforcement})"
    if before.conditions != after.conditions:
        yield "it names other branches"
    if after.bypass and any(each not in (before.bypass or ()) for each in after.bypass) and before.bypass is not None:
        yield "more may bypass it"
    if before.strict and not after.strict:
        yield "branches up to date"
    yield from (f"the check {name}" for name in _names_lost(before.checks, after.checks))
    for rule in before.rules:
        if rule.get("type") != CHECKS and not any(_keeps(rule, each) for each in after.rules):
            yield f"the rule {rule.get('type')}"


def _keeps(rule: Mapping[str, Any], other: Mapping[str, Any]) -> bool:
    """Whether the other rule has all that this one has; GitHub adds parameters that were not named."""
    given = other.get("parameters") or {}
    mine = rule.get("parameters") or {}
    return rule.get("type") == other.get("type") and all(
        name in given and given[name] == value for name, value in mine.items()
    )


def _lost_of_classic(before: Classic, after: Classic | None) -> Iterator[str]:
    if after is None:
        yield "all of it"
        return
    yield from (f"the check {name}" for name in _names_lost(before.checks or (), after.checks or ()))
    if before.strict and not after.strict:
        yield "branches up to date"
    if before.enforce_admins and not after.enforce_admins:
        yield "administrators are not included any more"
    if before.reviews is not None and before.reviews != after.reviews:
        yield "reviews"
    if before.restrictions is not None and before.restrictions != after.restrictions:
        yield "who may push"
    loose = {each.switch for each in Also} | {"allow_fork_syncing"}
    for name, on in before.switches.items():
        if after.switches.get(name, False) != on and on is not (name in loose):
            yield name


def _names_lost(before: tuple[Pinned, ...], after: tuple[Pinned, ...]) -> list[str]:
    """A check that nobody reports any more, or that another may report now."""
    kept = {name if name == GATE else (name, number) for name, number in after}
    return [name for name, number in before if (name if name == GATE else (name, number)) not in kept]
