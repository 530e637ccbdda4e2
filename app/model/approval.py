"""Approvals as they were weighed: who agreed, whose word counts, and why another's does not."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Given:
    """An approval that was given by button or command: `commit` is the head that it was given for, `when` seconds since
    the epoch."""

    login: str
    commit: str
    when: float


@dataclass(frozen=True, slots=True)
class Seen:
    """One person's word. `how` is `review` or `button`, `commit` what it was given for. `counts` tells whether it is
    one of the approvals that are needed; `why` says in words for a person as what it counts, or why it does not."""

    login: str
    how: str
    commit: str
    counts: bool
    why: str


@dataclass(frozen=True, slots=True)
class Weighed:
    """What the approvals come to.

    `needed` are approvals, `counted` the logins of who gave one that counts; `missing` is the least number that is
    still to come, from `whom` (in words). `blocking` are people whose demand for changes stands. `excluded` are logins
    that cannot approve, each with why. `faults` say why none can count as things are, each with the remedy."""

    needed: int
    counted: tuple[str, ...] = ()
    missing: int = 0
    whom: str = ""
    seen: tuple[Seen, ...] = ()
    blocking: tuple[str, ...] = ()
    excluded: tuple[tuple[str, str], ...] = ()
    faults: tuple[str, ...] = ()

    @property
    def satisfied(self) -> bool:
        """Whether everybody who must agree has agreed, and nobody objects."""
        return not self.missing and not self.blocking
