"""A person has an agreed change merged at once: what `selfmod apply` does on a local repository.

What is merged is what was tried: the head by its review, and where its branch went on since, the merge itself."""

import json
from collections.abc import Callable
from dataclasses import dataclass

from app.model.forge import Landed, Pull
from app.model.gate import Stands
from app.model.job import Job, Kind
from app.model.trouble import Superseded
from app.store import audit
from app.store.connect import Store
from app.store.records import Record
from app.workflows import group
from app.workflows.proposing.ended import ended
from app.workflows.reviewing.gated import Gated, evaluate, outdated, record_of
from app.workflows.reviewing.reports import stored
from app.workflows.steps import Tools, run_all
from checks.model.errors import Refusal
from checks.model.safety import Level
from checks.model.verdicts import State as Stage
from checks.reports.judged import reading

_LOOKED = 1_000
"""Audit records of a proposal among which approvals are looked for."""
_AGAIN = "See selfmod audit verify --local, and propose it anew."


@dataclass(frozen=True, slots=True)
class Applied:
    """`commit` brought it in; empty where it was not, and `why` says in words what stands in the way."""

    commit: str = ""
    why: str = ""
    remedy: str = ""


def standing(tools: Tools, pull: Pull) -> Gated | None:
    """How a proposal stands by its newest judgement, None where its head is not judged by what holds now. Nothing is
    run. Raises Refusal where the configuration cannot be read any more."""
    record = record_of(tools, pull)
    if record is None or outdated(tools, pull, record):
        return None
    return evaluate(tools, pull, record, pull.base_ref)


def unjudged(gated: Gated | None) -> bool:
    """Whether it is to be judged (once more): not yet, or a stage could not be carried out."""
    if gated is None:
        return True
    return any(each.state is Stage.ERROR for each in gated.gate.judged.verdict.stages)


def apply(tools: Tools, job: Job, prepare: Callable[[], tuple[str, str]]) -> Applied:
    """Merges the job's head where its gate lets it, for the job's actor. `prepare` gives the tip of the branch that it
    goes into and the commit that a merge there makes. Raises Refusal where it cannot be merged, Superseded where the
    head or that branch is another one by now."""
    pull = tools.host.pull(job.number)
    if pull.merged:
        ended(tools, pull, job.actor)  # before a crash
        return Applied(pull.merge_commit)
    if pull.head != job.head or not pull.open:
        raise Superseded
    gated, record = standing(tools, pull), record_of(tools, pull)
    if gated is None or record is None:
        raise Superseded
    if gated.gate.standing.stands is not Stands.PASSES:
        return Applied(why=gated.gate.standing.said, remedy=gated.gate.standing.remedy)
    refuse_unproven(tools.store, record, gated)
    tip, made = prepare()
    if tip != record.base and (why := _tried(tools, job, tip, made, gated.gate.judged.assessment.level)):
        remedy = f"Made anew on {tip[:10]} it is a proposal of its own: selfmod rebase"
        return Applied(why=f"merged into {pull.base_ref} as it is now, {why}", remedy=remedy)
    landing = tools.host.merge(pull.number, pull.head, "merge", pull.title)
    if landing.what is not Landed.MERGED:
        return Applied(why=landing.why)
    facts = {"head": pull.head, "base": tip, "commit": landing.commit, "by": job.actor, "record": record.id}
    about = f"{pull.repository}#{pull.number}"
    audit.append(tools.store, "applied", pull.repository, about, facts, once=f"applied:{about}:{pull.head}")
    ended(tools, tools.host.pull(pull.number), job.actor)
    return Applied(landing.commit)


def _tried(tools: Tools, job: Job, tip: str, made: str, level: Level) -> str:
    """Judges the merge as a merge group is judged. Returns what stands against it, empty where nothing does."""
    state = run_all(group.STEPS, tools, Job(Kind.GROUP, job.repository, job.installation, head=made, base=tip))
    if refused := state.get("refused"):
        return " ".join(refused)
    judged = reading.judged(stored(tools, state).document)
    bad = [each for each in judged.verdict.stages if each.state in (Stage.FAILED, Stage.ERROR)]
    if bad:
        return f"it does not pass: {bad[0].stage}: {bad[0].reason}"
    if judged.assessment.level.rank > level.rank:
        return f"it is {judged.assessment.level.value}, not {level.value}"
    return ""


def refuse_unproven(store: Store, record: Record, gated: Gated) -> None:
    """Raises Refusal where the judgement, or an approval that counts, is not in the audit chain as it is in its table:
    who has the key of the chain wrote that one."""
    judged = audit.written(store, f"judged:{record.id}")
    facts = json.loads(judged.facts) if judged is not None and audit.genuine(store, judged) else {}
    level = gated.gate.judged.assessment.level.value
    if (facts.get("head"), facts.get("base"), facts.get("level")) != (record.head, record.base, level):
        raise Refusal(f"the judgement {record.id} is not what was written down when it was made.", _AGAIN)
    for login in gated.gate.weighed.counted if gated.gate.decision.approvals else ():
        subject = f"{record.repository}#{record.number}"
        told = audit.about(store, record.repository, subject, _LOOKED)
        found = [json.loads(each.facts) for each in told if each.kind == "approved" and audit.genuine(store, each)]
        if not any((each.get("actor"), each.get("head")) == (login, record.head) for each in found):
            raise Refusal(f"nothing proves the approval of @{login}.", _AGAIN)
