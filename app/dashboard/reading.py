"""What the pages ask for, as values of their own: whatever keeps records can answer."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, Protocol


@dataclass(frozen=True, slots=True)
class Record:
    """One judged commit of a pull request. `document` is what `selfmod validate --json` gives, `decision` what the
    policy made of it; each may lack keys that an older version did not write. `configuration` is the commit that the
    configuration is of, empty where there is none. Times are seconds since the epoch; `who` asked for it."""

    id: str
    repository: str
    number: int
    base: str
    head: str
    document: Mapping[str, Any]
    decision: Mapping[str, Any]
    configuration: str = ""
    who: str = ""
    started: float = 0.0
    finished: float = 0.0


@dataclass(frozen=True, slots=True)
class Vote:
    """Somebody's word on a commit. `via` says how it was given (`review`, `button`, `command`), `said` what
    (`APPROVED`, …), `why` why it does not count, empty where it does. `given` is an ISO 8601 time."""

    login: str
    commit: str
    said: str = "APPROVED"
    via: str = "review"
    given: str = ""
    counts: bool = True
    why: str = ""


@dataclass(frozen=True, slots=True)
class Entry:
    """One record of the audit chain: its number there, its time (ISO 8601), what happened, and the facts."""

    number: int
    time: str
    kind: str
    facts: Mapping[str, Any] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Running:
    """A job that runs or waits. `state` is `running` or `waiting`, `since` seconds since the epoch."""

    kind: str
    repository: str
    number: int
    state: str
    since: float


@dataclass(frozen=True, slots=True)
class Health:
    """One part of the server: `state` is `healthy`, `degraded`, `unhealthy` or `unknown`; `said` some words or
    figures, with what to do where it is not healthy."""

    name: str
    state: str
    said: str


class Reading(Protocol):
    """All that the pages read. Each call may block; they are made in threads."""

    def record(self, id: str) -> Record | None:  # noqa: A002
        """The record of an identifier (`mod_` and twelve hexadecimal digits)."""
        ...

    def of_pull(self, repository: str, number: int) -> Sequence[Record]:
        """All records of a pull request, the newest first; the repository in whatever case."""
        ...

    def newest(self, most: int) -> Sequence[Record]:
        """Of all repositories, the newest first."""
        ...

    def votes(self, record: Record) -> Sequence[Vote] | None:
        """Who has agreed to or refused this pull request, as it was weighed last; None where it never was."""
        ...

    def history(self, record: Record) -> Sequence[Entry]:
        """What the audit chain has of the pull request, the oldest first."""
        ...

    def running(self) -> Sequence[Running]:
        """Jobs that run or wait, the oldest first."""
        ...

    def health(self) -> Sequence[Health]:
        """Part by part."""
        ...
