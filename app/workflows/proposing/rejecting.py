"""The verb `reject`: somebody closes a proposal of selfmod's own, and says why."""

from dataclasses import replace

from app.model.forge import Role
from app.model.job import Job
from app.model.modification import Status
from app.store import audit
from app.store.proposed import modifications
from app.views import replies
from app.views.proposing.told import rejected
from app.workflows.reviewing.subject import may
from app.workflows.steps import State, Step, Tools
from app.workflows.stopping import arming
from checks.model.errors import Refusal

GENERATION = 2
"""Of the reply: the command's own is the first."""
KIND = "rejected"
"""Of the audit record that says so."""


def reject(tools: Tools, job: Job, _: State) -> State:
    """Keeps by whom and why before it closes, so that the closing is not taken for another one. Raises Refusal where
    who asked may not any more, or there is nothing to reject."""
    if not may(tools, job):
        role = tools.host.role(job.actor, job.account).value if job.actor else "none"
        raise Refusal(f"to reject needs {Role.WRITE.value} access to this repository; @{job.actor} has {role}.")
    pull = tools.host.pull(job.number)
    about = f"{job.repository}#{job.number}"
    once = f"{KIND}:{job.identity}"
    if not pull.own:
        raise Refusal("this pull request is not one of selfmod's.", "Choose `Request changes` in a review.")
    if pull.merged:
        raise Refusal("it was merged meanwhile.", "/selfmod rollback takes it back.")
    if not pull.open:
        if audit.written(tools.store, once) is None:
            raise Refusal("it was closed meanwhile.")
        return {"rejected": True}
    made = modifications.of_pull(tools.store, job.repository, job.number)
    if made is not None:
        why = f"rejected by @{job.actor}: {job.words}"
        modifications.put(tools.store, replace(made, status=Status.REJECTED, reason=why))
    arming.take_back(tools, pull)
    facts = {
        "modification": made.id if made else "",
        "by": job.actor,
        "why": job.words,
        "head": pull.head,
    }
    audit.append(tools.store, KIND, job.repository, about, facts, once=once)
    tools.host.close_pull(job.number)
    return {"rejected": True}


def tell(tools: Tools, job: Job, _: State) -> State:
    """Answers who asked."""
    if job.comment:
        tools.host.put_comment(job.number, replies.marker(job.comment), rejected(job.actor, job.words), GENERATION)
    return {}


STEPS = (Step("reject", reject), Step("tell", tell))
