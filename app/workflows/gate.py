"""The verb `gate`: approvals are weighed anew, and buttons answered. Nothing of the change is run, but for *Fix*."""

from dataclasses import asdict, replace

from app.model.forge import Pull
from app.model.job import PUSHED, Job
from app.model.trouble import Superseded
from app.store import audit, grants, heads
from app.store.records import Record
from app.views import faults, replies
from app.views import gate as gates
from app.workflows.landing import land
from app.workflows.proposing.ended import ended
from app.workflows.reviewing import overseeing, reports
from app.workflows.reviewing.fixing import fix
from app.workflows.reviewing.gated import Gated, evaluate, outdated, record_of
from app.workflows.reviewing.subject import AGAIN, Subject, found, may, review_of, unless_refused
from app.workflows.steps import State, Step, Tools
from app.workflows.stopping.halted import halted
from checks.model.errors import Refusal
from checks.reports.safe import for_markdown

CLOSED, READY = "closed", "ready_for_review"
"""GitHub's actions on a pull request that was merged or closed, and on one that is a draft no more."""


def look(tools: Tools, job: Job, _: State) -> State:
    """Finds the record of the head. Where there is none, or the target is another since, a review is asked for: an
    approval cannot make up for a judgement. Raises Superseded where the head moved: what was pressed was for another
    commit."""
    if job.number and job.reason == CLOSED and not (closed := tools.host.pull(job.number)).open:
        return _closed(tools, job, closed)
    if job.reason == PUSHED:
        return _pushed(tools, job)
    pull = found(tools, job)
    if job.head and pull.head != job.head:
        raise Superseded
    # what a lagging replica shows is not recorded here: a review of the newer head would take it for a newer push
    seen = heads.current(tools.store, job.repository, pull.number)
    generation = seen[1] if seen else heads.newest(tools.store, job.repository, pull.number, pull.head)
    record = record_of(tools, pull)
    if record is None or outdated(tools, pull, record):
        if job.reason in AGAIN or record is not None:
            tools.enqueue(review_of(job, job.again))
        if job.reason == gates.APPROVE.identifier and may(tools, job):
            # kept for the judgement that is under way; whether it counts is weighed then
            since = _since(tools, pull)
            grants.approve(tools.store, job.repository, pull.number, pull.head, job.actor, since)
        return {"done": True}
    key = f"pull:{pull.number}:{pull.head}:{record.attempt.removesuffix('+tested')}"
    return asdict(Subject(pull.number, pull.head, record.base, pull.base_ref, generation, key)) | {"record": record.id}


def _closed(tools: Tools, job: Job, pull: Pull) -> State:
    """Nobody waits for a closed one any more: another with the same commit may have waited for it, and where there is
    none, what is in progress is ended."""
    ended(tools, pull, job.actor)
    others = _siblings(tools, job, pull.head)
    for run in () if others else tools.host.runs(pull.head):
        if run.name in faults.NAMES and run.status != "completed":
            tools.host.put_run(faults.closed(run.name, pull.head, run.key))
    return {"done": True}


def _pushed(tools: Tools, job: Job) -> State:
    """Keeps who pushed, whatever the commits say of their authors: that is what whoever made them wrote there. The head
    of before is no longer this pull request's, and another may have waited for that."""
    if job.actor:
        facts = {"actor": job.actor, "before": job.head}
        once = f"{PUSHED}:{job.repository}#{job.number}:{job.again}"
        audit.append(tools.store, PUSHED, job.repository, f"{job.repository}#{job.number}", facts, once=once)
    if job.head:
        _siblings(tools, job, job.head)
    return {"done": True}


def _siblings(tools: Tools, job: Job, head: str) -> tuple[Pull, ...]:
    """Has the other pull requests with a commit weighed anew."""
    others = tuple(each for each in tools.host.pulls_of(head) if each.number != job.number)
    for each in others:
        tools.enqueue(replace(job, number=each.number, head=head, reason="sibling"))
    return others


def answer(tools: Tools, job: Job, state: State) -> State:
    """Does what a button asks for, where who pressed it may. `told` are sentences for who pressed it."""
    if job.reason not in (*AGAIN, gates.FIX.identifier, gates.APPROVE.identifier):
        return {}
    if not may(tools, job):
        role = tools.host.role(job.actor, job.account).value if job.actor else "none"
        return {"told": [f"{job.reason} needs {job.needs} access to this repository; @{job.actor} has {role}."]}
    subject = Subject.of(state)
    if job.reason in AGAIN:
        tools.host.put_run(faults.begun(gates.NAME, subject.head, subject.key))
        tools.enqueue(review_of(job, job.again or job.delivery))
        return {"done": True}
    pull = tools.host.pull(subject.number)
    record = reports.stored(tools, state)
    if job.reason == gates.APPROVE.identifier:
        told = _approve(tools, job, subject, pull, record)
        if told and job.comment:  # under the comment too: the sticky one tells of the pull request, and changes
            said = replies.refusal(for_markdown(" ".join(told)))
            tools.host.put_comment(subject.number, replies.marker(job.comment), said, 2)
        return {"told": told}
    try:
        return {"told": [fix(tools, job, evaluate(tools, pull, record, subject.base_ref))]}
    except Refusal as refusal:
        return {"told": [f"Nothing was fixed: {refusal}"]}


def _approve(tools: Tools, job: Job, subject: Subject, pull: Pull, record: Record) -> list[str]:
    """Keeps the approval of who pressed the button, or commented, for this head, unless it cannot count."""
    store, repository = tools.store, job.repository
    since = _since(tools, pull)
    grants.approve(store, repository, pull.number, subject.head, job.actor, since)
    gated = evaluate(tools, pull, record, subject.base_ref)
    why = _why_not(gated, job.actor)
    if why:
        grants.withdraw(store, repository, pull.number, subject.head, job.actor)
        return [f"The approval of @{job.actor} does not count: {why}."]
    how = "comment" if job.comment else "button"
    facts = {"head": subject.head, "record": record.id, "actor": job.actor, "how": how}
    name = f"approved:{record.id}:{job.actor}" + (f":{since}" if since else "")
    audit.append(store, "approved", repository, f"{repository}#{pull.number}", facts, once=name)
    return []


def _since(tools: Tools, pull: Pull) -> float:
    """When a stop over it ended last: who had approved it before may do so once more."""
    return halted(tools.store, pull).lifted


def _why_not(gated: Gated, actor: str) -> str:
    words = [each for each in gated.gate.weighed.seen if each.login.casefold() == actor.casefold()]
    if any(each.counts for each in words):
        return ""
    return next((each.why for each in words if each.how == "button"), "no approval is needed")


def _ask_reviewers(tools: Tools, job: Job, state: State) -> State:
    """Nobody was asked to look at a draft."""
    return reports.ask_reviewers(tools, job, state) if job.reason == READY else {}


STEPS: tuple[Step, ...] = (
    Step("look", look),
    Step("answer", unless_refused(answer)),
    Step("oversee", unless_refused(overseeing.review)),
    Step("report_gate", unless_refused(reports.report_gate)),
    Step("labels", unless_refused(reports.paint)),
    Step("comment", unless_refused(reports.comment)),
    Step("reviewers", unless_refused(_ask_reviewers)),
    Step("land", unless_refused(land)),
)
FAILED = Step("failed", reports.fail_gate)
"""For a job that failed for good: fails closed, and says so."""
