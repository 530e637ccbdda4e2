"""The straight line of fixing: a tree in, change sets and the outcome of every finding out."""

import re
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from enum import StrEnum
from pathlib import Path

from checks.debugging import selection as files
from checks.debugging.cache import Cache
from checks.debugging.detect import Progress, Result, detect
from checks.debugging.fixing import Fixing, Outcome
from checks.debugging.source.module import Surroundings
from checks.model.changes import ChangeSet, FileChange, digest
from checks.model.errors import Refusal
from checks.model.findings import Finding, NotAnalysed
from checks.repository import git, history
from checks.repository.snapshot import of_working_tree


class Group(StrEnum):
    """What belongs to one change."""

    RULE = "rule"
    FILE = "file"
    ALL = "all"


@dataclass(frozen=True, slots=True)
class Selection:
    """Which findings are to be fixed. `rules` and `findings` (fingerprints, their beginnings, or `file:line`) are all
    where empty. `exclude`: files not analysed, `unchanged`: files never changed, `disable`: rules not reported, `left`:
    rules not fixed."""

    rules: tuple[str, ...] = ()
    findings: tuple[str, ...] = ()
    exclude: tuple[str, ...] = ()
    unchanged: tuple[str, ...] = ()
    disable: tuple[str, ...] = ()
    left: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Change:
    """One change set with its subject: a rule, a file, or everything."""

    name: str
    change_set: ChangeSet
    fixed: tuple[Finding, ...]

    def message(self) -> str:
        """A commit message: the subject, then every fixed finding."""
        lines = [f"- {f.rule}: {f.file}:{f.line}" for f in self.fixed]
        return f"{self.change_set.summary}\n\n" + "\n".join(lines) + "\n"


@dataclass(frozen=True, slots=True)
class Fixes:
    """What came of it. `read` gives a file's bytes before the change."""

    root: Path
    outcomes: tuple[Outcome, ...]
    changes: tuple[Change, ...]
    not_analysed: tuple[NotAnalysed, ...]
    files: int
    seconds: float
    read: Callable[[str], bytes]

    def together(self) -> ChangeSet:
        """All changes as one. Raises Refusal where two change the same file: each was made without the other."""
        merged: dict[str, FileChange] = {}
        for change in self.changes:
            for file in change.change_set.files:
                if file.path in merged:
                    raise Refusal(
                        f"{file.path} is changed for several rules.", "Apply them together: leave out --group rule."
                    )
                merged[file.path] = file
        base = self.changes[0].change_set.base if self.changes else None
        return ChangeSet(base, tuple(merged.values()))


def fix_tree(
    paths: Sequence[Path], selection: Selection, group: Group, cache: Cache | None, progress: Progress
) -> Fixes:
    """Fixes the findings of files and folders of one repository, in memory. Raises Refusal for a path that is not
    there or lies in another repository, and for a finding that is not found."""
    started = time.monotonic()
    first = of_working_tree(paths[0])
    root = first.root or paths[0].resolve()
    snapshot = first if len(paths) == 1 else of_working_tree(root, tuple(path.resolve() for path in paths))
    exclude = files.excluding(selection.exclude)
    contents, notes = files.contents(snapshot, files.python_files(snapshot, exclude))
    whole = of_working_tree(root) if git.find_root(root) or len(paths) > 1 else first
    around = files.surroundings(whole)
    results = detect(contents, around, cache=cache, progress=progress)
    found = [finding for result in results.values() for finding in result.findings]
    wanted = _wanted(found, selection)
    spared = files.excluding(selection.unchanged)
    left = [
        Outcome(f, "left", why="the configuration says not to change this")
        for f in wanted
        if spared.match_file(f.file) or {f.rule, *f.aliases} & set(selection.left)
    ]
    kept = {id(outcome.finding) for outcome in left}
    outcomes, changes = _fixed(
        [f for f in wanted if id(f) not in kept], contents, results, around, group, cache, _commit(root)
    )
    notes += files.unread(snapshot, exclude)
    notes += [note for result in results.values() for note in result.not_analysed]
    ordered = sorted((*left, *outcomes), key=lambda o: (o.finding.file, o.finding.line, o.finding.column))
    return Fixes(
        root,
        tuple(ordered),
        tuple(changes),
        tuple(notes),
        len(contents),
        time.monotonic() - started,
        contents.__getitem__,
    )


def _fixed(
    wanted: list[Finding],
    contents: dict[str, bytes],
    results: dict[str, Result],
    around: Surroundings,
    group: Group,
    cache: Cache | None,
    commit: str | None,
) -> tuple[list[Outcome], list[Change]]:
    """One pass for everything or by file; one a rule where each rule is to be a change of its own."""
    fixing = Fixing(contents, results, around, cache)
    if group is Group.RULE:
        passes = [(rule, [f for f in wanted if f.rule == rule]) for rule in sorted({f.rule for f in wanted})]
    else:
        passes = [("all", wanted)]
    outcomes: list[Outcome] = []
    changes: list[Change] = []
    for name, findings in passes:
        result = fixing.fix(findings)
        outcomes += result.outcomes
        fixed = [o.finding for o in result.outcomes if o.state == "fixed"]
        parts = [(path, (path,)) for path in result.after] if group is Group.FILE else [(name, tuple(result.after))]
        for part, paths in parts:
            if not paths:
                continue
            mine = tuple(f for f in fixed if f.file in paths)
            edits = tuple(FileChange(p, digest(contents[p]), result.after[p]) for p in sorted(paths))
            subject = _subject(part, mine, len(paths), group)
            changes.append(Change(_slug(part), ChangeSet(commit, edits, subject), mine))
    return outcomes, changes


def _subject(part: str, fixed: tuple[Finding, ...], count: int, group: Group) -> str:
    where = f"{count} file{'s' if count != 1 else ''}"
    if group is Group.ALL:
        rules = {finding.rule for finding in fixed}
        what = (
            f"{len(fixed)} finding{'s' if len(fixed) != 1 else ''} of {len(rules)} rule{'s' if len(rules) != 1 else ''}"
        )
        return f"fix: {what} in {where}"
    return f"fix: {part}" + (f" in {where}" if group is Group.RULE else f" ({len(fixed)} findings)")


def _slug(name: str) -> str:
    return re.sub(r"[^A-Za-z0-9._-]+", "-", name).strip("-.") or "change"


def _commit(root: Path) -> str | None:
    return history.head(root) if git.find_root(root) else None


def _wanted(found: list[Finding], selection: Selection) -> list[Finding]:
    disabled = set(selection.disable)
    found = [f for f in found if not disabled.intersection((f.rule, *f.aliases))]
    if selection.rules:
        found = [f for f in found if f.rule in selection.rules]
    if not selection.findings:
        return found
    chosen: dict[int, Finding] = {}
    for name in selection.findings:
        hits = [f for f in found if _named(f, name)]
        if not hits:
            raise Refusal(
                f"there is no finding {name!r}.", "Name a fingerprint of selfmod review --json, or file:line."
            )
        chosen |= {id(f): f for f in hits}
    return list(chosen.values())


def _named(finding: Finding, name: str) -> bool:
    if re.fullmatch(r"[0-9a-f]{6,32}", name):
        return finding.fingerprint.startswith(name)
    return name in (f"{finding.file}:{finding.line}", finding.place)
