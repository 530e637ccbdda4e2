"""Which findings a change brings: matched by fingerprint, then by the lines that the change left as they were."""

from collections import Counter
from collections.abc import Callable, Iterable
from dataclasses import replace

from checks.model.findings import Finding, with_fingerprints


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
