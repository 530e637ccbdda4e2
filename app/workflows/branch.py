"""The verb `branch`: after a push to a branch, selfmod's proposals into it are made anew; where the push may have
changed what pull requests into it are judged by, those that hang on it are judged anew. What was refused because the
configuration was not valid is let go on by that."""

import json

from app.model.forge import Pull
from app.model.job import MOVED, Job
from app.model.trouble import Gone
from app.store import audit
from app.workflows.proposing import upkeep
from app.workflows.reviewing.gated import outdated, record_of
from app.workflows.reviewing.reports import JUDGED
from app.workflows.reviewing.subject import review_by
from app.workflows.steps import State, Step, Tools

PULLS = 200
"""Open pull requests into the branch that are looked at, the newest first; the hourly look finds the others."""
MOST_LOOKED = 200
"""Audit records of a pull request among which its last judgement is looked for."""


def sweep(tools: Tools, job: Job, _: State) -> State:
    """Starts a review of each that was judged by a configuration or code owners that hold no more, or not at all: one
    that is just being judged may have begun before the push."""
    if job.reason == MOVED:
        return {}
    tip = tools.host.branch(job.branch)
    if tip is None:
        return {}
    anew = [each for each in tools.host.pulls("open", PULLS, job.branch) if _hangs(tools, each, tip)]
    for pull in anew:
        tools.enqueue(review_by(job, pull, "configured"))
    return {"anew": [each.number for each in anew]}


def _hangs(tools: Tools, pull: Pull, tip: str) -> bool:
    record = record_of(tools, pull)
    if record is None or _refused(tools, pull):
        return True
    try:
        return outdated(tools, pull, record, tip)
    except Gone:  # a commit that nobody can fetch any more
        return False


def _refused(tools: Tools, pull: Pull) -> bool:
    """Whether the last judgement of the head came to nothing, though an earlier one left a record."""
    told = audit.about(tools.store, pull.repository, f"{pull.repository}#{pull.number}", MOST_LOOKED)
    facts = [json.loads(each.facts) for each in told if each.kind == JUDGED]
    of_head = [each for each in facts if each.get("head") == pull.head]
    return bool(of_head) and "refused" in of_head[-1]


STEPS = (Step("sweep", sweep), upkeep.STEP)
