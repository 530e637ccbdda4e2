"""All detectors on many files: our rules and bandit in worker processes, ruff beside them, and a cache."""

import base64
import contextlib
import json
from collections.abc import Callable, Mapping
from dataclasses import asdict, dataclass
from typing import Any

from checks.debugging import pool, suppressions
from checks.debugging.analyse import MOST, analyse, packed_surroundings
from checks.debugging.cache import Cache, key
from checks.debugging.merge import merged
from checks.debugging.places import placed
from checks.debugging.source.module import Surroundings, is_test_path
from checks.debugging.source.text import read
from checks.debugging.tools import levels, ruff
from checks.model.findings import Confidence, Finding, NotAnalysed, Severity, with_fingerprints
from checks.repository import scratch

LIMIT = 2 * 1024 * 1024
"""Bytes of a file that is analysed. Larger ones are data in Python's clothes, or an attack."""

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
            with contextlib.suppress(AttributeError, KeyError, TypeError, ValueError):  # not what we wrote
                results[path] = _unpacked(path, cached[name])
    if cache and results:
        cache.used(keys[path] for path in results)
    left = {path: content for path, content in contents.items() if path not in results}
    progress(len(results), len(contents))
    fresh, passing = _analysed(left, surroundings, packed, lambda n: progress(len(results) + n, len(contents)), workers)
    if cache:
        cache.put({keys[path]: _packed(result) for path, result in fresh.items() if path not in passing})
    return {path: fresh[path] if path in fresh else results[path] for path in contents}


def _analysed(
    contents: Mapping[str, bytes],
    surroundings: Surroundings,
    packed: dict[str, Any],
    progress: Callable[[int], None],
    workers: int | None,
) -> tuple[dict[str, Result], set[str]]:
    """Results, and the files whose result may be another on a better day: a tool broke down or was out of time."""
    if not contents:
        return {}, set()
    small = {path: content for path, content in contents.items() if len(content) <= LIMIT}
    answers: dict[str, tuple[Any | None, str]] = {
        path: (None, f"{len(content):,} bytes: larger than the {LIMIT:,} bytes that are analysed")
        for path, content in contents.items()
        if path not in small
    }
    with scratch.folder() as folder:
        linter = ruff.Run(folder, small, surroundings.python)
        tasks = (
            (path, {"path": path, "content": base64.b64encode(small[path]).decode(), "surroundings": packed})
            for path in sorted(small, key=lambda path: (-len(small[path]), path))
        )
        try:
            with contextlib.closing(pool.run(tasks, analyse, workers=workers)) as running:
                for path, answer, why in running:
                    answers[path] = (answer, why)
                    progress(len(answers))
            unread = {path for path, (answer, _) in answers.items() if answer is None or "reason" in answer}
            diagnostics, broken = linter.diagnostics(skip=unread)
        finally:
            linter.stop()
    by_file: dict[str, list[ruff.Diagnostic]] = {}
    for diagnostic in diagnostics:
        by_file.setdefault(diagnostic.file, []).append(diagnostic)
    results = {
        path: _result(path, contents[path], answers[path], by_file.get(path, []), broken.get(path, ""))
        for path in contents
    }
    failed = {path for path in small if not (answers[path][0] or {"lasting": False}).get("lasting", True)}
    return results, failed | broken.keys()


def _result(
    path: str, content: bytes, answer: tuple[Any | None, str], diagnostics: list[ruff.Diagnostic], broken: str
) -> Result:
    found, why = answer
    if found is None or "reason" in found:
        return Result((), (NotAnalysed(path, found["reason"] if found else why),))
    reasons = [*found["notes"], *([broken] if broken else [])]
    rows = [*found["findings"], *(row for d in diagnostics if (row := _ruff_row(path, d)) is not None)]
    if not rows and b"selfmod" not in content.lower():
        return Result((), tuple(NotAnalysed(path, reason) for reason in reasons))
    text = read(path, content)
    if isinstance(text, NotAnalysed):  # a worker has read it: it is not
        return Result((), (text,))
    nosec = {line: frozenset(codes) for line, codes in found["nosec"]}
    kept, silenced = suppressions.applied(text, merged(path, rows), nosec, complete=not reasons)
    if len(kept) > MOST:
        reasons.append(f"{len(kept):,} findings: the worst {MOST:,} are kept")
        kept = sorted(kept, key=lambda f: (-f.severity.rank, f.line, f.column, f.rule))[:MOST]
    notes = tuple(NotAnalysed(path, reason) for reason in reasons)
    return Result(tuple(with_fingerprints(placed(text, kept, found["scopes"]))), notes, silenced)


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


def _unpacked(path: str, value: Any) -> Result:
    """The result that a value of the cache stands for. Raises ValueError, KeyError or TypeError where it is not one
    that we wrote for this file."""
    findings = [_finding(path, row) for row in value["findings"]]
    reasons = value["not_analysed"]
    if not all(type(reason) is str for reason in reasons) or type(value["suppressed"]) is not int:
        raise TypeError("not what was written")
    return Result(tuple(findings), tuple(NotAnalysed(path, reason) for reason in reasons), value["suppressed"])


def _finding(path: str, row: Any) -> Finding:
    if row.keys() != _KINDS.keys() or any(type(row[name]) not in kinds for name, kinds in _KINDS.items()):
        raise TypeError("not a finding")
    names = [*row["tools"], *row["aliases"]]
    if row["file"] != path or row["line"] < 1 or row["column"] < 1 or not all(type(name) is str for name in names):
        raise ValueError("not a finding of this file")
    severity, confidence = Severity(row["severity"]), Confidence(row["confidence"])
    sequences = {"tools": tuple(row["tools"]), "aliases": tuple(row["aliases"])}
    return Finding(**{**row, **sequences, "severity": severity, "confidence": confidence})


_KINDS: dict[str, tuple[type, ...]] = {
    **dict.fromkeys(("line", "column", "end_line", "end_column"), (int,)),
    **dict.fromkeys(("file", "rule", "severity", "confidence", "message", "tool"), (str,)),
    **dict.fromkeys(("scope", "text", "left", "fingerprint"), (str,)),
    **dict.fromkeys(("tools", "aliases"), (list,)),
    "cwe": (int, type(None)),
    "fixable": (bool,),
}
