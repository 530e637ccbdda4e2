"""One job in its thread: a walk over the verb's steps, each recorded by DBOS as a plain value."""

import contextlib
import dataclasses
import functools
import logging
import threading
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any

from app.model.job import Job
from app.model.trouble import Gone, Unavailable
from app.store import audit, locks
from app.store.connect import Store
from app.workflows.durable import waits
from app.workflows.durable.attempt import Outcome, Stopped, attempt
from app.workflows.durable.engine import run_step
from app.workflows.durable.heads import Heads, Watch
from app.workflows.steps import State, Step, Tools
from checks.model.errors import Refusal

type Turn = dict[str, Any]
"""Where a chain is: `base` its first identifier, `number` of this link, `generation` of the head when the job was
enqueued, `at` the step to go on with, `tries` and `waits` of it, `asked` whether the forge was asked for the head in
vain, `trouble` what the hook is to tell. Of a job that is run again `first` is the identifier of its first attempt,
`attempt` how many there were after that one, `by` who asked for this one."""

PATIENCE = 2.0
"""Seconds that a job waits in its slot for another of the same subject, before it goes back to the queue."""
_LOG = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class House:
    """What all jobs of a process share. `put` enqueues a link of a chain, `enqueue` a job, `wake` lets go
    on what waits for a subject, `named` gives a job the present name of its repository. `elsewhere` says of one for
    which something was not there whether its repository has another name that was not known."""

    store: Store
    heads: Heads
    stopping: threading.Event
    tools_for: Callable[[Job, Callable[[], bool]], Tools]
    put: Callable[[Job, State, Turn, float], str]
    wake: Callable[[str], None]
    enqueue: Callable[[Job], str]
    named: Callable[[Job], Job] = lambda job: job
    elsewhere: Callable[[Job], bool] = lambda job: False


class Run:
    """`walk` runs `steps` (None: nobody does such jobs); for a job that fails for good it runs `hook`. `held` keeps
    the lock of the job's subject until the walk is over; it is taken when a step really runs, so that what is
    recorded already waits for nobody."""

    def __init__(self, house: House, job: Job, turn: Turn, steps: Sequence[Step] | None, hook: Step | None) -> None:
        self._house = house
        self._job = job
        self._turn = turn
        self._steps = steps
        self._hook = hook
        self._held = contextlib.ExitStack()
        self._lock: locks.Lock | None = None
        self._watch = Watch(house.store, job, int(turn.get("generation", 0)), house.stopping)
        self._tools: Tools | None = None

    def walk(self, state: State) -> dict[str, Any]:
        """All steps from where the chain is; the result is the workflow's."""
        try:
            if trouble := self._turn.get("trouble"):
                return self._fail(state, trouble, int(self._turn["at"]))
            if self._steps is None:
                return self._fail(state, {"bug": "", "why": f"nothing does jobs of the kind {self._job.kind}"}, 0)
            return self._walk(state, self._steps)
        finally:
            self._release()

    def _walk(self, state: State, steps: Sequence[Step]) -> dict[str, Any]:
        first = int(self._turn.get("at", 0))
        for at, step in enumerate(steps[first:], first):
            outcome = self._recorded(step, state, at == first)
            if "later" in outcome:
                if outcome["later"] is None:
                    return self._fail(state, {"bug": "", "why": str(outcome["why"])}, at)
                return self._follow(state, outcome, at, at == first, {})
            if "trouble" in outcome:
                return self._fail(state, outcome["trouble"], at)
            if "ended" in outcome:
                if self._hook and state:
                    ended = state | {str(outcome["ended"]): True}
                    run_step(f"{self._job.kind}.superseded", functools.partial(self._tell, self._hook, ended))
                return {"ended": outcome["ended"], "generation": -1}
            state = state | outcome["state"]
        return {"ended": "done", "generation": self._turn.get("generation", 0), "state": state}

    def _recorded(self, step: Step, state: State, same: bool) -> Outcome:
        """What came of a step, now or before a crash. `same`: what the turn counts is counted of this step."""
        counted = self._turn if same else {}
        return run_step(f"{self._job.kind}.{step.name}", lambda: self._step(step, state, counted))

    def _follow(self, state: State, outcome: Outcome, at: int, same: bool, more: Turn) -> dict[str, Any]:
        """Leaves the next link. It is enqueued before this one ends: a crash in between enqueues it once more, under
        the same identifier."""
        tries = (int(self._turn.get("tries", 0)) if same else 0) + (not outcome.get("busy"))
        turn = self._turn | {"number": self._turn.get("number", 0) + 1, "at": at, "tries": tries} | more
        turn |= {"waits": outcome.get("waits", 0), "asked": outcome.get("asked", False)}
        following = self._house.put(self._job, state, turn, float(outcome["later"]))
        return {"ended": "later", "as": following, "in": outcome["later"], "why": outcome["why"]}

    def _step(self, step: Step, state: State, counted: Turn) -> Outcome:
        """One step for real. Raises Stopped where the process ends before there is an outcome."""
        self._leave()
        outcome = self._named() or self._unwanted(bool(counted.get("asked")))
        if step.alone:
            outcome = outcome or self._subject(int(counted.get("waits", 0)))
        else:
            self._release()
        outcome = outcome or attempt(step, self._with, self._job, state)
        # what a step says after it was told to stop says nothing about its work
        if self._watch.told == "stopping":
            raise Stopped
        if self._watch.told == "superseded":
            return {"ended": "superseded"}
        if "state" not in outcome:
            self._leave()
        if outcome.get("ended") == "gone":
            outcome = self._elsewhere() or outcome
        if "later" in outcome and outcome["later"] is None:
            outcome["later"] = waits.backoff(int(counted.get("tries", 0)) + 1, outcome.get("after"))
        return outcome

    def _leave(self) -> None:
        if self._house.stopping.is_set():
            raise Stopped

    def _named(self) -> Outcome | None:
        """The repository may be called something else since the job was asked for: from here on the job has its present
        name. None where that is known."""
        try:
            job = self._house.named(self._job)
        except Gone:
            return {"ended": "gone"}
        except Unavailable as error:
            return {"later": None, "after": error.after, "why": str(error)}
        except Refusal as refusal:
            return {"trouble": {"bug": "", "why": str(refusal)}}
        if job != self._job:
            self._release()
            self._job, self._tools = job, None
            self._watch = Watch(self._house.store, job, int(self._turn.get("generation", 0)), self._house.stopping)
        return None

    def _elsewhere(self) -> Outcome | None:
        """Goes on where the repository is, instead of ending because it is not where it was. None where it is there, or
        nowhere."""
        try:
            return {"later": 0.0, "busy": True, "why": "renamed"} if self._house.elsewhere(self._job) else None
        except Unavailable as error:
            return {"later": None, "after": error.after, "why": str(error)}
        except Refusal:
            return None

    def _unwanted(self, asked: bool) -> Outcome | None:
        """Whether this head is no longer wanted: None where it is, or where that does not matter."""
        job, heads = self._job, self._house.heads
        if not Heads.concerns(job):
            return None
        if self._watch.superseded():
            return {"ended": "superseded"}
        try:
            head, _ = heads.known(job)
            if head != job.head:
                head, _ = heads.settle(job)
        except (Unavailable, locks.Busy) as error:
            return {"later": None, "after": getattr(error, "after", None), "why": str(error)}
        if head == job.head:
            return None
        return {"ended": "superseded"} if asked else {"later": waits.STALE, "busy": True, "asked": True, "why": "head"}

    def _subject(self, waited: int) -> Outcome | None:
        """Takes the lock of the subject where it is not held yet, or was lost with the database's connection."""
        if self._lock is not None and self._lock.alive():
            return None
        self._held.close()
        try:
            taken = locks.exclusive(self._house.store, f"job:{self._job.subject}", wait=PATIENCE)
            self._lock = self._held.enter_context(taken)
        except locks.Busy:
            return {"later": waits.busy(waited + 1), "busy": True, "waits": waited + 1, "why": "subject taken"}
        except Unavailable as error:
            return {"later": None, "after": None, "why": str(error)}
        return None

    def _release(self) -> None:
        """Lets others work on the subject, those first that wait for it."""
        with contextlib.suppress(Exception):  # a connection that is gone took the lock with it
            self._held.close()
        if self._lock is not None:
            self._lock = None
            self._house.wake(self._job.subject)

    def _with(self) -> Tools:
        if self._tools is None:
            tools = self._house.tools_for(self._job, self._watch)
            self._tools = dataclasses.replace(tools, enqueue=self._enqueue)
        return self._tools

    def _enqueue(self, job: Job) -> str:
        """What a step asks for in the same repository is about the same number."""
        same = job.repository == self._job.repository and not job.repository_id
        return self._house.enqueue(dataclasses.replace(job, repository_id=self._job.repository_id) if same else job)

    def _fail(self, state: State, trouble: dict[str, str], at: int) -> dict[str, Any]:
        """The job failed for good: that goes to the log and to the audit, and the verb's hook tells it."""
        steps = [Step("audit", self._write_down), *([self._hook] if self._hook else [])]
        same = bool(self._turn.get("trouble"))
        for step in steps:
            outcome = self._recorded(step, state | trouble, same)
            if outcome.get("later") is not None:
                return self._follow(state, outcome, at, same, {"trouble": trouble})
        return {"ended": "failed", "generation": -1, **trouble}

    def _tell(self, hook: Step, state: State) -> dict[str, Any]:
        """What was begun for a head that is none any more, or hangs on what is gone, is ended on the forge too. It is a
        courtesy: tried once."""
        self._leave()
        outcome = self._subject(0) or attempt(hook, self._with, self._job, state)
        return {"told": "state" in outcome}

    def _write_down(self, _: Tools, job: Job, state: State) -> State:
        _LOG.error("job failed: %s %s", state["bug"], state["why"])
        facts = {"kind": job.kind.value, "head": job.head, "delivery": job.delivery}
        facts |= {"bug": state["bug"], "why": state["why"]}
        once = f"job failed {self._turn['base']}"
        audit.append(self._house.store, "job failed", job.repository, job.subject, facts, once)
        return {}
