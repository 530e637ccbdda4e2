"""Durable jobs: enqueued once, run by any process, gone on with after a crash where they were.

A job is one workflow of DBOS whose body only walks over the verb's steps. A step that must wait (the forge is
limiting us, another job works on the same pull request) does not sleep in a worker's slot: the workflow ends and
leaves a following one, with a delay and the state so far, under the next identifier of the chain (`<identity>~1`,
`~2`, …)."""

import contextlib
import logging
import os
import secrets
import socket
import threading
import time
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from app.model.job import Job, Kind
from app.model.trouble import Unavailable
from app.operations import metrics
from app.operations.logs import bound
from app.settings import ServerSettings
from app.store import locks
from app.store.connect import Store
from app.store.naming import accounts
from app.workflows.durable import engine
from app.workflows.durable.engine import Claiming, Engine, Row
from app.workflows.durable.heads import Heads
from app.workflows.durable.reaper import Presence, Reaper
from app.workflows.durable.run import House, Run, Turn
from app.workflows.steps import State, Step, Tools

PRIORITY = {Kind.REVIEW: 5, Kind.GROUP: 4, Kind.PROPOSE: 5, Kind.BRANCH: 6, Kind.RECONCILE: 9}
"""The smaller the sooner; 1 for those that only answer."""
_LOG = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class _Attempt:
    """The newest attempt at a job: the first link of its chain, the identifier of the first attempt, and how many there
    were after that one."""

    row: Row
    first: str
    number: int


def _failed(last: Row) -> bool:
    """Whether a chain that ends so failed for good; one that took every process down did too."""
    return last.status not in engine.UNENDED and last.result.get("ended") not in ("done", "superseded", "gone")


class Durable:
    """`tools_for` gives a job the tools of its repository, with what tells it to stop. `hooks` are run for a job that
    fails for good: their state has `bug` (the identifier, or empty) and `why`. `named` gives a job the present name of
    its repository, `elsewhere` finds that out for one whose repository is not there."""

    def __init__(
        self,
        settings: ServerSettings,
        store: Store,
        verbs: Mapping[Kind, Sequence[Step]],
        tools_for: Callable[[Job, Callable[[], bool]], Tools],
        hooks: Mapping[Kind, Step] | None = None,
        version: int = engine.VERSION,
        named: Callable[[Job], Job] = lambda job: job,
        elsewhere: Callable[[Job], bool] = lambda job: False,
    ) -> None:
        self._settings = settings
        self.store = store
        self._verbs = verbs
        self._hooks = hooks or {}
        self._stopping = threading.Event()
        self._heads = Heads(store, lambda job: tools_for(job, lambda: False).host.pull(job.number).head)
        executor = f"{socket.gethostname()}-{os.getpid()}-{secrets.token_hex(4)}"
        self._presence = Presence(store, executor)
        self._engine = Engine(engine.database_of(store), executor, self._run, version)
        self._reaper = Reaper(store, self._engine, self._presence, self.put)
        self._house = House(
            store, self._heads, self._stopping, tools_for, self.put, self._wake, self.enqueue, named, elsewhere
        )

    @property
    def executor(self) -> str:
        """This process, as the jobs that it runs name it."""
        return self._engine.executor

    @property
    def alive(self) -> bool:
        """Whether the threads that look after jobs run."""
        return self._presence.alive and self._reaper.alive

    def launch(self, worker: bool, poll: float = engine.POLL) -> None:
        """Begins to take jobs (`worker`), or only makes `enqueue` possible."""
        self._presence.take()
        with locks.exclusive(self.store, "jobs:launch", wait=60.0):  # the tables are made by one
            jobs = self._settings.jobs if worker else 0
            self._engine.launch(jobs, self._settings.installation_jobs, self._claiming(), poll)
        self._presence.start()
        self._heads.start()
        self._reaper.start()
        _LOG.info("%s takes %d jobs at once", self.executor, self._settings.jobs if worker else 0)

    def _claiming(self) -> Claiming | None:
        if self.store.postgresql:
            return None
        return lambda: locks.exclusive(self.store, "jobs:claim", wait=10.0)

    def enqueue(self, job: Job) -> str:
        """Enqueues the job, once for its identity, and returns the identifier of its workflow. Asked for again by
        another delivery, one that failed is run again, and so is a review of a head that was away in the meantime.
        Raises Unavailable where the database is."""
        if job.account and job.actor:
            accounts.seen(self.store, job.account, job.actor)
        head, generation = self._heads.known(job) if Heads.concerns(job) else ("", 0)
        identity = job.identity
        found = self._newest(identity)
        if found is None:
            self.put(job, {}, {"base": identity, "generation": generation})
            if head != job.head and Heads.concerns(job):
                self._heads.soon(job)
            return identity
        if Heads.concerns(job):
            before = generation
            try:
                head, generation = self._heads.settle(job)
            except (Unavailable, locks.Busy):  # the job itself will ask, as often as it takes
                identity = f"{job.identity}@{job.delivery or generation}"
                self.put(job, {}, {"base": identity, "generation": generation})
                return identity
            if head == job.head and self._was_away(found.row, before, generation):
                identity = f"{job.identity}@{generation}"
                found = self._newest(identity)
                if found is None:
                    self.put(job, {}, {"base": identity, "generation": generation})
                    return identity
        last = self._last(found.row)
        if not _failed(last) or not job.delivery or Job.of(last.args[0]).delivery == job.delivery:
            return found.row.id
        return self._anew(job, found, job.delivery)

    def again(self, identity: str, by: str) -> str:
        """Runs a job anew that failed for good, once for each `by` that asks for it, and returns the identifier of its
        newest attempt. One that waits, runs or came to another end is left as it is, and one that is forgotten too.
        Raises Unavailable where the database is."""
        found = self._newest(identity)
        if found is None:
            return identity
        last = self._last(found.row)
        if not _failed(last) or last.args[2].get("by") == by:
            return found.row.id
        return self._anew(Job.of(last.args[0]), found, by)

    def _anew(self, job: Job, found: _Attempt, by: str) -> str:
        """One attempt more. Several who ask at once make the same one."""
        generation = self._heads.known(job)[1] if Heads.concerns(job) else 0
        number = found.number + 1
        identity = f"{found.first}+{number}"
        turn = {"base": identity, "generation": generation, "by": by, "first": found.first, "attempt": number}
        self.put(job, {}, turn)
        _LOG.info("a job that failed is run again: %s", identity)
        return identity

    def _newest(self, identity: str) -> _Attempt | None:
        """The newest attempt at a job, `identity` being that of any attempt: `<first>`, `<first>+1`, `<first>+2`, …"""
        row = self._engine.row(identity)
        if row is None:
            return None
        turn = row.args[2] if row.args else {}
        first, number = str(turn.get("first", identity)), int(turn.get("attempt", 0))
        while (following := self._engine.row(f"{first}+{number + 1}")) is not None:
            row, number = following, number + 1
        return _Attempt(row, first, number)

    def _was_away(self, found: Row, before: int, now: int) -> bool:
        """Whether another head was there since this job of a head began: what it reported is then no longer shown, or
        it was ended."""
        last = self._last(found)
        if last.status in engine.WAITING or _failed(last):
            return False
        if last.status == "PENDING":
            return before > int(last.args[2]["generation"])
        return int(last.result.get("generation", -1)) != now

    def _last(self, row: Row) -> Row:
        """The newest link of the chain that begins here; that of this version where an older one's was begun anew."""
        while following := row.result.get("as") or self._renewed(row):
            found = self._engine.row(following)
            if found is None:
                break
            row = found
        return row

    def _renewed(self, row: Row) -> str:
        return self._engine.anew(row) if row.status == "CANCELLED" and row.version != self._engine.version else ""

    def known(self, identity: str) -> bool:
        """Whether a job was enqueued, and is not forgotten."""
        return self._engine.row(identity) is not None

    def outcome(self, identity: str) -> dict[str, Any] | None:
        """What a job ended with: `ended` is `done`, `superseded`, `gone` or `failed`. None while it has not."""
        row = self._engine.row(identity)
        last = self._last(row) if row else None
        if last is None or last.status in engine.UNENDED:
            return None
        return last.result or {"ended": "failed", "why": last.status}

    def waiting(self, identity: str) -> str:
        """Why a job waits to be tried again, empty where it does not."""
        row = self._engine.row(identity)
        why = ""
        while row is not None and row.result.get("ended") == "later":
            why, row = str(row.result["why"]), self._engine.row(str(row.result["as"]))
        return why if row is not None and row.status in engine.WAITING else ""

    def unended(self) -> list[tuple[Job, str, float]]:
        """Every job that runs or waits, in all processes: which of the two, and since when (seconds since the
        epoch)."""
        return [
            (Job.of(row.args[0]), "waiting" if row.status in engine.WAITING else "running", row.created)
            for row in self._engine.rows(*engine.UNENDED)
            if row.args
        ]

    def put(self, job: Job, state: State, turn: Turn, delay: float = 0.0) -> str:
        """Enqueues a link of a chain; nothing where it is there already. Returns its identifier."""
        number = turn.get("number", 0)
        identity = f"{turn['base']}~{number}" if number else str(turn["base"])
        priority = PRIORITY.get(job.kind, 1)
        self._engine.put(identity, str(job.installation), priority, (job.plain(), state, turn), delay)
        return identity

    def _wake(self, subject: str) -> None:
        """What waits for this subject need not wait its whole delay."""
        try:
            self._engine.wake(lambda job, turn: bool(turn.get("waits")) and Job.of(job).subject == subject)
        except Exception as error:  # then they wait it
            _LOG.warning("what waits for %s is not woken: %r", subject, error)

    def _run(self, plain: dict[str, Any], state: State, turn: Turn) -> dict[str, Any]:
        """The workflow's body."""
        job = Job.of(plain)
        began = time.monotonic()
        facts: dict[str, str | int] = {
            "delivery": job.delivery,
            "repository": job.repository,
            "pull": job.number,
            "head": job.head,
        }
        with bound(job=str(turn["base"]), **facts):
            _LOG.info("job started: %s", job.reason or job.kind.value)
            run = Run(self._house, job, turn, self._verbs.get(job.kind), self._hooks.get(job.kind))
            result = run.walk(state)
            seconds = time.monotonic() - began
            if result["ended"] == "later":
                _LOG.info("job goes on in %.1f s: %s", result["in"], result["why"])
            else:
                _LOG.info("job ended: %s, %.1f s", result["ended"], seconds)
                metrics.job_ended(job.kind.value, result["ended"], seconds)
        return result

    def stop(self, seconds: float) -> bool:
        """Takes nothing more, tells running steps to stop, waits for them at most so long, and gives what is not done
        back to the queue. Returns whether everything came to an end."""
        self._engine.halt()
        self._stopping.set()
        self._heads.stop()
        deadline = time.monotonic() + seconds
        while self._engine.active() and time.monotonic() < deadline:
            time.sleep(0.05)
        ended = not self._engine.active()
        self._reaper.stop()
        self._presence.stop()
        with contextlib.suppress(Exception):  # whoever sees the lock free does it else
            self._engine.recover(self.executor)
        self._engine.close()
        self._presence.leave()
        _LOG.info("%s stopped%s", self.executor, "" if ended else ", and left a step running")
        return ended
