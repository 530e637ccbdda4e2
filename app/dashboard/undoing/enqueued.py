"""Taking back by a durable job: the same that `/selfmod rollback` and the button of the check run ask for."""

import json
import time
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from app.dashboard.plain import number, text
from app.dashboard.reading import Record
from app.dashboard.undoing.acting import Asked, Came, Taken
from app.model.forge import Person, Role
from app.model.job import Job, Kind
from app.model.modification import Modification, Status
from app.model.trouble import Gone
from app.store import audit
from app.store.chain import Link
from app.store.connect import Store
from app.store.naming.known import NOWHERE, has_name
from app.store.proposed import modifications

KIND = "rollback asked"
"""The audit record of a press."""
MOST = 200
"""Audit records of a pull request that are looked at."""
OFTEN, WITHIN = 6, 3_600.0
"""Presses of one account for one pull request within so many seconds; what is asked for beyond is no mistake."""
TOLD = 24 * 3_600.0
"""Seconds for which a page tells what came of a press that led to nothing."""
GONE = "the pull request, or the App's installation, is not there any more"
_OPEN = (Status.PENDING_APPROVAL, Status.APPROVED)


@dataclass(frozen=True, slots=True)
class Enqueued:
    """`enqueue` starts a job, once for its identity, and gives its identifier. `outcome` is what a job ended with
    (`ended` is `done`, `superseded`, `gone` or `failed`, with `why`), None while it has not or where it is not known.
    `installation_of` gives the number of the App's installation on a repository, or raises Gone."""

    store: Store
    enqueue: Callable[[Job], str]
    outcome: Callable[[str], Mapping[str, Any] | None]
    installation_of: Callable[[str], int]
    clock: Callable[[], float] = time.time

    def take_back(self, record: Record, by: Person, why: str, press: str) -> Taken:
        made = self._merged(record)
        if made is None:
            return Taken.NOT_MERGED
        mine = [each for each in self._presses(record) if number(each.facts, "account") == by.id]
        if self._opened(made) or any(self._under_way(each) for each in mine):
            return Taken.ASKED
        if sum(each.ago < WITHIN for each in mine) >= OFTEN:
            return Taken.TOO_OFTEN
        if made.repository.startswith(NOWHERE):
            raise Gone(f"the repository {made.repository}")
        job = Job(
            kind=Kind.ROLLBACK,
            repository=made.repository,
            installation=self.installation_of(made.repository),
            number=made.number,
            head=record.head,  # finds the check run where a refusal is told
            reason="rollback",
            actor=by.login,
            account=by.id,
            needs=Role.WRITE.value,
            again=f"page-{by.id}-{press}",
            words=f"{made.id} {why}".strip()[:1_000],
            repository_id=has_name(self.store, made.repository),
        )
        identity = self.enqueue(job)
        facts = {"actor": by.login, "account": by.id, "why": why, "record": record.id, "job": identity}
        audit.append(self.store, KIND, record.repository, _subject(record), facts, once=f"{KIND}:{identity}")
        return Taken.ASKED

    def asked(self, record: Record) -> Asked | None:
        made = self._merged(record)
        if made is None:
            return None
        if (there := self._opened(made)) is not None:
            return Asked(there.requester, Came.OPENED, there.number)
        last = next(self._presses(record), None)
        return self._told(last) if last is not None else None

    def _told(self, press: "_Press") -> Asked | None:
        by, outcome = text(press.facts, "actor"), self.outcome(text(press.facts, "job"))
        if press.ago > TOLD:
            return None
        if outcome is None:
            return Asked(by, Came.WAITS)
        if outcome.get("ended") != "done":
            said = (
                "a fault of selfmod's own; its log has more" if outcome.get("bug") else str(outcome.get("why") or GONE)
            )
            return Asked(by, Came.REFUSED, said=said)
        state = outcome.get("state")
        opened = isinstance(state, Mapping) and state.get("revert")
        return None if opened else Asked(by, Came.NOTHING)  # one that was opened and is closed by now says nothing

    def _opened(self, made: Modification) -> Modification | None:
        """The pull request that takes it back and is not merged yet."""
        found = modifications.taking_back(self.store, made.repository, made.id)
        return next((each for each in found if each.status in _OPEN and each.number), None)

    def _under_way(self, press: "_Press") -> bool:
        return press.ago <= TOLD and self.outcome(text(press.facts, "job")) is None

    def _presses(self, record: Record) -> Iterator["_Press"]:
        """The newest first."""
        for link in reversed(audit.about(self.store, record.repository, _subject(record), MOST)):
            if link.kind == KIND:
                yield _Press(_facts(link), self.clock() - _seconds(link.time))

    def _merged(self, record: Record) -> Modification | None:
        made = modifications.of_pull(self.store, record.repository, record.number) if record.number else None
        return made if made is not None and made.status is Status.APPLIED else None


@dataclass(frozen=True, slots=True)
class _Press:
    facts: Mapping[str, Any]
    ago: float


def _subject(record: Record) -> str:
    return f"{record.repository}#{record.number}"


def _facts(link: Link) -> Mapping[str, Any]:
    try:
        found = json.loads(link.facts)
    except (ValueError, RecursionError):
        return {}
    return found if isinstance(found, dict) else {}


def _seconds(moment: str) -> float:
    try:
        return datetime.fromisoformat(moment).timestamp()
    except ValueError:
        return 0.0
