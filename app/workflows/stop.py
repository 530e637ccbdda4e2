"""The verb `stop`: keeps or lifts an emergency stop that somebody asked for, and carries it to what is open.

The job without a repository carries what the server's command line kept: it starts one for each repository."""

from dataclasses import replace
from typing import Final

from app.model.job import Job
from app.model.stop import Stop
from app.model.trouble import Superseded
from app.store.proposed import stops
from app.views import replies
from app.workflows.reviewing.subject import may
from app.workflows.steps import State, Step, Tools
from app.workflows.stopping import carrying, keeping

STOP: Final = "stop"
RESUME: Final = "resume"
"""Reasons of jobs that somebody asked for, about the pull request of the comment."""
OF_ALL: Final = "-repository"
"""The end of the reason where the whole repository is meant."""
CARRY: Final = "carry"
"""The reason of jobs that only carry what is kept."""
GENERATION = 2
"""Of the reply: the command's own is the first."""


def keep(tools: Tools, job: Job, _: State) -> State:
    """Keeps or lifts it, in the audit chain too. Raises Superseded where who asked may not any more, having told so."""
    if job.reason == CARRY:
        return {}
    if not may(tools, job):
        role = tools.host.role(job.actor, job.account).value if job.actor else "none"
        _reply(tools, job, replies.refusal(f"This needs {job.needs} access to this repository; you have {role}."))
        raise Superseded
    wanted = Stop(job.actor, job.words, repository=job.repository, number=_number(job))
    once = f"{job.reason}:{job.identity}"
    if job.reason.startswith(STOP):
        return {"already": keeping.stop(tools.store, wanted, once)}
    return {"lifted": keeping.resume(tools.store, wanted, once)}


def carry(tools: Tools, job: Job, state: State) -> State:
    """Disarms, empties the merge queue of what is stopped, and has the gates say so."""
    if not job.repository:
        return {"repositories": carrying.spread(tools, job)}
    carried = carrying.carry(tools, replace(job, number=_number(job)))
    return {"reached": len(carried.stopped), "left": [list(each) for each in carried.left]}


def reply(tools: Tools, job: Job, state: State) -> State:
    """Says what came of it where it was asked for."""
    if job.reason == CARRY or not job.comment:
        return {}
    number = _number(job)
    here = Stop(job.actor, job.words, repository=job.repository, number=number)
    holds = stops.holding(tools.store, job.repository, number)
    if job.reason.startswith(STOP):
        left = tuple((int(each), str(why)) for each, why in state.get("left", ()))
        said = replies.stopped(here, holds, str(state.get("already", "")), int(state.get("reached", 0)), left)
    else:
        said = replies.resumed(here, holds, bool(state.get("lifted")))
    _reply(tools, job, said)
    return {}


def _number(job: Job) -> int:
    return 0 if job.reason.endswith(OF_ALL) or job.reason == CARRY else job.number


def _reply(tools: Tools, job: Job, said: str) -> None:
    if job.comment:
        tools.host.put_comment(job.number, replies.marker(job.comment), said, GENERATION)


# at once, whoever works on the pull request
STEPS = (Step("keep", keep, alone=False), Step("carry", carry, alone=False), Step("reply", reply, alone=False))
