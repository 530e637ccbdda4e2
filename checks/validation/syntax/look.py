"""One file in a worker: every fault of form that this Python and our parsers see in it."""

import base64
import re
import warnings
from itertools import islice
from typing import Any, TypedDict

from checks.debugging.source.text import read
from checks.model.findings import NotAnalysed
from checks.validation.syntax import conflicts, data

PYTHON = (".py", ".pyi", ".pyw")
_SHEBANG = re.compile(rb"#![^\n]*\bpython(3(\.\d+)?)?\b")
MOST = 20
"""Conflicts of a file that are told."""


class Row(TypedDict):
    """One fault. `kind`: `encoding`, `compile`, `data`, `conflict`, `fenced` (a conflict shown in documentation)."""

    kind: str
    line: int
    column: int
    message: str


def is_python(path: str, content: bytes) -> bool:
    """Whether a file is Python by its name, or by its first line where it has no ending."""
    if path.endswith(PYTHON):
        return True
    return "." not in path.rpartition("/")[2] and _SHEBANG.match(content[:200]) is not None


def look(task: dict[str, Any]) -> list[Row]:
    """Reads `path` and `content` (base64). Nothing of the file is run: `compile` alone executes nothing."""
    path, content = task["path"], base64.b64decode(task["content"])
    rows: list[Row] = []
    if is_python(path, content):
        rows += _python(path, content)
    elif data.kind(path):
        found = data.fault(path, content)
        if found:
            line, column, message = found
            rows.append(_row("data", line, column, f"not well-formed {data.kind(path)}: {message}"))
    if b"\0" not in content:
        fences = path.lower().endswith((".md", ".markdown", ".rst", ".txt", ".adoc", ".mdx"))
        for line, fenced in islice(conflicts.conflicts(content), MOST):
            rows.append(_row("fenced" if fenced and fences else "conflict", line, 1, "conflict marker of a merge"))
    return rows


def _python(path: str, content: bytes) -> list[Row]:
    text = read(path, content)
    if isinstance(text, NotAnalysed):
        place = re.match(r"line (\d+) ", text.reason)
        return [_row("encoding", int(place[1]) if place else 1, 1, text.reason)]
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            compile(text.string, path, "exec", dont_inherit=True)
    except SyntaxError as error:
        lines = len(text.line_starts)
        line = min(max(error.lineno or 1, 1), lines)
        return [_row("compile", line, max(error.offset or 1, 1), str(error.msg))]
    except ValueError as error:
        return [_row("compile", 1, 1, str(error))]
    return []


def _row(kind: str, line: int, column: int, message: str) -> Row:
    return {"kind": kind, "line": max(line, 1), "column": max(column, 1), "message": message[:300]}
