"""The orchestrator's review of one grave change: what it says, and what it saw."""

from dataclasses import dataclass
from enum import StrEnum

from checks.model.safety import Level


class Says(StrEnum):
    """What a review comes to. None of it lowers a level or holds a merge for good: people decide, and know what it
    says."""

    SAFER = "safer"
    """There is a safer way."""
    NOTHING_SAFER = "nothing_safer"
    """None was found."""


@dataclass(frozen=True, slots=True)
class Safer:
    """One way that makes the change safer: `how` in a sentence. `level` is what was assessed for it, None where it does
    not lower the level by itself; `command` helps with it, empty where none does."""

    how: str
    level: Level | None = None
    command: str = ""


@dataclass(frozen=True, slots=True)
class Oversight:
    """`level` is that of the change. `said` is the verdict in one sentence, `unusual` are sentences, each with its
    number."""

    level: Level
    says: Says
    said: str
    unusual: tuple[str, ...] = ()
    safer: tuple[Safer, ...] = ()
