"""What must be written so that a branch requires the gate of this App. It only ever adds: what is required already
stays, but for who may report the gate."""

from collections.abc import Iterator, Mapping
from dataclasses import replace
from typing import Any

from app.model.protection import CHECKS, GATE, Also, Change, Classic, Form, Pinned, Plan, Ruleset, Seen
from app.orchestrator.protected import has, sources, warnings
from checks.model.errors import Refusal

NAME, NAME_BESIDE = "selfmod gate", "selfmod branch"
"""Of rulesets that are made: with the gate, and with other rules only."""


def plan(seen: Seen, app: int, form: Form | None = None, also: frozenset[Also] = frozenset()) -> Plan:
    """The changes that make the branch require the gate of `app`, none where it does. Raises Refusal where that form
    cannot be written here."""
    if form is Form.RULESET and seen.rulesets is None:
        raise Refusal("this server has no rulesets.", "Leave --ruleset out, or ask for --classic.")
    changes = list(_repinned(seen, app))
    after = applied(seen, tuple(changes))
    form = form or (Form.CLASSIC if seen.rulesets is None else Form.RULESET)
    wanted = tuple(each for each in Also if each in also and not has(after, each))
    held = any((GATE, app) in (each.checks or ()) for each in sources(after))
    if not held or wanted:
        change = (
            _on_classic(after, app, held, wanted) if form is Form.CLASSIC else _on_ruleset(after, app, held, wanted)
        )
        changes = _joined(changes, change)
    after = applied(seen, tuple(changes))
    beside = tuple(each for each in Also if not has(after, each))
    return Plan(tuple(changes), tuple(warnings(after, app)), beside)


def applied(seen: Seen, changes: tuple[Change, ...]) -> Seen:
    """What is seen once the changes are written."""
    rulesets, classic = list(seen.rulesets or ()), seen.classic
    for each in changes:
        if isinstance(each.after, Classic):
            classic = each.after
        elif each.before in rulesets:
            rulesets[rulesets.index(each.before)] = each.after
        else:
            rulesets.append(each.after)
    return replace(seen, rulesets=None if seen.rulesets is None else tuple(rulesets), classic=classic)


def _repinned(seen: Seen, app: int) -> Iterator[Change]:
    """Where the gate is required of anybody or of another App, by something that can be changed here."""
    for each in sources(seen):
        numbers = {number for name, number in each.checks or () if name == GATE}
        if not numbers or numbers == {app}:
            continue
        if isinstance(each, Classic):
            yield Change(each, replace(each, checks=_with_gate(each.checks or (), app)))
        elif each.own:
            yield Change(each, replace(each, rules=tuple(_pinned_rule(rule, app) for rule in each.rules)))


def _with_gate(checks: tuple[Pinned, ...], app: int) -> tuple[Pinned, ...]:
    return tuple(dict.fromkeys([*((n, app if n == GATE else of) for n, of in checks), (GATE, app)]))


def _pinned_rule(rule: Mapping[str, Any], app: int) -> Mapping[str, Any]:
    if rule.get("type") != CHECKS:
        return rule
    entries: list[Mapping[str, Any]] = []
    for each in rule["parameters"][CHECKS]:
        entry = {**each, "integration_id": app} if each.get("context") == GATE else each
        if entry not in entries:
            entries.append(entry)
    return {**rule, "parameters": {**rule["parameters"], CHECKS: entries}}


def _on_ruleset(seen: Seen, app: int, held: bool, wanted: tuple[Also, ...]) -> Change:
    """A ruleset of our own: rulesets add up, so nothing that is there has to be touched. One that was switched off, and
    demands nothing but this, is switched on instead."""
    rules: tuple[Mapping[str, Any], ...] = tuple({"type": each.rule} for each in wanted)
    if not held:
        parameters = {
            "strict_required_status_checks_policy": False,
            CHECKS: [{"context": GATE, "integration_id": app}],
        }
        rules = ({"type": CHECKS, "parameters": parameters}, *rules)
    targets = [f"refs/heads/{seen.branch}", *(["~DEFAULT_BRANCH"] if seen.default else [])]
    for each in seen.rulesets or ():
        if each.own and not each.holds and _is_ours(each, rules, targets):
            kept = {str(rule.get("type")): _pinned_rule(rule, app) for rule in each.rules}
            merged = tuple(kept.get(str(rule["type"]), rule) for rule in rules)
            return Change(each, replace(each, enforcement="active", holds=True, rules=merged))
    name = (NAME_BESIDE if held else NAME) + ("" if seen.default else f" on {seen.branch}")
    conditions = {"ref_name": {"include": targets[-1:], "exclude": []}}
    return Change(None, Ruleset(0, _free(name, seen), "active", conditions, rules))


def _is_ours(ruleset: Ruleset, rules: tuple[Mapping[str, Any], ...], targets: list[str]) -> bool:
    """Whether a ruleset demands, of this branch only, nothing but what is asked for."""
    names = ruleset.conditions.get("ref_name")
    if not isinstance(names, Mapping):
        return False
    include = names.get("include")
    if not isinstance(include, list) or len(include) != 1 or include[0] not in targets or names.get("exclude"):
        return False
    kinds = [str(rule.get("type")) for rule in ruleset.rules]
    if len(kinds) != len(set(kinds)) or not set(kinds) <= {rule["type"] for rule in rules}:
        return False
    return bool(kinds) and all(name == GATE for name, _ in ruleset.checks) and (CHECKS in kinds) == bool(ruleset.checks)


def _free(name: str, seen: Seen) -> str:
    """The name, or with a number where there is one already: GitHub wants each once."""
    taken = {each.name for each in seen.rulesets or ()}
    return next(each for n in range(1, len(taken) + 2) if (each := name if n == 1 else f"{name} {n}") not in taken)


def _on_classic(seen: Seen, app: int, held: bool, wanted: tuple[Also, ...]) -> Change:
    if not seen.shown:
        raise Refusal(
            f"the protection of {seen.branch} is not shown to this token, so it cannot be added to.",
            "Use a token of an administrator of the repository: Administration, read and write.",
        )
    before = seen.classic
    after = before or Classic()
    if not held:
        after = replace(after, checks=_with_gate(after.checks or (), app))
    if before is not None and before.checks is not None and wanted:
        raise Refusal(
            f"--also cannot be written into the protection of {seen.branch}: its checks would be lost for a moment.",
            "Ask for --ruleset, or set it by hand in the settings of the repository.",
        )
    off = {each.switch: False for each in wanted}
    if before is not None and before.checks is None and before.unknown:
        raise Refusal(
            f"the protection of {seen.branch} has parts that selfmod does not know: {', '.join(before.unknown)}.",
            "They would be lost if it were written. Add the check by hand, or leave --classic out.",
        )
    return Change(before, replace(after, switches={**after.switches, **off}))


def _joined(changes: list[Change], last: Change) -> list[Change]:
    """One change for each thing: what was repinned and added to is written once."""
    for place, each in enumerate(changes):
        if each.after == last.before:
            return [*changes[:place], Change(each.before, last.after), *changes[place + 1 :]]
    return [*changes, last]
