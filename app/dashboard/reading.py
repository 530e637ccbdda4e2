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
class Brief:
    """What a list shows of a record. `level` is empty where nothing was decided, `finished` seconds since the epoch."""

    id: str
    head: str
    level: str
    finished: float = 0.0


@dataclass(frozen=True, slots=True)
class Vote:
    """Somebody's word on a commit. `how` says how it was given (`review`, `button`), `why` as what it counts, or why it
    does not."""

    login: str
    how: str
    commit: str
    counts: bool
    why: str = ""


@dataclass(frozen=True, slots=True)
class Stood:
    """How the gate stood when approvals were weighed last.

    `stands` is `passes`, `waits`, `blocked` or `fails`, `said` what it waits for, what is broken or why it passes,
    `remedy` who does what next. `holds`: the mode lets it hold a merge. `given` of `needed` approvals count; `excluded`
    cannot approve, each with why. `configuration` says in words where the settings in force come from, `values` are
    those that are not the usual ones: key, value and origin."""

    stands: str
    said: str
    remedy: str = ""
    holds: bool = True
    needed: int = 0
    given: int = 0
    votes: Sequence[Vote] = ()
    excluded: Sequence[tuple[str, str]] = ()
    faults: Sequence[str] = ()
    configuration: str = ""
    values: Sequence[tuple[str, str, str]] = ()


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


@dataclass(frozen=True, slots=True)
class Stopped:
    """An emergency stop that holds: `where`, by whom (`@ann`, `the operator`), why, and since when (seconds since the
    epoch). `ends` says who ends it."""

    where: str
    by: str
    why: str
    since: float
    ends: str


class Reading(Protocol):
    """All that the pages read. Each call may block; they are made in threads."""

    def record(self, id: str) -> Record | None:
        """The record of an identifier (`mod_` and twelve hexadecimal digits)."""
        ...

    def of_pull(self, repository: str, number: int) -> Sequence[Record]:
        """All records of a pull request, the newest first; the repository in whatever case."""
        ...

    def listed(self, repository: str, number: int) -> Sequence[Brief]:
        """The same, of each what a list shows."""
        ...

    def newest(self, most: int) -> Sequence[Record]:
        """Of all repositories, the newest first."""
        ...

    def stood(self, records: Sequence[Record]) -> Mapping[str, Stood]:
        """By identifier: how the gate stood for each when approvals were weighed last. Those for which they never were
        are left out, and of a long list those for which it is long ago may be."""
        ...

    def history(self, record: Record) -> Sequence[Entry]:
        """What the audit chain has of the pull request, the oldest first."""
        ...

    def undo(self, record: Record) -> str:
        """The command that takes back what the pull request brought; empty where it is none of selfmod's, not merged,
        or taken back."""
        ...

    def running(self) -> Sequence[Running]:
        """Jobs that run or wait, the oldest first."""
        ...

    def health(self) -> Sequence[Health]:
        """Part by part."""
        ...

    def stopped(self) -> Sequence[Stopped]:
        """What an emergency stop holds now, the newest first."""
        ...
