"""
## What it does
Looks at what the change adds, in every file that it touches, for what a person should not miss: text run as code, shell
commands, deletion, writes outside the project, network calls, process control, deserialisation, imports of a
name that varies, code that is hidden, characters that deceive the reader, changes to workflows, to the build and to
instructions of agents, links, submodules. Code that was only moved is not new. What was there in another form is listed
as a hint.

## What fails it
Whoever proposes the change: hidden code, characters that turn, hide or imitate text in code, links out of the
repository, paths that are taken for git's own. In a change of selfmod's own, or from a fork, more than that, and for
selfmod any path outside the folders that the configuration allows; the table of patterns says which. What does not fail
the change raises its risk. What a revert of selfmod's own brings back, because it was there before what is taken back,
does not fail it either, outside of those folders apart: it is told, and makes the change HIGH_RISK at least.

## What to do
Each finding says what can come of it and what to do instead. A call that the project needs is no fault: for a person's
own change it fails nothing. Files that hold such samples on purpose are named under `exclude`, which counts for changes
of people with write access only.
"""

import base64
from collections import Counter
from collections.abc import Iterator, Mapping
from contextlib import closing
from dataclasses import dataclass, field, replace

from pathspec import GitIgnoreSpec

from checks.debugging import pool, selection
from checks.debugging.analyse import packed_surroundings
from checks.model.findings import Finding, NotAnalysed, Severity, with_fingerprints
from checks.model.safety import Proposer
from checks.model.verdicts import StageResult, State
from checks.repository.change import Change
from checks.repository.changed import added_lines, read
from checks.repository.history import MODES, shown
from checks.repository.snapshot import Snapshot
from checks.validation import returning
from checks.validation.asked import Asked
from checks.validation.patterns import rows, touched, worker
from checks.validation.patterns.table import BY_RULE, Fails

NAME = "dangerous"
TITLE = "No dangerous pattern"
SYNTAX = "syntax error"


@dataclass(slots=True)
class _Side:
    """What one side of the change holds: rows by path, and why a file could not be looked at."""

    found: dict[str, list[rows.Row]] = field(default_factory=dict)
    notes: dict[str, str] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class _New:
    """A row of the head that the base has not; `edited` where the base has one of its kind in its place. `named`: it is
    about the path itself, not about what is in the file."""

    path: str
    row: rows.Row
    edited: bool = False
    named: bool = False

    @property
    def place(self) -> tuple[str, str, int, int]:
        return self.path, self.row["key"], self.row["line"], self.row["column"]


def run(change: Change, asked: Asked) -> StageResult:
    """Fails as the table of patterns says for the proposer, and for a file that cannot be looked at any more."""
    trusted = asked.proposer in (Proposer.PERSON, Proposer.DEPENDENCY_BOT)
    exclude = selection.excluding(asked.exclude if trusted else ())
    base, head = _looked(change, exclude)
    folders = selection.excluding(asked.folders) if asked.proposer is Proposer.SELFMOD else None
    new = [_New(path, row, named=True) for path, row in touched.look(change, asked.proposer, folders)]
    new += _introduced(change, base, head)
    disabled = set(asked.disable) if trusted else set[str]()
    new = [each for each in new if each.row["rule"] not in disabled or each.row["fails"] == Fails.ALWAYS]
    fails = [each for each in new if not _lenient(each, asked) and Fails(each.row["fails"]).fails(asked.proposer)]
    returned = _returned(fails, asked, exclude)
    failing, findings, back = [], [], []
    for each in new:
        made = rows.finding(each.path, each.row, BY_RULE[each.row["rule"]].cwe)
        if each in returned:
            back.append(made)
            continue
        findings.append(_hint(made) if _lenient(each, asked) else made)
        if each in fails:
            failing.append(made)
    unread = _unread(change, base, head, exclude)
    reason = "; ".join(part for part in (_said(failing), _unknown(unread)) if part)
    facts = {"files": str(len(head.found))}
    if findings:
        facts["failing"] = f"{len(failing)} of {len(findings)}"
    facts |= returning.facts(_ordered(back))
    state = State.FAILED if reason else State.PASSED
    return StageResult(NAME, state, reason, _ordered(findings), facts, brought_back=_ordered(back))


def _ordered(findings: list[Finding]) -> tuple[Finding, ...]:
    marked = with_fingerprints(findings)
    return tuple(sorted(marked, key=lambda f: (-f.severity.rank, f.file, f.line, f.column, f.rule)))


def _lenient(each: _New, asked: Asked) -> bool:
    return each.edited and asked.proposer is not Proposer.FORK and each.row["fails"] != Fails.ALWAYS


def _returned(fails: list[_New], asked: Asked, exclude: GitIgnoreSpec) -> list[_New]:
    """Those that were there before what a revert takes back. Where selfmod may write is no matter of what was there."""
    before = asked.before
    if before is None or not fails:
        return []
    differing = {path for each in before.touched for path in (each.path, each.was)}
    odd = {(row["rule"], row["text"]) for _, row in touched.look(before, asked.proposer, None)}
    change = returning.narrowed(before, {each.path for each in fails if not each.named})
    base, head = _looked(change, exclude)
    there = {_New(path, row).place for path, found in head.found.items() for row in found}
    there -= {each.place for each in _introduced(change, base, head)}

    def was_there(each: _New) -> bool:
        if not each.named:
            return each.place in there
        same = each.path not in differing and (each.row["rule"], each.row["text"]) not in odd
        return same and each.row["rule"] != touched.OUTSIDE

    return [each for each in fails if was_there(each)]


def _hint(finding: Finding) -> Finding:
    worst = min(finding.severity, Severity.LOW, key=lambda severity: severity.rank)
    return replace(finding, severity=worst, message=f"{finding.message} (edited: it was there before)")


def _said(failing: list[Finding]) -> str:
    if not failing:
        return ""
    places = ", ".join(f"{f.rule} in {f.file}:{f.line}" for f in failing[:3])
    more = f" and {len(failing) - 3} more" if len(failing) > 3 else ""
    return f"{len(failing)} dangerous {'addition' if len(failing) == 1 else 'additions'}: {places}{more}"


def _unknown(unread: list[NotAnalysed]) -> str:
    if not unread:
        return ""
    return "not analysed: " + ", ".join(f"{note.file} ({note.reason})" for note in unread[:3])


def _looked(change: Change, exclude: GitIgnoreSpec) -> tuple[_Side, _Side]:
    """Both sides of every touched file, looked at in worker processes."""
    sides = {"base": _Side(), "head": _Side()}
    with closing(pool.run(_tasks(change, exclude), worker.look)) as running:
        for name, answer, why in running:
            side, _, path = name.partition(":")
            sides[side].found[path] = answer["rows"] if answer else []
            note = answer["note"] if answer else why
            if note:
                sides[side].notes[path] = note
    return sides["base"], sides["head"]


def _tasks(change: Change, exclude: GitIgnoreSpec) -> Iterator[pool.Task]:
    for side, snapshot in (("base", change.base), ("head", change.head)):
        around: dict[str, object] | None = None
        for path in _paths(change, side, snapshot):
            content = read(snapshot, path)
            if content is None or exclude.match_file(path):
                continue
            if around is None:
                around = packed_surroundings(selection.surroundings(snapshot))
            task = {"path": path, "content": base64.b64encode(content).decode(), "surroundings": around}
            yield f"{side}:{path}", task


def _paths(change: Change, side: str, snapshot: Snapshot) -> list[str]:
    here = {entry.path for entry in snapshot.files}
    names = {each.was if side == "base" else each.path for each in change.touched}
    return sorted(names & here)


def _introduced(change: Change, base: _Side, head: _Side) -> Iterator[_New]:
    """The rows of the head that the base has not, wherever it had them. Of several equal ones those on added lines are
    new."""
    added = added_lines(change)
    was = {each.path: each.was for each in change.present()}
    old = Counter(row["key"] for found in base.found.values() for row in found)
    everywhere = [(path, row) for path, found in head.found.items() for row in found]
    everywhere.sort(key=lambda one: (one[1]["line"] in added.get(one[0], ()), one[0], one[1]["line"]))
    rest = []
    for path, row in everywhere:
        if old[row["key"]] > 0:
            old[row["key"]] -= 1
        else:
            rest.append((path, row))
    left = _kinds(base.found, old)
    for path, row in rest:
        place = (was.get(path, path), row["kind"])
        edited = left[place] > 0
        if edited:
            left[place] -= 1
        yield _New(path, row, edited)


def _kinds(found: Mapping[str, list[rows.Row]], old: Counter[str]) -> Counter[tuple[str, str]]:
    """How many rows of each kind a file of the base has that the head has not; `old` counts those by their key."""
    left: Counter[tuple[str, str]] = Counter()
    rest = Counter(old)
    for path, many in found.items():
        for row in many:
            if rest[row["key"]] > 0:
                rest[row["key"]] -= 1
                left[path, row["kind"]] += 1
    return left


def _unread(change: Change, base: _Side, head: _Side, exclude: GitIgnoreSpec) -> list[NotAnalysed]:
    """Files that nobody looked at: those that were looked at before, and new ones of Python."""
    was = {each.path: each.was for each in change.present() if each.status != "added"}
    found = [
        NotAnalysed(shown(path), note)
        for path, note in head.notes.items()
        if not note.startswith(SYNTAX) and base.notes.get(was.get(path, "")) != note
    ]
    skipped = {note.file: note.reason for note in change.head.skipped}
    before = {note.file for note in change.base.skipped}
    for each in change.present():
        name = shown(each.path)
        new = name in skipped and shown(each.was) not in before and each.new_mode in MODES
        if new and name.endswith(worker.PYTHON) and not exclude.match_file(each.path):
            found.append(NotAnalysed(name, skipped[name]))
    return found
