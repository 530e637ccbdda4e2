"""What was judged as JSON. Equal for the command line, the Action and the App, but for the seconds."""

from collections.abc import Iterable, Mapping
from typing import Any

from checks.model.judged import Judged
from checks.model.outlook import Outlook, Portion
from checks.model.safety import Assessment
from checks.model.verdicts import LineCoverage, Outcome, StageResult, SuiteRun, TestResult, Tests
from checks.reports.json import finding

VERSION = 1
"""Of the document: it grows when a key changes its meaning or goes."""


def document(judged: Judged) -> dict[str, Any]:
    """Keys: `version`, `change`, `passed`, `stages` (of a revert also with what is `brought_back`), `tests` (null where
    none ran), `assessment`, `rules` (of the repository, that apply, each with what its condition saw) with the
    `approvals` and `approvers` that they ask for, `owned`, `outlook` (what a grave change could be instead, else null),
    `seconds`. `reading` makes the values of it again."""
    return {
        "version": VERSION,
        "change": {
            "name": judged.name,
            "base": judged.base,
            "head": judged.head,
            "files": list(judged.files),
            "added": judged.added,
            "removed": judged.removed,
        },
        "passed": judged.verdict.passed,
        "stages": [_stage(each) for each in judged.verdict.stages],
        "tests": _tests(judged.verdict.tests) if judged.verdict.tests else None,
        "assessment": _assessment(judged.assessment),
        "rules": [{"rule": name, "why": why, "seen": dict(seen)} for (name, why), seen in _rules(judged)],
        "approvals": judged.approvals,
        "approvers": list(judged.approvers),
        "owned": judged.owned,
        "outlook": _outlook(judged.outlook) if judged.outlook else None,
        "seconds": round(judged.seconds, 3),
    }


def _rules(judged: Judged) -> Iterable[tuple[tuple[str, str], Mapping[str, Any]]]:
    """The rules that apply, each with what its condition saw, empty where nobody kept that."""
    return zip(judged.rules, judged.seen or [{}] * len(judged.rules), strict=True)


def _stage(stage: StageResult) -> dict[str, Any]:
    made = {
        "stage": stage.stage,
        "state": stage.state.value,
        "reason": stage.reason,
        "facts": dict(stage.facts),
        "findings": [finding(each) for each in stage.findings],
        "seconds": round(stage.seconds, 3),
    }
    if stage.brought_back:  # of a revert alone: every other document is as it was
        made["brought_back"] = [finding(each) for each in stage.brought_back]
    return made


def _tests(tests: Tests) -> dict[str, Any]:
    return {
        "head": run(tests.head),
        "base": run(tests.base) if tests.base else None,
        "newly_failing": [_result(each) for each in tests.newly_failing],
        "still_failing": [_result(each) for each in tests.still_failing],
        "repaired": list(tests.repaired),
        "flaky": list(tests.flaky),
        "quarantined": list(tests.quarantined),
        "added": [_result(each) for each in tests.added],
        "edited": [_result(each) for each in tests.edited],
        "removed": list(tests.removed),
        "skipped_now": list(tests.skipped_now),
        "coverage": [_coverage(each) for each in tests.coverage],
    }


def run(suite: SuiteRun) -> dict[str, Any]:
    """One run of the tests: counts, and what did not pass; names of passed tests are left out."""
    bad = [each for each in suite.results if not each.outcome.good]
    return {
        "passed": suite.passed,
        "trusted": suite.trusted,
        "why": suite.why,
        "counts": {outcome.value: suite.count(outcome) for outcome in Outcome},
        "deselected": suite.deselected,
        "failing": [_result(each) for each in bad],
        "framework": suite.framework,
        "python": suite.python,
        "environment": suite.environment,
        "backend": suite.backend,
        "weaker": suite.weaker,
        "seconds": round(suite.seconds, 3),
    }


def _result(each: TestResult) -> dict[str, Any]:
    return {"id": each.id, "outcome": each.outcome.value, "message": each.message, "file": each.file}


def _coverage(each: LineCoverage) -> dict[str, Any]:
    return {
        "file": each.file,
        "covered": list(each.covered),
        "uncovered": list(each.uncovered),
        "tests": {str(line): list(names) for line, names in each.tests.items()},
    }


def _outlook(outlook: Outlook) -> dict[str, Any]:
    return {
        "unusual": list(outlook.unusual),
        "parts": [_portion(each) for each in outlook.parts],
        "without": [_portion(each) for each in outlook.without],
        "covered": outlook.covered.value if outlook.covered else None,
        "why": outlook.why,
    }


def _portion(portion: Portion) -> dict[str, Any]:
    return {"files": list(portion.files), "level": portion.level.value}


def _assessment(assessment: Assessment) -> dict[str, Any]:
    return {
        "level": assessment.level.value,
        "score": assessment.score,
        "factors": [
            {
                "name": each.name,
                "seen": each.seen,
                "weight": each.weight,
                "floor": each.floor.value if each.floor else None,
                "lower": each.lower,
                "known": each.known,
            }
            for each in assessment.factors
        ],
        "lower": assessment.lower,
    }
