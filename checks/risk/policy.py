"""Policy as code: the repository's own rules, evaluated. A rule raises a level or asks for people; none lowers."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from checks.model.safety import Level
from checks.risk.predicates import Facts, Seen, look, some, touched
from checks.risk.section import PolicyRule, Sensitive


@dataclass(frozen=True, slots=True)
class Applied:
    """A rule that applies: the least `level` (None: it names none), `approvers` of whom approvals are needed and how
    many (`approvals`; 0: it names no number), `why` in one sentence, and what its condition saw."""

    rule: str
    level: Level | None
    approvers: tuple[str, ...]
    why: str
    approvals: int = 0
    seen: Seen | None = None


def evaluate(rules: Sequence[PolicyRule], facts: Facts) -> tuple[Applied, ...]:
    """The rules that apply to a change, in their order. One that hangs on something unknown here applies."""
    found = []
    for rule in rules:
        seen = look(rule.if_, facts)
        if seen.satisfied is not False:
            found.append(
                Applied(
                    rule.name, rule.then.level, rule.then.approvers, _why(rule, seen), rule.then.approvals or 0, seen
                )
            )
    return tuple(found)


def guarded(sensitive: Sequence[Sensitive], paths: Iterable[str]) -> tuple[Applied, ...]:
    """What the sensitive paths of the configuration demand of a change that touches these paths."""
    paths, found = tuple(paths), []
    for each in sensitive:
        if hit := touched(each.paths, paths):
            why = f"{some(hit)} matches {some(each.paths)}"
            seen = Seen("paths", True, f"{some(hit)} matches", each.paths, hit)
            found.append(Applied(f"sensitive: {some(each.paths)}", each.level, each.teams, why, seen=seen))
    return tuple(found)


def demanded(applied: Iterable[Applied]) -> tuple[tuple[str, Level], ...]:
    """The levels that are demanded, each with the name of its rule: what `Evidence.demanded` takes."""
    return tuple((each.rule, each.level) for each in applied if each.level is not None)


def level(applied: Iterable[Applied]) -> Level:
    """The highest level demanded, `SAFE` where none is."""
    return max((found for _, found in demanded(applied)), key=lambda found: found.rank, default=Level.SAFE)


def approvers(applied: Iterable[Applied]) -> tuple[str, ...]:
    """All people and teams that are named, each once, in the order of the rules."""
    named: dict[str, str] = {}
    for each in applied:
        for who in each.approvers:
            named.setdefault(who.casefold(), who)
    return tuple(named.values())


def _why(rule: PolicyRule, seen: Seen) -> str:
    said = "; ".join(f"{leaf.predicate}: {leaf.description}" for leaf in seen.deciding())
    return f"{rule.then.reason} ({said})" if rule.then.reason else said
