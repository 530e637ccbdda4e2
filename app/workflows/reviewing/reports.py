"""What is written on the forge about a judgement: check runs, labels, one comment, requests for reviews. Each looks up
before it writes, so that it can run twice."""

import json
from dataclasses import replace

from app.model.gate import Stands
from app.model.job import Job
from app.model.trouble import Superseded
from app.store import audit, records
from app.store.connect import Store
from app.store.records import Record
from app.views import faults, gate_facts, labels, sandbox, sticky, validation
from app.views import gate as gates
from app.views.links import details_url
from app.workflows.proposing.agreed import agreed
from app.workflows.reviewing.gated import Gated, evaluate, outdated, untried
from app.workflows.reviewing.subject import Subject, review_of
from app.workflows.steps import State, Tools
from app.workflows.stopping import arming
from checks.configuration.approvals import Mode
from checks.model.errors import Refusal
from checks.reports.judged import reading

MOST_ASKED = 5
"""People and teams of whom a review is requested."""
MOST_LOOKED = 200
"""Audit records of a pull request among which the gate's last one is looked for."""
NAMES = faults.NAMES
JUDGED = "judged"
"""The kind of the audit records that judgements leave, refusals among them."""


def begin(tools: Tools, job: Job, state: State) -> State:
    """The three check runs of the head are in progress. Running again takes the same three."""
    subject = Subject.of(state)
    for name in NAMES:
        tools.host.put_run(faults.begun(name, subject.head, subject.key))
    return {}


def report_validation(tools: Tools, job: Job, state: State) -> State:
    """`selfmod/validation`, with an annotation a finding."""
    subject = Subject.of(state)
    if refusal := state.get("refused"):
        return _refused(tools, subject, validation.NAME, refusal)
    record = stored(tools, state)
    run = validation.run(reading.judged(record.document), subject.head, subject.key, _details(tools, record))
    tools.host.put_run(run)
    return {}


def report_sandbox(tools: Tools, job: Job, state: State) -> State:
    """`selfmod/sandbox`."""
    subject = Subject.of(state)
    if refusal := state.get("refused"):
        return _refused(tools, subject, sandbox.NAME, refusal)
    record = stored(tools, state)
    judged = reading.judged(record.document)
    waits = bool(untried(judged))
    run = sandbox.run(judged, subject.head, subject.key, _details(tools, record), waits=waits)
    tools.host.put_run(run)
    return {}


def report_gate(tools: Tools, job: Job, state: State) -> State:
    """`selfmod/gate`, with the answer to who pressed a button; and the decision in the record: the one with people in
    it."""
    subject = Subject.of(state)
    if refusal := state.get("refused"):
        return _refused(tools, subject, gates.NAME, refusal)
    record = stored(tools, state)
    gated = how_it_stands(tools, subject, record)
    if gated.pull.base_ref != subject.base_ref or outdated(tools, gated.pull, record):
        # this was judged meanwhile by what holds no more: it must not replace what is said by what does
        tools.enqueue(review_of(job, f"{job.again}~"))
        raise Superseded
    if record.decision != gated.gate.decision:
        records.put(tools.store, replace(record, decision=gated.gate.decision))
    if not gated.goes:  # before success is said: an earlier head was armed, and this one is not agreed
        arming.take_back(tools, gated.pull)
    gate = replace(gated.gate, told=tuple(state.get("told", ())))
    tools.host.put_run(gates.run(gate, subject.key, fixable=gated.fixable))
    _write_down_gate(tools, job, subject, gated)
    agreed(tools, gated.pull, gate.standing.stands is Stands.PASSES)
    return {}


def _write_down_gate(tools: Tools, job: Job, subject: Subject, gated: Gated) -> None:
    """How the gate stands, with whose approvals, in the audit chain: each time that it is not as it was."""
    store, about = tools.store, f"{job.repository}#{subject.number}"
    facts = gate_facts.facts(gated.gate, gated.force.unusual())
    own = [each for each in audit.about(store, job.repository, about, MOST_LOOKED) if each.kind == gate_facts.KIND]
    last = next((each for each in reversed(own) if json.loads(each.facts)["record"] == facts["record"]), None)
    if last is None or json.loads(last.facts) != facts:
        once = f"gate:{facts['record']}:{last.number if last else 0}"  # of two at once one writes
        audit.append(store, gate_facts.KIND, job.repository, about, facts, once=once)


def paint(tools: Tools, job: Job, state: State) -> State:
    """The labels of the computed level. Nothing in `observe`."""
    subject = Subject.of(state)
    gated = how_it_stands(tools, subject, stored(tools, state))
    gate = gated.gate
    if gate.mode is Mode.OBSERVE:
        return {}
    waits = bool(gate.weighed.missing or gate.weighed.blocking or gate.decision.blocked)
    add, remove = labels.painted(gate.judged.assessment.level, waits and gate.mode is Mode.ENFORCE)
    there = {each.casefold() for each in gated.pull.labels}
    missing = [name for name in add if name.casefold() not in there]
    stale = [name for name in remove if name.casefold() in there]
    if missing or stale:
        tools.host.set_labels(subject.number, missing, stale)
    return {}


def comment(tools: Tools, job: Job, state: State) -> State:
    """The one comment: there while somebody must act, one line once nobody has to."""
    subject = Subject.of(state)
    gated = how_it_stands(tools, subject, stored(tools, state))
    say(tools, subject, gated, tuple(state.get("told", ())))
    return {}


def say(tools: Tools, subject: Subject, gated: Gated, more: tuple[str, ...] = ()) -> None:
    """Writes the comment, with lines about what somebody asked for."""
    if gated.gate.mode is Mode.OBSERVE:
        return
    body = sticky.body(gated.gate, more)
    if not body:
        mark = f"<!-- {sticky.MARKER}"
        if not any(each.own and each.body.startswith(mark) for each in tools.host.comments(subject.number)):
            return
        body = sticky.QUIET
    tools.host.put_comment(subject.number, sticky.MARKER, body, subject.generation)


def ask_reviewers(tools: Tools, job: Job, state: State) -> State:
    """Requests reviews of those who alone can give what is missing: code owners, the team, who is named. In `enforce`
    only; nobody who was asked, has answered, or cannot approve."""
    subject = Subject.of(state)
    gated = how_it_stands(tools, subject, stored(tools, state))
    gate = gated.gate
    if gate.mode is not Mode.ENFORCE or not gate.weighed.missing or gated.pull.draft:
        return {}
    owning = gated.people.owners if gate.decision.code_owners else ()
    wanted = [
        each for each in dict.fromkeys((*gate.decision.named, *owning, *gate.decision.approvers)) if each[:1] == "@"
    ]
    asked = {each.casefold() for each in gated.pull.requested}
    answered = {each.login.casefold() for each in gate.weighed.seen}
    out = {login for login, _ in gate.weighed.excluded} | asked | answered
    names = [each.removeprefix("@") for each in wanted if each.removeprefix("@").casefold() not in out]
    room = max(0, MOST_ASKED - len(asked))
    people = [each for each in names[:room] if "/" not in each]
    teams = [each for each in names[:room] if "/" in each]
    if people or teams:
        tools.host.request_reviewers(subject.number, people, teams)
    return {}


def write_down(tools: Tools, job: Job, state: State) -> State:
    """The judgement's line in the audit chain, once."""
    subject = Subject.of(state)
    facts = {"head": subject.head, "base": subject.base, "reason": job.reason, "actor": job.actor}
    if refusal := state.get("refused"):
        facts |= {"refused": refusal[0]}
        # a fork may have the same number and head; of what is too long the end is cut off
        name = f"refused:{subject.key}:{job.repository}"
    else:
        record = stored(tools, state)
        decision = record.decision
        facts |= {
            "record": record.id,
            "level": record.document["assessment"]["level"],
            "passed": str(record.document["passed"]).lower(),
            "blocked": decision.blocked if decision else "",
            "approvals": str(decision.approvals if decision else 0),
        }
        name = _judged(record)
    audit.append(tools.store, JUDGED, job.repository, f"{job.repository}#{subject.number}", facts, once=name)
    return {}


def written_down(store: Store, record: Record) -> bool:
    """Whether the judgement has its line: then all before it was reported. Raises Unavailable."""
    return audit.written(store, _judged(record)) is not None


def _judged(record: Record) -> str:
    return f"judged:{record.id}"


def fail(tools: Tools, job: Job, state: State) -> State:
    """What is told where a review failed for good: `bug` is the identifier of a fault of ours, empty for a refusal,
    whose words are `why`. Nothing is known but the head, if that much. `superseded`: a newer push ended it; `gone`:
    what it needed is not there any more."""
    if state.get("superseded"):
        return _superseded(tools, state)
    if state.get("gone"):
        return _gone(tools, state)
    return _failed(tools, job, state, NAMES)


def _superseded(tools: Tools, state: State) -> State:
    """The check runs of a head that is none any more do not stay in progress. One that is the head again is left to the
    job that it has then."""
    subject = Subject.of(state)
    now = tools.host.pull(subject.number).head
    if now != subject.head:
        for seen in tools.host.runs(subject.head):
            if seen.name in NAMES and seen.key == subject.key and seen.status != "completed":
                tools.host.put_run(faults.superseded(seen.name, subject.head, subject.key, now))
    return {}


def _gone(tools: Tools, state: State) -> State:
    """The check runs of a head whose branch, commits or pull request are gone do not stay in progress."""
    subject = Subject.of(state)
    for seen in tools.host.runs(subject.head):
        if seen.name in NAMES and seen.key == subject.key and seen.status != "completed":
            tools.host.put_run(faults.gone(seen.name, subject.head, subject.key))
    return {}


def fail_gate(tools: Tools, job: Job, state: State) -> State:
    """The same for the gate alone: what was found out about the change stands."""
    if state.get("superseded") or state.get("gone"):
        return {}  # another job is under way, or nothing is left to say it of
    return _failed(tools, job, state, (gates.NAME,))


def _failed(tools: Tools, job: Job, state: State, names: tuple[str, ...]) -> State:
    head = str(state.get("head") or job.head)
    if not head:
        return {}
    key = str(state.get("key") or f"failed:{job.identity}"[:200])
    bug, why = str(state.get("bug") or ""), str(state.get("why") or "")
    for name in names:
        run = faults.broken(name, head, key, bug) if bug else faults.refused(name, head, key, why, "")
        tools.host.put_run(run)
    return {}


def stored(tools: Tools, state: State) -> Record:
    """The record of this job. Raises Refusal where it was pruned meanwhile."""
    record = records.get(tools.store, str(state["record"]))
    if record is None:
        raise Refusal(f"the record {state['record']} is gone.", "Validate it once more: the button Re-run.")
    return record


def how_it_stands(tools: Tools, subject: Subject, record: Record) -> Gated:
    """How the gate stands, found out once in a run of a job: all its reports say the same. A run that goes on after a
    wait or a restart begins with an empty memory."""
    about = (record.id, subject.number, subject.head, subject.base_ref)
    found = tools.memory.get(about)
    if not isinstance(found, Gated):
        tools.memory[about] = found = evaluate(tools, tools.host.pull(subject.number), record, subject.base_ref)
    return found


def _refused(tools: Tools, subject: Subject, name: str, refusal: list[str]) -> State:
    reason, hint = refusal
    tools.host.put_run(faults.refused(name, subject.head, subject.key, reason, hint))
    return {}


def _details(tools: Tools, record: Record) -> str:
    return details_url(tools.settings, record.id)
