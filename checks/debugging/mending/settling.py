"""Fixes that stand up to a judgement from outside, such as a project's tests: what does not is taken out, the rest
goes on."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace

from checks.debugging.mending.fixing import Fixed, Fixing, Outcome
from checks.model.findings import Finding


@dataclass(frozen=True, slots=True)
class Failed:
    """Why a change may not be: the stage that says so and its reason; `tests` are the ids of those that now fail."""

    stage: str
    why: str
    tests: tuple[str, ...] = ()


Holds = Callable[[Mapping[str, bytes], tuple[str, ...]], Failed | None]
"""Judges the new bytes of the files that change; None where they hold. Where tests are named only these need to run."""


def settled(fixing: Fixing, wanted: Sequence[Finding], holds: Holds) -> Fixed:
    """All fixes at once; where they do not hold, halves of them, until what fails is found and left out.

    The culprits are looked for with the failing tests alone; what is left is judged anew as a whole, until it holds. A
    failure that no fix alone causes takes out all that remain."""
    refused: dict[int, Outcome] = {}
    rest = list(wanted)
    while True:
        made = fixing.fix(rest)
        fixed = [outcome.finding for outcome in made.outcomes if outcome.state == "fixed"]
        failed = holds(made.after, ()) if made.after else None
        if failed is None:
            break
        search = _Search(fixing, holds, failed.tests)
        _, culprits = search.bisected([], fixed, failed)
        if not culprits:
            why = f"{failed.why}, and no fix alone is the cause"
            culprits = [Outcome(finding, "refused", failed.stage, why) for finding in fixed]
        refused |= {id(outcome.finding): outcome for outcome in culprits}
        rest = [finding for finding in rest if id(finding) not in refused]
    kept = {id(outcome.finding): outcome for outcome in made.outcomes} | refused
    return replace(made, outcomes=tuple(kept[id(finding)] for finding in wanted))


@dataclass(frozen=True, slots=True)
class _Search:
    fixing: Fixing
    holds: Holds
    tests: tuple[str, ...]

    def failure(self, findings: Sequence[Finding]) -> Failed | None:
        after = self.fixing.fix(findings).after
        return self.holds(after, self.tests) if after else None

    def bisected(
        self, good: list[Finding], suspects: list[Finding], failed: Failed
    ) -> tuple[list[Finding], list[Outcome]]:
        """Of suspects that fail when joined to the good ones: the good ones with those that hold, and the refusals."""
        if len(suspects) == 1:
            return good, [Outcome(suspects[0], "refused", failed.stage, failed.why)]
        refused: list[Outcome] = []
        middle = len(suspects) // 2
        for half in (suspects[:middle], suspects[middle:]):
            why = self.failure([*good, *half])
            if why is None:
                good = [*good, *half]
            else:
                good, less = self.bisected(good, half, why)
                refused += less
        return good, refused
