"""How risky a change is, and why: the value that validation's evidence is weighed into."""

from dataclasses import dataclass
from enum import StrEnum


class Level(StrEnum):
    """The safety levels, ordered from `SAFE` to `CRITICAL`."""

    SAFE = "SAFE"
    LOW_RISK = "LOW_RISK"
    MEDIUM_RISK = "MEDIUM_RISK"
    HIGH_RISK = "HIGH_RISK"
    CRITICAL = "CRITICAL"

    @property
    def rank(self) -> int:
        """0 for `SAFE` to 4 for `CRITICAL`."""
        return list(Level).index(self)


class Proposer(StrEnum):
    """Who asks for the change: what a person may do freely weighs more when a program or a stranger proposes it."""

    PERSON = "person"
    FORK = "fork"
    SELFMOD = "selfmod"
    DEPENDENCY_BOT = "dependency_bot"


@dataclass(frozen=True, slots=True)
class Factor:
    """One reason for a level. `seen` is what was observed, with its places; `weight` its points; `floor` the level that
    it alone makes the least, None where it does not; `lower` what would take it away, empty where nothing can.
    `known` is False where the data are not to be had here: then the weight is a fixed one."""

    name: str
    seen: str
    weight: int
    floor: Level | None = None
    lower: str = ""
    known: bool = True


@dataclass(frozen=True, slots=True)
class Assessment:
    """The level of one change with all its factors, the weightiest first. `score` is the sum of their weights, `lower`
    the cheapest way to a lower level in words, empty at `SAFE`."""

    level: Level
    score: int
    factors: tuple[Factor, ...]
    lower: str = ""
