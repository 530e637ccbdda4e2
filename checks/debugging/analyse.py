"""One file in a worker: our rules and bandit on one parse; nothing of the repository is imported or run."""

import ast
import base64
import re
from typing import Any

from checks.debugging import faults as walk
from checks.debugging.rules import RULES
from checks.debugging.source.module import Module, Surroundings, parse
from checks.debugging.source.text import Text, read
from checks.debugging.tools import levels
from checks.model.findings import NotAnalysed, Severity

MOST = 5_000
"""Findings of a file that are kept. No real file has so many; one that was made to would fill the memory."""

_PASSWORD = re.compile(r"(Possible hardcoded password).*", re.DOTALL)
"""bandit prints the password that it found: a report must not."""
_SCOPES = (ast.FunctionDef, ast.AsyncFunctionDef, ast.ClassDef)


def surroundings_of(packed: dict[str, Any]) -> Surroundings:
    """The surroundings as they travel to a worker."""
    distributions = packed["distributions"]
    return Surroundings(
        python=(packed["python"][0], packed["python"][1]),
        distributions=None if distributions is None else frozenset(distributions),
        own=frozenset(packed["own"]),
    )


def packed_surroundings(surroundings: Surroundings) -> dict[str, Any]:
    """Surroundings as JSON, in a fixed order, so that their text can be part of a key."""
    distributions = surroundings.distributions
    return {
        "python": list(surroundings.python),
        "distributions": None if distributions is None else sorted(distributions),
        "own": sorted(surroundings.own),
    }


def analyse(task: dict[str, Any]) -> dict[str, Any]:
    """Reads `path`, `content` (base64) and `surroundings`; gives `reason` (not analysed: why) or `findings`, `notes`
    (what one of the detectors could not do), `lasting` (whether it would fail again), `scopes` ([first line, last line,
    name] in order of place) and `nosec` (what bandit's comments silence: [line, codes])."""
    text = read(task["path"], base64.b64decode(task["content"]))
    if isinstance(text, NotAnalysed):
        return {"reason": text.reason}
    module = parse(text, surroundings_of(task["surroundings"]))
    if isinstance(module, NotAnalysed):
        return {"reason": module.reason}
    rows = [_row(module, found) for found in walk.faults(module, RULES)]
    notes: list[str] = []
    lasting = True
    try:
        rows += _bandit(module)
    except RecursionError:
        notes.append("nested too deeply for bandit: our own rules and ruff looked at it")
    except Exception as error:  # bandit's faults are not ours: what we found stays
        notes.append(f"bandit failed ({type(error).__name__}: {error}): our own rules and ruff looked at it"[:300])
        lasting = not isinstance(error, TimeoutError | MemoryError)
    if len(rows) > MOST:
        notes.append(f"{len(rows):,} findings: the worst {MOST:,} are kept")
        rows = sorted(rows, key=_worst_first)[:MOST]
    scopes: list[list[Any]] = [
        [node.lineno, node.end_lineno or node.lineno, f"{outer}.{node.name}" if outer else node.name]
        for node in module.nodes
        if isinstance(node, _SCOPES)
        for outer in (module.qualname(node),)
    ]
    nosec = [[line, sorted(codes)] for line, codes in _nosec(module.text).items()]
    scopes.sort(key=lambda scope: (scope[0], -scope[1]))
    return {"findings": rows, "notes": notes, "lasting": lasting, "scopes": scopes, "nosec": nosec}


def _worst_first(row: dict[str, Any]) -> tuple[Any, ...]:
    return (-Severity(row["severity"]).rank, row["line"], row["column"], row["rule"], row["message"])


def place(text: Text, node: ast.AST) -> tuple[int, int, int, int]:
    """Line and column, end line and end column of a node, from 1, in characters. A definition is shown by its head."""
    line, column = getattr(node, "lineno", 1), getattr(node, "col_offset", 0)
    end_line = getattr(node, "end_lineno", None) or line
    end_column = getattr(node, "end_col_offset", None) or column
    body = getattr(node, "body", None)
    if isinstance(body, list) and body and isinstance(node, ast.stmt | ast.ExceptHandler):
        end_line, end_column = line, len(text.line(line).rstrip().encode("utf-8"))
    return line, text.column(line, column), end_line, text.column(end_line, end_column)


def _row(module: Module, found: walk.Found) -> dict[str, Any]:
    rule, fault = found.rule, found.fault
    line, column, end_line, end_column = place(module.text, fault.node)
    return {
        "line": line,
        "column": column,
        "end_line": end_line,
        "end_column": end_column,
        "rule": rule.name,
        "severity": fault.severity or rule.severity,
        "confidence": fault.confidence or rule.confidence,
        "message": fault.message,
        "cwe": rule.cwe,
        "tool": "selfmod",
        "fixable": fault.fix is not None,
        "aliases": list(rule.aliases),
        "left": fault.left,
    }


def _nosec(text: Text) -> dict[int, frozenset[str]]:
    if b"nosec" not in text.data:
        return {}
    from checks.debugging.tools import bandit  # not above: as for _bandit

    return bandit.nosec_lines(text)


def _bandit(module: Module) -> list[dict[str, Any]]:
    # imported here: a second of work for whoever only wants our own rules
    from checks.debugging.tools import bandit

    rows = []
    for issue in bandit.issues(module):
        severity = levels.of_bandit(issue.code, issue.severity, module.is_test)
        if severity is None:
            continue
        rows.append(
            {
                "line": issue.line,
                "column": module.text.column(issue.line, issue.column),
                "end_line": issue.end_line,
                "end_column": module.text.column(issue.end_line, issue.end_column),
                "rule": issue.code,
                "severity": severity,
                "confidence": issue.confidence.lower() if issue.confidence != "UNDEFINED" else "low",
                "message": _PASSWORD.sub(r"\1", issue.message),
                "cwe": issue.cwe,
                "tool": "bandit",
                "fixable": False,
                "aliases": [],
                "left": "",
            }
        )
    return rows
