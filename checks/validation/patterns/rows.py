"""Rows: what a worker process sees in a file, as JSON, and findings made of them."""

from collections.abc import Sequence
from typing import TypedDict

from checks.debugging.places import fold
from checks.model.findings import Confidence, Finding, Severity
from checks.repository.history import shown


class Row(TypedDict):
    """One thing at one place; lines and columns from 1. `key` is equal for equal things wherever they stand, `kind`
    for things of one kind that say something else; `scope` is the enclosing definition."""

    rule: str
    line: int
    column: int
    end_line: int
    end_column: int
    severity: str
    fails: str
    message: str
    text: str
    scope: str
    key: str
    kind: str


def row(
    rule: str, place: Sequence[int], severity: Severity, fails: str, message: str, *, text: str = "", scope: str = "",
    key: str = "", kind: str = "",
) -> Row:  # fmt: skip
    """A row at `place`: line, column, end line, end column. `key` is the rule and the text where nothing is given."""
    return {
        "rule": rule,
        "line": place[0],
        "column": place[1],
        "end_line": place[2],
        "end_column": place[3],
        "severity": severity.value,
        "fails": fails,
        "message": message,
        "text": fold(text),
        "scope": scope,
        "key": key or f"{rule} {fold(text)}",
        "kind": kind or key or f"{rule} {fold(text)}",
    }


def finding(path: str, found: Row, cwe: int | None) -> Finding:
    """A finding of ours at the row's place, without a fingerprint yet."""
    return Finding(
        file=shown(path),
        line=found["line"],
        column=found["column"],
        end_line=found["end_line"],
        end_column=found["end_column"],
        rule=found["rule"],
        severity=Severity(found["severity"]),
        confidence=Confidence.MEDIUM,
        message=found["message"],
        cwe=cwe,
        tool="selfmod",
        tools=("selfmod",),
        fixable=False,
        scope=found["scope"],
        text=found["text"],
    )
