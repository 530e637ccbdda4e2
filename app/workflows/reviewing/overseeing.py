"""The step before the gate: the orchestrator reviews what is HIGH_RISK or CRITICAL, and that it did is kept."""

import json
from dataclasses import replace

from app.model.job import Job
from app.orchestrator.oversight import oversee
from app.store import audit, records
from app.store.records import Record
from app.views.oversight.plain import KIND, document
from app.workflows.reviewing.reports import stored
from app.workflows.reviewing.subject import Subject
from app.workflows.steps import State, Tools
from checks.model.safety import Level
from checks.reports.judged import reading
from checks.risk.outlook.portions import GRAVE

EARLIER = 50
"""Pull requests that were judged here before, whose levels tell what is usual."""


def review(tools: Tools, job: Job, state: State) -> State:
    """Makes the review once for each record: in the audit chain first, then in the record, which the gate reads. What
    the chain has stands: a review that was cut off between the two, and is made once more, would see other changes
    judged. Without it the gate does not pass (`app.orchestrator.standing`)."""
    record = stored(tools, state)
    judged = reading.judged(record.document)
    if judged.assessment.level not in GRAVE or KIND in record.document:
        return {}
    made = document(oversee(judged, _earlier(tools, record)))
    about = f"{job.repository}#{Subject.of(state).number}"
    facts, once = {"record": record.id, "head": record.head, **made}, f"{KIND}:{record.id}"
    audit.append(tools.store, KIND, job.repository, about, facts, once=once)
    written = audit.written(tools.store, once)
    kept = made if written is None else {name: json.loads(written.facts)[name] for name in made}
    records.put(tools.store, replace(record, document={**record.document, KIND: kept}))
    return {}


def _earlier(tools: Tools, record: Record) -> tuple[Level, ...]:
    """The last level of each other pull request, the newest first."""
    found: dict[int, Level] = {}
    for each in records.levels(tools.store, record.repository, EARLIER * 2):
        if each.number != record.number and each.level:
            found.setdefault(each.number, Level(each.level))
    return tuple(found.values())[:EARLIER]
