"""The orchestrator's review of HIGH_RISK and CRITICAL: rules over what was found out, and nothing else. Pure."""

import shlex
from collections.abc import Sequence

from app.model.oversight import Oversight, Safer, Says
from checks.model.judged import Judged
from checks.model.outlook import Outlook
from checks.model.safety import Factor, Level
from checks.risk.kinds import listed, ranges

LEAST = 10
"""Earlier changes below which their levels tell nothing of what is usual."""
RARE = 0.2
"""The share of earlier changes below which a level as high is told as unusual."""
HEAVY = 0.5
"""The share of all points from which one factor is told by itself."""
MOST_GAPS = 5
"""Files whose uncovered lines are named."""


def oversee(judged: Judged, earlier: Sequence[Level] = ()) -> Oversight:
    """`earlier` are the levels of the changes that were judged here before, the newest first; none where nobody knows.
    Levels of parts are those that were really assessed (`checks.model.outlook`)."""
    level = judged.assessment.level
    outlook = judged.outlook or Outlook()
    split, others = _split(outlook, level), (*_leave_out(outlook, level), *_test(judged, outlook))
    safer = (*split, *others)
    lower = judged.assessment.lower
    if lower.startswith("To lower it to ") and not any(each.level for each in safer):
        safer = (*safer, Safer(lower))
    unusual = (*outlook.unusual, *_factors(judged.assessment.factors, level), *_earlier(earlier, level))
    more = f" ({outlook.why})" if outlook.why else ""
    if not safer:
        said = f"No safer way was found{more}: {level.value} is what this change is, and people decide."
        return Oversight(level, Says.NOTHING_SAFER, said, unusual)
    ways = f"{len(safer)} safer ways were found" if len(safer) > 1 else "A safer way was found"
    return Oversight(level, Says.SAFER, f"{ways}{_reach(level, split, others)}{more}. People decide.", unusual, safer)


def _reach(level: Level, split: Sequence[Safer], others: Sequence[Safer]) -> str:
    """How far they lead. What a part of it would be is not what it is then."""
    best = min((each.level for each in others if each.level), key=lambda each: each.rank, default=None)
    if best is not None:
        return f": {best.value} instead of {level.value}"
    return f": a part of it is {split[0].level.value} by itself" if split and split[0].level else ""


def _split(outlook: Outlook, level: Level) -> tuple[Safer, ...]:
    lower = [each for each in outlook.parts if each.level.rank < level.rank]
    if len(outlook.parts) < 2 or not lower:
        return ()
    parts = "; ".join(f"{listed(each.files, 5)} would be {each.level.value}" for each in outlook.parts)
    how = f"Split it by level into {len(outlook.parts)} pull requests: {parts}."
    return (Safer(how, min((each.level for each in outlook.parts), key=lambda each: each.rank)),)


def _leave_out(outlook: Outlook, level: Level) -> tuple[Safer, ...]:
    return tuple(
        Safer(f"Leave out {listed(each.files)}: the rest would be {each.level.value}.", each.level)
        for each in outlook.without
        if each.level.rank < level.rank
    )


def _test(judged: Judged, outlook: Outlook) -> tuple[Safer, ...]:
    """The missing tests, whatever they do to the level."""
    tests, level = judged.verdict.tests, judged.assessment.level
    gaps = [each for each in tests.coverage if each.uncovered] if tests is not None and tests.head.trusted else []
    if not gaps:
        return ()
    gaps.sort(key=lambda each: (-len(each.uncovered), each.file))
    count = sum(len(set(each.uncovered)) for each in gaps)
    places = listed((f"{each.file}:{ranges(each.uncovered)}" for each in gaps), MOST_GAPS)
    lowers = outlook.covered is not None and outlook.covered.rank < level.rank
    then = f"it would be {outlook.covered.value}" if lowers and outlook.covered else f"{level.value} stays"
    how = f"Add a test: {count} changed line{'' if count == 1 else 's'} of {places} run in none. With one {then}."
    return (Safer(how, outlook.covered if lowers else None, f"/selfmod test {shlex.quote(gaps[0].file)}"),)


def _factors(factors: Sequence[Factor], level: Level) -> tuple[str, ...]:
    """What demands the level by itself, or makes half of the points."""
    score = sum(each.weight for each in factors)
    found = []
    for each in factors:
        if each.floor is level:
            found.append(f"{each.name} alone makes it {level.value} ({each.weight} of {score} points): {each.seen}.")
        elif each.weight > 0 and each.weight >= HEAVY * score:
            found.append(f"{each.weight} of its {score} points are for one thing, {each.name}: {each.seen}.")
    return tuple(found)


def _earlier(earlier: Sequence[Level], level: Level) -> tuple[str, ...]:
    as_high = sum(each.rank >= level.rank for each in earlier)
    if len(earlier) < LEAST or as_high > RARE * len(earlier):
        return ()
    return (f"{as_high} of the last {len(earlier)} changes that were judged here were {level.value} or higher.",)
