"""Factors of a stage's findings, one for each severity."""

from collections.abc import Mapping

from checks.model.findings import Severity
from checks.model.safety import Factor
from checks.model.verdicts import StageResult
from checks.risk import kinds
from checks.risk.weights import TABLE, factor

BACK = "brought back"


def by_severity(name: str, stage: StageResult | None, most: Mapping[str, int], verb: str) -> tuple[Factor, ...]:
    """The factors, the gravest first. Points count for each finding, up to `most` of the severity (once where it names
    none). What a revert brings back counts as what is new, and has the factor of its own that names it."""
    factors = []
    back = stage.brought_back if stage else ()
    for severity in reversed(Severity):
        found = [each for each in (*(stage.findings if stage else ()), *back) if each.severity is severity]
        if found:
            most_points = most.get(severity.value, TABLE[name, severity.value].points)
            places = kinds.listed(f"{each.rule} at {each.place}" for each in found)
            lower = f"{verb} {places}" if TABLE[name, severity.value].points else ""
            seen = f"{len(found)} of severity {severity.value}: {places}"
            factors.append(factor(name, severity.value, seen, lower, times=len(found), most=most_points))
    if back:
        places = kinds.listed(f"{each.rule} at {each.place}" for each in back)
        factors.append(factor(name, BACK, f"{len(back)} brought back by the revert: {places}"))
    return tuple(factors)
