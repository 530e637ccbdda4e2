"""Names that are used and never bound, as ruff sees them: those that the base did not have."""

import re
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping

from checks.debugging.tools import ruff
from checks.model.findings import Finding
from checks.model.safety import Proposer
from checks.repository import scratch
from checks.validation.imports import lenient, notes

CODES = {"F821": "undefined-name", "F822": "undefined-export", "F823": "undefined-name"}


def undefined(
    before: Mapping[str, bytes], after: Mapping[str, bytes], was: Mapping[str, str], python: tuple[int, int]
) -> tuple[list[ruff.Diagnostic], dict[str, str]]:
    """What is undefined in `after` more often than in `before` (by path; `was` gives the path before), and files that
    ruff could not be run on, with why. Of several equal ones the last are the new ones, those on lines that the base
    does not have first. Raises Refusal where there is no ruff."""
    now, broken = _said(after, python)
    if not now:
        return [], broken
    old, _ = _said({was[p]: before[was[p]] for p in {d.file for d in now} if was.get(p) in before}, python)
    new = []
    for path in sorted({each.file for each in now}):
        counts = Counter((d.code, d.message) for d in old if d.file == was.get(path))
        lines = set(before.get(was.get(path, ""), b"").splitlines())
        text = after[path].splitlines()
        mine = [each for each in now if each.file == path]
        for each in sorted(mine, key=lambda d: (_line(text, d.line) not in lines, d.line)):
            if counts[each.code, each.message] > 0:
                counts[each.code, each.message] -= 1
            else:
                new.append(each)
    return new, broken


def told(
    diagnostics: Iterable[ruff.Diagnostic], contents: Mapping[str, bytes], proposer: Proposer
) -> Iterator[Finding]:
    """A finding for each. It fails nothing where the name may come from elsewhere: a builtin of a newer Python, `exec`,
    what Sphinx gives to its configuration, an example that is a part of something."""
    for each in diagnostics:
        message, newer, _ = each.message.partition(". Consider specifying")
        content = contents[each.file]
        given = each.file.endswith("conf.py") and message.endswith("`tags`")
        example = proposer is not Proposer.SELFMOD and lenient.is_example(each.file)
        unsure = newer or given or example or re.search(rb"^\s*(exec|execfile|eval)\(", content, re.MULTILINE)
        text = " ".join(_line(content.splitlines(), each.line).decode("utf-8", "replace").split())[:200]
        place = (each.line, each.column, each.end_column)
        severity = notes.HINT if unsure else notes.FAILS
        yield notes.finding(each.file, place, CODES[each.code], severity, message, text=text, tools=("ruff",))


def _line(text: list[bytes], number: int) -> bytes:
    return text[number - 1] if number <= len(text) else b""


def _said(contents: Mapping[str, bytes], python: tuple[int, int]) -> tuple[list[ruff.Diagnostic], dict[str, str]]:
    if not contents:
        return [], {}
    with scratch.folder() as folder:
        linter = ruff.Run(folder, contents, python, select=",".join(CODES))
        try:
            return linter.diagnostics()
        finally:
            linter.stop()
