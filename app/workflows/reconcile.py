"""Looks for what was missed: deliveries that did not get here, and open pull requests that nobody reported on.

GitHub redelivers nothing by itself (https://docs.github.com/en/webhooks/using-webhooks/handling-failed-webhook-deliveries).
The job without a repository asks for failed deliveries anew and starts a job for each repository; that one looks at the
repository's open pull requests."""

import logging
import time
from dataclasses import replace
from datetime import UTC, datetime, timedelta

from app.model.forge import Pull
from app.model.job import Job
from app.model.trouble import Gone
from app.store import marks
from app.store.records import Record
from app.views import faults
from app.workflows.host import everywhere
from app.workflows.reviewing import reports
from app.workflows.reviewing.gated import outdated, record_of
from app.workflows.reviewing.subject import review_by
from app.workflows.steps import State, Step, Tools

SINCE = 3 * 24 * 3600.0
"""Seconds: GitHub keeps deliveries for three days."""
OVERLAP = 3600.0
"""Seconds before the last look that are looked at once more: clocks differ, an attempt is listed when it has ended, and
a delivery that was asked for again may have been lost a second time."""
LOOKED = "deliveries"
"""The mark of the store that says until when deliveries were looked at."""
MOST = 2_000
"""Deliveries that are asked for again in one go."""
PULLS = 200
"""Open pull requests of a repository that GitHub is asked about, the newest first."""
OPEN = 5_000
"""Open pull requests whose record is looked at: the older ones too, for an old success would let them in."""
MOST_OLDER = 200
"""Reviews of older ones that one look starts: the next one goes on."""
TOGETHER = 6
"""Hours in which what is outdated is asked for once: where much is at the same time it waits for hours, and each look
would add to the queue all that still waits. Whose review was lost meanwhile is asked for in the next."""
PATIENCE = timedelta(minutes=10)
"""How long a pull request that changed may be without a report before it counts as missed."""
LOST = timedelta(hours=12)
"""How long nothing may happen at a pull request under review before that counts as lost: longer than any step that
fails is tried for. A workflow ends without a word where it may not write one: suspended, taken out, transferred."""
GATE = "selfmod/gate"
ONCE = "unrecorded"
"""What tells the review of a head apart that was reported and has no record, or whose review came to no end: the same
each hour, so that there is one of each head."""
BEGUN = faults.begun(GATE, "", "").title
"""The title of a gate's check run whose review is under way."""
_LOG = logging.getLogger(__name__)


def redeliver(tools: Tools, job: Job, state: State) -> State:
    """Asks GitHub for each delivery once more that failed since the last look that came to its end. Twice does no harm:
    the inbox knows them by their GUID. Where there are too many the next look begins with what is left."""
    if job.repository or tools.forge is None:
        return {}
    now = time.time()
    last = marks.read(tools.store, LOOKED)
    since = now - SINCE if last is None else min(max(last - OVERLAP, now - SINCE), now - OVERLAP)
    failed = tools.forge.deliveries(since)
    for each in failed[:MOST]:
        tools.forge.redeliver(each.id)
    left = len(failed) - MOST
    if left > 0:
        _LOG.warning("%d deliveries failed: the oldest %d are asked for again, %d wait", len(failed), MOST, left)
    marks.put(tools.store, LOOKED, failed[MOST].at if left > 0 else now)
    return {"redelivered": min(len(failed), MOST)}


def spread(tools: Tools, job: Job, state: State) -> State:
    """Starts a job for each repository of each installation."""
    if job.repository or tools.forge is None:
        return {}
    started = 0
    for installation, repository, number in everywhere(tools.forge):
        tools.enqueue(replace(job, repository=repository, installation=installation, repository_id=number))
        started += 1
    return {"repositories": started}


def sweep(tools: Tools, job: Job, state: State) -> State:
    """Starts a review of each open pull request whose head has no gate's check run, or was judged by a configuration
    that holds no more: where `enforce` came since, its success would let it in. One that is in progress may wait
    for people, and the workflow that began it is durable: it is not begun anew here, unless it must be `LOST`, be it
    that some of it was reported. A gate that was reported and has no record weighs nothing any more. Such a head is
    judged once more, and only once, for there may be none to be had."""
    if not job.repository:
        return {}
    missed: list[int] = []
    tips: dict[str, str | None] = {}
    for place, pull in enumerate(tools.host.pulls("open", OPEN)):
        if not _settled(pull) or len(missed) >= PULLS + MOST_OLDER:
            continue
        review = _older(tools, job, pull, tips) if place >= PULLS else _newest(tools, job, pull, tips)
        if review is not None:
            tools.enqueue(review)
            missed.append(pull.number)
    return {"missed": missed}


def _newest(tools: Tools, job: Job, pull: Pull, tips: dict[str, str | None]) -> Job | None:
    gates = [run for run in tools.host.runs(pull.head) if run.name == GATE]
    record = record_of(tools, pull) if gates else None
    review = review_by(job, pull, "reconcile")
    if not gates:
        return review
    if record is not None and _outdated(tools, pull, record, tips):
        return _instead(review, job, record)
    begun, late = all(run.title == BEGUN for run in gates), _settled(pull, LOST)
    lost = record is None and not begun
    if late:  # the last thing that a review does is to write itself down
        lost = begun or record is None or not reports.written_down(tools.store, record)
    return replace(review, again=ONCE, delivery="") if lost else None


def _older(tools: Tools, job: Job, pull: Pull, tips: dict[str, str | None]) -> Job | None:
    """By what is stored alone."""
    record = record_of(tools, pull)
    if record is None or not _outdated(tools, pull, record, tips):
        return None
    return _instead(review_by(job, pull, "reconcile"), job, record)


def _instead(review: Job, job: Job, record: Record) -> Job:
    """The review in the place of a record: the same for `TOGETHER` hours."""
    part = str(int(job.again) // TOGETHER) if job.again.isdecimal() else job.again  # the look's job names the hour
    return replace(review, again=f"reconcile-{record.id}-{part}")


def _outdated(tools: Tools, pull: Pull, record: Record, tips: dict[str, str | None]) -> bool:
    """`tips` are those of branches that were asked for already."""
    if pull.base_ref not in tips:
        tips[pull.base_ref] = tools.host.branch(pull.base_ref)
    tip = tips[pull.base_ref]
    try:
        return tip is not None and outdated(tools, pull, record, tip)
    except Gone:  # a commit that nobody can fetch any more
        return False


def _settled(pull: Pull, patience: timedelta = PATIENCE) -> bool:
    """Whether what the pull request's last change asked for would have begun (or ended) by now."""
    try:
        updated = datetime.fromisoformat(pull.updated)
    except ValueError:
        return True
    return datetime.now(UTC) - (updated if updated.tzinfo else updated.replace(tzinfo=UTC)) > patience


STEPS = (Step("redeliver", redeliver), Step("spread", spread), Step("sweep", sweep))
