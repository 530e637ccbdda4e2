"""What holds a branch, in words, and the difference that a plan makes to it."""

import difflib
import json
from collections.abc import Iterator, Mapping
from typing import Any

from app.model.protection import CHECKS, Also, Change, Classic, Pinned, Plan, Ruleset, Seen, actor
from app.model.protection import pins as pins_of

_BRANCHES = {"~DEFAULT_BRANCH": "the default branch", "~ALL": "all branches"}
_BESIDE = {
    Also.NO_FORCE_PUSH: "Nothing forbids force pushes to {}",
    Also.NO_DELETION: "Nothing forbids to delete {}",
}
_SWITCHES = {
    "required_linear_history": "linear history",
    "allow_force_pushes": "force pushes allowed",
    "allow_deletions": "deletion allowed",
    "block_creations": "creation blocked",
    "required_conversation_resolution": "conversations resolved",
    "lock_branch": "locked",
    "allow_fork_syncing": "fork syncing allowed",
}


def difference(plan: Plan, seen: Seen, app: int) -> list[str]:
    """A unified difference of what is in words, with all that stays; empty where nothing changes."""
    before = [line for each in plan.changes for line in _of(each.before, each, seen, app)]
    after = [line for each in plan.changes for line in _of(each.after, each, seen, app)]
    most = max(len(before), len(after))
    return list(difflib.unified_diff(before, after, "now", "with --apply", n=most, lineterm=""))


def beside(plan: Plan, seen: Seen) -> list[str]:
    """What was not asked for and would help the gate, a sentence each."""
    return [f"{_BESIDE[each].format(seen.branch)}: --also {each.value} does." for each in plan.beside]


def _of(source: Ruleset | Classic | None, change: Change, seen: Seen, app: int) -> Iterator[str]:
    if source is None:
        return
    if isinstance(source, Classic):
        yield from _classic(source, seen, app)
    else:
        yield from _ruleset(source, app, new=change.before is None)


def _ruleset(ruleset: Ruleset, app: int, *, new: bool) -> Iterator[str]:
    yield f'ruleset "{ruleset.name}"' + (" (new)" if new else f" ({ruleset.id})")
    yield f"  enforcement: {ruleset.enforcement}"
    names = ruleset.conditions.get("ref_name")
    for word, title in (("include", "branches"), ("exclude", "but not")):
        found = names.get(word) if isinstance(names, Mapping) else None
        if isinstance(found, list) and found:
            yield f"  {title}: {', '.join(_BRANCHES.get(str(each), str(each)) for each in found)}"
    if ruleset.bypass is None:
        yield "  may bypass it: not shown to this token"
    else:
        yield f"  may bypass it: {', '.join(map(actor, ruleset.bypass)) or 'nobody'}"
    for rule in ruleset.rules:
        if rule.get("type") == CHECKS:
            yield from _checks(pins_of(rule), app)
        else:
            yield f"  {rule.get('type')}" + _named(rule.get("parameters"))
    yield f"  up to date with the branch: {_yes(ruleset.strict)}"


def _classic(classic: Classic, seen: Seen, app: int) -> Iterator[str]:
    yield f"protection of {seen.branch}"
    if classic.checks is not None:
        yield from _checks(classic.checks, app)
        yield f"  up to date with the branch: {_yes(classic.strict)}"
    yield f"  administrators too: {_yes(classic.enforce_admins)}"
    if classic.reviews is not None:
        yield f"  reviews{_named(classic.reviews)}"
    if classic.restrictions is not None:
        yield f"  who may push{_named(classic.restrictions)}"
    for name, title in _SWITCHES.items():
        if classic.switches.get(name, False):
            yield f"  {title}"


def _checks(checks: tuple[Pinned, ...], app: int) -> Iterator[str]:
    yield "  required checks:"
    for name, number in checks:
        whom = "anybody" if not number else f"App {number}" + (" (this App)" if number == app else "")
        yield f"    {name} of {whom}"


def _named(values: Any) -> str:
    if not isinstance(values, Mapping) or not values:
        return ""
    return ": " + ", ".join(f"{name} {json.dumps(value, ensure_ascii=False)}" for name, value in sorted(values.items()))


def _yes(on: bool) -> str:
    return "yes" if on else "no"
