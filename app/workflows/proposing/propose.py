"""The verb `propose`: what can be fixed for sure becomes pull requests, each about one subject."""

import logging

from app.model.forge import Pull, Role
from app.model.job import Job
from app.model.trouble import Superseded
from app.store.proposed import stops
from app.views import replies
from app.views.proposing.told import Opened, reply
from app.workflows.proposing import force, prior, words
from app.workflows.proposing.issues import told
from app.workflows.proposing.offering import Target, offered
from app.workflows.proposing.rebasing import again
from app.workflows.proposing.trial import Wanted, groups, laid_out
from app.workflows.reviewing.configured import in_force
from app.workflows.reviewing.fixing import fixed
from app.workflows.reviewing.gated import evaluate, record_of
from app.workflows.reviewing.subject import may, unless_refused
from app.workflows.steps import State, Step, Tools
from app.workflows.stopping.guard import Halted
from checks.configuration.approvals import Mode
from checks.fix import Group
from checks.model.errors import Refusal
from checks.reports.safe import for_markdown
from checks.reports.text import counted
from checks.repository.snapshot import of_commit

MOST_GROUPS = 20
"""Proposals of one job."""
GENERATION = 2
"""Of the reply: newer than what was said when the command was read."""
_LOG = logging.getLogger(__name__)


def allowed(tools: Tools, job: Job, _: State) -> State:
    """Who asked may still write here, nothing is stopped, and the configuration lets selfmod propose. Says so where
    not; `base` and `base_ref` are what is fixed, nothing of them for a pull request's own findings."""
    try:
        return _allowed(tools, job)
    except Refusal as refusal:
        return _refused(tools, job, str(refusal))


def _allowed(tools: Tools, job: Job) -> State:
    host = tools.host
    if not may(tools, job):
        has = host.role(job.actor, job.account).value if job.actor else Role.NONE.value
        raise Refusal(f"fix needs {job.needs} access to this repository; {job.actor or 'nobody'} has {has}.")
    if (stop := stops.holding(tools.store, job.repository, job.number if job.head else 0)) is not None:
        raise Halted(stop)
    words.read(job.words)
    if job.head:
        _pull(tools, job)
        return {"pull": job.number}
    branch = host.default_branch()
    now = force.of_branch(tools, branch)
    if now.settings.mode is Mode.OBSERVE:
        raise Refusal("the mode is observe: nothing but reports is written.", "Set mode: propose.")
    return {"base": now.commit, "base_ref": branch}


def _pull(tools: Tools, job: Job) -> Pull:
    """The pull request whose findings are meant. Raises Superseded where it is closed, Refusal where its head is
    another one than the one that was looked at."""
    pull = tools.host.pull(job.number)
    if not pull.open:
        raise Superseded
    if pull.head != job.head:
        raise Refusal(f"the head is {pull.head[:10]} now, not {job.head[:10]}.", "Look at it, then ask once more.")
    return pull


def find(tools: Tools, job: Job, state: State) -> State:
    """`wanted`: what is to be proposed, by the detectors and the fixes alone; `there`: open pull requests that propose
    some of it already; `notes`: what is not proposed, and why. Nothing runs here but parsers."""
    if state.get("pull"):
        return {}
    named, base, base_ref = words.read(job.words), str(state["base"]), str(state["base_ref"])
    root = tools.host.local(base)
    now = in_force(tools.host, root, base, base_ref)
    files = tuple(entry.path for entry in of_commit(root, base).files)
    issue = told(tools, job, files)
    if issue is not None and issue.named is None:
        return {"wanted": [], "there": [], "notes": [issue.note]}
    named = issue.named if issue is not None and issue.named is not None else named
    if missing := named.missing(files):
        return _refused(tools, job, f"there is no file or folder {missing!r} at {base[:10]}.")
    standing = prior.standing(tools.store, job.repository, base_ref)
    with laid_out(tools, now.settings, root, base, base) as trial:
        fixes = trial.sure(Group(now.settings.fix.group))
    meant = [each for change in fixes.changes for each in change.fixed if named.has(each)]
    found = groups(fixes, named, standing, now.settings.limits.files)
    before = [standing[each.fingerprint] for each in meant if each.fingerprint in standing]
    there = dict.fromkeys((each.number, each.title) for each in before if prior.open_(each))
    notes = [prior.why_not(each) for each in before if not prior.open_(each)]
    if not found and not before:
        limited = bool(job.words) or issue is not None
        notes = ["nothing that is named can be fixed for sure" if limited else "nothing can be fixed for sure"]
    notes += [issue.note] if issue is not None else []
    if len(found) > MOST_GROUPS:
        notes.append(f"{counted(len(found) - MOST_GROUPS, 'subject')} more: ask again once these are merged")
    wanted = [[each.word, list(each.keys)] for each in found[:MOST_GROUPS]]
    return {"wanted": wanted, "there": [list(each) for each in there], "notes": list(dict.fromkeys(notes))}


def open_pulls(tools: Tools, job: Job, state: State) -> State:
    """Tries each group in the sandbox and opens its pull request. What an earlier run of this step opened is there, and
    only listed. `opened` are numbers and titles."""
    if state.get("pull"):
        return _own_findings(tools, job)
    base, base_ref = str(state["base"]), str(state["base_ref"])
    wanted = [Wanted(word, tuple(keys)) for word, keys in state["wanted"]]
    opened = [Opened(number, title) for number, title in state["there"]]
    notes: list[str] = []
    root = tools.host.local(base)
    now = in_force(tools.host, root, base, base_ref)
    target = Target(job.repository, root, base, base_ref, requester=job.actor, account=job.account)
    with laid_out(tools, now.settings, root, base, base) as trial:
        for each in wanted:
            if tools.cancelled():
                raise Superseded
            try:
                made = offered(tools, now.settings, target, each, trial)
            except Refusal as refusal:
                made = f"{each.word}: {refusal}"
            if isinstance(made, Opened):
                opened.append(made)
            else:
                notes.append(made)
    return {"opened": [[each.number, each.title] for each in opened], "notes": [*state.get("notes", ()), *notes]}


def _own_findings(tools: Tools, job: Job) -> State:
    """For a pull request: into its own branch."""
    try:
        pull = _pull(tools, job)
        record = record_of(tools, pull)
        if record is None:
            raise Refusal("this head is not judged yet.", "Wait for its report, then ask once more.")
        made = fixed(tools, job, evaluate(tools, pull, record, pull.base_ref), words.read(job.words))
    except Refusal as refusal:
        return _refused(tools, job, f"Nothing was fixed: {refusal}")
    return {"opened": [[made.number, made.title]]}


def tell(tools: Tools, job: Job, state: State) -> State:
    """The reply, where somebody asked: which pull requests there are, and what was left and why."""
    if not job.comment:
        return {}
    opened = [Opened(number, title) for number, title in state.get("opened", ())]
    said = reply(opened, state.get("notes", ()))
    tools.host.put_comment(job.number, replies.marker(job.comment), said, GENERATION)
    return {}


def _refused(tools: Tools, job: Job, why: str) -> State:
    """Ends the job, and says why to whoever asked. A schedule's is in the log."""
    if job.comment:
        tools.host.put_comment(job.number, replies.marker(job.comment), replies.refusal(for_markdown(why)), GENERATION)
        tools.host.react(job.comment, "confused")
    else:
        _LOG.info("nothing is proposed: %s", why)
    return {"done": True, "why": why}


STEPS: tuple[Step, ...] = (
    Step("again", again, alone=False),
    Step("allowed", unless_refused(allowed)),
    Step("find", unless_refused(find), alone=False),
    Step("open", unless_refused(open_pulls), alone=False),
    Step("tell", unless_refused(tell)),
)
