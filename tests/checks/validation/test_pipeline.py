"""Every stage is carried out and recorded, whatever the others do."""

from dataclasses import dataclass, field

import pytest

from checks.model.errors import Refusal
from checks.model.verdicts import StageResult, State, SuiteRun, Tests
from checks.repository.change import Change
from checks.validation.asked import Asked
from checks.validation.pipeline import STAGES, Stage, validate
from checks.validation.ran import Ran
from tests.changes import made

CHANGE = made({"a.py": "x = 1\n"}, {"a.py": "x = 2\n"})
TESTS = Tests(SuiteRun((), True, "", 0.1, "bubblewrap"))


@dataclass
class Given:
    """A stage that gives or raises what it was made with."""

    NAME: str
    gives: StageResult | Ran | Exception
    TITLE: str = "A stage"
    seen: list[Change] = field(default_factory=list)

    def run(self, change: Change, asked: Asked) -> StageResult | Ran:
        """What it was made with."""
        self.seen.append(change)
        if isinstance(self.gives, Exception):
            raise self.gives
        return self.gives


def test_every_stage_is_recorded_whatever_the_others_do() -> None:
    stages = (
        Given("one", StageResult("one", State.FAILED, "bad")),
        Given("two", ValueError("the secret of the stack")),
        Given("three", Refusal("No ruff.", "Install it.")),
        Given("four", RecursionError()),
        Given("five", Ran(StageResult("misnamed", State.PASSED), TESTS)),
        Given("six", StageResult("six", State.PASSED)),
    )
    told: list[str] = []
    log: list[tuple[str, str, Exception]] = []
    asked = Asked(skip=(("six", "not now"),), told=told.append)
    verdict = validate(CHANGE, asked, lambda *what: log.append(what), stages)
    states = [(each.stage, each.state.value) for each in verdict.stages]
    assert states == [
        *(("one", "failed"), ("two", "error"), ("three", "error"), ("four", "error")),
        *(("five", "passed"), ("six", "skipped")),
    ]
    assert told == ["one", "two", "three", "four", "five"]
    assert [len(stage.seen) for stage in stages] == [1, 1, 1, 1, 1, 0]
    assert verdict.tests is TESTS
    assert not verdict.passed
    two, three, six = verdict.stages[1], verdict.stages[2], verdict.stages[5]
    assert (three.reason, six.reason) == ("No ruff.  Install it.", "not now")
    assert [(stage, type(error)) for stage, _, error in log] == [("two", ValueError), ("four", RecursionError)]
    assert log[0][1] in two.reason
    assert "secret" not in two.reason
    assert all(each.seconds > 0 for each in verdict.stages[:5])


def test_an_interrupt_ends_all() -> None:
    class Interrupted(Given):
        def run(self, change: Change, asked: Asked) -> StageResult:
            raise KeyboardInterrupt

    stage = Interrupted("one", StageResult("one", State.PASSED))
    with pytest.raises(KeyboardInterrupt):
        validate(CHANGE, Asked(), stages=(stage,))


def test_a_stage_that_is_not_there_cannot_be_skipped() -> None:
    with pytest.raises(Refusal, match="Did you mean security"):
        validate(CHANGE, Asked(skip=(("securty", ""),)))
    with pytest.raises(Refusal, match="The stages are"):
        validate(CHANGE, Asked(skip=(("zzz", ""),)))


def test_the_stages_are_the_table() -> None:
    verdict = validate(CHANGE, Asked(skip=tuple((stage.NAME, "test") for stage in STAGES)))
    assert [each.stage for each in verdict.stages] == [stage.NAME for stage in STAGES]
    assert all(each.state is State.SKIPPED and each.reason == "test" for each in verdict.stages)
    assert verdict.passed


@pytest.mark.parametrize("stage", STAGES, ids=lambda stage: stage.NAME)
def test_every_stage_documents_itself(stage: Stage) -> None:
    text = stage.__doc__ or ""
    for heading in ("## What it does", "## What fails it", "## What to do"):
        assert heading in text
    assert stage.TITLE
    assert not stage.TITLE.endswith(".")
