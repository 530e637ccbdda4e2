"""A review as JSON: `{"findings": [...], "not_analysed": [...], "summary": {...}}`."""

import json
from typing import Any

from checks.model.findings import Finding
from checks.model.review import Review


def render(review: Review) -> str:
    """The document with a line feed at its end, in ASCII: what a path or message holds stays exact, as escapes."""
    return json.dumps(document(review), indent=2) + "\n"


def document(review: Review) -> dict[str, Any]:
    """The same as plain values: what `render` writes."""
    return {
        "findings": [finding(each) for each in review.findings],
        "not_analysed": [{"file": each.file, "reason": each.reason} for each in review.not_analysed],
        "summary": {
            "files": review.files,
            "seconds": round(review.seconds, 3),
            "threshold": review.threshold.value,
            "counts": {severity.value: count for severity, count in review.counts.items()},
            "older": review.older,
            "suppressed": review.suppressed,
        },
    }


def finding(finding: Finding) -> dict[str, Any]:
    """One finding as plain values."""
    return {
        "file": finding.file,
        "line": finding.line,
        "column": finding.column,
        "end_line": finding.end_line,
        "end_column": finding.end_column,
        "rule": finding.rule,
        "severity": finding.severity.value,
        "confidence": finding.confidence.value,
        "message": finding.message,
        "cwe": finding.cwe,
        "tool": finding.tool,
        "tools": list(finding.tools),
        "fingerprint": finding.fingerprint,
        "fixable": finding.fixable,
        "aliases": list(finding.aliases),
        "scope": finding.scope,
    }
