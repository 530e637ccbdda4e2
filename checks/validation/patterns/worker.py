"""One file in a worker process: everything that the patterns see in it."""

import base64
from typing import Any

from checks.debugging.analyse import surroundings_of
from checks.debugging.source.module import parse
from checks.debugging.source.text import read
from checks.model.findings import NotAnalysed
from checks.validation.patterns import calls, characters, text
from checks.validation.patterns.rows import Row

MOST = 5_000
"""Rows of one file that are kept; one that has more was made to, and counts as not analysed."""
PYTHON = (".py", ".pyw", ".pyi")


def is_python(path: str, content: bytes) -> bool:
    """Whether a file is Python by its name or its first line."""
    return path.endswith(PYTHON) or (content.startswith(b"#!") and b"python" in content[:200].partition(b"\n")[0])


def look(task: dict[str, Any]) -> dict[str, Any]:
    """Reads `path`, `content` (base64) and `surroundings`; gives `rows`, and `note` where not all was seen."""
    path, content = task["path"], base64.b64decode(task["content"])
    rows: list[Row] = []
    note = ""
    python = is_python(path, content)
    if python:
        decoded = read(path, content)
        module = decoded if isinstance(decoded, NotAnalysed) else parse(decoded, surroundings_of(task["surroundings"]))
        if isinstance(module, NotAnalysed):
            note = module.reason
        else:
            rows += calls.look(module)
    elif b"\0" in content:
        return {"rows": [], "note": ""}
    string = content.decode("utf-8", "replace")
    rows += characters.look(path, string, python=python)
    if not python:
        rows += text.look(path, string)
    if len(rows) > MOST:
        note = note or f"{len(rows):,} dangerous places: the first {MOST:,} are kept"
    return {"rows": rows[:MOST], "note": note}
