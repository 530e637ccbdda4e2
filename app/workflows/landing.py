"""The step after the gate was said: what is agreed and goes in by itself is merged, or armed for it."""

from app.model.forge import Pull
from app.model.job import Job
from app.model.trouble import Superseded
from app.store import audit
from app.workflows.reviewing.gated import evaluate, outdated
from app.workflows.reviewing.reports import how_it_stands, stored
from app.workflows.reviewing.subject import Subject
from app.workflows.steps import State, Tools
from app.workflows.stopping import guard
from checks.model.errors import Refusal

KIND = "landing"
"""Of the audit record that says what became of it."""
ARMED = guard.ARMED
MOST_LOOKED = 200
"""Audit records of a pull request among which it is looked for who armed it."""


def land(tools: Tools, job: Job, state: State) -> State:
    """Weighs everything once more at the last moment, because reviews, protection and stops may have changed since the
    gate was said; then has the forge merge this head and no other. What is armed and no longer agreed is disarmed. A
    refusal of the forge is an outcome: the gate says what people can do."""
    subject, record = Subject.of(state), stored(tools, state)
    if not how_it_stands(tools, subject, record).goes:
        _disarm(tools, tools.host.pull(subject.number))
        return {}
    now = evaluate(tools, tools.host.pull(subject.number), record, subject.base_ref)
    pull = now.pull
    if pull.head != subject.head or not pull.open or outdated(tools, pull, record):
        return {}
    if not now.goes:
        _disarm(tools, pull)
        return {}
    method = now.force.settings.merge.method.value
    try:
        landing = tools.host.arm(pull.number, subject.head, method, f"{pull.title} (#{pull.number})")
    except Superseded:
        return {}
    except Refusal as refusal:
        return _written(tools, job, pull, "refused", refusal.reason)
    return _written(tools, job, pull, landing.what.value, landing.why or landing.commit)


def _written(tools: Tools, job: Job, pull: Pull, what: str, more: str) -> State:
    facts = {"head": pull.head, "what": what, "more": more}
    about = f"{job.repository}#{pull.number}"
    audit.append(tools.store, KIND, job.repository, about, facts, once=f"{KIND}:{about}:{pull.head}:{what}"[:200])
    return {"landing": what}


def _disarm(tools: Tools, pull: Pull) -> None:
    """Only what selfmod armed: a person's own auto-merge is that person's, and the gate holds it all the same."""
    if not pull.armed or not pull.open:
        return
    about = audit.about(tools.store, pull.repository, f"{pull.repository}#{pull.number}", MOST_LOOKED)
    if any(each.kind == ARMED for each in about):
        tools.host.disarm(pull.number)
