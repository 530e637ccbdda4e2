"""The stages of validation: outcomes, findings, times."""

from collections.abc import Sequence
from typing import Any

from app.dashboard.parts.case import Case
from app.dashboard.plain import Plain, number, part, rows, seconds, text

NAME = "stages"
MOST = 200
"""Findings of a stage that are listed; the record as JSON has all."""
_STATES = ("passed", "failed", "skipped", "error")
_TITLES = {
    "syntax": "Syntax",
    "security": "Security",
    "dangerous": "Dangerous patterns",
    "imports": "Imports",
    "sandbox": "Sandbox",
}


def title(case: Case) -> str:
    """Of the part."""
    return "Stages"


def show(case: Case) -> dict[str, Any]:
    """Every stage in its order, whatever its outcome."""
    return {"stages": [_stage(each, case) for each in case.stages], "seconds": seconds(case.record.document, "seconds")}


def stage_title(name: str) -> str:
    """In words."""
    return _TITLES.get(name, name)


def _stage(stage: Plain, case: Case) -> dict[str, Any]:
    findings, state, facts = rows(stage, "findings"), text(stage, "state"), part(stage, "facts")
    return {
        "title": stage_title(text(stage, "stage")),
        "state": state if state in _STATES else "unknown",
        "reason": text(stage, "reason"),
        "facts": [(str(key), text(facts, key)) for key in facts],
        "findings": [_finding(each, case) for each in _worst(findings)],
        "count": len(findings),
        "seconds": seconds(stage, "seconds"),
    }


def _worst(findings: Sequence[Plain]) -> Sequence[Plain]:
    """The first of them, the severest among them where not all are shown."""
    if len(findings) <= MOST:
        return findings
    order = ("critical", "high", "medium", "low", "info")
    return sorted(findings, key=lambda each: order.index(s) if (s := text(each, "severity")) in order else 9)[:MOST]


def _finding(finding: Plain, case: Case) -> dict[str, Any]:
    file, line = text(finding, "file"), number(finding, "line")
    return {
        "place": f"{file}:{line}" if line else file,
        "url": case.file_url(file, line) if file else "",
        "rule": text(finding, "rule"),
        "severity": text(finding, "severity"),
        "message": text(finding, "message"),
    }
