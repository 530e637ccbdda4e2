"""The straight line of a review: a tree or a change in, its findings out."""

import time
from collections import Counter
from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from functools import cache
from pathlib import Path

from checks.debugging import selection
from checks.debugging.baseline import unrecorded
from checks.debugging.cache import Cache
from checks.debugging.detect import Progress, Result, detect
from checks.debugging.introduced import introduced
from checks.model.errors import Refusal
from checks.model.findings import Finding, NotAnalysed, Severity
from checks.model.review import Review
from checks.repository import history, lines, worktree
from checks.repository.snapshot import of_commit, of_working_tree


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
    whole = of_working_tree(snapshot.root) if snapshot.root and snapshot.root != path.resolve() else snapshot
    results = detect(
        texts, selection.surroundings(whole), cache=wish.cache, progress=wish.progress, workers=wish.workers
    )
    found = [finding for result in results.values() for finding in result.findings]
    notes = [*failed, *selection.unread(snapshot, exclude), *_notes(results.values())]
    return _finished(found, notes, len(texts), sum(r.suppressed for r in results.values()), 0, wish, started)


def review_change(path: Path, base: str, wish: Wish) -> Review:
    """What the working tree's change since it left `base` introduces, in `path`. Raises Refusal outside git, and for a
    revision that is not there."""
    started = time.monotonic()
    now = of_working_tree(path)
    if now.root is None or not (now.root / ".git").exists():
        raise Refusal(f"{path} is not in a git repository: --base has nothing to compare with.", "Leave out --base.")
    root = now.root
    old_commit = history.merge_base(root, base, "HEAD")
    exclude = selection.excluding(wish.exclude)
    here = set(selection.python_files(now, exclude))
    changes = [c for c in worktree.changed_files(root, old_commit) if c.path in here and c.status != "deleted"]
    old_paths = {c.path: c.old_path or c.path for c in changes if c.status != "added"}
    texts, failed = selection.contents(now, (c.path for c in changes))
    before_tree = of_commit(root, old_commit)
    known = {entry.path for entry in before_tree.files}
    old_texts, _ = selection.contents(before_tree, sorted({p for p in old_paths.values() if p in known}))
    whole = of_working_tree(root)
    results = detect(
        texts, selection.surroundings(whole), cache=wish.cache, progress=wish.progress, workers=wish.workers
    )
    old_results = detect(old_texts, selection.surroundings(before_tree), cache=wish.cache, workers=wish.workers)
    found = [finding for result in results.values() for finding in result.findings]
    new = introduced(
        [finding for result in old_results.values() for finding in result.findings],
        found,
        {old: path for path, old in old_paths.items()},
        _old_lines(texts, old_texts, old_paths),
    )
    changed = {c.path for c in changes}
    unread = [note for note in selection.unread(now, exclude) if note.file in changed]
    notes = [*failed, *unread, *_notes(results.values())]
    suppressed = sum(r.suppressed for r in results.values())
    return _finished(new, notes, len(texts), suppressed, len(found) - len(new), wish, started)


def _old_lines(
    texts: dict[str, bytes], old_texts: dict[str, bytes], old_paths: dict[str, str]
) -> Callable[[str, int], int | None]:
    @cache
    def mapped(path: str) -> lines.LineMap:
        return lines.line_map(old_texts.get(old_paths.get(path, ""), b""), texts[path])

    return lambda path, line: mapped(path).old_line(line)


def _notes(results: Iterable[Result]) -> list[NotAnalysed]:
    return [note for result in results for note in result.not_analysed]


def _finished(
    found: list[Finding],
    notes: list[NotAnalysed],
    files: int,
    suppressed: int,
    older: int,
    wish: Wish,
    started: float,
) -> Review:
    disabled = set(wish.disable)
    wanted = [f for f in found if not disabled.intersection((f.rule, *f.aliases))]
    new = unrecorded(wanted, wish.recorded)
    return Review(
        findings=tuple(sorted(new, key=lambda f: (f.file, f.line, f.column, f.rule))),
        not_analysed=tuple(sorted(notes, key=lambda n: (n.file, n.reason))),
        files=files,
        seconds=time.monotonic() - started,
        threshold=wish.threshold,
        older=older + len(wanted) - len(new),
        suppressed=suppressed,
    )
