"""Findings of several tools for one fault become one finding that names them all."""

import bisect
from collections import deque
from collections.abc import Iterable, Iterator
from dataclasses import replace
from typing import Any

from checks.model.findings import Confidence, Finding, Severity

_ORDER = {"selfmod": 0, "bandit": 1, "ruff": 2}
_NEAR = 100
"""So many findings that begin above are looked at for one that reaches down to a line; more would be made to cost."""

_REST = ("severity", "confidence", "aliases", "cwe", "fixable", "left")

type _Numbered = tuple[int, Finding]


def same_check(code: str) -> str:
    """One name for a check that bandit (B602) and ruff (S602) both have."""
    return f"B{code[1:]}" if code[:1] == "S" and code[1:].isdigit() else code


def merged(path: str, rows: Iterable[dict[str, Any]]) -> list[Finding]:
    """One finding a fault: ours before bandit's before ruff's; the others' names are kept in `tools`, their codes in
    `aliases`. Two are the same fault if they are the same check, or one of ours claims the other's code, on lines that
    overlap. Two of one tool for one check are two faults, unless both lie in the expression of one of ours. The order
    of `rows` does not matter."""
    findings = [_finding(path, row) for row in sorted(rows, key=_place)]
    joined: dict[int, list[int]] = {}
    gone: set[int] = set()
    for tool in ("bandit", "ruff"):
        candidates: dict[str, list[_Numbered]] = {}
        theirs: dict[str, list[_Numbered]] = {}
        for number, finding in enumerate(findings):
            if finding.tool == tool:
                theirs.setdefault(same_check(finding.rule), []).append((number, finding))
            elif _ORDER[finding.tool] < _ORDER[tool] and number not in gone:
                for name in {same_check(code) for code in (finding.rule, *finding.aliases)}:
                    candidates.setdefault(name, []).append((number, finding))
        for check, others in theirs.items():
            for number, other in _pairs(candidates.get(check, []), others):
                joined.setdefault(number, []).append(other)
                gone.add(other)
    return [
        _joined(finding, [findings[other] for other in joined.get(number, ())])
        for number, finding in enumerate(findings)
        if number not in gone
    ]


def _pairs(candidates: list[_Numbered], others: list[_Numbered]) -> Iterator[tuple[int, int]]:
    """Which finding each other one joins, both in order of place: one that begins where it begins, else on the same
    line, else one that it shares a line with; each is joined once. In the end, ours that holds it is joined again."""
    free = {number for number, _ in candidates}
    for same in (_start, _line):
        waiting: dict[object, deque[int]] = {}
        for number, finding in candidates:
            if number in free:
                waiting.setdefault(same(finding), deque()).append(number)
        left = []
        for number, other in others:
            queue = waiting.get(same(other))
            if queue:
                free.discard(queue[0])
                yield queue.popleft(), number
            else:
                left.append((number, other))
        others = left
    candidates = sorted(candidates, key=lambda candidate: candidate[1].line)  # ours come before bandit's until here
    lines = [finding.line for _, finding in candidates]
    for number, other in others:
        above = bisect.bisect_right(lines, other.end_line)
        near = [(n, f) for n, f in candidates[max(0, above - _NEAR) : above] if f.end_line >= other.line]
        ours = (n for n, f in near if f.tool == "selfmod" and _overlap(f, other))
        twin = next((n for n, _ in near if n in free), next(ours, None))
        if twin is not None:
            free.discard(twin)
            yield twin, number


def _start(finding: Finding) -> object:
    return finding.line, finding.column


def _line(finding: Finding) -> object:
    return finding.line


def _overlap(one: Finding, other: Finding) -> bool:
    """Whether the two have characters in common."""
    begin = max((one.line, one.column), (other.line, other.column))
    return begin < min((one.end_line, one.end_column), (other.end_line, other.end_column))


def _place(row: dict[str, Any]) -> tuple[object, ...]:
    """Tools in their order, then by place, then by all else, so that no two stay in the order that they came in."""
    place = (row["line"], row["column"], row["end_line"], row["end_column"])
    return (_ORDER[row["tool"]], *place, row["rule"], row["message"], *(str(row[name]) for name in _REST))


def _finding(path: str, row: dict[str, Any]) -> Finding:
    return Finding(
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


def _joined(finding: Finding, others: Iterable[Finding]) -> Finding:
    tools, aliases, cwe = finding.tools, finding.aliases, finding.cwe
    for other in others:
        tools = tools if other.tool in tools else (*tools, other.tool)
        if other.rule != finding.rule and other.rule not in aliases:
            aliases = (*aliases, other.rule)
        cwe = cwe if cwe is not None else other.cwe
    return replace(finding, tools=tools, aliases=aliases, cwe=cwe)
