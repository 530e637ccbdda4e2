"""Which findings a change brings: matched by fingerprint, then by the lines that the change left as they were."""

from collections import Counter
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, replace
from functools import cache

from checks.debugging import detect as detection
from checks.debugging.cache import Cache
from checks.debugging.detect import Progress, Result
from checks.debugging.source.module import Surroundings
from checks.model.findings import Finding, with_fingerprints
from checks.repository import lines


@dataclass(frozen=True, slots=True)
class Side:
    """The Python files of one side of a change that differ, by path, and what lies around them."""

    texts: Mapping[str, bytes]
    around: Surroundings


@dataclass(frozen=True, slots=True)
class Introduced:
    """`new` are those of `found`, all findings of the head, that the base has not; results of both sides by path."""

    new: list[Finding]
    found: list[Finding]
    results: Mapping[str, Result]
    old_results: Mapping[str, Result]


def between(
    before: Side,
    after: Side,
    old_paths: Mapping[str, str],
    disable: Iterable[str] = (),
    *,
    store: Cache | None = None,
    progress: Progress = lambda done, total: None,
    workers: int | None = None,
) -> Introduced:
    """Analyses both sides. `old_paths` gives for each file of `after` that was there its path in `before`, `disable`
    names or codes of rules that are left out. Raises Refusal where ruff is missing."""
    results = detection.detect(after.texts, after.around, cache=store, progress=progress, workers=workers)
    old_results = detection.detect(before.texts, before.around, cache=store, workers=workers)
    found, old = enabled(results, disable), enabled(old_results, disable)
    moved_to = {old_path: path for path, old_path in old_paths.items()}
    new = introduced(old, found, moved_to, _old_lines(before.texts, after.texts, old_paths))
    return Introduced(new, found, results, old_results)


def enabled(results: Mapping[str, Result], disable: Iterable[str]) -> list[Finding]:
    """The findings of all files but those of rules that are switched off."""
    disabled = set(disable)
    found = (finding for result in results.values() for finding in result.findings)
    return [f for f in found if not disabled.intersection((f.rule, *f.aliases))]


def _old_lines(
    before: Mapping[str, bytes], after: Mapping[str, bytes], old_paths: Mapping[str, str]
) -> Callable[[str, int], int | None]:
    @cache
    def mapped(path: str) -> lines.LineMap:
        return lines.line_map(before.get(old_paths.get(path, ""), b""), after[path])

    return lambda path, line: mapped(path).old_line(line)


def introduced(
    before: Iterable[Finding],
    after: Iterable[Finding],
    moved_to: dict[str, str],
    old_line: Callable[[str, int], int | None],
) -> list[Finding]:
    """The findings of `after` that `before` has not.

    `moved_to` gives a file's new path where it was renamed. `old_line(path, line)` is the line that an unchanged line
    had before, None for a line of the change. Of several equal findings those on lines of the change are the new ones.
    """
    old = with_fingerprints([replace(f, file=moved_to.get(f.file, f.file)) for f in before])
    counts = Counter(_equal(finding) for finding in old)
    rest: list[Finding] = []
    # those on unchanged lines first: they are the ones that were there
    for finding in sorted(after, key=lambda f: (old_line(f.file, f.line) is None, f.file, f.line, f.column)):
        key = _equal(finding)
        if counts[key] > 0:
            counts[key] -= 1
        else:
            rest.append(finding)
    # a renamed function changes the scope and so the fingerprint of all in it: their lines say that they are old
    places = Counter((f.file, f.rule, f.line, f.text) for f in old if counts[_equal(f)] > 0)
    new = []
    for finding in rest:
        line = old_line(finding.file, finding.line)
        place = (finding.file, finding.rule, line or 0, finding.text)
        if line is not None and places[place] > 0:
            places[place] -= 1
        else:
            new.append(finding)
    return sorted(new, key=lambda f: (f.file, f.line, f.column, f.rule))


def _equal(finding: Finding) -> tuple[str, str, str, str]:
    """What a fingerprint is made of, but for the ordinal."""
    return (finding.file, finding.rule, finding.scope, finding.text)
