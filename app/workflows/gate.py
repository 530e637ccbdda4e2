"""The verb `gate`: approvals are weighed anew, and buttons answered. Nothing of the change is run, but for *Fix*."""

from dataclasses import asdict

from app.model.forge import Pull
from app.model.job import Job
from app.model.trouble import Superseded
from app.store import audit, grants, heads
from app.store.records import Record
from app.views import faults
from app.views import gate as gates
from app.workflows.reviewing import reports
from app.workflows.reviewing.fixing import fix
from app.workflows.reviewing.gated import Gated, evaluate, record_of
from app.workflows.reviewing.subject import Subject, found, may, review_of, unless_refused
from app.workflows.steps import State, Step, Tools
from checks.model.errors import Refusal
from checks.repository import git

AGAIN = ("rerun", "retry")


def look(tools: Tools, job: Job, _: State) -> State:
    """Finds the record of the head. Where there is none, or it is for another target branch, a review is asked for: an
    approval cannot make up for a judgement. Raises Superseded where the head moved: what was pressed was for another
    commit."""
    pull = found(tools, job)
    if job.head and pull.head != job.head:
        raise Superseded
    generation = heads.newest(tools.store, job.repository, pull.number, pull.head)
    record = record_of(tools, pull)
    if record is None or not _of_this_target(tools, pull, record):
        if job.reason in AGAIN or record is not None:
            tools.enqueue(review_of(job, job.again))
        return {"done": True}
    key = f"pull:{pull.number}:{pull.head}:{record.attempt.removesuffix('+tested')}"
    return asdict(Subject(pull.number, pull.head, record.base, pull.base_ref, generation, key)) | {"record": record.id}


def _of_this_target(tools: Tools, pull: Pull, record: Record) -> bool:
    """Whether the configuration of the record is of the branch that the pull request goes into now."""
    tip = tools.host.branch(pull.base_ref)
    if tip is None or tip == record.configuration:
        return True
    root = tools.host.local(tip, record.configuration)
    return git.run(root, "merge-base", "--is-ancestor", record.configuration, tip).status == 0


def answer(tools: Tools, job: Job, state: State) -> State:
    """Does what a button asks for, where who pressed it may. `told` are sentences for who pressed it."""
    if job.reason not in (*AGAIN, gates.FIX.identifier, gates.APPROVE.identifier):
        return {}
    if not may(tools, job):
        role = tools.host.role(job.actor).value if job.actor else "none"
        return {"told": [f"{job.reason} needs {job.needs} access to this repository; @{job.actor} has {role}."]}
    subject = Subject.of(state)
    if job.reason in AGAIN:
        tools.host.put_run(faults.begun(gates.NAME, subject.head, subject.key))
        tools.enqueue(review_of(job, job.again or job.delivery))
        return {"done": True}
    pull = tools.host.pull(subject.number)
    record = reports.stored(tools, state)
    if job.reason == gates.APPROVE.identifier:
        return {"told": _approve(tools, job, subject, pull, record)}
    try:
        return {"told": [fix(tools, job, evaluate(tools, pull, record, subject.base_ref))]}
    except Refusal as refusal:
        return {"told": [f"Nothing was fixed: {refusal}"]}


def _approve(tools: Tools, job: Job, subject: Subject, pull: Pull, record: Record) -> list[str]:
    """Keeps the approval of who pressed the button, or commented, for this head, unless it cannot count."""
    store, repository = tools.store, job.repository
    grants.approve(store, repository, pull.number, subject.head, job.actor)
    gated = evaluate(tools, pull, record, subject.base_ref)
    why = _why_not(gated, job.actor)
    if why:
        grants.withdraw(store, repository, pull.number, subject.head, job.actor)
        return [f"The approval of @{job.actor} does not count: {why}."]
    how = "comment" if job.comment else "button"
    facts = {"head": subject.head, "record": record.id, "actor": job.actor, "how": how}
    name = f"approved:{record.id}:{job.actor}"
    audit.append(store, "approved", repository, f"{repository}#{pull.number}", facts, once=name)
    return []


def _why_not(gated: Gated, actor: str) -> str:
    words = [each for each in gated.gate.weighed.seen if each.login.casefold() == actor.casefold()]
    if any(each.counts for each in words):
        return ""
    return next((each.why for each in words if each.how == "button"), "no approval is needed")


STEPS: tuple[Step, ...] = (
    Step("look", look),
    Step("answer", unless_refused(answer)),
    Step("report_gate", unless_refused(reports.report_gate)),
    Step("labels", unless_refused(reports.paint)),
    Step("comment", unless_refused(reports.comment)),
)
FAILED = Step("failed", reports.fail_gate)
"""For a job that failed for good: fails closed, and says so."""
