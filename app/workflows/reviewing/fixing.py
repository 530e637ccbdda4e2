"""The button *Fix*: what can be mended for sure in a pull request's own findings becomes a pull request into it."""

from pathlib import Path

from app.model.forge import FileEdit
from app.model.job import Job
from app.store import audit
from app.views import fix as views
from app.workflows.reviewing.gated import Gated
from app.workflows.reviewing.judging import tested_with
from app.workflows.reviewing.people import REQUESTED
from app.workflows.steps import Tools
from checks.configuration.approvals import Mode
from checks.fix import Change, Group, Selection
from checks.model.errors import Refusal
from checks.propose import Proposed, propose
from checks.repository import contents
from checks.repository.changed import of_commits
from checks.repository.scratch import folder
from checks.settings import Settings

OWN = "selfmod/"
"""What the branches of selfmod's own begin with."""


def fix(tools: Tools, job: Job, gated: Gated) -> str:
    """Opens the pull request, or the one that is there, and says so in a sentence. Raises Refusal, with why not."""
    pull, settings, head = gated.pull, gated.force.settings, gated.gate.head
    if pull.from_fork:
        raise Refusal("nothing is fixed in a fork: selfmod may not write there.", "Run selfmod fix on a checkout.")
    if settings.mode is Mode.OBSERVE:
        raise Refusal("the mode is observe: nothing but reports is written.", "Set mode: propose.")
    wanted = tuple(
        dict.fromkeys(f.fingerprint for stage in gated.gate.judged.verdict.stages for f in stage.findings if f.fixable)
    )
    if not wanted:
        raise Refusal("no finding of this change can be fixed for sure.")
    branch = f"{OWN}fix-pr-{pull.number}-{head[:10]}"
    _refuse_many(tools, settings, branch)
    proposed = _proposed(tools, gated, wanted)
    if not proposed.fixes.changes:
        refused = next((each for each in proposed.fixes.outcomes if each.why), None)
        why = f": {refused.finding.rule}: {refused.why}" if refused else ""
        raise Refusal(f"no fix stood up to validation{why}.")
    change = proposed.fixes.changes[0]
    _refuse_large(change, settings)
    edits = [FileEdit(each.path, each.after) for each in change.change_set.files]
    message = f"{change.message()}\n{REQUESTED}: @{job.actor}\n"
    tools.host.commit_files(branch, head, edits, message)
    body = views.body(change, proposed.judged, pull.number, head, job.actor)
    made = tools.host.open_pull(branch, pull.head_ref, change.change_set.summary, body)
    facts = {"branch": branch, "head": head, "pull": str(made.number), "actor": job.actor}
    subject = f"{job.repository}#{pull.number}"
    audit.append(tools.store, "fixed", job.repository, subject, facts, once=f"fix:{job.repository}:{branch}")
    return f"The fixes are in #{made.number}: {change.change_set.summary.removeprefix('fix: ')}."


def _proposed(tools: Tools, gated: Gated, wanted: tuple[str, ...]) -> Proposed:
    """Fixes the head's files in a folder of their own, and tries them with the environment of the base."""
    settings, root = gated.force.settings, gated.root
    change = of_commits(root, gated.force.commit, gated.gate.head)
    selection = Selection(
        findings=wanted,
        exclude=settings.review.exclude,
        unchanged=settings.fix.exclude,
        disable=settings.review.disable,
        left=settings.fix.disable,
    )
    with tested_with(tools, settings, change) as (tested, untested), folder() as place:
        _lay_out(root, gated.gate.head, place, tested.limits.disk)
        return propose([place], selection, Group.ALL, settings, tested, untested=untested)


def _lay_out(root: Path, commit: str, place: Path, limit: int) -> None:
    """The files of a commit in a folder that nothing else is in; links are left out."""
    for file in contents.of_commit(root, commit, limit):
        if file.mode == "120000":
            continue
        target = place / file.path
        target.parent.mkdir(parents=True, exist_ok=True)
        target.write_bytes(file.content)
        target.chmod(0o755 if file.mode == "100755" else 0o644)


def _refuse_many(tools: Tools, settings: Settings, branch: str) -> None:
    """More than the configured number of open ones are not opened; one that is there already is not one more."""
    own = [each.head_ref for each in tools.host.pulls() if each.head_ref.startswith(OWN) and not each.from_fork]
    most = settings.limits.open_pull_requests
    if branch not in own and len(own) >= most:
        raise Refusal(
            f"{len(own)} pull requests of selfmod's own are open, and limits.open_pull_requests is {most}.",
            "Merge or close one of them.",
        )


def _refuse_large(change: Change, settings: Settings) -> None:
    files = len(change.change_set.files)
    if files > settings.limits.files:
        raise Refusal(
            f"the fixes touch {files} files, and limits.files is {settings.limits.files}.", "Fix fewer rules at once."
        )
