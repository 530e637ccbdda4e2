"""The straight line of fixing: a tree in, change sets and the outcome of every finding out."""

import os
import posixpath
import re
import time
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from enum import StrEnum
from pathlib import Path

from checks.debugging import selection as files
from checks.debugging.cache import Cache
from checks.debugging.detect import Progress, detect
from checks.debugging.mending.fixing import Fixing, Outcome
from checks.debugging.mending.settling import Holds, settled
from checks.model.changes import ChangeSet, FileChange, digest
from checks.model.errors import Refusal
from checks.model.findings import Finding, NotAnalysed
from checks.reports.safe import visible
from checks.repository import git, history
from checks.repository.snapshot import Snapshot, of_working_tree


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
    """One change set with its subject: a rule, a file, or everything. `before` are its files as it finds them."""

    name: str
    change_set: ChangeSet
    fixed: tuple[Finding, ...]
    before: Mapping[str, bytes] = field(repr=False)

    def message(self) -> str:
        """A commit message: the subject, then every fixed finding."""
        lines = [f"- {f.rule}: {visible(f.file)}:{f.line}" for f in self.fixed]
        return f"{self.change_set.summary}\n\n" + "\n".join(lines) + "\n"


@dataclass(frozen=True, slots=True)
class Fixes:
    """What came of it: the outcome of every finding that was asked for, and the changes."""

    root: Path
    outcomes: tuple[Outcome, ...]
    changes: tuple[Change, ...]
    not_analysed: tuple[NotAnalysed, ...]
    files: int
    seconds: float

    def together(self) -> ChangeSet:
        """All changes as one, where each was made on top of the one before."""
        merged: dict[str, FileChange] = {}
        for change in self.changes:
            for file in change.change_set.files:
                first = merged.get(file.path, file)
                merged[file.path] = replace(file, before=first.before)
        base = self.changes[0].change_set.base if self.changes else None
        return ChangeSet(base, tuple(merged.values()))


def fix_tree(
    paths: Sequence[Path],
    selection: Selection,
    group: Group,
    cache: Cache | None,
    progress: Progress,
    apart: bool = False,
    judged_by: Callable[[Snapshot, Sequence[str]], Holds] | None = None,
) -> Fixes:
    """Fixes the findings of files and folders of one repository, in memory. Where each rule is a change, each is made
    on top of the one before, or with `apart` on what is there now. `judged_by` is given all files of the repository and
    the rules whose fixes are wanted; a fix that does not stand up to what it gives is refused. Raises Refusal for a
    path that is not there or lies in another repository, and for a finding that is not found."""
    started = time.monotonic()
    snapshot = _snapshot(paths)
    root = snapshot.root or paths[0].resolve()
    exclude = files.excluding(selection.exclude)
    spared = files.excluding(selection.unchanged)
    contents, notes = files.contents(snapshot, files.python_files(snapshot, exclude))
    everything = files.whole(snapshot, paths[0])
    around = files.surroundings(everything)
    results = detect(contents, around, cache=cache, progress=progress)
    found = [finding for result in results.values() for finding in result.findings]
    wanted = _wanted(found, selection)
    left = [
        Outcome(f, "left", why="the configuration says not to change this")
        for f in wanted
        if spared.match_file(f.file) or {f.rule, *f.aliases} & set(selection.left)
    ]
    kept = {id(outcome.finding) for outcome in left}
    fixing = Fixing(contents, results, around, cache, around=lambda: _all(everything))
    run = _Run(fixing, contents, _commit(root), group)
    chosen = [f for f in wanted if id(f) not in kept]
    refused: list[Outcome] = []
    if judged_by is not None:
        holds = judged_by(everything, sorted({f.rule for f in chosen if f.fixable}))
        refused = [o for o in settled(fixing, chosen, holds).outcomes if o.state == "refused"]
        fallen = {id(outcome.finding) for outcome in refused}
        chosen = [f for f in chosen if id(f) not in fallen]
    outcomes, changes = run.fixed(chosen, apart)
    outcomes += refused
    notes += files.unread(snapshot, exclude)
    notes += [note for result in results.values() for note in result.not_analysed]
    ordered = sorted((*left, *outcomes), key=lambda o: (o.finding.file, o.finding.line, o.finding.column))
    seconds = time.monotonic() - started
    return Fixes(root, tuple(ordered), tuple(changes), tuple(notes), len(contents), seconds)


def _snapshot(paths: Sequence[Path]) -> Snapshot:
    """What the paths name: beneath the root of their repository, outside git beneath the folder that holds them all."""
    if len(paths) == 1:
        return of_working_tree(paths[0])
    for path in paths:
        git.refuse_outward(path)
    resolved = [path.resolve() for path in paths]
    root = git.find_root(resolved[0])
    if root is None:
        root = Path(os.path.commonpath([path if path.is_dir() else path.parent for path in resolved]))
    return of_working_tree(root, tuple(resolved))


def _all(whole: Snapshot) -> Mapping[str, bytes]:
    """The Python files of the repository, whatever is excluded: a test there may use what is fixed here."""
    return files.contents(whole, files.python_files(whole, files.excluding(())))[0]


@dataclass(frozen=True, slots=True)
class _Run:
    fixing: Fixing
    contents: Mapping[str, bytes]
    commit: str | None
    group: Group

    def fixed(self, wanted: list[Finding], apart: bool) -> tuple[list[Outcome], list[Change]]:
        """The outcome of each finding, and the changes."""
        if self.group is Group.RULE:
            outcomes, parts = self._by_rule(wanted, apart)
        else:
            result = self.fixing.fix(wanted)
            outcomes = list(result.outcomes)
            parts = [("all", self.contents, result.after)] if result.after else []
            if self.group is Group.FILE:
                parts = [(path, self.contents, {path: new}) for path, new in sorted(result.after.items())]
        done = [outcome.finding for outcome in outcomes if outcome.state == "fixed"]
        slugs: list[str] = []
        changes = []
        for name, before, after in parts:
            slugs.append(_slug(name, slugs))
            mine = tuple(f for f in done if f.file in after and (self.group is not Group.RULE or f.rule == name))
            edits = tuple(FileChange(p, digest(before[p]), after[p]) for p in sorted(after))
            subject = _subject(name, mine, len(after), self.group)
            change_set = ChangeSet(self.commit, edits, subject)
            changes.append(Change(slugs[-1], change_set, mine, {p: before[p] for p in after}))
        return outcomes, changes

    def _by_rule(
        self, wanted: list[Finding], apart: bool
    ) -> tuple[list[Outcome], list[tuple[str, Mapping[str, bytes], Mapping[str, bytes]]]]:
        """A pass for each rule. On top of each other means: a file is made anew with the fixes of all rules so far."""
        outcomes: list[Outcome] = []
        parts: list[tuple[str, Mapping[str, bytes], Mapping[str, bytes]]] = []
        now = dict(self.contents)
        firm: list[Finding] = []
        for rule in sorted({finding.rule for finding in wanted}):
            mine = [finding for finding in wanted if finding.rule == rule]
            touched = {finding.file for finding in mine if finding.fixable}
            below = [] if apart else [finding for finding in firm if finding.file in touched]
            result = self.fixing.fix([*below, *mine])
            spoilt = {o.finding.file: o for o in result.outcomes[: len(below)] if o.state != "fixed"}
            after = {p: new for p, new in result.after.items() if p not in spoilt and new != now[p]}
            for outcome in result.outcomes[len(below) :]:
                if outcome.state == "fixed" and outcome.finding.file in spoilt:
                    why = f"it does not hold together with that of {spoilt[outcome.finding.file].finding.rule}"
                    outcome = replace(outcome, state="refused", stage="together", why=why)
                outcomes.append(outcome)
                if outcome.state == "fixed":
                    firm.append(outcome.finding)
            if after:
                parts.append((rule, dict(now), after))
                if not apart:
                    now |= after
        return outcomes, parts


def _subject(part: str, fixed: tuple[Finding, ...], count: int, group: Group) -> str:
    where, findings = _counted(count, "file"), _counted(len(fixed), "finding")
    if group is Group.ALL:
        rules = len({finding.rule for finding in fixed})
        return f"fix: {findings} of {_counted(rules, 'rule')} in {where}"
    return f"fix: {part} in {where}" if group is Group.RULE else f"fix: {findings} in {visible(part)}"


def _counted(number: int, noun: str) -> str:
    return f"{number} {noun}{'' if number == 1 else 's'}"


def _slug(name: str, taken: Sequence[str]) -> str:
    """A word that can be part of a branch's name, and is not one of `taken`, also where case does not count."""
    plain = re.sub(r"\.\.+", ".", re.sub(r"[^A-Za-z0-9._-]+", "-", name)).strip("-.") or "change"
    if plain.lower().endswith(".lock"):
        plain += "-"
    known = {word.casefold() for word in taken}
    word, number = plain, 2
    while word.casefold() in known:
        word, number = f"{plain}-{number}", number + 1
    return word


def _commit(root: Path) -> str | None:
    return history.head(root) if git.find_root(root) == root else None


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
            raise Refusal(f"there is no finding {name!r}.", _near(found, name))
        chosen |= {id(f): f for f in hits}
    return list(chosen.values())


def _named(finding: Finding, name: str) -> bool:
    if re.fullmatch(r"[0-9a-fA-F]{6,32}", name):
        return finding.fingerprint.startswith(name.lower())
    path, colon, rest = name.partition(":")
    plain = posixpath.normpath(path) + colon + rest
    return plain in (f"{finding.file}:{finding.line}", finding.place)


def _near(found: list[Finding], name: str) -> str:
    """What to name in place of a finding that is not there."""
    path = posixpath.normpath(name.partition(":")[0])
    lines = sorted({finding.line for finding in found if finding.file == path})
    if lines:
        return f"{path} has findings on {'line' if len(lines) == 1 else 'lines'} {', '.join(map(str, lines[:20]))}."
    return "Name a fingerprint of selfmod review --json (6 digits or more), or file:line."
