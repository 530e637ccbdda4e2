"""One run of the Action."""

import os
from collections.abc import Mapping
from dataclasses import replace

from app.action import event, plan
from app.action.fixing import fix
from app.action.inputs import Inputs
from app.action.judging import judge_change, outputs
from app.action.runner import Runner, error, plain, say
from app.action.told import bug
from checks.judge import configured
from checks.model.errors import Refusal
from checks.repository.changed import of_commits


def main(environment: Mapping[str, str] = os.environ) -> int:
    """The exit code of the step: 0, 1 where the change fails validation, 2 where the Action cannot do its work."""
    try:
        return _run(environment)
    except Refusal as refusal:
        say(error(str(refusal)))
    except Exception as fault:  # whatever it is, no line of it is to reach the runner as it stands
        bug(fault)
    return 2


def _run(environment: Mapping[str, str]) -> int:
    inputs, runner = Inputs.of(environment), Runner.of(environment)
    kind, payload = environment.get("GITHUB_EVENT_NAME", ""), event.payload(environment)
    first = plan.plan(kind, payload)
    root = event.repository(inputs.path)
    if first.kind is plan.Kind.FIX:
        return fix(root, inputs, runner)
    found = event.located(root, first) if first.kind is plan.Kind.JUDGE else None
    if found is None:
        runner.set(outputs())
        say(plain("selfmod: nothing to compare with, so nothing is judged"))
        return 0
    commits = f"{found.base[:10]}..{found.head[:10]}"
    name = f"pull request {found.number}, {commits}" if found.number else commits
    change = replace(of_commits(root, found.base, found.head), name=name)
    settings = configured(change, found.base)
    # once more, with the bots that the configuration names
    planned = plan.plan(kind, payload, settings.dependency_bots)
    return judge_change(change, planned, inputs, settings, runner)
