"""Durable jobs: enqueued once, run by any process, gone on with after a crash where they were.

A job is one workflow of DBOS whose body only walks over the verb's steps. A step that must wait (the forge is limiting us,
another job works on the same pull request) does not sleep in a worker's slot: the workflow ends and leaves a following
one, with a delay and the state so far, under the next identifier of the chain (`<identity>~1`, `~2`, …)."""

import contextlib
import dataclasses
import os
import secrets
import socket
import threading
import time
from collections.abc import Callable, Mapping, Sequence
from typing import Any

import structlog

from app.model.job import Job, Kind
from app.model.trouble import Unavailable
from app.settings import ServerSettings
from app.store import audit, locks
from app.store.connect import Store
from app.workflows.durable import engine, waits
from app.workflows.durable.attempt import Outcome, Stopped, attempt
from app.workflows.durable.engine import Engine, Row, run_step
from app.workflows.durable.heads import Heads, Watch, about
from app.workflows.durable.reaper import Presence, Reaper
from app.workflows.steps import State, Step, Tools

type Turn = dict[str, Any]
"""Where a chain is: `base` its first identifier, `number` of this link, `generation` of the head when the job was
enqueued, `at` the step to go on with, `tries` and `waits` of it, `asked` whether the head was asked for in vain,
`trouble` what the hook is to tell."""

PATIENCE = 2.0
"""Seconds that a job waits in its slot for another of the same subject, before it goes back to the queue."""
PRIORITY = {Kind.REVIEW: 5, Kind.GROUP: 4, Kind.RECONCILE: 9}
"""The smaller the sooner; 1 for those that only answer."""
log = structlog.get_logger("selfmod.jobs")


class Durable:
    """`tools_for` gives a job the tools of its repository, with what tells it to stop. `hooks` are run for a job that
    fails for good: their state has `bug` (the identifier, or empty) and `why`."""

    def __init__(
        self,
        settings: ServerSettings,
        store: Store,
        verbs: Mapping[Kind, Sequence[Step]],
        tools_for: Callable[[Job, Callable[[], bool]], Tools],
        hooks: Mapping[Kind, Step] | None = None,
        version: int = engine.VERSION,
    ) -> None:
        self._settings = settings
        self._store = store
        self._verbs = verbs
        self._tools_for = tools_for
        self._hooks = hooks or {}
        self._stopping = threading.Event()
        self._heads = Heads(store, lambda job: tools_for(job, lambda: False).host.pull(job.number).head)
        executor = f"{socket.gethostname()}-{os.getpid()}-{secrets.token_hex(4)}"
        self._presence = Presence(store, executor)
        url = engine.database_of(settings.database_url, settings.data_dir)
        self._engine = Engine(url, executor, self._run, version)
        self._reaper = Reaper(store, self._engine, self.put)

    @property
    def executor(self) -> str:
        """This process, as the jobs that it runs name it."""
        return self._engine.executor

    def launch(self, worker: bool, poll: float = engine.POLL) -> None:
        """Begins to take jobs (`worker`), or only makes `enqueue` possible."""
        self._presence.take()
        with locks.exclusive(self._store, "jobs:launch", wait=60.0):  # the tables are made by one
            self._engine.launch(self._settings.jobs if worker else 0, self._settings.installation_jobs, poll)
        self._presence.start()
        self._heads.start()
        self._reaper.start()
        log.info("jobs launched", executor=self.executor, jobs=self._settings.jobs if worker else 0)

    def enqueue(self, job: Job) -> str:
        """Enqueues the job, once for its identity, and returns the identifier of its workflow. Asked for again by
        another delivery, one that failed is run again, and so is a review of a head that was away in the meantime.
        Raises Unavailable where that must be asked for and cannot be."""
        head, generation = self._heads.known(job) if Heads.concerns(job) else ("", 0)
        identity = job.identity
        found = self._engine.row(identity)
        if found is None:
            self.put(job, {}, {"base": identity, "generation": generation})
            if head != job.head and Heads.concerns(job):
                self._heads.soon(job)
            return identity
        if Heads.concerns(job):
            before, (head, generation) = generation, self._heads.settle(job)
            if head == job.head and self._was_away(found, before, generation):
                identity = f"{job.identity}@{generation}"
                self.put(job, {}, {"base": identity, "generation": generation})
                return identity
        return self._again(job, found)

    def _was_away(self, found: Row, before: int, now: int) -> bool:
        """Whether another head was there since this job of a head began: what it reported is then no longer shown, or
        it was ended."""
        last = self._last(found)
        if last.status in engine.WAITING:
            return False
        if last.status == "PENDING":
            return before > int(last.args[2]["generation"])
        return int(last.result.get("generation", -1)) != now

    def _again(self, job: Job, found: Row) -> str:
        """A new run of a job that failed, where another delivery asks for it."""
        number = 0
        while True:
            last = self._last(found)
            failed = last.status not in engine.UNENDED and last.result.get("ended") not in ("done", "superseded", "gone")
            if not failed or not job.delivery or Job.of(last.args[0]).delivery == job.delivery:
                return found.id
            number += 1
            identity = f"{job.identity}+{number}"
            following = self._engine.row(identity)
            if following is None:
                generation = self._heads.known(job)[1] if Heads.concerns(job) else 0
                self.put(job, {}, {"base": identity, "generation": generation})
                return identity
            found = following

    def _last(self, row: Row) -> Row:
        """The newest link of the chain that begins here."""
        while following := row.result.get("as"):
            found = self._engine.row(following)
            if found is None:
                break
            row = found
        return row

    def outcome(self, identity: str) -> dict[str, Any] | None:
        """What a job ended with: `ended` is `done`, `superseded`, `gone` or `failed`. None while it has not."""
        row = self._engine.row(identity)
        last = self._last(row) if row else None
        if last is None or last.status in engine.UNENDED:
            return None
        return last.result or {"ended": "failed", "why": last.status}

    def put(self, job: Job, state: State, turn: Turn, delay: float = 0.0) -> str:
        """Enqueues a link of a chain; nothing where it is there already. Returns its identifier."""
        number = turn.get("number", 0)
        identity = f"{turn['base']}~{number}" if number else str(turn["base"])
        priority = PRIORITY.get(job.kind, 1)
        self._engine.put(identity, str(job.installation), priority, (job.plain(), state, turn), delay)
        return identity

    def _run(self, plain: dict[str, Any], state: State, turn: Turn) -> dict[str, Any]:
        """The workflow's body."""
        job = Job.of(plain)
        began = time.monotonic()
        with structlog.contextvars.bound_contextvars(**about(job)), contextlib.ExitStack() as held:
            run = _Run(self, job, turn, held)
            log.info("job started", workflow=turn["base"], link=turn.get("number", 0), reason=job.reason)
            result = run.walk(state)
            log.info("job ended", workflow=turn["base"], seconds=round(time.monotonic() - began, 2), **_said(result))
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
        log.info("jobs stopped", executor=self.executor, ended=ended)
        return ended


class _Run:
    """One job in its thread: `held` has the lock of its subject, once a step really runs."""

    def __init__(self, durable: Durable, job: Job, turn: Turn, held: contextlib.ExitStack) -> None:
        self._durable = durable
        self._job = job
        self._turn = turn
        self._held = held
        self._locked: locks.Lock | None = None
        self._watch = Watch(durable._store, job, int(turn.get("generation", 0)), durable._stopping)
        self._tools: Tools | None = None

    def walk(self, state: State) -> dict[str, Any]:
        """All steps from where the chain is; the result is the workflow's."""
        job, turn = self._job, self._turn
        if turn.get("trouble"):
            return self._fail(state, turn["trouble"], turn.get("at", 0))
        steps = self._durable._verbs.get(job.kind, ())
        first = int(turn.get("at", 0))
        for at, step in enumerate(steps[first:], first):
            outcome = run_step(f"{job.kind}.{step.name}", lambda step=step, at=at: self._step(step, state, at))  # type: ignore[misc]
            if "later" in outcome:
                tries = (turn.get("tries", 0) if at == first else 0) + (not outcome.get("busy"))
                if outcome["later"] is None:
                    return self._fail(state, {"bug": "", "why": outcome["why"]}, at)
                following = {**turn, "at": at, "tries": tries, "waits": outcome["waits"], "asked": outcome["asked"]}
                return self._follow(state, following, outcome["later"], outcome["why"])
            if "trouble" in outcome:
                return self._fail(state, outcome["trouble"], at)
            if "ended" in outcome:
                return {"ended": outcome["ended"], "generation": -1}
            state = state | outcome["state"]
        return {"ended": "done", "generation": turn.get("generation", 0), "state": state}

    def _follow(self, state: State, turn: Turn, delay: float, why: str) -> dict[str, Any]:
        """Leaves the next link. It is enqueued before this one ends: a crash in between enqueues it once more, under
        the same identifier."""
        turn = turn | {"number": turn.get("number", 0) + 1}
        return {"ended": "later", "as": self._durable.put(self._job, state, turn, delay), "in": delay, "why": why}

    def _step(self, step: Step, state: State, at: int) -> Outcome:
        """What DBOS records of a step."""
        turn = self._turn
        same = at == turn.get("at", 0)
        tries, waited, asked = (turn.get("tries", 0), turn.get("waits", 0), turn.get("asked", False)) if same else (0, 0, False)
        self._leave()
        outcome = self._wanted(asked) or self._lock(waited) or attempt(step, self._with, self._job, state)
        if self._watch.told and "state" not in outcome or self._watch.told == "stopping":
            self._leave()
        if self._watch.told == "superseded":
            return {"ended": "superseded"}
        if "later" in outcome and outcome["later"] is None:
            outcome["later"] = waits.backoff(tries + 1, outcome.get("after"))
        return {"waits": 0, "asked": False} | outcome if "later" in outcome else outcome

    def _leave(self) -> None:
        if self._durable._stopping.is_set():
            raise Stopped

    def _wanted(self, asked: bool) -> Outcome | None:
        """Whether this head is still wanted: None where it is, or where that does not matter."""
        if not Heads.concerns(self._job):
            return None
        if self._watch.superseded():
            return {"ended": "superseded"}
        try:
            head, _ = self._durable._heads.known(self._job)
            if head != self._job.head:
                head, _ = self._durable._heads.settle(self._job)
        except (Unavailable, locks.Busy) as error:
            return {"later": None, "after": getattr(error, "after", None), "why": str(error)}
        if head == self._job.head:
            return None
        return {"ended": "superseded"} if asked else {"later": waits.STALE, "busy": True, "asked": True, "why": "head"}

    def _lock(self, waited: int) -> Outcome | None:
        """Takes the lock of the subject where it is not held yet, or was lost with the database's connection."""
        if self._locked is not None and self._locked.alive():
            return None
        self._held.close()
        try:
            taken = locks.exclusive(self._durable._store, f"job:{self._job.subject}", wait=PATIENCE)
            self._locked = self._held.enter_context(taken)
        except locks.Busy:
            return {"later": waits.busy(waited + 1), "busy": True, "waits": waited + 1, "why": "subject taken"}
        except Unavailable as error:
            return {"later": None, "after": None, "why": str(error)}
        return None

    def _with(self) -> Tools:
        if self._tools is None:
            tools = self._durable._tools_for(self._job, self._watch)
            self._tools = dataclasses.replace(tools, enqueue=self._durable.enqueue)
        return self._tools

    def _fail(self, state: State, trouble: dict[str, str], at: int) -> dict[str, Any]:
        """Tells that the job failed for good: in the log, in the audit, and through the verb's hook."""
        job, turn = self._job, self._turn
        hook = self._durable._hooks.get(job.kind)
        if not turn.get("trouble"):
            run_step(f"{job.kind}:audit", lambda: self._write_down(trouble))
        if hook is not None:
            told = state | trouble
            outcome = run_step(f"{job.kind}:{hook.name}", lambda: self._step(hook, told, at))
            if outcome.get("later") is not None:
                tries = (turn.get("tries", 0) if turn.get("trouble") else 0) + (not outcome.get("busy"))
                following = {**turn, "at": at, "tries": tries, "waits": outcome["waits"], "trouble": trouble}
                return self._follow(state, following, outcome["later"], outcome["why"])
        return {"ended": "failed", "generation": turn.get("generation", 0), **trouble}

    def _write_down(self, trouble: dict[str, str]) -> dict[str, Any]:
        job = self._job
        log.error("job failed", **trouble)
        facts = {**trouble, "kind": job.kind.value, "head": job.head, "delivery": job.delivery}
        audit.append(self._durable._store, "job failed", job.repository, job.subject, facts)
        return {}


def _said(result: dict[str, Any]) -> dict[str, Any]:
    return {key: value for key, value in result.items() if key not in {"state", "generation"}}
