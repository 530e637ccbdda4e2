"""A review as SARIF 2.1.0, within what GitHub's code scanning accepts."""

import json
from collections.abc import Iterable, Mapping
from typing import Any
from urllib.parse import quote

from checks.model.findings import Finding, NotAnalysed, Severity
from checks.model.review import Review
from checks.reports import safe

ACCEPTED = 25_000
"""Results of one run above which GitHub refuses the whole file."""

SHOWN = 5_000
"""Results of one run that GitHub shows, the worst first."""

DESCRIPTION = 1024
"""Characters of a rule's short and full description that GitHub takes."""

_SCHEMA = "https://json.schemastore.org/sarif-2.1.0.json"
_ROOT = "%SRCROOT%"
_LEVEL = {
    Severity.CRITICAL: "error",
    Severity.HIGH: "error",
    Severity.MEDIUM: "warning",
    Severity.LOW: "note",
    Severity.INFO: "note",
}
_PROBLEM = {"error": "error", "warning": "warning", "note": "recommendation"}
_SCORE = {  # GitHub reads above 9.0 as critical, from 7.0 as high, from 4.0 as medium, the rest as low
    Severity.CRITICAL: "9.5",
    Severity.HIGH: "8.0",
    Severity.MEDIUM: "5.5",
    Severity.LOW: "3.0",
    Severity.INFO: "1.0",
}


def render(review: Review, rules: Mapping[str, tuple[str, str]], *, version: str = "", docs: str = "") -> str:
    """The log with a line feed at its end, in ASCII.

    `rules` maps a rule's name to its summary and its documentation (Markdown); a rule that is not there is described
    by its name. `docs` is the address of a page with an anchor for each rule of `rules`, empty where there is none.
    """
    return json.dumps(log(review, rules, version=version, docs=docs), indent=2) + "\n"


def log(review: Review, rules: Mapping[str, tuple[str, str]], *, version: str = "", docs: str = "") -> dict[str, Any]:
    """The same as plain values: what `render` writes."""
    kept = review.findings if len(review.findings) <= ACCEPTED else review.by_severity[:ACCEPTED]
    named: dict[str, list[Finding]] = {}
    for finding in kept:
        named.setdefault(finding.rule, []).append(finding)
    driver: dict[str, Any] = {"name": "selfmod"}
    if version:
        driver["semanticVersion"] = version
    driver["rules"] = [_rule(name, found, rules.get(name), docs) for name, found in named.items()]
    index = {name: position for position, name in enumerate(named)}
    run = {
        "tool": {"driver": driver},
        "columnKind": "unicodeCodePoints",
        "invocations": [
            {"executionSuccessful": True, "toolExecutionNotifications": [*_limits(review), *_gaps(review.not_analysed)]}
        ],
        "results": [_result(finding, index[finding.rule]) for finding in kept],
    }
    return {"$schema": _SCHEMA, "version": "2.1.0", "runs": [run]}


def _rule(name: str, found: list[Finding], described: tuple[str, str] | None, docs: str) -> dict[str, Any]:
    summary, documentation = described or (name, name)
    worst = max((finding.severity for finding in found), key=lambda severity: severity.rank)
    surest = max((finding.confidence for finding in found), key=lambda confidence: confidence.rank)
    level = _LEVEL[worst]
    rule: dict[str, Any] = {
        "id": safe.visible(name),
        "shortDescription": {"text": safe.shortened(summary, DESCRIPTION)},
        "fullDescription": {"text": safe.shortened(documentation, DESCRIPTION)},
        "help": {"text": documentation, "markdown": documentation},
        "defaultConfiguration": {"level": level},
        "properties": {
            "tags": _tags(found),
            "precision": surest.value,
            "problem.severity": _PROBLEM[level],
        },
    }
    if docs and described:
        rule["helpUri"] = f"{docs}#{quote(name, safe='')}"
    if any(finding.cwe is not None for finding in found):
        rule["properties"]["security-severity"] = _SCORE[worst]
    return rule


def _tags(found: Iterable[Finding]) -> list[str]:
    """What GitHub files a rule under; it takes a rule for one of security by that tag."""
    weaknesses = sorted({finding.cwe for finding in found if finding.cwe is not None})
    return ["security", *(f"external/cwe/cwe-{cwe}" for cwe in weaknesses)] if weaknesses else ["correctness"]


def _result(finding: Finding, index: int) -> dict[str, Any]:
    location: dict[str, Any] = {
        "physicalLocation": {"artifactLocation": _artifact(finding.file), "region": _region(finding)}
    }
    if finding.scope:
        location["logicalLocations"] = [{"fullyQualifiedName": safe.visible(finding.scope)}]
    return {
        "ruleId": safe.visible(finding.rule),
        "ruleIndex": index,
        "level": _LEVEL[finding.severity],
        "message": _message(finding.message),
        "locations": [location],
        "partialFingerprints": {"selfmod/v1": finding.fingerprint},
        "properties": {
            "severity": finding.severity.value,
            "confidence": finding.confidence.value,
            "tools": [safe.visible(tool) for tool in finding.tools],
            "fixable": finding.fixable,
        },
    }


def _region(finding: Finding) -> dict[str, int]:
    """The place with every number at least 1 and the end not before the start: a tool's slip must not void the file."""
    line, column = max(finding.line, 1), max(finding.column, 1)
    end_line, end_column = max(finding.end_line, line), max(finding.end_column, 1)
    if end_line == line:
        end_column = max(end_column, column)
    return {"startLine": line, "startColumn": column, "endLine": end_line, "endColumn": end_column}


def _artifact(path: str) -> dict[str, str]:
    # bytes that are no UTF-8 arrive as lone surrogates: those of Python's file names go back to the bytes
    lone = any("\ud800" <= each <= "\udc7f" or "\udd00" <= each <= "\udfff" for each in path)
    return {"uri": quote(path, safe="/", errors="surrogatepass" if lone else "surrogateescape"), "uriBaseId": _ROOT}


def _message(text: str) -> dict[str, str]:
    # a message may hold links, `[text](target)`; ours never do, so one in it comes from the source
    return {"text": safe.visible(text).replace("](", "] (")}


def _gaps(files: Iterable[NotAnalysed]) -> list[dict[str, Any]]:
    return [
        {
            "level": "warning",
            "message": _message(f"Not analysed: {each.reason}"),
            "locations": [{"physicalLocation": {"artifactLocation": _artifact(each.file)}}],
        }
        for each in files
    ]


def _limits(review: Review) -> list[dict[str, Any]]:
    count = len(review.findings)
    if count > ACCEPTED:
        text = f"Truncated: {count - ACCEPTED} of {count} findings, the least severe, are left out of this file."
    elif count > SHOWN:
        text = f"{count} findings: GitHub shows the {SHOWN} most severe of one run."
    else:
        return []
    return [{"level": "warning", "message": {"text": text}}]
