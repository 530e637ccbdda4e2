"""Findings as annotations of lines: what is wrong here, what can happen, what to do. Plain text: GitHub renders none of
it as Markdown."""

import re
from collections.abc import Iterable
from dataclasses import replace

from app.model.forge import Annotation
from checks.debugging.rules import BY_NAME
from checks.debugging.tools import ruff
from checks.model.findings import Finding, Severity
from checks.model.verdicts import LineCoverage, TestResult
from checks.reports.safe import shortened, visible

LEVEL = {
    Severity.CRITICAL: "failure",
    Severity.HIGH: "failure",
    Severity.MEDIUM: "warning",
    Severity.LOW: "notice",
    Severity.INFO: "notice",
}
MESSAGE, DETAILS = 4_000, 4_000
"""Characters of a message and of its details, each of which may become ten bytes: GitHub takes 64 KiB."""
TITLE = 250


def of_finding(finding: Finding) -> Annotation:
    """One finding. Columns are given where it lies on one line: GitHub takes them there only."""
    rule = BY_NAME.get(finding.rule)
    why = _section(rule.documentation, "Why it is bad") if rule else ""
    parts = [_text(finding.message), why, _remedy(finding), _link(finding)]
    one = finding.line == finding.end_line
    return Annotation(
        path=finding.file,
        start_line=max(1, finding.line),
        end_line=max(1, finding.line, finding.end_line),
        level=LEVEL[finding.severity],
        message=shortened("\n".join(part for part in parts if part), MESSAGE),
        title=shortened(visible(f"{finding.rule} ({finding.severity.value})"), TITLE),
        details=shortened(_section(rule.documentation, "Use instead"), DETAILS) if rule else "",
        start_column=max(1, finding.column) if one else 0,
        end_column=max(1, finding.column, finding.end_column - 1) if one else 0,
    )


def of_brought_back(finding: Finding) -> Annotation:
    """One that a revert brings back: a notice, for it is not new, and the gate asks people about it."""
    made = of_finding(finding)
    message = shortened(f"Brought back by the revert: it was there before.\n{made.message}", MESSAGE)
    return replace(made, level="notice", message=message)


def of_test(test: TestResult) -> Annotation:
    """A test that passed on the base and fails now: on the first line of its file, for its own is not known."""
    return Annotation(
        path=test.file,
        start_line=1,
        end_line=1,
        level="failure",
        message=shortened(f"{visible(test.id)} fails now and passed on the base.\n{_text(test.message)}", MESSAGE),
        title="a test fails now",
    )


def of_coverage(coverage: LineCoverage) -> Iterable[Annotation]:
    """A notice for each run of changed lines that no test runs."""
    for first, last in _runs(coverage.uncovered):
        yield Annotation(
            path=coverage.file,
            start_line=first,
            end_line=last,
            level="notice",
            message="No test runs what this change adds or edits here.",
            title="not covered",
        )


def placeable(annotation: Annotation) -> bool:
    """Whether GitHub takes the path: one that a person can read, relative, without odd parts."""
    path = annotation.path
    return bool(path) and path == visible(path) and not path.startswith("/") and ".." not in path.split("/")


def _text(text: str) -> str:
    """Several lines of plain text, none of them with what acts or hides."""
    return "\n".join(visible(each) for each in text.strip().split("\n"))


def _section(documentation: str, name: str) -> str:
    """A section of a rule's documentation, its lines joined to paragraphs where it is prose."""
    found = re.search(rf"^## {re.escape(name)}\n(.*?)(?=^## |^References|\Z)", documentation, re.DOTALL | re.MULTILINE)
    if not found:
        return ""
    body = found[1].strip()
    code = re.search(r"```python\n(.*?)```", body, re.DOTALL)
    return code[1].rstrip() if code else " ".join(body.split())


def _remedy(finding: Finding) -> str:
    if finding.fixable:
        return f"To mend it: /selfmod fix {visible(finding.rule)}"
    if finding.rule in BY_NAME:
        return f"What to do instead: selfmod explain {visible(finding.rule)}"
    return ""


def _link(finding: Finding) -> str:
    if finding.rule not in BY_NAME and finding.tool == "ruff" and ruff.knows(finding.rule):
        return f"https://docs.astral.sh/ruff/rules/#{finding.rule.lower()}"
    if finding.tool == "bandit":
        return "https://bandit.readthedocs.io/en/latest/plugins/index.html"
    return f"https://cwe.mitre.org/data/definitions/{finding.cwe}.html" if finding.cwe else ""


def _runs(lines: Iterable[int]) -> Iterable[tuple[int, int]]:
    """Ranges of numbers that follow each other."""
    first = last = 0
    for number in sorted(lines):
        if first and number == last + 1:
            last = number
            continue
        if first:
            yield first, last
        first = last = number
    if first:
        yield first, last
