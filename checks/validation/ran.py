"""What a stage gives back."""

from dataclasses import dataclass

from checks.model.verdicts import StageResult, Tests


@dataclass(frozen=True, slots=True)
class Ran:
    """The result, and the tests where the stage ran them."""

    result: StageResult
    tests: Tests | None = None
