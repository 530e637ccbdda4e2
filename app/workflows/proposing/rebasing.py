"""A proposal is made anew on the tip of its base: never over somebody's commit. *Unverified*: that github.com names the
App's own account as the author of a commit that the App made through the API."""

import re
from contextlib import suppress
from dataclasses import dataclass, replace

from app.model.forge import Pull
from app.model.job import Job
from app.model.modification import BRANCHES, Modification, Sort, Status
from app.model.trouble import Superseded
from app.store import audit
from app.store.proposed import modifications, stops
from app.views import replies
from app.views.proposing import told
from app.workflows.proposing import force, prior
from app.workflows.proposing.offering import Target, alone, body_of, edits_of, message_of
from app.workflows.proposing.trial import Stood, laid_out
from app.workflows.reviewing.people import account_of
from app.workflows.reviewing.subject import may
from app.workflows.steps import State, Tools
from checks.configuration.approvals import Mode
from checks.fix import Group
from checks.model.errors import Refusal
from checks.reports.safe import for_markdown
from checks.settings import Settings

REBASE = "rebase"
"""The reason of a job that makes a proposal anew."""
CLOSING = "<!-- selfmod:ended -->"


def again(tools: Tools, job: Job, _: State) -> State:
    """The whole of such a job, and nothing of others. Whoever asked by a comment is answered there."""
    if job.reason != REBASE:
        return {}
    pull = tools.host.pull(job.number)
    if not pull.open:
        raise Superseded
    try:
        said = made_anew(tools, job, pull)
    except Refusal as refusal:
        said = replies.refusal(for_markdown(str(refusal)))
    if job.comment:
        tools.host.put_comment(job.number, replies.marker(job.comment), said, 2)
    return {"done": True, "said": [said]}


@dataclass(frozen=True, slots=True)
class _Open:
    """A proposal of selfmod's own that nobody else works on, the configuration for it, and the tip of its base."""

    pull: Pull
    made: Modification
    settings: Settings
    configuration: str
    tip: str


def made_anew(tools: Tools, job: Job, pull: Pull) -> str:
    """What became of it, in Markdown. Raises Refusal, with why nothing did."""
    if not may(tools, job):
        raise Refusal(f"rebase needs {job.needs} access to this repository.")
    made = modifications.of_pull(tools.store, job.repository, pull.number)
    if made is None or made.sort is not Sort.FIX or not prior.own(pull):
        raise Refusal("only a pull request with fixes of selfmod's own is made anew.", "Rebase this one with git.")
    if (stop := stops.holding(tools.store, job.repository, pull.number)) is not None:
        raise Refusal(f"{stop.where} is stopped by @{stop.by}: {stop.why}.")
    made = _gone_on(tools, pull, made)
    others = strangers(tools, pull, made)
    if others is not None:
        said = told.hands_off(others)
        tools.host.put_comment(pull.number, told.HANDS_OFF, said, 1)
        return said
    now = force.of_branch(tools, pull.base_ref)
    if now.settings.mode is Mode.OBSERVE:
        raise Refusal("the mode is observe: nothing but reports is written.", "Set mode: propose.")
    tip = tools.host.branch(pull.base_ref)
    if tip is None:
        raise Refusal(f"the branch {pull.base_ref} is gone.")
    if tip == made.base and pull.base_ref == made.base_ref:
        return f"It is on the newest commit of its base already (`{tip[:10]}`)."
    return _anew(tools, _Open(pull, made, now.settings, now.commit, tip))


def _anew(tools: Tools, it: _Open) -> str:
    root = tools.host.local(it.tip, it.configuration)
    with laid_out(tools, it.settings, root, it.configuration, it.tip) as trial:
        fixes = trial.sure(Group.ALL)
        keys = set(it.made.keys)
        if not keys & {each.finding.fingerprint for each in fixes.outcomes}:
            return _close(tools, it)
        sure = {each.fingerprint for change in fixes.changes for each in change.fixed}
        left = tuple(each for each in it.made.keys if each in sure)
        if not left:
            raise Refusal(f"at {it.tip[:10]} nothing of this can be fixed for sure any more.")
        stood = trial.tried(left)
    with alone(tools.store, it.made.repository):
        _still_open(tools, it)
        by = it.made.requester
        account = account_of(tools.host.local(it.pull.head), it.pull.head, by)
        target = Target(it.made.repository, root, it.tip, it.pull.base_ref, _of(it), by, account)
        return _move(tools, it, stood, target)


def _still_open(tools: Tools, it: _Open) -> None:
    """Raises Superseded where somebody ended it while it was tried: what they said of it stays."""
    now = modifications.get(tools.store, it.made.id)
    ended = now is not None and now.status is not it.made.status and not prior.open_(now)
    if ended or not tools.host.pull(it.pull.number).open:
        raise Superseded


def _of(it: _Open) -> int:
    """The pull request that it mends, as its branch tells; 0 where it mends a branch."""
    found = re.match(rf"{BRANCHES}fix/pr-(\d+)-", it.made.branch)
    return int(found[1]) if found else 0


def _move(tools: Tools, it: _Open, stood: Stood, target: Target) -> str:
    """The commit is made on a branch beside it, which goes once the proposal's own is there: found after a crash, it
    tells our own move from somebody's push."""
    beside, pull = _beside(it.made), it.pull
    message = message_of(it.made.title, stood.change, it.made, target.account)
    commit = tools.host.commit_files(beside, it.tip, edits_of(stood.change), message)
    if not tools.host.move_branch(it.made.branch, pull.head, commit):
        raise Superseded  # somebody pushed meanwhile: theirs it is
    kept = replace(it.made, head=commit, base=it.tip, base_ref=pull.base_ref, keys=stood.keys)
    modifications.put(tools.store, kept)
    tools.host.edit_pull(pull.number, pull.title, body_of(tools, it.settings, target, kept.id, stood))
    _tidy(tools, beside)
    facts = {"modification": kept.id, "base": it.tip, "head": commit, "before": pull.head}
    subject = f"{kept.repository}#{pull.number}"
    audit.append(tools.store, "moved", kept.repository, subject, facts, f"moved:{kept.id}:{commit}")
    same = "the same change" if set(stood.keys) == set(it.made.keys) else "what is left of it"
    return f"Made anew on `{it.tip[:10]}`: {same}."


def _gone_on(tools: Tools, pull: Pull, made: Modification) -> Modification:
    """After a crash between the move and its record: what the branch beside holds is ours."""
    beside = tools.host.branch(_beside(made))
    if beside is None or made.head == beside:
        return made
    if beside == pull.head:
        # its base is not known any more: it is made once more, on a tip that is
        made = modifications.put(tools.store, replace(made, head=beside, base=""))
    _tidy(tools, _beside(made))
    return made


def _close(tools: Tools, it: _Open) -> str:
    if tools.host.branch(it.made.branch) != it.pull.head:
        raise Superseded  # somebody pushed meanwhile: theirs it is
    _still_open(tools, it)
    said = told.nothing_left(it.tip)
    why = f"nothing of it is left at {it.tip[:10]}"
    modifications.put(tools.store, replace(it.made, status=Status.SUPERSEDED, reason=why))
    tools.host.put_comment(it.pull.number, CLOSING, said, 1)
    tools.host.close_pull(it.pull.number)
    _tidy(tools, it.made.branch)
    facts = {"modification": it.made.id, "status": Status.SUPERSEDED.value, "base": it.tip}
    subject = f"{it.made.repository}#{it.pull.number}"
    audit.append(tools.store, "modification", it.made.repository, subject, facts, f"superseded:{it.made.id}:{it.tip}")
    return said


def _beside(made: Modification) -> str:
    return f"{BRANCHES}moving/{made.id}"


def _tidy(tools: Tools, branch: str) -> None:
    with suppress(Refusal):
        tools.host.delete_branch(branch)


def strangers(tools: Tools, pull: Pull, made: Modification) -> tuple[str, ...] | None:
    """Whose commits are on the branch beside selfmod's own, None where there are none. A head that selfmod did not put
    there is somebody's, whatever its commit says of its author."""
    others = {
        each.author.login if each.author else ""
        for each in tools.host.commits(pull.number)
        if each.author is None or each.author.id != pull.author.id
    }
    if not others and pull.head == made.head:
        return None
    return tuple(sorted(others - {""}))
