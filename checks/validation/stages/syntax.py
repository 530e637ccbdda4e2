"""
## What it does
Parses every Python file of the change for each Python that the repository declares (ruff knows the grammar of each;
the running Python compiles it beside that, in a bounded process and without running it), and every TOML, YAML and JSON
file. Looks for conflict markers in any text file.

## What fails it
A fault of form that the base's file did not have. Data of tests and templates, which are often broken on purpose, are
told as hints: which files those are is written in `checks/validation/syntax/places.py`.

## What to do
Mend the line named. A feature that is too new for a declared Python: write it otherwise, or raise `requires-python`.
"""

import base64
import sys
from collections import Counter
from collections.abc import Iterator, Mapping
from contextlib import closing
from dataclasses import dataclass, replace

from checks.debugging import pool, selection
from checks.debugging.tools import ruff
from checks.model.findings import Confidence, Finding, Severity, with_fingerprints
from checks.model.verdicts import StageResult, State
from checks.repository import scratch
from checks.repository.change import Change
from checks.repository.declarations import project, pythons
from checks.repository.history import shown
from checks.validation.asked import Asked
from checks.validation.syntax import data, places
from checks.validation.syntax.look import Row, is_python, look

NAME = "syntax"
TITLE = "Every file can be read"

_RULES = {"conflict": "conflict-marker", "fenced": "conflict-marker", "encoding": "encoding", "data": "malformed-data"}


@dataclass(frozen=True, slots=True)
class _Fault:
    kind: str
    line: int
    column: int
    message: str

    @property
    def key(self) -> str:
        """Faults of one file with the same key are one fault: a file that is broken stays broken."""
        return self.message if self.kind == "version" else self.kind


type _Faults = dict[str, list[_Fault]]


def run(change: Change, asked: Asked) -> StageResult:
    """Fails for what the base could be read and the head cannot."""
    exclude = selection.excluding(asked.exclude)
    touched = [e for e in change.present() if e.new_mode in (None, "100644", "100755")]
    readable = {entry.path for entry in change.head.files}
    paths = [e.path for e in touched if e.path in readable and not exclude.match_file(e.path)]
    contents, failed = selection.contents(change.head, paths)
    was = {e.path: e.was for e in touched if e.status != "added"}
    before, _ = selection.contents(change.base, sorted(set(was.values()) & {e.path for e in change.base.files}))
    declared = project.of(change.head).pythons
    earlier = project.of(change.base).pythons
    faults = _faults(change, contents, declared)
    worse = {path for path in faults if was.get(path) in before}
    old = _faults(change, {was[path]: before[was[path]] for path in worse}, declared if worse else earlier)
    findings: list[Finding] = []
    failing: list[Finding] = []
    for path, found in sorted(faults.items()):
        known = {fault.key for fault in old.get(was.get(path, ""), ())}
        lenient = places.is_data(path, readable) or (
            not is_python(path, contents[path]) and places.is_template(contents[path])
        )
        for fault in found:
            hint = fault.key in known or lenient or fault.kind == "fenced"
            finding = _finding(path, contents[path], fault, hint=hint)
            findings.append(finding)
            if not hint:
                failing.append(finding)
    facts = {"python": pythons.shown(declared), "files": _counted(contents)}
    if failed:
        facts["not read"] = ", ".join(f"{note.file} ({note.reason})" for note in failed[:3])
    state = State.FAILED if failing else State.PASSED
    return StageResult(NAME, state, _reason(failing), tuple(with_fingerprints(findings)), facts)


def _reason(failing: list[Finding]) -> str:
    if not failing:
        return ""
    places_ = ", ".join(f"{f.file}:{f.line} ({f.message})" for f in failing[:3])
    more = f" and {len(failing) - 3} more" if len(failing) > 3 else ""
    return f"{len(failing)} {'fault' if len(failing) == 1 else 'faults'} of form: {places_}{more}"


def _counted(contents: Mapping[str, bytes]) -> str:
    counts = Counter("Python" if is_python(p, c) else data.kind(p) or "other" for p, c in contents.items())
    order = ("Python", "TOML", "YAML", "JSON", "other")
    return ", ".join(f"{counts[kind]} {kind}" for kind in order if counts[kind]) or "none"


def _faults(change: Change, contents: Mapping[str, bytes], declared: tuple[tuple[int, int], ...]) -> _Faults:
    """The faults of each file that has any."""
    found: _Faults = {}
    ours: dict[str, list[Row]] = {}
    with closing(pool.run(_tasks(contents), look)) as running:
        for path, rows, why in running:
            if rows is None:
                found.setdefault(path, []).append(_Fault("unknown", 1, 1, why))
            else:
                ours[path] = rows
    python = {p: c for p, c in contents.items() if p in ours and is_python(p, c) and not _kinds(ours[p]) & {"encoding"}}
    versions, broken = _versions(python, declared)
    for path, rows in ours.items():
        compiled = next((row for row in rows if row["kind"] == "compile"), None)
        said = versions.get(path, [])
        # each release adds to the grammar or takes from it for good: the lowest and the highest tell of all between
        ends = {declared[0], declared[-1]}
        named = {d.message: d for version, d in said if version in ends and _of_version(d)}
        faults = [_Fault("version", d.line, d.column, d.message) for d in named.values()]
        here = [d for version, d in said if version == _RUNNING]
        if compiled and (_RUNNING in declared or not any(map(_of_version, here))):
            if not named or not any(map(_of_version, here)):
                faults.append(_Fault("parse", compiled["line"], compiled["column"], compiled["message"]))
        elif compiled:
            plain = next((d for d in here if not _of_version(d)), None)
            if plain:
                faults.append(_Fault("parse", plain.line, plain.column, plain.message))
        faults += [_Fault(r["kind"], r["line"], r["column"], r["message"]) for r in rows if r["kind"] != "compile"]
        conflict = any(fault.kind == "conflict" for fault in faults)
        if path in python and conflict and not compiled:
            # in a string: the file is good Python as it stands
            faults = [replace(f, kind="fenced") if f.kind == "conflict" else f for f in faults]
        elif conflict:
            faults = [f for f in faults if f.kind not in ("parse", "data")]
        if path in broken:
            faults.append(_Fault("unknown", 1, 1, broken[path]))
        if faults:
            found.setdefault(path, []).extend(faults)
    return found


_RUNNING = sys.version_info[:2]


def _kinds(rows: list[Row]) -> set[str]:
    return {row["kind"] for row in rows}


def _tasks(contents: Mapping[str, bytes]) -> Iterator[pool.Task]:
    for path, content in sorted(contents.items()):
        yield path, {"path": path, "content": base64.b64encode(content).decode()}


def _of_version(diagnostic: ruff.Diagnostic) -> bool:
    return " on Python 3." in diagnostic.message or "in Python 3." in diagnostic.message


type _Said = dict[str, list[tuple[tuple[int, int], ruff.Diagnostic]]]


def _versions(python: Mapping[str, bytes], declared: tuple[tuple[int, int], ...]) -> tuple[_Said, dict[str, str]]:
    """What ruff says of each file for the lowest and the highest declared Python and for the running one."""
    said: _Said = {}
    broken: dict[str, str] = {}
    if not python:
        return said, broken
    for version in sorted({declared[0], declared[-1], _RUNNING}):
        with scratch.folder() as folder:
            linter = ruff.Run(folder, python, version, select=ruff.SYNTAX)
            try:
                diagnostics, failed = linter.diagnostics()
            finally:
                linter.stop()
        broken |= failed
        for diagnostic in diagnostics:
            said.setdefault(diagnostic.file, []).append((version, diagnostic))
    return said, broken


def _finding(path: str, content: bytes, fault: _Fault, *, hint: bool) -> Finding:
    lines = content.splitlines()
    text = lines[fault.line - 1].decode("utf-8", "replace") if fault.line <= len(lines) else ""
    return Finding(
        file=shown(path),
        line=fault.line,
        column=fault.column,
        end_line=fault.line,
        end_column=fault.column + 1,
        rule=_RULES.get(fault.kind, "not-analysed" if fault.kind == "unknown" else "syntax-error"),
        severity=Severity.LOW if hint else Severity.HIGH,
        confidence=Confidence.HIGH,
        message=fault.message,
        cwe=None,
        tool="selfmod",
        tools=("ruff",) if fault.kind == "version" else ("selfmod",),
        fixable=False,
        text=" ".join(text.split())[:200],
    )
