"""The one step that takes long: the change is judged, and the judgement is stored."""

import logging
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace

from app.model.forge import Pull, Role
from app.model.job import Job
from app.model.trouble import Superseded
from app.orchestrator.configured import decided
from app.store import grants, records
from app.store.records import Record
from app.views import decision as decisions
from app.workflows.reviewing.configured import InForce, in_force
from app.workflows.reviewing.environment import of_base
from app.workflows.reviewing.proposing import fixes_of, proposer_of
from app.workflows.reviewing.reverting.before import before
from app.workflows.reviewing.reverting.known import known
from app.workflows.reviewing.subject import Subject
from app.workflows.steps import State, Tools
from checks.judge import Who, judge, ready
from checks.model.errors import Refusal
from checks.model.judged import Judged
from checks.model.safety import Proposer
from checks.reports.judged.json import document
from checks.repository.change import Change
from checks.repository.changed import of_commits
from checks.settings import Settings
from checks.validation.asked import Known, Tested

WAITS = "waits for "
"""What the reason of a sandbox stage begins with that waits for somebody's word."""
_LOG = logging.getLogger(__name__)


def judge_pull(tools: Tools, job: Job, state: State) -> State:
    """Judges the head and stores the record; what was judged is not judged again. A configuration that is not valid, or
    commits without a common history, end it: `refused` has the sentence and the remedy."""
    subject = Subject.of(state)
    pull = tools.host.pull(subject.number)
    root = tools.host.local(subject.base, subject.head)
    try:
        force = in_force(tools.host, root, subject.base, subject.base_ref)
        change = of_commits(root, subject.base, subject.head)
    except Refusal as refusal:
        return {"refused": [refusal.reason, refusal.hint]}
    change = replace(change, name=f"pull request {subject.number}, {subject.base[:10]}..{subject.head[:10]}")
    let = not pull.from_fork or allowed(tools, pull)
    untested = "" if let else f"{WAITS}/selfmod ok-to-test {subject.head[:10]} of somebody with write access"
    ran = known(tools, job, pull, change, subject.base) if let else None
    back = before(tools, pull, change)
    attempt = subject.attempt + ("+tested" if pull.from_fork and let else "")
    proposer = proposer_of(tools, pull, force.settings, job)
    fixes = fixes_of(tools, pull, root) if proposer is Proposer.SELFMOD else ()
    who = Who(proposer, pull.author.login or None, fixes=fixes)
    return _stored(tools, job, subject, force, change, who, untested, attempt, ran, back)


def judge_group(tools: Tools, job: Job, state: State) -> State:
    """The same for a merge group, which consists of pull requests that were judged one by one."""
    subject = Subject.of(state)
    root = tools.host.local(subject.base, subject.head)
    try:
        force = in_force(tools.host, root, subject.base, subject.base_ref)
        change = of_commits(root, subject.base, subject.head)
    except Refusal as refusal:
        return {"refused": [refusal.reason, refusal.hint]}
    change = replace(change, name=f"merge group, {subject.base[:10]}..{subject.head[:10]}")
    return _stored(tools, job, subject, force, change, Who(), "", job.again)


def _stored(
    tools: Tools,
    job: Job,
    subject: Subject,
    force: InForce,
    change: Change,
    who: Who,
    untested: str,
    attempt: str,
    ran: Known | None = None,
    back: Change | None = None,
) -> State:
    record = Record(
        repository=job.repository,
        number=subject.number,
        base=subject.base,
        head=subject.head,
        configuration=subject.base,
        document={},
        attempt=attempt,
        started=time.time(),
        who=who.login or "",
        delivery=job.delivery,
    )
    record, judged_already = records.here(tools.store, record)
    if judged_already:
        return {"record": record.id}
    judged = _judged(tools, force.settings, change, who, untested, ran, back)
    decision = decided(judged, force.settings, who.proposer)
    whole = document(judged) | {"decision": decisions.document(decision)}
    findings = tuple(each for stage in whole["stages"] for each in stage["findings"])
    made = replace(record, document=whole, findings=findings, decision=decision, finished=time.time())
    return {"record": records.put(tools.store, made)}


def _judged(
    tools: Tools,
    settings: Settings,
    change: Change,
    who: Who,
    untested: str,
    ran: Known | None,
    back: Change | None,
) -> Judged:
    if ran is not None:
        judged = judge(change, settings, who, Tested(known=ran), broke=_broke, before=back)
    elif untested:
        judged = judge(change, settings, who, Tested(missing=untested), untested=untested, broke=_broke, before=back)
    else:
        with tested_with(tools, settings, change) as (tested, why):
            judged = judge(change, settings, who, tested, untested=why, broke=_broke, before=back)
    if tools.cancelled():
        raise Superseded
    return judged


@contextmanager
def tested_with(tools: Tools, settings: Settings, change: Change) -> Iterator[tuple[Tested, str]]:
    """The sandbox with the environment of the base, which stays until the block ends, or why there is none."""
    if tools.untested:
        yield Tested(missing=tools.untested), tools.untested
        return
    if tools.testing is not None:
        yield tools.testing(settings, change), ""
        return
    if tools.settings.python is not None:
        yield ready(settings, change.root, tools.settings.python, tools.cancelled), ""
        return
    built = of_base(change.base, tools.settings)
    if built.environment is None:
        yield Tested(missing=built.why), built.why
        return
    try:
        yield ready(settings, change.root, cancelled=tools.cancelled, environment=built.environment), ""
    finally:
        if built.hold is not None:
            built.hold.release()


def allowed(tools: Tools, pull: Pull) -> bool:
    """Whether somebody said that the tests of this head may run, and may still say so."""
    word = grants.granted(tools.store, pull.repository, pull.number, pull.head)
    return word is not None and tools.host.role(word.by).at_least(Role.WRITE)


def _broke(stage: str, identifier: str, fault: Exception) -> None:
    _LOG.error("stage %s broke down: %s", stage, identifier, exc_info=fault)
