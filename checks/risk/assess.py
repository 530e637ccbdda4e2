"""The assessment: all factors weighed into one level, and what would lower it.

Monotone by construction: points are never negative, floors only raise, and only a proof makes `SAFE`.
"""

from collections.abc import Iterable, Iterator, Mapping
from itertools import combinations
from typing import Protocol

from checks.model.safety import Assessment, Factor, Level
from checks.risk import sameness
from checks.risk.evidence import THRESHOLDS, Evidence
from checks.risk.factors import (
    dangerous,
    dependencies,
    generator,
    hot_spots,
    paths,
    policy,
    public_api,
    security,
    size,
    stages,
    uncovered,
    weakened_tests,
)
from checks.risk.weights import EFFORT

PROOF = "nothing can behave differently"
"""The name of the factor that says why a change is SAFE."""
MOST_STEPS = 3
"""Steps that are proposed together; more would be another change."""


class Weigher(Protocol):
    """What a factor's module has."""

    NAME: str
    STANDS: bool

    def weigh(self, evidence: Evidence) -> tuple[Factor, ...]:
        """The factors that it sees."""
        ...


FACTORS: tuple[Weigher, ...] = (
    paths,
    size,
    public_api,
    uncovered,
    security,
    dangerous,
    dependencies,
    weakened_tests,
    hot_spots,
    stages,
    generator,
    policy,
)


def assess(evidence: Evidence) -> Assessment:
    """The level with its factors, the weightiest first. Raises Refusal for a `sensitive` pattern that is not one."""
    proof = sameness.proof(evidence.change)
    weighed = [each for weigher in FACTORS if proof is None or weigher.STANDS for each in weigher.weigh(evidence)]
    proven = proof is not None
    level = level_of(weighed, evidence.thresholds, proven)
    shown = [Factor(PROOF, str(proof), 0), *weighed] if proven else weighed
    factors = ordered(shown)
    lower = cheapest(factors, evidence.thresholds, proven)
    return Assessment(level, sum(each.weight for each in factors), factors, lower)


def ordered(factors: Iterable[Factor]) -> tuple[Factor, ...]:
    """The weightiest first, of equal ones the one with the higher floor."""
    return tuple(sorted(factors, key=lambda each: (-each.weight, -_rank(each.floor), each.name, each.seen)))


def level_of(factors: Iterable[Factor], thresholds: Mapping[Level, int], proven: bool) -> Level:
    """The highest level that the sum of the weights reaches or that a factor's floor demands; without a proof at least
    LOW_RISK. A threshold that is not given is the usual one."""
    every = list(factors)
    score = sum(each.weight for each in every)
    reached = [level for level, least in (THRESHOLDS | dict(thresholds)).items() if score >= least]
    floors = [each.floor for each in every if each.floor is not None]
    least = Level.SAFE if proven else Level.LOW_RISK
    return max((least, *reached, *floors), key=lambda level: level.rank)


def cheapest(factors: tuple[Factor, ...], thresholds: Mapping[Level, int], proven: bool) -> str:
    """The smallest set of steps that lowers the level, of equally small ones the easiest (EFFORT), in words; empty
    at SAFE. Computed by weighing again without the factors that the steps would take away."""
    level = level_of(factors, thresholds, proven)
    if level is Level.SAFE:
        return ""
    for count in range(1, MOST_STEPS + 1):
        for steps in _sets(factors, count):
            rest = [each for each in factors if each.lower not in steps]
            reached = level_of(rest, thresholds, proven)
            if reached.rank < level.rank:
                return f"To lower it to {reached.value}: {'; '.join(steps)}."
    if level is Level.LOW_RISK and not proven:
        return "Nothing lowers it: what may change behaviour is at least LOW_RISK."
    fixed = next((each for each in factors if each.floor is level and not each.lower), None)
    heaviest = fixed or next((each for each in factors if each.weight > 0 and not each.lower), None)
    return (
        f"Nothing in the change lowers it: {heaviest.name}: {heaviest.seen}." if heaviest else "To lower it: split it."
    )


def _sets(factors: tuple[Factor, ...], count: int) -> Iterator[tuple[str, ...]]:
    """Sets of `count` steps, the easiest first; factors with the same words are one step."""
    ordered = sorted((each for each in factors if each.lower and _counts(each)), key=lambda each: _effort(each.name))
    return combinations(dict.fromkeys(each.lower for each in ordered), count)


def _counts(factor: Factor) -> bool:
    return factor.weight > 0 or factor.floor is not None


def _effort(name: str) -> int:
    return EFFORT.index(name) if name in EFFORT else len(EFFORT)


def _rank(level: Level | None) -> int:
    return -1 if level is None else level.rank
