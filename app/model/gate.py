"""How the gate stands: the last value of the straight line before it becomes a check run."""

from dataclasses import dataclass
from enum import StrEnum

from checks.configuration.approvals import Mode


class Stands(StrEnum):
    """What the gate does where it holds merges. Waiting is never a failure: that is for what is broken."""

    PASSES = "passes"
    WAITS = "waits"
    BLOCKED = "blocked"
    FAILS = "fails"
    STOPPED = "stopped"
    """By the emergency stop, which holds selfmod's own pull requests."""


@dataclass(frozen=True, slots=True)
class Standing:
    """`said` ends the title: what it waits for, what is broken, what blocks it, why it passes. `remedy` is a sentence
    that says who does what next, empty where nobody has to. `always`: it holds in every mode, because another pull
    request hangs on it that is held. `withheld` says in words for what other
    branch's sake success is not said, empty where it is."""

    stands: Stands
    said: str
    remedy: str = ""
    always: bool = False
    withheld: str = ""

    def holds(self, mode: Mode) -> bool:
        """Whether a merge is held by it, where it does not pass."""
        return self.always or mode is Mode.ENFORCE
