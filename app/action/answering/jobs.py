"""Jobs of the App one after the other, in the job of a workflow: what one starts runs after it, in the same run."""

import time
from collections import deque
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field, replace
from typing import cast

from app.action.stateless import recall
from app.action.stateless.host import Asking, StatelessHost
from app.action.told import bug
from app.commands import answering
from app.model.job import Job, Kind
from app.model.trouble import Gone, Superseded, Unavailable
from app.settings import ServerSettings
from app.store.connect import Store
from app.store.naming import accounts
from app.workflows import gate, onboard, review, rollback, stop, telling
from app.workflows.host import Host
from app.workflows.proposing import propose, rejecting, upkeep
from app.workflows.proposing.rebasing import REBASE
from app.workflows.reviewing.gated import record_of
from app.workflows.steps import State, Step, Tools
from checks.model.errors import Refusal

VERBS: Mapping[Kind, tuple[Step, ...]] = {
    Kind.COMMENT: answering.STEPS,
    Kind.REVIEW: review.STEPS,
    Kind.GATE: gate.STEPS,
    Kind.PROPOSE: propose.STEPS,
    Kind.ROLLBACK: rollback.STEPS,
    Kind.ONBOARD: onboard.STEPS,
    Kind.REJECT: rejecting.STEPS,
    Kind.STOP: stop.STEPS,
    # of the hourly look what a schedule can do: the rest is in the documentation
    Kind.RECONCILE: upkeep.STEPS[:1],
}
HOOKS: Mapping[Kind, Step] = {
    Kind.COMMENT: telling.FAILED,
    Kind.REVIEW: review.FAILED,
    Kind.GATE: gate.FAILED,
    Kind.PROPOSE: telling.FAILED,
    Kind.ROLLBACK: rollback.FAILED,
    Kind.REJECT: telling.FAILED,
    Kind.ONBOARD: telling.FAILED,
    Kind.STOP: telling.FAILED,
}
WHOLE = (Kind.PROPOSE, Kind.ROLLBACK, Kind.RECONCILE)
"""Jobs that must know every proposal of the repository."""
MOST = 100
"""Jobs of one run."""
_TRIES = 3
_PAUSE = 5.0
_LONGEST = 120.0
"""Seconds that a step waits where GitHub asks for it, before it is tried again."""


@dataclass(frozen=True, slots=True)
class Done:
    """A job that ran: what its steps left, and why it failed (empty: it did not). `ours`: by a fault of selfmod's."""

    job: Job
    state: State
    why: str = ""
    ours: bool = False


@dataclass
class Work:
    """`account` is the number of the account that the token belongs to, `untested` why no tests run (empty: they
    do)."""

    host: StatelessHost
    store: Store
    settings: ServerSettings
    account: int
    untested: str = ""
    wait: Callable[[float], object] = time.sleep
    done: list[Done] = field(default_factory=list)
    _queue: deque[Job] = field(default_factory=deque)
    _known: set[str] = field(default_factory=set)
    _recalled: set[int] = field(default_factory=set)
    _whole: bool = False

    def run(self, *jobs: Job) -> tuple[Done, ...]:
        """These jobs and all that they start, in order. Each job runs once."""
        for each in jobs:
            self._put(each)
        while self._queue and len(self.done) < MOST:
            self._run(self._queue.popleft())
            self._judge_moved()
        if self._queue:
            left = self._queue[0]
            self.done.append(Done(left, {}, f"more than {MOST} jobs came of one event: the rest is left"))
        return tuple(self.done)

    def _put(self, job: Job) -> None:
        """What was judged as it is now need not be weighed every hour: the schedule is the workflow's own."""
        if job.reason != upkeep.HOURLY and job.identity not in self._known:
            self._known.add(job.identity)
            self._queue.append(job)
            if job.account and job.actor:
                accounts.seen(self.store, job.account, job.actor)

    def _judge_moved(self) -> None:
        """GitHub starts no workflow for what a workflow's token opened or pushed to: it is judged right here."""
        for number in self.host.moved:
            job = Job(Kind.REVIEW, self.host.repository, 0, number, reason="opened")
            try:
                job = replace(job, head=self.host.pull(number).head)
            except (Gone, Refusal, Unavailable) as error:
                self.done.append(Done(job, {}, str(error)))
                continue
            if job.identity not in self._known:
                self._known.add(job.identity)
                self._queue.appendleft(job)  # before what is to be weighed on top of it
        self.host.moved.clear()

    def _run(self, job: Job) -> None:
        try:
            self._recall(job)
            before = self._first(job)
        except (Gone, Superseded):
            self.done.append(Done(job, {}))
            return
        except (Refusal, Unavailable) as error:
            self._fail(job, {}, str(error), "")
            return
        if before is not None:
            self._steps(before)
        self._steps(job)

    def _recall(self, job: Job) -> None:
        self.host.recall_stops()
        host = cast(Host, self.host)
        if job.kind in WHOLE and not self._whole:
            recall.proposals(self.store, host)
            self._whole = True
        if job.number and job.number not in self._recalled:
            self._recalled.add(job.number)
            try:
                recall.pull(self.store, host, self.account, job.number, job.comment)
            except Gone:
                if job.kind is not Kind.COMMENT:  # an issue has comments too, and those are read as they come
                    raise

    def _first(self, job: Job) -> Job | None:
        """The review that a job needs before it: judgements are not kept, so that none can be forged. None where the
        head is judged, or the job is about another one."""
        weighs = job.kind is Kind.GATE or (job.kind is Kind.PROPOSE and job.head and job.reason != REBASE)
        if not weighs or not job.number:
            return None
        pull = self.host.pull(job.number)
        tools = self._tools(job)
        if not pull.open or (job.head and job.head != pull.head) or record_of(tools, pull) is not None:
            return None
        return Job(Kind.REVIEW, job.repository, 0, pull.number, pull.head, reason="opened")

    def _tools(self, job: Job) -> Tools:
        host = cast(Host, Asking(self.host, self.store, job))
        return Tools(
            host,
            self.store,
            self.settings,
            enqueue=self._put,
            untested=self.untested,
            whole=True,
            shared=self.host.shared,
            reopened=self.host.reopened,
        )

    def _steps(self, job: Job) -> None:
        tools = self._tools(job)
        state: State = {}
        try:
            for step in VERBS[job.kind]:
                state = state | self._step(step, tools, job, state)
        except Superseded:
            self._tell(tools, job, state | {"superseded": True} if state else None)
        except (Gone, Refusal, Unavailable) as error:
            self._fail(job, state, str(error), "")
            return
        except Exception as fault:
            self._fail(job, state, type(fault).__name__, bug(fault))
            return
        self.done.append(Done(job, state))

    def _step(self, step: Step, tools: Tools, job: Job, state: State) -> State:
        """A step, and what it leaves for later runs; again where GitHub could not do it just then."""
        for again in range(_TRIES):
            try:
                added = step.run(tools, job, dict(state))
                self.host.keep()
            except Unavailable as error:
                if again == _TRIES - 1 or (error.after or 0.0) > _LONGEST:
                    raise
                self.wait(error.after or _PAUSE)
            else:
                return added
        raise AssertionError

    def _fail(self, job: Job, state: State, why: str, identifier: str) -> None:
        self.done.append(Done(job, state, why, ours=bool(identifier)))
        self._tell(self._tools(job), job, state | {"bug": identifier, "why": why})

    def _tell(self, tools: Tools, job: Job, state: State | None) -> None:
        """Who waits for an answer is told; where even that cannot be, the log of the job has it."""
        hook = HOOKS.get(job.kind)
        if hook is None or state is None:
            return
        try:
            hook.run(tools, job, state)
        except (Gone, Refusal, Unavailable, Superseded) as error:
            self.done.append(Done(replace(job, reason="telling"), {}, str(error)))
