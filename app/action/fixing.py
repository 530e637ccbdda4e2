"""What can be fixed for sure is committed on a branch, once it stood every stage."""

import json
import re
from pathlib import Path

from app.action.inputs import Inputs
from app.action.judging import OFF, document, outputs, summary
from app.action.runner import Runner, plain, say
from app.action.told import broke
from app.orchestrator.configured import decided
from checks.configuration.approvals import Mode
from checks.fix import Change, Group, Selection
from checks.judge import configured_in, ready
from checks.model.errors import Refusal
from checks.model.judged import Judged
from checks.model.safety import Proposer
from checks.model.verdicts import State
from checks.propose import propose
from checks.reports.judged import text
from checks.reports.safe import for_markdown
from checks.reports.text import counted
from checks.repository import git, history
from checks.repository.changed import of_working_tree
from checks.repository.snapshot import of_commit
from checks.repository.writing.branch import commit_on_branch
from checks.repository.writing.person import Person
from checks.settings import PLACE, Settings

WHO = Person("selfmod", "selfmod@users.noreply.github.com")
"""Whose commits the branch of the fixes holds. push.sh has the address too: a branch whose last commit is by anybody
else has become somebody's own."""


def fix(root: Path, inputs: Inputs, runner: Runner) -> int:
    """Fixes what is committed and commits it on the branch: on top of HEAD, nothing untested unless the inputs say so,
    and in the mode `observe` not at all. Raises Refusal."""
    head = history.resolve(root, "HEAD")
    settings = configured_in(of_commit(root, head))
    _refuse_checked_out(root, inputs.branch)
    selection = Selection(
        exclude=settings.review.exclude,
        # what is not committed here, or otherwise, is not there for whoever gets the branch
        unchanged=(*settings.fix.exclude, *(literally(each.path) for each in of_working_tree(root).touched)),
        disable=settings.review.disable,
        left=settings.fix.disable,
    )
    tested = ready(settings, root, inputs.python)
    untested = "" if inputs.sandbox else OFF
    proposed = propose([root], selection, Group.ALL, settings, tested, untested=untested, broke=broke)
    if not proposed.fixes.changes or proposed.judged is None:
        runner.set(outputs() | {"findings": "0"})
        runner.summarise("## selfmod\n\nNothing that can be fixed for sure.\n")
        say("selfmod: nothing that can be fixed for sure")
        return 0
    judged, change = proposed.judged, proposed.fixes.changes[0]
    _refuse_unproven(judged)
    _refuse_large(judged, settings)
    decision = decided(judged, settings, Proposer.SELFMOD)
    branch, said = _commit(root, inputs.branch, change, settings)
    report = runner.keep({"selfmod.json": json.dumps(document(judged, decision), indent=2)})["selfmod.json"]
    runner.set(
        outputs(judged, decision) | {"findings": str(len(change.fixed)), "report": report, "branch": branch},
    )
    runner.summarise(summary(judged, decision, for_markdown(f"{change.change_set.summary}: {said}")))
    say(f"selfmod: {plain(said)}\n{text.render(judged)}")
    return 0


def _commit(root: Path, branch: str, change: Change, settings: Settings) -> tuple[str, str]:
    """The branch that the commit is on, empty where the mode is not to write one, and what was done."""
    if settings.mode is Mode.OBSERVE:
        return "", f"not committed: the mode is observe. {PLACE} with `mode: propose` lets selfmod write {branch}"
    if git.run(root, "show-ref", "--verify", "--quiet", f"refs/heads/{branch}").status == 0:
        # of an earlier run in this clone: it is made anew
        git.output(root, "update-ref", "-d", f"refs/heads/{branch}")
    made = commit_on_branch(change.change_set, root, branch, change.message(), WHO)
    return branch, f"committed {branch} at {made[:10]}"


def literally(path: str) -> str:
    """The pattern, as in .gitignore, that is this path and no other."""
    escaped = re.sub(r"([\\*?\[\]])", r"\\\1", path)
    return "/" + re.sub(r"\s", r"[\g<0>]", escaped)  # a blank at the end, even an escaped one, would be taken off


def _refuse_checked_out(root: Path, branch: str) -> None:
    here = git.run(root, "symbolic-ref", "--quiet", "HEAD").output.decode("utf-8", "replace").strip()
    if here == f"refs/heads/{branch}":
        raise Refusal(f"{branch} is checked out, and would be replaced.", "Run it on the branch that is to be fixed.")


def _refuse_unproven(judged: Judged) -> None:
    """Raises Refusal where a stage could not be carried out: what nobody tried is not written."""
    undone = next((stage for stage in judged.verdict.stages if stage.state is State.ERROR), None)
    if undone is not None:
        raise Refusal(f"nothing committed: stage {undone.stage}: {undone.reason}", "selfmod sandbox probe says more.")


def _refuse_large(judged: Judged, settings: Settings) -> None:
    bounds = settings.limits
    for seen, most, noun in (
        (len(judged.files), bounds.files, "file"),
        (judged.added + judged.removed, bounds.lines, "line"),
    ):
        if seen > most:
            raise Refusal(
                f"nothing committed: the fixes touch {counted(seen, noun)}, and limits.{noun}s is {most}.",
                f"Raise it in {PLACE}, or leave out rules or files under fix.",
            )
