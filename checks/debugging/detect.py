"""All detectors on many files: our rules and bandit in worker processes, ruff beside them, a cache before them."""

import base64
import contextlib
import json
import re
import tempfile
from collections.abc import Callable, Mapping
from dataclasses import asdict, dataclass, replace
from pathlib import Path
from typing import Any

from checks.debugging import pool, suppressions
from checks.debugging.analyse import analyse, packed_surroundings
from checks.debugging.cache import Cache, key
from checks.debugging.merge import merged
from checks.debugging.source.module import Surroundings, is_test_path
from checks.debugging.source.text import Text, read
from checks.debugging.tools import levels, ruff
from checks.model.findings import Confidence, Finding, NotAnalysed, Severity, with_fingerprints

LIMIT = 2 * 1024 * 1024
"""Bytes of a file that is analysed. Larger ones are data in Python's clothes, or an attack."""

_SECRETS = frozenset({"hard-coded-secret", "B105", "B106", "B107", "S105", "S106", "S107"})
_LITERAL = re.compile(r"""(['"]).{3,}?\1|(['"]).*""")

type Progress = Callable[[int, int], None]
"""Called with the number of files done and of all files."""


@dataclass(frozen=True, slots=True)
class Result:
    """What is known of one file. `not_analysed` may stand beside findings where only one detector failed."""

    findings: tuple[Finding, ...]
    not_analysed: tuple[NotAnalysed, ...] = ()
    suppressed: int = 0


def detect(
    contents: Mapping[str, bytes],
    surroundings: Surroundings,
    *,
    cache: Cache | None = None,
    progress: Progress = lambda done, total: None,
    workers: int | None = None,
) -> dict[str, Result]:
    """The findings of every file, by path (relative, `/`). Content decides: equal input gives equal results, cached or
    not. Hostile files are not analysed, with why; they never end the run. Raises Refusal where ruff is missing."""
    packed = packed_surroundings(surroundings)
    known = json.dumps(packed, sort_keys=True)
    results: dict[str, Result] = {}
    keys = {path: key(path, content, known) for path, content in contents.items()}
    cached = cache.get(keys.values()) if cache else {}
    for path, name in keys.items():
        if name in cached:
            with contextlib.suppress(KeyError, TypeError, ValueError):  # written by hand, or half: analysed again
                results[path] = _unpacked(path, cached[name])
    if cache and results:
        cache.used(keys[path] for path in results)
    left = {path: content for path, content in contents.items() if path not in results}
    progress(len(results), len(contents))
    fresh = _analysed(left, surroundings, packed, lambda n: progress(len(results) + n, len(contents)), workers)
    if cache:
        cache.put({keys[path]: _packed(result) for path, result in fresh.items()})
    return results | fresh


def _analysed(
    contents: Mapping[str, bytes],
    surroundings: Surroundings,
    packed: dict[str, Any],
    progress: Callable[[int], None],
    workers: int | None,
) -> dict[str, Result]:
    if not contents:
        return {}
    small = {path: content for path, content in contents.items() if len(content) <= LIMIT}
    answers: dict[str, tuple[Any | None, str]] = {
        path: (None, f"{len(content):,} bytes: larger than the {LIMIT:,} bytes that are analysed")
        for path, content in contents.items()
        if path not in small
    }
    with tempfile.TemporaryDirectory(prefix="selfmod-") as folder:
        linter = ruff.Run(Path(folder), small, surroundings.python)
        try:
            largest_first = sorted(small, key=lambda path: -len(small[path]))
            tasks = [
                (path, {"path": path, "content": base64.b64encode(small[path]).decode(), "surroundings": packed})
                for path in largest_first
            ]
            for path, answer, why in pool.run(tasks, analyse, workers=workers):
                answers[path] = (answer, why)
                progress(len(answers))
            diagnostics, broken = linter.diagnostics()
        finally:
            linter.stop()
    by_file: dict[str, list[ruff.Diagnostic]] = {}
    for diagnostic in diagnostics:
        by_file.setdefault(diagnostic.file, []).append(diagnostic)
    return {
        path: _result(path, contents[path], answers[path], by_file.get(path, []), broken.get(path, ""))
        for path in contents
    }


def _result(
    path: str, content: bytes, answer: tuple[Any | None, str], diagnostics: list[ruff.Diagnostic], broken: str
) -> Result:
    found, why = answer
    if found is None or "reason" in found:
        return Result((), (NotAnalysed(path, found["reason"] if found else why),))
    notes = [NotAnalysed(path, note) for note in (*found["notes"], *([broken] if broken else []))]
    rows = [*found["findings"], *(row for d in diagnostics if (row := _ruff_row(path, d)) is not None)]
    if not rows and b"selfmod" not in content:
        return Result((), tuple(notes))
    text = read(path, content)
    assert isinstance(text, Text)  # a worker has read it
    kept, silenced = suppressions.applied(text, merged(path, rows))
    placed = [replace(f, text=_line(text, f), scope=_scope(found["scopes"], f.line)) for f in kept]
    return Result(tuple(with_fingerprints(placed)), tuple(notes), silenced)


def _line(text: Text, finding: Finding) -> str:
    """The finding's line, white space folded. Reports, caches and baselines hold it, so no secret may be in it."""
    line = " ".join(text.line(finding.line).split())
    return _LITERAL.sub("'…'", line) if _SECRETS & {finding.rule, *finding.aliases} else line


def _scope(scopes: list[list[Any]], line: int) -> str:
    """The innermost function or class around a line; a definition's own line belongs to what is around it."""
    best = ""
    for first, last, name in scopes:
        if first < line <= last and name.count(".") >= best.count(".") and (not best or name.startswith(best)):
            best = name
    return str(best)


def _ruff_row(path: str, diagnostic: ruff.Diagnostic) -> dict[str, Any] | None:
    severity = levels.of_ruff(diagnostic.code, is_test_path(path))
    if severity is None:
        return None
    return {
        "line": diagnostic.line,
        "column": diagnostic.column,
        "end_line": diagnostic.end_line,
        "end_column": diagnostic.end_column,
        "rule": diagnostic.code,
        "severity": severity,
        "confidence": Confidence.HIGH if diagnostic.code[0] != "S" else Confidence.MEDIUM,
        "message": diagnostic.message,
        "cwe": levels.cwe_of_ruff(diagnostic.code),
        "tool": "ruff",
        "fixable": bool(diagnostic.fix),
        "aliases": [],
        "left": "",
    }


def _packed(result: Result) -> dict[str, Any]:
    return {
        "findings": [asdict(finding) for finding in result.findings],
        "not_analysed": [note.reason for note in result.not_analysed],
        "suppressed": result.suppressed,
    }


def _unpacked(path: str, value: dict[str, Any]) -> Result:
    findings = []
    for row in value["findings"]:
        row |= {"severity": Severity(row["severity"]), "confidence": Confidence(row["confidence"])}
        row |= {"tools": tuple(row["tools"]), "aliases": tuple(row["aliases"])}
        findings.append(Finding(**row))
    notes = tuple(NotAnalysed(path, reason) for reason in value["not_analysed"])
    return Result(tuple(findings), notes, int(value["suppressed"]))
