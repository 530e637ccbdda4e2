"""After a push to a base, proposals are made anew on it; once an hour for each repository what was missed of that is
caught up with, what ended unheard is kept, and schedules that fell due begin."""

import time
from dataclasses import replace
from datetime import UTC, datetime, timedelta

from app.model.forge import Opinion, Pull
from app.model.job import Job, Kind
from app.model.modification import Modification, Sort, Status
from app.model.trouble import Gone
from app.store import grants, marks
from app.store.proposed import modifications, stops
from app.workflows.proposing.agreed import OPEN, reopened
from app.workflows.proposing.ended import ended
from app.workflows.proposing.rebasing import REBASE
from app.workflows.reviewing.configured import organisation
from app.workflows.steps import State, Step, Tools
from checks.configuration import cron
from checks.configuration.approvals import Mode
from checks.configuration.layers import Layer
from checks.model.errors import Refusal
from checks.repository import history
from checks.settings import PLACE, layered

SCHEDULE = "schedule"
"""The reason of a job that nobody asked for."""
HOURLY = "hourly"
"""The reason of a job that weighs an open proposal anew."""
BACK = timedelta(days=7)
"""How long ago a schedule's time may be that still begins: a server that was away for less misses nothing."""
HOUR = 3600.0
"""Seconds that the first look goes back."""
MOST = 200
"""Modifications that are looked at, the newest first."""
REOPENED = 20
"""Rejected ones, the newest first, that somebody may have opened again: they are kept for good, and become many."""


def follow(tools: Tools, job: Job, _: State) -> State:
    """After a push to a branch: has the open proposals into it made anew. The hourly look finds what this missed."""
    asked = []
    for made in modifications.recent(tools.store, job.repository, OPEN, MOST):
        try:
            pull = tools.host.pull(made.number) if made.number else None
            if pull is not None and pull.open and pull.base_ref == job.branch and _rebased(tools, job, made, pull):
                asked.append(pull.number)
        except Gone:
            continue
    return {"rebased": asked}


def keep_up(tools: Tools, job: Job, _: State) -> State:
    """Looks at each open proposal. The job's identity names the tip, so that one tip is asked for once."""
    if not job.repository:
        return {}
    asked = []
    waiting = modifications.recent(tools.store, job.repository, OPEN, MOST)
    rejected = modifications.recent(tools.store, job.repository, (Status.REJECTED,), REOPENED)
    for made in (*waiting, *rejected):
        try:
            pull = tools.host.pull(made.number) if made.number else None
            if pull is not None and _look(tools, job, made, pull):
                asked.append(pull.number)
        except Gone:
            continue
    return {"rebased": asked}


def _look(tools: Tools, job: Job, made: Modification, pull: Pull) -> bool:
    if not pull.open:
        ended(tools, pull, "")
        return False
    if made.status is Status.REJECTED:  # somebody opened it again
        made = reopened(tools, made)
    stopped = stops.holding(tools.store, pull.repository, pull.number) is not None
    if not stopped and not pull.armed:  # what could not go in when it was agreed may by now
        gate = Job(Kind.GATE, job.repository, job.installation, pull.number, pull.head, reason=HOURLY)
        tools.enqueue(replace(gate, again=f"{HOURLY}-{job.again or job.delivery}"))
    return _rebased(tools, job, made, pull)


def _rebased(tools: Tools, job: Job, made: Modification, pull: Pull) -> bool:
    """Starts it where the base moved or somebody pushed. The job's identity names what it is about, so that the look
    after a push and the hourly one ask for it once."""
    tip = tools.host.branch(pull.base_ref)
    if made.sort is not Sort.FIX or tip is None:
        return False
    if stops.holding(tools.store, pull.repository, pull.number) is not None:
        return False
    if pull.head != made.head:  # somebody pushed: that selfmod leaves it to them is said once
        again = f"{REBASE}-{pull.head}"
    elif tip != made.base and _worth(tools, made, pull, tip):
        again = f"{REBASE}-{tip}-{pull.head}"
    else:
        return False
    tools.enqueue(Job(Kind.PROPOSE, job.repository, job.installation, pull.number, reason=REBASE, again=again))
    return True


def _worth(tools: Tools, made: Modification, pull: Pull, tip: str) -> bool:
    """Whether it is to be made anew by itself: always while nobody approved it; once somebody did, whose approval holds
    for the one commit, only where the base changed the same files."""
    reviews = tools.host.reviews(pull.number)
    approved = any(each.opinion is Opinion.APPROVED and each.commit == pull.head for each in reviews)
    if not made.base or not (approved or grants.approvals(tools.store, pull.repository, pull.number, pull.head)):
        return True
    root = tools.host.local(made.base, tip, pull.head)
    mine = {each.path for each in history.differing(root, made.base, pull.head)}
    others = {path for each in history.differing(root, made.base, tip) for path in (each.path, each.old_path)}
    return bool(mine & others)


def due(tools: Tools, job: Job, _: State) -> State:
    """Starts the scheduled fixes of a repository where a time of its schedule has come since the last look. The job's
    identity names that time, so that a look twice starts it once. What falls due while it is stopped waits."""
    if not job.repository or stops.holding(tools.store, job.repository) is not None:
        return {}
    now, mark = time.time(), f"{SCHEDULE}:{job.repository.casefold()}"
    since = marks.read(tools.store, mark)
    started = _begun(tools, job, now - HOUR if since is None else since, now)
    marks.put(tools.store, mark, now)
    return {"due": started}


def _begun(tools: Tools, job: Job, since: float, now: float) -> str:
    """The identity's part of the job that is started, empty where none is."""
    try:
        content = tools.host.file(PLACE, tools.host.default_branch())
        layer = None if content is None else Layer(content, PLACE)
        settings = layered(organisation(tools.host), layer).told()
    except Refusal:
        return ""  # its own check run says what is wrong with it
    if settings.schedules.fix is None or settings.mode is Mode.OBSERVE:
        return ""
    moments = (datetime.fromtimestamp(each, UTC) for each in (since, now))
    last = fell_due(settings.schedules.fix, *moments)
    if last is None:
        return ""
    again = f"{SCHEDULE}-{last.isoformat()}"
    tools.enqueue(Job(Kind.PROPOSE, job.repository, job.installation, reason=SCHEDULE, again=again))
    return again


def fell_due(schedule: str, since: datetime, now: datetime) -> datetime | None:
    """The last time of a schedule after one moment and not after another (both aware), None where there is none. What
    is longer ago than BACK is not looked at. Raises ValueError for what is no schedule."""
    times = cron.read(schedule)
    last: datetime | None = None
    following = times.after(max(since, now - BACK))
    while following is not None and following <= now:
        last, following = following, times.after(following)
    return last


STEP = Step("follow", follow)
STEPS = (Step("keep_up", keep_up), Step("due", due))
