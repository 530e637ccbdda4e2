"""A change is judged: annotations, the job's summary, a SARIF file, outputs."""

import json
from collections.abc import Mapping
from importlib.metadata import PackageNotFoundError, version
from typing import Any

from app.action.inputs import Inputs
from app.action.plan import Plan
from app.action.runner import Runner, error, plain, say
from app.action.told import broke
from app.model.decision import Decision
from app.orchestrator.configured import decided
from app.orchestrator.oversight import oversee
from app.views import decision as views
from app.views.oversight import plain as kept
from app.views.oversight import shown as oversight
from checks.debugging.rules import RULES
from checks.judge import Who, judge, ready
from checks.model.judged import Judged
from checks.model.review import Review
from checks.model.verdicts import State
from checks.reports import github, sarif
from checks.reports.judged import json as judged_json
from checks.reports.judged import markdown, text
from checks.reports.safe import for_markdown
from checks.repository.change import Change
from checks.settings import Settings

OFF = "left out: the input sandbox is off"


def judge_change(change: Change, plan: Plan, inputs: Inputs, settings: Settings, runner: Runner, held: str = "") -> int:
    """The exit code: 0, 1 where a stage failed, 2 where one could not be carried out; 0 too where the inputs want only
    a report. `held` says why it fails all the same, whatever is found out about it. Raises Refusal for what cannot be
    begun with."""
    if held:
        say(error(held))
    wished = inputs.threshold or settings.review.threshold
    chosen = settings.model_copy(update={"review": settings.review.model_copy(update={"threshold": wished})})
    tested = ready(chosen, change.root, inputs.python)
    who = Who(plan.proposer, plan.author or None)
    untested = plan.untested or ("" if inputs.sandbox else OFF)
    judged = judge(change, chosen, who, tested, untested=untested, told=_told, broke=broke)
    decision = decided(judged, chosen, plan.proposer)
    findings = tuple(finding for stage in judged.verdict.stages for finding in stage.findings)
    review = Review(findings, (), len(judged.files), judged.seconds, wished)
    files = runner.keep(
        {
            "selfmod.sarif": sarif.render(review, _rules(), version=_version()),
            "selfmod.json": json.dumps(document(judged, decision), indent=2),
        }
    )
    runner.set(
        outputs(judged, decision)
        | {"findings": str(len(review.failing)), "sarif": files["selfmod.sarif"], "report": files["selfmod.json"]}
    )
    runner.summarise(summary(judged, decision, f"**{for_markdown(held)}**" if held else ""))
    if inputs.annotations:
        say(github.render(review))
    say(text.render(judged) + "\n".join(views.lines(decision)))
    states = {stage.state for stage in judged.verdict.stages}
    code = 1 if State.FAILED in states or held else 2 if State.ERROR in states else 0
    return code if inputs.fail or held else 0


def document(judged: Judged, decision: Decision) -> dict[str, Any]:
    """What `selfmod validate --json` prints."""
    value = judged_json.document(judged) | {"decision": views.document(decision)}
    return value | {kept.KIND: kept.document(oversee(judged))} if decision.review else value


def outputs(judged: Judged | None = None, decision: Decision | None = None) -> dict[str, str]:
    """All outputs of action.yml, those empty that are not known."""
    made = dict.fromkeys(("level", "decision", "findings", "sarif", "report", "branch"), "")
    if judged is not None and decision is not None:
        made |= {"level": judged.assessment.level.value, "decision": json.dumps(views.document(decision))}
    return made


def summary(judged: Judged, decision: Decision, said: str = "") -> str:
    """The job's summary in Markdown, with what was done before all else."""
    review = oversight.markdown(oversee(judged)) if decision.review else ""
    return "\n\n".join(filter(None, ("## selfmod", said, views.markdown(decision), review, markdown.render(judged))))


def _rules() -> Mapping[str, tuple[str, str]]:
    return {rule.name: (rule.summary, rule.documentation) for rule in RULES}


def _version() -> str:
    try:
        return version("selfmod")
    except PackageNotFoundError:  # run from its sources
        return "0"


def _told(stage: str) -> None:
    say(plain(f"stage {stage}"))
