"""The step after the gate was said: what is agreed and goes in by itself is merged, or armed for it."""

import hashlib
from dataclasses import replace

from app.model.forge import Landed, Pull
from app.model.job import Job
from app.model.trouble import Superseded
from app.store import audit
from app.store.records import Record
from app.views import gate as gates
from app.workflows.reviewing.gated import MERGING, evaluate, outdated
from app.workflows.reviewing.reports import how_it_stands, stored
from app.workflows.reviewing.subject import Subject
from app.workflows.steps import State, Tools
from app.workflows.stopping import arming
from checks.model.errors import Refusal

KIND = "landing"
"""Of the audit record that says what became of it."""


def land(tools: Tools, job: Job, state: State) -> State:
    """Weighs everything once more at the last moment, because reviews, protection and stops may have changed since the
    gate was said; then has the forge merge this head and no other. A refusal is an outcome and leaves the check runs as
    they are; where the forge does not merge now, the gate says why, and the hourly look tries again."""
    subject, record = Subject.of(state), stored(tools, state)
    if not how_it_stands(tools, subject, record).goes:
        return {}  # what was armed before was disarmed with the gate's word
    pull = tools.host.pull(subject.number)
    if pull.merged and pull.head == subject.head:  # before a crash
        return _written(tools, job, pull, Landed.MERGED.value, pull.merge_commit)
    try:
        return _landed(tools, job, subject, record)
    except Superseded:
        return {}
    except Refusal as refusal:
        return _written(tools, job, pull, "refused", refusal.reason)


def _landed(tools: Tools, job: Job, subject: Subject, record: Record) -> State:
    now = evaluate(tools, tools.host.pull(subject.number), record, subject.base_ref)
    pull = now.pull
    moved = (pull.head, pull.base_ref) != (subject.head, subject.base_ref)
    if moved or not pull.open or outdated(tools, pull, record):
        return {}
    if not now.goes:
        arming.take_back(tools, pull)
        return {}
    method = now.force.settings.merge.method.value
    landing = tools.host.arm(pull.number, subject.head, method, f"{pull.title} (#{pull.number})")
    if landing.what is Landed.WAITS:
        said = now.gate.standing.said.removesuffix(MERGING)
        remedy = f"It is not merged by itself now: {landing.why} It is tried again within the hour."
        gate = replace(now.gate, standing=replace(now.gate.standing, said=said, remedy=remedy))
        tools.host.put_run(gates.run(gate, subject.key, fixable=now.fixable))
    return _written(tools, job, pull, landing.what.value, landing.why or landing.commit)


def _written(tools: Tools, job: Job, pull: Pull, what: str, more: str) -> State:
    facts = {"head": pull.head, "what": what, "more": more}
    about = f"{job.repository}#{pull.number}"
    digest = hashlib.sha256(more.encode()).hexdigest()[:12]
    audit.append(
        tools.store, KIND, job.repository, about, facts, once=f"{KIND}:{about}:{pull.head}:{what}:{digest}"[:200]
    )
    return {"landing": what}
