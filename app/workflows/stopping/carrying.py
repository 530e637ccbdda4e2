"""Gets a stop, and its end, to the pull requests that are open: auto-merge is disarmed, what waits in a merge queue is
taken out, and gates are weighed anew.

What is to be done follows from what is stored and what GitHub shows, so it can be done at any time and again: at once
for a command, when the server notices that something was stopped on its command line, and every hour."""

import time
from collections.abc import Sequence
from dataclasses import dataclass, replace

from app.model.forge import Pull
from app.model.job import Job, Kind
from app.model.stop import Stop
from app.model.trouble import Gone
from app.orchestrator.halting import Halt
from app.store.proposed import stops
from app.views import gate as gates
from app.views.bounded import line
from app.workflows.host import everywhere
from app.workflows.reviewing.subject import base_of_group
from app.workflows.steps import State, Step, Tools
from app.workflows.stopping import arming
from app.workflows.stopping.grouped import stopped_in
from app.workflows.stopping.halted import halted
from app.workflows.stopping.opened import opened
from checks.model.errors import Refusal

DAY = 24 * 3600.0
STOP, RESUME = "stop", "resume"
"""Why the gate is weighed anew."""


@dataclass(frozen=True, slots=True)
class Carried:
    """`stopped` are the numbers of selfmod's own that wait, `left` those that the forge leaves in its merge queue, with
    why."""

    stopped: tuple[int, ...] = ()
    left: tuple[tuple[int, str], ...] = ()


def carry(tools: Tools, job: Job, *, wrong: bool = False) -> Carried:
    """Disarms what is stopped in the job's repository (the job's pull request alone, if it names one), takes it out of
    the merge queue and has the gate of each of selfmod's own weighed anew, once for each stop and each end of one; with
    `wrong` once more where the gate says something else."""
    over = stops.over(tools.store, job.repository, 0.0)
    stopped, left, since = [], [], 0.0
    for seen in _open(tools, job) if over else ():
        if not any(each.reaches(job.repository, seen.number) for each in over):
            continue
        pull = seen
        halt = halted(tools.store, pull)
        if halt.stop is not None and pull.open:
            stopped += [pull.number] if pull.own else []
            if why := arming.hold(tools, pull):
                left.append((pull.number, why))
                since = max(since, halt.stop.at)
        if pull.own and (halt.stop is not None or halt.early):
            tools.enqueue(_weigh(job, pull, halt))
            if wrong and _says_else(tools, pull, halt):
                tools.enqueue(replace(weigh := _weigh(job, pull, halt), again=f"{weigh.again}-{job.again}"))
    if left:
        _judge_groups(tools, job, since)
    return Carried(tuple(stopped), tuple(left))


def _judge_groups(tools: Tools, job: Job, since: float) -> None:
    """Has the groups judged once more that hold what is stopped, those behind it in the queue too: they then fail, and
    while they are judged nothing merges them. One that nobody judged yet says so by itself."""
    for group in tools.host.groups():
        base = base_of_group(tools, group.head)
        if base and _holds(tools, job, tools.host.branch(group.base_ref) or base, group.head):
            made = Job(Kind.GROUP, job.repository, job.installation, head=group.head, base=base, reason=STOP)
            tools.enqueue(replace(made, again=f"{STOP}-{since}"))


def _holds(tools: Tools, job: Job, tip: str, head: str) -> bool:
    try:
        return stopped_in(tools, job.repository, tip, head) is not None
    except Gone:  # the group was given up meanwhile
        return False
    except Refusal:  # it cannot be told: then it is asked by whoever judges it
        return True


def _open(tools: Tools, job: Job) -> Sequence[Pull]:
    if not job.number:
        return opened(tools, job.repository)
    try:
        pull = tools.host.pull(job.number)
    except Gone:
        return ()
    return (pull,) if pull.open else ()


def _weigh(job: Job, pull: Pull, halt: Halt) -> Job:
    reason, when = (STOP, halt.stop.at) if halt.stop is not None else (RESUME, halt.lifted)
    return Job(Kind.GATE, job.repository, job.installation, pull.number, reason=reason, again=f"{reason}-{when}")


def _says_else(tools: Tools, pull: Pull, halt: Halt) -> bool:
    """Whether the gate of a stopped one does not say so, or that of another one still does."""
    run = next((each for each in tools.host.runs(pull.head) if each.name == gates.NAME), None)
    if run is None:
        return False  # nobody judged it yet: when somebody does, the gate says so
    if halt.stop is None:
        return run.title.startswith("stopped by ")
    return run.title != line(halt.stop.said)


def spread(tools: Tools, job: Job) -> int:
    """Starts a job for each repository that a stop reaches, or reached until a day ago, and returns how many."""
    changed = stops.over(tools.store, "", time.time() - DAY)
    if tools.forge is None or not changed:
        return 0
    started = 0
    for installation, repository, number in everywhere(tools.forge):
        if any(_touches(each, repository) for each in changed):
            tools.enqueue(replace(job, repository=repository, installation=installation, repository_id=number))
            started += 1
    return started


def _touches(stop: Stop, repository: str) -> bool:
    """Whether it reaches the repository, or a pull request of it."""
    return stop.reaches(repository, stop.number)


def sweep(tools: Tools, job: Job, _: State) -> State:
    """With the hourly job of a repository: what was missed, such as a stop that was kept on the server's command
    line."""
    return {"stopped": list(carry(tools, job, wrong=True).stopped)} if job.repository else {}


STEP = Step("stops", sweep)
