"""Findings of several tools for one fault become one finding that names them all."""

from collections.abc import Iterable
from dataclasses import replace
from typing import Any

from checks.model.findings import Confidence, Finding, Severity


def same_check(code: str) -> str:
    """One name for a check that bandit (B602) and ruff (S602) both have."""
    return f"B{code[1:]}" if code[:1] == "S" and code[1:].isdigit() else code


def merged(path: str, rows: Iterable[dict[str, Any]]) -> list[Finding]:
    """One finding a fault: ours before bandit's before ruff's; the others' names are kept in `tools`, their codes in
    `aliases`. Two are the same fault if they are the same check, or one of ours claims the other's code, on lines that
    overlap."""
    order = {"selfmod": 0, "bandit": 1, "ruff": 2}
    result: list[Finding] = []
    by_check: dict[str, list[int]] = {}
    for row in sorted(rows, key=lambda r: (order[r["tool"]], r["line"], r["column"])):
        check = same_check(row["rule"])
        twin = next(
            (i for i in by_check.get(check, ()) if _overlap(result[i], row) and _other_tool(result[i], row)), None
        )
        if twin is not None:
            result[twin] = _joined(result[twin], row)
            continue
        finding = Finding(
            file=path,
            line=row["line"],
            column=row["column"],
            end_line=row["end_line"],
            end_column=row["end_column"],
            rule=row["rule"],
            severity=Severity(row["severity"]),
            confidence=Confidence(row["confidence"]),
            message=row["message"],
            cwe=row["cwe"],
            tool=row["tool"],
            tools=(row["tool"],),
            fixable=row["fixable"],
            aliases=tuple(row["aliases"]),
            left=row["left"],
        )
        for name in {check, *(same_check(alias) for alias in row["aliases"])}:
            by_check.setdefault(name, []).append(len(result))
        result.append(finding)
    return result


def _overlap(finding: Finding, row: dict[str, Any]) -> bool:
    return bool(finding.line <= row["end_line"] and row["line"] <= finding.end_line)


def _other_tool(finding: Finding, row: dict[str, Any]) -> bool:
    """Two findings of one tool are two faults, unless ours claims several codes of that tool for its one."""
    return row["tool"] not in finding.tools or (finding.tool == "selfmod" and row["tool"] != "selfmod")


def _joined(finding: Finding, row: dict[str, Any]) -> Finding:
    tools = finding.tools if row["tool"] in finding.tools else (*finding.tools, row["tool"])
    aliases = finding.aliases
    if row["rule"] != finding.rule and row["rule"] not in aliases:
        aliases = (*aliases, row["rule"])
    cwe = finding.cwe if finding.cwe is not None else row["cwe"]
    return replace(finding, tools=tools, aliases=aliases, cwe=cwe)
