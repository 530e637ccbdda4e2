"""The straight line of a review: a tree or a change in, its findings out."""

import time
from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from pathlib import Path

from pathspec import GitIgnoreSpec

from checks.debugging import selection
from checks.debugging.baseline import unrecorded
from checks.debugging.cache import Cache
from checks.debugging.detect import Progress, Result, detect
from checks.debugging.introduced import Side, between, enabled
from checks.model.findings import Finding, NotAnalysed, Severity
from checks.model.review import Review
from checks.repository import git, history, worktree
from checks.repository.snapshot import Snapshot, of_commit, of_working_tree


def _silent(done: int, total: int) -> None:
    """No progress is shown."""


@dataclass(frozen=True, slots=True)
class Wish:
    """What is asked of a review. `exclude` are patterns as in .gitignore, `disable` names or codes of rules, `recorded`
    the fingerprints of a baseline, `workers` processes (None: one a core)."""

    threshold: Severity = Severity.MEDIUM
    exclude: tuple[str, ...] = ()
    disable: tuple[str, ...] = ()
    recorded: Counter[str] = field(default_factory=Counter)
    cache: Cache | None = None
    progress: Progress = _silent
    workers: int | None = None


def review_tree(path: Path, wish: Wish) -> Review:
    """Everything found in a file, a folder or a repository. Raises Refusal where there is none, or git fails."""
    started = time.monotonic()
    snapshot = of_working_tree(path)
    exclude = selection.excluding(wish.exclude)
    texts, failed = selection.contents(snapshot, selection.python_files(snapshot, exclude))
    around = selection.surroundings(selection.whole(snapshot, path))
    results = detect(texts, around, cache=wish.cache, progress=wish.progress, workers=wish.workers)
    found = enabled(results, wish.disable)
    notes = [*failed, *selection.unread(snapshot, exclude), *_notes(results.values())]
    return _finished(found, found, notes, results, wish, started)


def review_change(path: Path, base: str, wish: Wish) -> Review:
    """What the working tree's change since it left `base` introduces, in `path`. Raises Refusal outside git, and for a
    revision that is not there. What could not be analysed is told of the files of the change."""
    started = time.monotonic()
    now = of_working_tree(path)
    root = git.find_root(path)
    if root is None:
        raise git.outside(path, "--base has nothing to compare with", "Leave out --base.")
    old_commit = history.merge_base(root, base, "HEAD")
    exclude = selection.excluding(wish.exclude)
    changed = [c for c in worktree.changed_files(root, old_commit) if c.status != "deleted"]
    here = set(selection.python_files(now, exclude))
    changes = [c for c in changed if c.path in here]
    old_paths = {c.path: c.old_path or c.path for c in changes if c.status != "added"}
    texts, failed = selection.contents(now, (c.path for c in changes))
    before = of_commit(root, old_commit)
    known = {entry.path for entry in before.files}
    old_texts, _ = selection.contents(before, sorted({p for p in old_paths.values() if p in known}))
    around = selection.surroundings(of_working_tree(root))
    compared = between(
        Side(old_texts, selection.surroundings(before)),
        Side(texts, around),
        old_paths,
        wish.disable,
        store=wish.cache,
        progress=wish.progress,
        workers=wish.workers,
    )
    results, notes = compared.results, _notes(compared.results.values())
    unread = _unread_since(now, before, {history.shown(c.path) for c in changed}, exclude)
    return _finished(compared.new, compared.found, [*failed, *unread, *notes], results, wish, started)


def _unread_since(now: Snapshot, before: Snapshot, changed: set[str], exclude: GitIgnoreSpec) -> list[NotAnalysed]:
    """What the change adds or changes and nobody could read; links and special files are in no list of changes."""
    old = set(selection.unread(before, exclude))
    return [note for note in selection.unread(now, exclude) if note.file in changed or note not in old]


def _notes(results: Iterable[Result]) -> list[NotAnalysed]:
    return [note for result in results for note in result.not_analysed]


def _finished(
    new: list[Finding],
    found: list[Finding],
    notes: list[NotAnalysed],
    results: Mapping[str, Result],
    wish: Wish,
    started: float,
) -> Review:
    """`new` are those of `found` that may be reported; what is recorded is left out of them."""
    fresh = {id(finding) for finding in new}
    older = {id(finding) for finding in found} - fresh
    reported = [f for f in unrecorded(found, wish.recorded, older) if id(f) in fresh] if wish.recorded else new
    return Review(
        findings=tuple(sorted(reported, key=lambda f: (f.file, f.line, f.column, f.rule))),
        not_analysed=tuple(sorted(notes, key=lambda n: (n.file, n.reason))),
        files=len(results),
        seconds=time.monotonic() - started,
        threshold=wish.threshold,
        older=len(found) - len(reported),
        suppressed=sum(result.suppressed for result in results.values()),
    )
