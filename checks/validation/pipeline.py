"""The stages of validation in their order, each observed and timed; none keeps a later one from being carried out."""

import time
from collections.abc import Callable
from dataclasses import replace
from difflib import get_close_matches
from secrets import token_hex
from typing import Protocol

from checks.model.errors import Refusal
from checks.model.verdicts import StageResult, State, Verdict
from checks.repository.change import Change
from checks.validation.asked import Asked
from checks.validation.ran import Ran
from checks.validation.stages import dangerous, imports, sandbox, security, syntax

type Broke = Callable[[str, str, Exception], None]
"""Called with a stage, the identifier that its result names, and what was raised: for the log."""


class Stage(Protocol):
    """A module of `stages`. Its docstring says *What it does*, *What fails it* and *What to do*: the documentation is
    made of that."""

    NAME: str
    TITLE: str

    def run(self, change: Change, asked: Asked) -> StageResult | Ran:
        """What the stage sees of the change. May raise Refusal: then it could not be carried out."""
        ...


STAGES: tuple[Stage, ...] = (
    syntax,
    security,
    dangerous,
    imports,
    sandbox,
)
"""The order is the meaning: what is cheap and certain first, what runs the change's code last."""


def _unheard(stage: str, identifier: str, error: Exception) -> None:
    """Nobody keeps a log."""


def validate(change: Change, asked: Asked, broke: Broke = _unheard, stages: tuple[Stage, ...] = STAGES) -> Verdict:
    """Carries out every stage. One that raises is an error in the verdict, with the sentence of a Refusal, else with an
    identifier that `broke` gets beside the exception. Raises Refusal where an unknown stage is to be skipped."""
    skipped = dict(asked.skip)
    names = [stage.NAME for stage in stages]
    for name in skipped:
        if name not in names:
            near = get_close_matches(name, names, n=1)
            hint = f"Did you mean {near[0]}?" if near else f"The stages are {', '.join(names)}."
            raise Refusal(f"There is no stage {name!r} that could be skipped.", hint)
    ran = [_ran(stage, change, asked, skipped.get(stage.NAME), broke) for stage in stages]
    tests = next((each.tests for each in ran if each.tests is not None), None)
    return Verdict(tuple(each.result for each in ran), tests)


def _ran(stage: Stage, change: Change, asked: Asked, skip: str | None, broke: Broke) -> Ran:
    if skip is not None:
        return Ran(StageResult(stage.NAME, State.SKIPPED, skip or "it was switched off"))
    asked.told(stage.NAME)
    started = time.monotonic()
    try:
        found = stage.run(change, asked)
    except Refusal as refusal:
        found = StageResult(stage.NAME, State.ERROR, str(refusal))
    except Exception as error:  # a bug of ours: the others go on, and no person is shown a traceback
        identifier = f"err_{token_hex(6)}"
        broke(stage.NAME, identifier, error)
        reason = f"The stage broke down: a fault of selfmod's own. Report it as {identifier}."
        found = StageResult(stage.NAME, State.ERROR, reason)
    made = found if isinstance(found, Ran) else Ran(found)
    return replace(made, result=replace(made.result, stage=stage.NAME, seconds=time.monotonic() - started))
