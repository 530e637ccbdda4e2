"""One run of the Action."""

import os
from collections.abc import Mapping
from dataclasses import replace
from pathlib import Path

from app.action import event, grouped, plan
from app.action.bots import made_by
from app.action.fixing import fix
from app.action.inputs import Inputs
from app.action.judging import judge_change, outputs
from app.action.runner import Runner, error, plain, say
from app.action.told import bug
from checks.configuration.approvals import Mode
from checks.judge import configured, configured_in
from checks.model.errors import Refusal
from checks.model.safety import Proposer
from checks.repository import history
from checks.repository.changed import of_commits
from checks.repository.snapshot import of_commit

TOKEN = "SELFMOD_TOKEN"  # noqa: S105  # the name of a variable


def main(environment: Mapping[str, str] = os.environ) -> int:
    """The exit code of the step: 0, 1 where the change fails validation, 2 where the Action cannot do its work."""
    given = dict(environment)
    os.environ.pop(TOKEN, None)  # programs that are started here get none of it
    try:
        return _run(given)
    except Refusal as refusal:
        say(error(str(refusal)))
    except Exception as fault:  # whatever it is, no line of it is to reach the runner as it stands
        bug(fault)
    return 2


def _run(environment: Mapping[str, str]) -> int:
    inputs, runner = Inputs.of(environment), Runner.of(environment)
    kind, payload = environment.get("GITHUB_EVENT_NAME", ""), event.payload(environment)
    first = plan.plan(kind, payload)
    if first.kind in (plan.Kind.ANSWER, plan.Kind.WEIGH):
        return _answer(first, inputs, runner, environment)
    if first.kind is plan.Kind.NOTHING:
        return _nothing(runner, "nothing to do for this event, so nothing is judged")
    root = event.repository(inputs.path)
    if first.kind is plan.Kind.FIX:
        return _fix(root, first, inputs, runner, environment)
    found = event.located(root, first)
    if found is None:
        return _nothing(runner, "nothing to compare with, so nothing is judged")
    commits = f"{found.base[:10]}..{found.head[:10]}"
    name = f"pull request {found.number}, {commits}" if found.number else commits
    change = replace(of_commits(root, found.base, found.head), name=name)
    settings = configured(change, found.base)
    # once more, with the bots that the configuration names
    planned = plan.plan(kind, payload, settings.dependency_bots)
    if planned.proposer is Proposer.DEPENDENCY_BOT:
        alone = made_by(root, found.base, found.head, planned.account)
        planned = replace(planned, proposer=Proposer.DEPENDENCY_BOT if alone else Proposer.PERSON)
    held = _held(root, found, environment.get("GITHUB_REPOSITORY", "")) if found.group else ""
    return judge_change(change, planned, inputs, settings, runner, held)


def _held(root: Path, group: plan.Plan, repository: str) -> str:
    """Which stopped proposal of selfmod's own a merge group holds, and what to do; empty where it holds none."""
    if grouped.blind(root, group.into):
        say(plain(f"selfmod: {grouped.BLIND}"))
    return str(grouped.held(root, group.into, group.base, group.head, repository) or "")


def _fix(root: Path, first: plan.Plan, inputs: Inputs, runner: Runner, environment: Mapping[str, str]) -> int:
    """Pull requests where they are wanted and there is a token to open them with; else one branch, and in the mode
    `observe` what would be on it."""
    settings = configured_in(of_commit(root, history.resolve(root, "HEAD")))
    if inputs.open and inputs.token and settings.mode is not Mode.OBSERVE:
        return _answer(first, inputs, runner, environment)
    return fix(root, inputs, runner)


def _answer(first: plan.Plan, inputs: Inputs, runner: Runner, environment: Mapping[str, str]) -> int:
    # its libraries are installed only for the events that need them, and a judgement starts sooner without
    from app.action.answering.run import answer

    return answer(first, inputs, runner, environment)


def _nothing(runner: Runner, why: str) -> int:
    runner.set(outputs())
    say(plain(f"selfmod: {why}"))
    return 0
