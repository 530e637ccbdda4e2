"""The check run `selfmod/sandbox`: the tests of the base beside those of the change, and the coverage of its lines."""

from app.model.forge import Annotation, CheckRun, Conclusion
from app.views import annotations
from app.views.bounded import joined, line
from checks.model.judged import Judged
from checks.model.verdicts import StageResult, State, Tests
from checks.reports.judged.markdown import cell, table, tests_of
from checks.reports.judged.text import counts, facts
from checks.reports.safe import for_markdown, for_markdown_code

NAME = "selfmod/sandbox"
MOST = 40
"""Notices of lines that no test runs; the summary names the rest."""
LISTED = 50


def run(judged: Judged, head: str, key: str, details: str = "", *, waits: bool = False) -> CheckRun:
    """The check run. `waits`: the tests will run once somebody lets them. Skipped tests are no failure here: this check
    run is not meant to be required, and its title says that nothing ran."""
    stage = judged.verdict.stage("sandbox")
    bad = stage is None or stage.state in (State.FAILED, State.ERROR)
    return CheckRun(
        name=NAME,
        head=head,
        key=key,
        title=title(judged, stage),
        summary=summary(judged, stage),
        conclusion=None if waits else Conclusion.FAILURE if bad else Conclusion.SUCCESS,
        annotations=() if waits else notes(judged.verdict.tests),
        url=details,
    )


def title(judged: Judged, stage: StageResult | None) -> str:
    """`148 passed · 14 of 19 changed lines covered (74 %)`, `skipped: there are no tests`, or what failed."""
    if stage is None:
        return "failed: the stage is missing"
    if stage.state is not State.PASSED:
        word = {State.FAILED: "failed", State.ERROR: "not carried out", State.SKIPPED: "skipped"}[stage.state]
        return line(f"{word}: {stage.reason}")
    tests = judged.verdict.tests
    said = [counts(tests.head) if tests else "passed", _covered(tests) if tests else ""]
    return line(" · ".join(part for part in said if part))


def summary(judged: Judged, stage: StageResult | None) -> str:
    """What fails now, both runs, coverage, what is odd, and what it ran with."""
    tests = judged.verdict.tests
    reason = for_markdown(stage.reason) if stage is not None and stage.reason else ""
    ran = f"Ran with {for_markdown(facts(stage))}." if stage is not None and stage.facts else ""
    return joined((reason, _failing(tests) if tests else "", *(tests_of(tests) if tests else ()), ran))


def notes(tests: Tests | None) -> tuple[Annotation, ...]:
    """Notices of changed lines that no test runs."""
    found = (each for coverage in (tests.coverage if tests else ()) for each in annotations.of_coverage(coverage))
    return tuple(each for each in found if annotations.placeable(each))[:MOST]


def _failing(tests: Tests) -> str:
    rows = [[for_markdown_code(each.id), "passed", cell(each.message)] for each in tests.newly_failing[:LISTED]]
    rows += [[for_markdown_code(each.id), "failed too", cell(each.message)] for each in tests.still_failing[:LISTED]]
    return table(["fails now", "on the base", "why"], rows) if rows else ""


def _covered(tests: Tests) -> str:
    covered = sum(len(each.covered) for each in tests.coverage)
    lines = covered + sum(len(each.uncovered) for each in tests.coverage)
    return f"{covered} of {lines} changed lines covered ({covered * 100 // lines} %)" if lines else ""
