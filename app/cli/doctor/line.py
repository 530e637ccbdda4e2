"""One line of the doctor's report."""

from dataclasses import dataclass
from enum import StrEnum


class State(StrEnum):
    """How it stands; the worst of all lines is the exit code: 0, 1, 2."""

    OK = "ok"
    WARNING = "warning"
    FAILED = "failed"

    @property
    def code(self) -> int:
        """The exit code."""
        return list(State).index(self)


@dataclass(frozen=True, slots=True)
class Line:
    """`what` was looked at, `seen` is a sentence, `remedy` what to do about it (empty where it is well)."""

    what: str
    state: State
    seen: str
    remedy: str = ""


def ok(what: str, seen: str) -> Line:
    """It is well."""
    return Line(what, State.OK, seen)


def warning(what: str, seen: str, remedy: str) -> Line:
    """It works, but not all of it, or not safely."""
    return Line(what, State.WARNING, seen, remedy)


def failed(what: str, seen: str, remedy: str) -> Line:
    """It does not work."""
    return Line(what, State.FAILED, seen, remedy)
