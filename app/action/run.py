"""One run of the Action: review and validation of a change, or fixes on a branch."""

import json
import os
import tempfile
from collections.abc import Mapping
from dataclasses import dataclass
from importlib.metadata import PackageNotFoundError, version
from pathlib import Path
from typing import Any

from app.action import plan as plans
from app.action.runner import Runner, error, notice
from app.orchestrator.configured import decided
from app.views import decision as views
from checks.debugging.rules import RULES
from checks.fix import Group, Selection
from checks.judge import Who, configured, judge, ready
from checks.model.errors import Refusal
from checks.model.findings import Severity
from checks.model.judged import Judged
from checks.model.review import Review
from checks.model.safety import Proposer
from checks.model.verdicts import State
from checks.propose import propose
from checks.reports import github, sarif
from checks.reports.judged import json as judged_json
from checks.reports.judged import markdown, text
from checks.repository import git
from checks.repository.change import Change
from checks.repository.changed import of_commits
from checks.repository.snapshot import of_working_tree
from checks.repository.writing.branch import commit_on_branch
from checks.settings import PLACE, Settings, read

EVENT_LIMIT = 25 * 1024 * 1024
"""Bytes of an event's payload (https://docs.github.com/en/webhooks/webhook-events-and-payloads)."""
EMAIL = "selfmod@users.noreply.github.com"
"""Whose commits the branch of the fixes holds; one of another author makes it somebody's own."""


@dataclass(frozen=True, slots=True)
class Inputs:
    """The inputs of action.yml, checked."""

    path: Path
    python: Path | None
    threshold: Severity | None
    sandbox: bool
    fail: bool
    annotations: bool
    branch: str

    @classmethod
    def of(cls, environment: Mapping[str, str]) -> "Inputs":
        """Raises Refusal for a value that is none of those allowed."""
        given = environment.get("SELFMOD_THRESHOLD", "").strip().lower()
        if given and given not in list(Severity):
            raise Refusal(f"the input threshold is {given!r:.60}.", f"One of: {', '.join(Severity)}.")
        python = environment.get("SELFMOD_PYTHON", "").strip()
        workspace = Path(environment.get("GITHUB_WORKSPACE") or ".")
        return cls(
            path=workspace / (environment.get("SELFMOD_PATH", "").strip() or "."),
            python=_python(python, workspace, environment),
            threshold=Severity(given) if given else None,
            sandbox=_switch(environment, "sandbox", ("on", "off")),
            fail=_switch(environment, "fail", ("true", "false")),
            annotations=_switch(environment, "annotations", ("true", "false")),
            branch=environment.get("SELFMOD_BRANCH", "").strip() or "selfmod/fixes",
        )


def _python(given: str, workspace: Path, environment: Mapping[str, str]) -> Path | None:
    """The input, else what actions/setup-python has set up where no virtual environment is active."""
    if given:
        return workspace / given
    place = environment.get("pythonLocation")
    return Path(place) if place and not environment.get("VIRTUAL_ENV") else None


def _switch(environment: Mapping[str, str], name: str, words: tuple[str, str]) -> bool:
    given = environment.get(f"SELFMOD_{name.upper()}", "").strip().lower() or words[0]
    if given not in words:
        raise Refusal(f"the input {name} is {given!r:.60}.", f"One of: {', '.join(words)}.")
    return given == words[0]


def main() -> int:
    """The exit code of the step: 0, 1 where the change fails validation, 2 where the Action cannot do its work."""
    try:
        return _run(os.environ)
    except Refusal as refusal:
        _say(error(str(refusal)))
        return 2


def _run(environment: Mapping[str, str]) -> int:
    inputs, runner = Inputs.of(environment), Runner.of(environment)
    root = git.find_root(inputs.path)
    if root is None:
        raise Refusal(f"{inputs.path} is no git repository.", "Check it out first: actions/checkout, fetch-depth 0.")
    payload = _payload(environment)
    event = environment.get("GITHUB_EVENT_NAME", "")
    first = plans.plan(event, payload)
    if first.kind is plans.Kind.FIX:
        return _fix(root, inputs, runner)
    # a branch that is new is judged by its last commit: nobody says what it left
    change = of_commits(root, first.base or f"{first.head}^", first.head)
    settings = configured(change)
    plan = plans.plan(event, payload, settings.dependency_bots)
    return _judge(change, plan, inputs, settings, runner)


def _payload(environment: Mapping[str, str]) -> Mapping[str, Any]:
    """The event that started the workflow. Raises Refusal."""
    place = environment.get("GITHUB_EVENT_PATH", "")
    try:
        with Path(place).open("rb") as file:
            value = json.loads(file.read(EVENT_LIMIT + 1))
    except (OSError, ValueError, RecursionError):
        raise Refusal(
            "the event's payload cannot be read.", "Run the Action in a workflow of GitHub Actions."
        ) from None
    return value if isinstance(value, dict) else {}


def _judge(change: Change, plan: plans.Plan, inputs: Inputs, settings: Settings, runner: Runner) -> int:
    untested = plan.untested or ("" if inputs.sandbox else "left out: the input sandbox is off")
    wished = inputs.threshold or settings.review.threshold
    chosen = settings.model_copy(update={"review": settings.review.model_copy(update={"threshold": wished})})
    tested = ready(chosen, change.root, inputs.python)
    who = Who(plan.proposer, plan.author or None)
    judged = judge(change, chosen, who, tested, untested=untested, told=_told, broke=_broke)
    decision = decided(judged, chosen, plan.proposer)
    review = _review(judged, wished)
    document = judged_json.document(judged) | {"decision": views.document(decision)}
    runner.set(
        {
            "level": judged.assessment.level.value,
            "decision": json.dumps(views.document(decision)),
            "findings": str(len(review.failing)),
            "sarif": _kept("selfmod.sarif", sarif.render(review, _rules(), version=_version())),
            "report": _kept("selfmod.json", json.dumps(document, indent=2)),
            "branch": "",
        }
    )
    runner.summarise(f"## selfmod\n\n{views.markdown(decision)}\n\n{markdown.render(judged)}")
    if inputs.annotations:
        _say(github.render(review))
    _say(text.render(judged) + "\n".join(views.lines(decision)))
    states = {stage.state for stage in judged.verdict.stages}
    code = 1 if State.FAILED in states else 2 if State.ERROR in states else 0
    return code if inputs.fail else 0


def _fix(root: Path, inputs: Inputs, runner: Runner) -> int:
    """Commits what can be fixed for sure on the branch, as a commit of ours. Nothing is written untested, unless the
    input sandbox says so."""
    settings = _settings(root)
    selection = Selection(
        exclude=settings.review.exclude,
        unchanged=settings.fix.exclude,
        disable=settings.review.disable,
        left=settings.fix.disable,
    )
    untested = "" if inputs.sandbox else "left out: the input sandbox is off"
    tested = ready(settings, root, inputs.python)
    proposed = propose([root], selection, Group.ALL, settings, tested, untested=untested, broke=_broke)
    outputs = {"level": "", "decision": "", "findings": "", "sarif": "", "report": "", "branch": ""}
    judged = proposed.judged
    if not proposed.fixes.changes or judged is None:
        runner.set(outputs)
        runner.summarise("## selfmod\n\nNothing that can be fixed for sure.\n")
        _say("selfmod: nothing that can be fixed for sure")
        return 0
    undone = next((stage for stage in judged.verdict.stages if stage.state is State.ERROR), None)
    if undone is not None:
        raise Refusal(f"nothing committed: stage {undone.stage}: {undone.reason}", "selfmod sandbox probe says more.")
    decision = decided(judged, settings, Proposer.SELFMOD)
    change = proposed.fixes.changes[0]
    _forget(root, inputs.branch)
    commit = commit_on_branch(change.change_set, proposed.fixes.root, inputs.branch, change.message())
    document = judged_json.document(judged) | {"decision": views.document(decision)}
    runner.set(
        outputs
        | {
            "level": judged.assessment.level.value,
            "decision": json.dumps(views.document(decision)),
            "findings": str(len(change.fixed)),
            "report": _kept("selfmod.json", json.dumps(document, indent=2)),
            "branch": inputs.branch,
        }
    )
    said = f"{change.change_set.summary}: `{inputs.branch}` at `{commit[:10]}`"
    runner.summarise(f"## selfmod\n\n{said}\n\n{views.markdown(decision)}\n\n{markdown.render(judged)}")
    _say(f"selfmod: committed {inputs.branch} at {commit[:10]}\n{text.render(judged)}")
    return 0


def _settings(root: Path) -> Settings:
    """The configuration that is checked out. Raises Refusal for one that is not valid."""
    tree = of_working_tree(root)
    if not any(entry.path == PLACE for entry in tree.files):
        return Settings()
    return read(tree.read(PLACE))


def _forget(root: Path, branch: str) -> None:
    """The branch of an earlier run, where this clone has it: it is made anew."""
    if git.run(root, "show-ref", "--verify", "--quiet", f"refs/heads/{branch}").status == 0:
        git.output(root, "update-ref", "-d", f"refs/heads/{branch}")


def _rules() -> Mapping[str, tuple[str, str]]:
    return {rule.name: (rule.summary, rule.documentation) for rule in RULES}


def _version() -> str:
    try:
        return version("selfmod")
    except PackageNotFoundError:  # run from its sources
        return "0"


def _told(stage: str) -> None:
    _say(notice(f"stage {stage}"))


def _broke(stage: str, identifier: str, fault: Exception) -> None:
    _say(error(f"stage {stage} broke down ({identifier}): a fault of selfmod's own, {type(fault).__name__}"))


def _say(text: str) -> None:
    print(text, flush=True)


def _review(judged: Judged, threshold: Severity) -> Review:
    """The findings of all stages as one review: what is annotated and uploaded."""
    findings = tuple(finding for stage in judged.verdict.stages for finding in stage.findings)
    return Review(findings, (), len(judged.files), judged.seconds, threshold)


def _kept(name: str, content: str) -> str:
    """Writes a file where it lasts as long as the job, outside of the workspace; its path."""
    folder = Path(os.environ.get("RUNNER_TEMP") or tempfile.gettempdir())
    place = Path(tempfile.mkdtemp(prefix="selfmod-", dir=folder)) / name
    place.write_text(content, encoding="utf-8", errors="backslashreplace")
    return str(place)
