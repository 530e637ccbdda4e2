"""Taking back by a durable job: the same that `/selfmod rollback` and the button of the check run ask for."""

import json
import re
import time
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any

from app.dashboard.plain import number, text
from app.dashboard.reading import Record
from app.dashboard.undoing.acting import Asked, Came, Taken
from app.model.forge import Person, Role
from app.model.job import PAGE, Job, Kind
from app.model.modification import Modification, Status
from app.model.trouble import Doubtful, Gone, Unavailable
from app.store import audit, locks
from app.store.chain import Link
from app.store.connect import Store
from app.store.naming.known import NOWHERE, has_name
from app.store.proposed import modifications
from app.views.proposing.rollback import LACKS

KIND = "rollback asked"
"""The audit record of a press."""
MOST = 200
"""Presses of a pull request that are looked at."""
OTHERS = 5
"""Presses of other people whose jobs are looked up for a page."""
OFTEN, WITHIN = 6, 3_600.0
"""Presses of one account for one pull request within so many seconds; what is asked for beyond is no mistake."""
TOLD = 24 * 3_600.0
"""Seconds for which a page tells what came of a press that led to nothing."""
PATIENCE = 5.0
"""Seconds that a press waits for the others of its pull request."""
GONE = "the pull request, or the App's installation, is not there any more. Install the App on the repository again."
BUG = "a fault of selfmod's own; its log has more. Who runs the server finds it there."
GIVEN_UP = (
    "it was begun again and again and came to no end. Try again; if it stays so, who runs the server looks at its log."
)
_RAW = re.compile(r"[A-Z_]+", re.ASCII)
"""A status of the engine, which is no sentence."""
_OPEN = (Status.PENDING_APPROVAL, Status.APPROVED)


@dataclass(frozen=True, slots=True)
class Enqueued:
    """`enqueue` starts a job, once for its identity, and gives its identifier. `there` says whether a job is there,
    `outcome` what it ended with (`ended` is `done`, `superseded`, `gone` or `failed`, with `why`), None while it has
    not. `installation_of` gives the number of the App's installation on a repository, or raises Gone.

    A press is written down before anything is done about it; what is there without a job is not under way, and the same
    form starts the job then."""

    store: Store
    enqueue: Callable[[Job], str]
    there: Callable[[str], bool]
    outcome: Callable[[str], Mapping[str, Any] | None]
    installation_of: Callable[[str], int]
    clock: Callable[[], float] = time.time

    def take_back(self, record: Record, by: Person, why: str, press: str) -> Taken:
        made = self._merged(record)
        if made is None:
            return Taken.NOT_MERGED
        if made.repository.startswith(NOWHERE):
            raise Gone(f"the repository {made.repository}")
        job = Job(
            kind=Kind.ROLLBACK,
            repository=made.repository,
            installation=0,
            number=made.number,
            head=record.head,  # finds the check run where a refusal is told
            reason="rollback",
            actor=by.login,
            account=by.id,
            needs=Role.WRITE.value,
            again=f"{PAGE}{by.id}-{press}",
            words=f"{made.id} {why}".strip()[:1_000],
            repository_id=has_name(self.store, made.repository),
        )
        taken = self._written(record, made, job, why)
        if taken is not None:
            return taken
        try:
            job = replace(job, installation=self.installation_of(made.repository))
        except Unavailable as error:
            raise Unavailable(str(error), error.after) from error  # nothing was done, whatever became of the question
        try:
            self.enqueue(job)
        except Unavailable as error:
            raise Doubtful(str(error), error.after) from error
        return Taken.ASKED

    def _written(self, record: Record, made: Modification, job: Job, why: str) -> Taken | None:
        """Writes a press down, one at a time: None where its job is to be started."""
        once = f"{KIND}:{job.again}"
        try:
            with locks.exclusive(self.store, f"press:{subject(record)}", PATIENCE):
                if audit.written(self.store, once) is not None:
                    return self._again(made, job)
                mine = [each for each in self._presses(record) if each.account == job.account]
                if self._opened(made) or any(self._under_way(each) for each in mine):
                    return Taken.ASKED
                if sum(each.ago < WITHIN for each in mine) >= OFTEN:
                    return Taken.TOO_OFTEN
                facts = {"actor": job.actor, "account": job.account, "why": why, "record": record.id}
                audit.append(
                    self.store, KIND, record.repository, subject(record), facts | {"job": job.identity}, once=once
                )
        except locks.Busy:
            raise Unavailable("other presses are being written down") from None
        return None

    def _again(self, made: Modification, job: Job) -> Taken | None:
        """The same form once more."""
        if not self.there(job.identity):
            return None
        return Taken.ASKED if self.outcome(job.identity) is None or self._opened(made) else Taken.SENT

    def asked(self, record: Record, account: int = 0) -> Asked | None:
        made = self._merged(record)
        if made is None:
            return None
        if (there := self._opened(made)) is not None:
            return Asked(there.requester, Came.OPENED, there.number)
        presses = [each for each in self._presses(record) if each.ago <= TOLD]
        own = next((each for each in presses if account and each.account == account), None)
        if own is not None and self._under_way(own):
            return Asked(own.by, Came.WAITS, mine=True)
        # the newest of the others; of who pressed again and again all are one
        others = {each.account: each for each in reversed(presses) if each.account != account}
        seen = sorted(others.values(), key=lambda each: each.ago)[:OTHERS] + ([own] if own is not None else [])
        for each in sorted(seen, key=lambda each: each.ago):
            if self.there(each.job):
                told = self._told(each, each is own)
                if told is None or told.mine or not told.said.startswith(LACKS):
                    return told
        return None

    def _told(self, press: "_Press", mine: bool) -> Asked | None:
        outcome = self.outcome(press.job)
        if outcome is None:
            return Asked(press.by, Came.WAITS, mine=mine)
        if outcome.get("ended") != "done":
            return Asked(press.by, Came.REFUSED, said=_said(outcome), mine=mine)
        state = outcome.get("state")
        opened = isinstance(state, Mapping) and state.get("revert")
        # one that was opened and is closed by now says nothing
        return None if opened else Asked(press.by, Came.NOTHING, mine=mine)

    def _opened(self, made: Modification) -> Modification | None:
        """The pull request that takes it back and is not merged yet."""
        found = modifications.taking_back(self.store, made.repository, made.id)
        return next((each for each in found if each.status in _OPEN and each.number), None)

    def _under_way(self, press: "_Press") -> bool:
        return press.ago <= TOLD and self.there(press.job) and self.outcome(press.job) is None

    def _presses(self, record: Record) -> Iterator["_Press"]:
        """The newest first."""
        for link in reversed(audit.about(self.store, record.repository, subject(record), MOST)):
            if link.kind == KIND:
                facts = _facts(link)
                by, account, job = text(facts, "actor"), number(facts, "account"), text(facts, "job")
                yield _Press(by, account, job, self.clock() - _seconds(link.time))

    def _merged(self, record: Record) -> Modification | None:
        made = modifications.of_pull(self.store, record.repository, record.number) if record.number else None
        return made if made is not None and made.status is Status.APPLIED else None


@dataclass(frozen=True, slots=True)
class _Press:
    """`job` is the job's identity."""

    by: str
    account: int
    job: str
    ago: float


def subject(record: Record) -> str:
    """What presses are about: not the pull request itself, whose records anybody could crowd out so."""
    return f"{record.repository}#{record.number}/undo"


def _said(outcome: Mapping[str, Any]) -> str:
    if outcome.get("bug"):
        return BUG
    why = str(outcome.get("why") or GONE)
    return GIVEN_UP if _RAW.fullmatch(why) else why


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
