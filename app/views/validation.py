"""The check run `selfmod/validation`: an annotation a finding that the change introduced, and nothing older."""

from collections.abc import Iterable

from app.model.forge import Annotation, CheckRun, Conclusion
from app.views import annotations
from app.views.bounded import joined, line
from checks.model.findings import Finding
from checks.model.judged import Judged
from checks.model.verdicts import StageResult, State, TestResult
from checks.reports.judged.markdown import failing_of, folded, stages_of
from checks.reports.text import counted

NAME = "selfmod/validation"
SANDBOX = "sandbox"
MOST = 150
"""Annotations of one check run: three requests of 50. The worst come first."""


def run(judged: Judged, head: str, key: str, details: str = "") -> CheckRun:
    """The check run: a failure where a stage failed or could not be carried out, whatever the mode."""
    bad = _bad(judged)
    return CheckRun(
        name=NAME,
        head=head,
        key=key,
        title=title(judged),
        summary=summary(judged),
        conclusion=Conclusion.FAILURE if bad else Conclusion.SUCCESS,
        annotations=notes(judged),
        url=details,
    )


def title(judged: Judged) -> str:
    """`passed: syntax, security, dangerous, imports`, or what failed."""
    if bad := _bad(judged):
        return line(f"failed: {'; '.join(f'{each.stage}: {each.reason}' for each in bad)}")
    found = findings(judged)
    passed = [each.stage for each in _stages(judged) if each.state is State.PASSED]
    hints = f" · {counted(len(found), 'hint')}" if found else ""
    return line(f"passed: {', '.join(passed) or 'nothing ran'}{hints}")


def summary(judged: Judged) -> str:
    """What fails with its findings, hints folded, and how much is older."""
    shown = len(notes(judged))
    all_of_them = len(findings(judged)) + len(_brought_back(judged)) + len(_failing_tests(judged))
    older = _older(judged)
    said = []
    if older:
        said.append(f"{counted(older, 'older finding')} {'is' if older == 1 else 'are'} not shown.")
    if all_of_them > shown:
        said.append(f"{all_of_them - shown} more than are annotated are in the table.")
    return joined((*failing_of(judged), " ".join(said), folded("Stages", stages_of(judged))))


def findings(judged: Judged) -> tuple[Finding, ...]:
    """All that the change introduced, the worst first."""
    return _worst_first(finding for stage in judged.verdict.stages for finding in stage.findings)


def _brought_back(judged: Judged) -> tuple[Finding, ...]:
    return _worst_first(finding for stage in judged.verdict.stages for finding in stage.brought_back)


def _worst_first(found: Iterable[Finding]) -> tuple[Finding, ...]:
    return tuple(sorted(found, key=lambda f: (-f.severity.rank, -f.confidence.rank, f.file, f.line, f.column, f.rule)))


def notes(judged: Judged) -> tuple[Annotation, ...]:
    """The annotations: newly failing tests, then findings, then what a revert brings back."""
    found = (
        *map(annotations.of_test, _failing_tests(judged)),
        *map(annotations.of_finding, findings(judged)),
        *map(annotations.of_brought_back, _brought_back(judged)),
    )
    return tuple(each for each in found if annotations.placeable(each))[:MOST]


def _failing_tests(judged: Judged) -> tuple[TestResult, ...]:
    return judged.verdict.tests.newly_failing if judged.verdict.tests else ()


def _stages(judged: Judged) -> tuple[StageResult, ...]:
    return tuple(each for each in judged.verdict.stages if each.stage != SANDBOX)


def _bad(judged: Judged) -> list[StageResult]:
    return [each for each in _stages(judged) if each.state in (State.FAILED, State.ERROR)]


def _older(judged: Judged) -> int:
    """Findings that the base had too, as far as stages counted them."""
    counts = (each.facts.get("older findings", "") for each in judged.verdict.stages)
    return sum(int(count) for count in counts if count.isdecimal())
