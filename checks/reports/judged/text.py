"""What was judged for people at a terminal: a line a stage, what is wrong, the level and why."""

from collections.abc import Iterator, Sequence

from checks.model.findings import Finding
from checks.model.judged import Judged
from checks.model.safety import Assessment, Factor, Level
from checks.model.verdicts import LineCoverage, Outcome, StageResult, State, SuiteRun, Tests
from checks.reports.safe import for_terminal, shortened
from checks.reports.text import counted

SHOWN = 20
"""Findings or tests of one kind that are listed."""
MESSAGE = 160
"""Characters of a test's reason."""

_RESET, _BOLD = "\x1b[0m", "\x1b[1m"
_STATE = {
    State.PASSED: "\x1b[32m",
    State.FAILED: "\x1b[31m",
    State.SKIPPED: "\x1b[33m",
    State.ERROR: "\x1b[1;31m",
}
_LEVEL = {
    Level.SAFE: "\x1b[32m",
    Level.LOW_RISK: "\x1b[36m",
    Level.MEDIUM_RISK: "\x1b[33m",
    Level.HIGH_RISK: "\x1b[31m",
    Level.CRITICAL: "\x1b[1;31m",
}


def render(judged: Judged, *, colour: bool = False) -> str:
    """The report without its decision, ending in a line feed."""
    size = (
        f"{counted(len(judged.files), 'file')}, +{judged.added} -{judged.removed}"
        if judged.files
        else "no file differs"
    )
    head = f" {for_terminal(judged.name)}   {size}"
    lines = [f"{head}   ({judged.seconds:.1f} s)"]
    for stage in judged.verdict.stages:
        lines += _stage(stage, judged.verdict.tests if stage.stage == "sandbox" else None, colour)
    lines += ["", *assessment(judged.assessment, colour=colour)]
    lines += _cut([f"  rule {for_terminal(name)}: {for_terminal(why)}" for name, why in judged.rules], "rule")
    return "\n".join(lines) + "\n"


def _stage(stage: StageResult, tests: Tests | None, colour: bool) -> Iterator[str]:
    seen = stage.reason or facts(stage)
    yield (
        f"  {_painted(_STATE[stage.state], f'{stage.state.value:8}', colour)} {stage.stage:10} "
        + (f"{for_terminal(seen)}   " if seen else "")
        + f"({stage.seconds:.1f} s)"
    )
    if stage.reason and stage.facts:
        yield f"{'':22}{for_terminal(facts(stage))}"
    yield from _cut([_finding(each) for each in stage.findings], "finding")
    if tests:
        yield from _tests(tests)


def facts(stage: StageResult) -> str:
    """What a stage saw: `files: 1 Python; python: 3.12 to 3.14`."""
    return "; ".join(f"{name}: {value}" for name, value in stage.facts.items())


def _finding(finding: Finding) -> str:
    said = f"{finding.severity.value:8} {finding.rule}  {finding.message}"
    return f"      {for_terminal(finding.place)}  {for_terminal(said)}"


def _tests(tests: Tests) -> Iterator[str]:
    fails = [f"      now fails  {for_terminal(each.id)}{_why(each.message)}" for each in tests.newly_failing]
    yield from _cut(fails, "test")
    own = [each for each in (*tests.added, *tests.edited) if not each.outcome.good]
    yield from _cut([f"      own test fails  {for_terminal(each.id)}{_why(each.message)}" for each in own], "test")
    named = (("flaky", tests.flaky), ("removed", tests.removed), ("no longer runs", tests.skipped_now))
    for what, names in (*named, ("quarantined", tests.quarantined)):
        yield from _cut([f"      {what}  {for_terminal(name)}" for name in names], "test")
    for each in tests.coverage:
        if each.uncovered:
            yield f"      not run by any test  {for_terminal(uncovered(each))}"


def _why(message: str) -> str:
    first = message.strip().split("\n", 1)[0]
    return f"  {for_terminal(shortened(first, MESSAGE))}" if first else ""


def _cut(lines: Sequence[str], noun: str) -> list[str]:
    more = len(lines) - SHOWN
    return [*lines[:SHOWN], *([f"      and {counted(more, noun)} more: --json lists them"] if more > 0 else [])]


def ranges(numbers: Sequence[int]) -> str:
    """`3-5, 9` for 3, 4, 5, 9."""
    parts: list[tuple[int, int]] = []
    for number in sorted(numbers):
        if parts and number == parts[-1][1] + 1:
            parts[-1] = (parts[-1][0], number)
        else:
            parts.append((number, number))
    return ", ".join(str(first) if first == last else f"{first}-{last}" for first, last in parts)


def uncovered(each: LineCoverage) -> str:
    """`file.py:3-5, 9`: the changed lines of a file that no test runs."""
    return f"{each.file}:{ranges(each.uncovered)}"


def counts(suite: SuiteRun) -> str:
    """`148 passed, 2 failed, 1 skipped`."""
    named = ((outcome, suite.count(outcome)) for outcome in Outcome)
    return ", ".join(f"{number} {outcome.value}" for outcome, number in named if number) or "no tests"


def assessment(assessment: Assessment, *, colour: bool = False) -> Iterator[str]:
    """The level, its factors a line each, and the cheapest way to lower it."""
    yield f" {_painted(_LEVEL[assessment.level] + _BOLD, assessment.level.value, colour)}   score {assessment.score}"
    width = max((len(each.name) for each in assessment.factors), default=0)
    weight = max((5, *(len(points(each)) for each in assessment.factors)))
    for each in assessment.factors:
        least = f" (at least {each.floor.value})" if each.floor is assessment.level and each.weight else ""
        yield f"  {points(each):>{weight}}  {each.name:{width}}  {for_terminal(each.seen)}{least}"
    if assessment.lower:
        yield f" {for_terminal(assessment.lower)}"


def points(factor: Factor) -> str:
    """`+2`, or what a factor alone makes the least level: `HIGH`."""
    floor = factor.floor.value.removesuffix("_RISK") if factor.floor else ""
    return f"+{factor.weight}" if factor.weight or not floor else floor


def _painted(style: str, text: str, colour: bool) -> str:
    return f"{style}{text}{_RESET}" if colour else text
