"""What the pages ask to be done, beside what they read: whatever runs jobs can do it."""

from dataclasses import dataclass
from enum import StrEnum
from typing import Protocol

from app.dashboard.reading import Record
from app.model.forge import Person


class Came(StrEnum):
    """What came of asking."""

    WAITS = "waits"
    """It is about to be done."""
    OPENED = "opened"
    """A pull request takes it back, and is not merged yet."""
    NOTHING = "nothing"
    """Nothing could be opened, and the pull request has why."""
    REFUSED = "refused"
    """It was not done, or broke down."""


@dataclass(frozen=True, slots=True)
class Asked:
    """The last time that somebody asked to take a pull request back: the login, and what came of it. `number` is the
    pull request that takes it back (0: none), `said` why it was refused, `mine` that who looks at the page asked."""

    by: str
    came: Came
    number: int = 0
    said: str = ""
    mine: bool = False


class Taken(StrEnum):
    """What became of a press."""

    ASKED = "asked"
    """A job does it, this one or one that was asked for before."""
    NOT_MERGED = "not merged"
    """There is nothing to take back (any more)."""
    SENT = "sent"
    """This very form came before, and what came of it is over."""
    TOO_OFTEN = "too often"
    """This person asked again and again."""


class Acting(Protocol):
    """All that the pages have done. Each call may block; they are made in threads."""

    def take_back(self, record: Record, by: Person, why: str, press: str) -> Taken:
        """Has the pull request of a record taken back, as the command does: whether this person may is looked up when
        the job runs. `press` is the same for the same form, however often it comes. Raises Gone where the App is not
        installed there, Unavailable, Refusal, where nothing was asked for; Doubtful where it may have been."""
        ...

    def asked(self, record: Record, account: int = 0) -> Asked | None:
        """How it stands with taking it back, None where nothing is under way and the last time ended long ago.
        `account` is the number of who looks (0: nobody knows): that somebody lacks
        access is told to that person alone."""
        ...
