"""What was judged, from its JSON: what a server has stored is shown and decided upon like what was judged just now.

Not in the document, so not here: names and seconds of tests that passed, output, and which lines ran on the base.
"""

from collections.abc import Mapping
from typing import Any

from checks.model.findings import Confidence, Finding, Severity
from checks.model.judged import Judged
from checks.model.outlook import Outlook, Portion
from checks.model.safety import Assessment, Factor, Level
from checks.model.verdicts import LineCoverage, Outcome, StageResult, State, SuiteRun, TestResult, Tests, Verdict
from checks.reports.judged.json import VERSION


def readable(document: Mapping[str, Any]) -> Judged | None:
    """The same, None for what another version wrote in another form."""
    try:
        return judged(document)
    except (ValueError, KeyError, TypeError, AttributeError):
        return None


def judged(document: Mapping[str, Any]) -> Judged:
    """The value that `json.document` made this of. Raises ValueError for a document of another version, KeyError or
    TypeError for what is none."""
    if document["version"] != VERSION:
        raise ValueError(f"a judgement of version {document['version']!r}, {VERSION} is read here")
    change, tests = document["change"], document["tests"]
    seen = tuple(each.get("seen", {}) for each in document["rules"])
    return Judged(
        name=change["name"],
        base=change["base"],
        head=change["head"],
        files=tuple(change["files"]),
        added=change["added"],
        removed=change["removed"],
        verdict=Verdict(tuple(_stage(each) for each in document["stages"]), _tests(tests) if tests else None),
        assessment=_assessment(document["assessment"]),
        seconds=document["seconds"],
        approvers=tuple(document["approvers"]),
        approvals=document["approvals"],
        rules=tuple((each["rule"], each["why"]) for each in document["rules"]),
        owned=document["owned"],
        seen=seen if any(seen) else (),
        outlook=_outlook(document["outlook"]) if document.get("outlook") else None,
    )


def _stage(value: Mapping[str, Any]) -> StageResult:
    return StageResult(
        value["stage"],
        State(value["state"]),
        value["reason"],
        tuple(finding(each) for each in value["findings"]),
        dict(value["facts"]),
        value["seconds"],
        tuple(finding(each) for each in value.get("brought_back", ())),
    )


def finding(value: Mapping[str, Any]) -> Finding:
    """One finding, without the source line that it was made of."""
    changed = {
        "severity": Severity(value["severity"]),
        "confidence": Confidence(value["confidence"]),
        "tools": tuple(value["tools"]),
        "aliases": tuple(value["aliases"]),
    }
    return Finding(**{**value, **changed})


def _tests(value: Mapping[str, Any]) -> Tests:
    return Tests(
        head=_run(value["head"]),
        base=_run(value["base"]) if value["base"] else None,
        newly_failing=_results(value["newly_failing"]),
        still_failing=_results(value["still_failing"]),
        repaired=tuple(value["repaired"]),
        flaky=tuple(value["flaky"]),
        quarantined=tuple(value["quarantined"]),
        added=_results(value["added"]),
        edited=_results(value["edited"]),
        removed=tuple(value["removed"]),
        skipped_now=tuple(value["skipped_now"]),
        coverage=tuple(_coverage(each) for each in value["coverage"]),
    )


def _run(value: Mapping[str, Any]) -> SuiteRun:
    """With as many results as there were; those that are not among the failing ones have no name."""
    failing = _results(value["failing"])
    results = list(failing)
    for outcome, count in value["counts"].items():
        unnamed = count - sum(each.outcome == outcome for each in failing)
        results += [TestResult("", Outcome(outcome))] * unnamed
    return SuiteRun(
        tuple(results),
        value["trusted"],
        value["why"],
        value["seconds"],
        value["backend"],
        value["weaker"],
        value["framework"],
        value["python"],
        value["environment"],
        value["deselected"],
    )


def _results(values: list[Mapping[str, Any]]) -> tuple[TestResult, ...]:
    return tuple(
        TestResult(each["id"], Outcome(each["outcome"]), 0.0, each["message"], each["file"]) for each in values
    )


def _coverage(value: Mapping[str, Any]) -> LineCoverage:
    tests = {int(line): tuple(names) for line, names in value["tests"].items()}
    return LineCoverage(value["file"], tuple(value["covered"]), tuple(value["uncovered"]), tests)


def _outlook(value: Mapping[str, Any]) -> Outlook:
    return Outlook(
        tuple(value["unusual"]),
        tuple(_portion(each) for each in value["parts"]),
        tuple(_portion(each) for each in value["without"]),
        Level(value["covered"]) if value["covered"] else None,
        value["why"],
    )


def _portion(value: Mapping[str, Any]) -> Portion:
    return Portion(tuple(value["files"]), Level(value["level"]))


def _assessment(value: Mapping[str, Any]) -> Assessment:
    factors = tuple(
        Factor(
            each["name"],
            each["seen"],
            each["weight"],
            Level(each["floor"]) if each["floor"] else None,
            each["lower"],
            each["known"],
        )
        for each in value["factors"]
    )
    return Assessment(Level(value["level"]), value["score"], factors, value["lower"])
