"""A review as workflow commands of GitHub Actions, which the runner shows as annotations of the lines."""

from collections import Counter

from checks.model.findings import Finding, Severity
from checks.model.review import Review
from checks.reports import safe
from checks.reports.text import closing

KIND = {
    Severity.CRITICAL: "error",
    Severity.HIGH: "error",
    Severity.MEDIUM: "warning",
    Severity.LOW: "notice",
    Severity.INFO: "notice",
}

SHOWN = 10
"""Annotations of one kind that GitHub shows for a step; it drops the others silently."""

MESSAGE = 4000
"""Characters of a message: GitHub cuts an annotation at 64 KiB."""


def render(review: Review) -> str:
    """The findings at or above the threshold, the worst first: ten of each kind as commands, the others as lines of the
    log, then the files that were not analysed and the closing line."""
    said: Counter[str] = Counter()
    commands, rest = [], []
    for finding in review.by_severity:
        if finding.severity.rank < review.threshold.rank:
            continue
        kind = KIND[finding.severity]
        said[kind] += 1
        if said[kind] <= SHOWN:
            commands.append(_command(kind, finding))
        else:
            rest.append(_line(finding))
    if rest:
        rest.insert(0, f"{len(rest)} more than GitHub shows as annotations:")
    if review.not_analysed:
        rest.append("not analysed:")
        rest += [f"  {safe.for_terminal(each.file)}  {safe.for_terminal(each.reason)}" for each in review.not_analysed]
    return "\n".join([*commands, *rest, *closing(review)]) + "\n"


def _command(kind: str, finding: Finding) -> str:
    properties = {"file": finding.file, "line": str(finding.line), "endLine": str(finding.end_line)}
    if finding.line == finding.end_line:  # GitHub takes columns of one line only
        properties["col"] = str(finding.column)
    properties["title"] = f"{finding.rule} ({finding.severity})"
    listed = ",".join(f"{name}={safe.for_workflow_property(value)}" for name, value in properties.items())
    return f"::{kind} {listed}::{safe.for_workflow_command(safe.shortened(finding.message, MESSAGE))}"


def _line(finding: Finding) -> str:
    parts = (finding.severity.value, finding.rule, safe.shortened(finding.message, MESSAGE))
    return "  ".join([safe.for_terminal(finding.place), *map(safe.for_terminal, parts)])
