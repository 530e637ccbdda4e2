"""A review as GitHub's Markdown: the summary of a job, at most 1 MiB whatever the findings hold."""

from collections.abc import Sequence

from checks.model.findings import Finding
from checks.model.review import Review
from checks.reports import safe
from checks.reports.text import counted, unshown

OPEN = 20
"""Findings that are seen at once; the next ones are folded."""

MOST = 150
"""Rows of a table, folded ones included: with the limits below this stays under GitHub's 1 MiB."""

PLACE, RULE, MESSAGE = 160, 80, 240
"""Characters of a cell."""


def render(review: Review) -> str:
    """The heading, the counts, the findings at or above the threshold (the worst first), and what was not analysed."""
    failing = [finding for finding in review.by_severity if finding.severity.rank >= review.threshold.rank]
    fixable = sum(finding.fixable for finding in failing)
    parts = [
        "### selfmod review",
        f"**{counted(len(failing), 'finding')} at or above {review.threshold}** in {counted(review.files, 'file')} "
        f"({review.seconds:.1f} s){f' · {fixable} fixable' if fixable else ''}",
    ]
    if review.findings:
        parts.append(_counts(review))
    if failing:
        parts.append(_findings(failing[:OPEN]))
    if folded := failing[OPEN:MOST]:
        parts.append(_folded(counted(len(folded), "more finding"), _findings(folded)))
    if len(failing) > MOST:
        parts.append(f"{len(failing) - MOST} more findings are not listed here.")
    if hidden := unshown(review):
        parts.append(f"Not shown: {hidden}.")
    if review.not_analysed:
        parts.append(_not_analysed(review))
    return "\n\n".join(parts) + "\n"


def _counts(review: Review) -> str:
    present = {severity.value: str(count) for severity, count in review.counts.items() if count}
    return _table(list(present), [list(present.values())])


def _findings(findings: Sequence[Finding]) -> str:
    return _table(["severity", "place", "rule", "what is wrong", "fix"], [_row(finding) for finding in findings])


def _row(finding: Finding) -> list[str]:
    file = _cut(finding.file, PLACE)
    return [
        finding.severity.value,
        safe.for_markdown_code(f"{file}:{finding.line}:{finding.column}"),
        safe.for_markdown_code(_cut(finding.rule, RULE)),
        safe.for_markdown(_cut(finding.message, MESSAGE)),
        "fixable" if finding.fixable else "",
    ]


def _not_analysed(review: Review) -> str:
    rows = [
        [
            safe.for_markdown_code(_cut(each.file, PLACE)),
            safe.for_markdown(_cut(each.reason, MESSAGE)),
        ]
        for each in review.not_analysed[: MOST // 2]
    ]
    listed = _table(["file", "why"], rows)
    if left := len(review.not_analysed) - len(rows):
        listed += f"\n\n{left} more are not listed here."
    return _folded(f"{counted(len(review.not_analysed), 'file')} not analysed", listed)


def _table(head: Sequence[str], rows: Sequence[Sequence[str]]) -> str:
    lines = [head, ["---"] * len(head), *rows]
    return "\n".join(f"| {' | '.join(cells)} |" for cells in lines)


def _folded(summary: str, body: str) -> str:
    return f"<details><summary>{summary}</summary>\n\n{body}\n\n</details>"


def _cut(text: str, limit: int) -> str:
    # the escapes are counted: a hidden character is ten of them
    return safe.shortened(safe.visible(text), limit)
