"""`# selfmod: ignore[rule] reason` in the source, and the suppressions of bandit and ruff for checks that we share."""

import io
import re
import tokenize
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field

from checks.debugging.merge import same_check
from checks.debugging.source.text import Text
from checks.model.findings import Confidence, Finding, Severity

UNUSED = "unused-suppression"
REASONLESS = "suppression-without-reason"
MALFORMED = "malformed-suppression"
OWN = (UNUSED, REASONLESS, MALFORMED)

_OURS = re.compile(r"#\s*selfmod:\s*ignore\s*\[([^\]]*)\]\s*(.*)", re.I)
_NEARLY = re.compile(r"#\s*selfmod\s*:", re.I)
_NOSEC = re.compile(r"#\s*nosec\b:?\s*((?:B\d{3}[\s,]*)*)", re.I)
_NOQA = re.compile(r"#\s*noqa\b(?::\s*((?:[A-Z]+\d+[\s,]*)+))?", re.I)


@dataclass(eq=False, slots=True)
class _Comment:
    line: int
    column: int
    covers: int
    """The line whose findings it silences: its own, or the next line of code where it stands alone."""
    text: str
    rules: frozenset[str]
    reason: str
    used: set[str] = field(default_factory=set)


def applied(text: Text, findings: Iterable[Finding]) -> tuple[list[Finding], int]:
    """The findings that no comment silences, those about the comments themselves among them, and how many were
    silenced. A comment holds for findings that begin on its line or end there; alone on a line, for the next line."""
    findings = list(findings)
    data = text.data
    if b"selfmod" not in data and b"nosec" not in data and b"noqa" not in data:
        return findings, 0
    comments = list(_comments(text))
    ours = [parsed for comment in comments if (parsed := _parsed(text, *comment)) is not None]
    by_line: dict[int, list[_Comment]] = {}
    for comment in ours:
        by_line.setdefault(comment.covers, []).append(comment)
    theirs = _theirs(comments)
    kept, silenced = [], 0
    for finding in findings:
        if _silenced(finding, by_line) or _silenced_by_others(finding, theirs):
            silenced += 1
        else:
            kept.append(finding)
    kept += [note for comment in ours for note in _notes(text, comment)]
    kept += [
        _note(
            text, line, column, MALFORMED, Severity.LOW, "this is no suppression: write # selfmod: ignore[rule] reason"
        )
        for line, column, string, _ in comments
        if _NEARLY.match(string) and not _OURS.match(string)
    ]
    return kept, silenced


def _comments(text: Text) -> Iterator[tuple[int, int, str, bool]]:
    """Line, column (from 1), text of each comment, and whether it stands alone on its line."""
    try:
        for token in tokenize.generate_tokens(io.StringIO(text.string, newline=None).readline):
            if token.type == tokenize.COMMENT:
                alone = not token.line[: token.start[1]].strip()
                yield token.start[0], token.start[1] + 1, token.string, alone
    except (tokenize.TokenError, SyntaxError, IndentationError):
        return


def _parsed(text: Text, line: int, column: int, string: str, alone: bool) -> _Comment | None:
    match = _OURS.match(string)
    if match is None:
        return None
    rules = frozenset(name.strip() for name in match.group(1).split(",") if name.strip())
    covers = line
    if alone:
        covers = next(
            (n for n in range(line + 1, len(text.line_starts) + 1) if _is_code(text.line(n))),
            line,
        )
    return _Comment(line, column, covers, string, rules, match.group(2).strip(" -:\t"))


def _is_code(line: str) -> bool:
    return bool(line.strip()) and not line.lstrip().startswith("#")


def _silenced(finding: Finding, by_line: dict[int, list[_Comment]]) -> bool:
    names = {finding.rule, *finding.aliases}
    hit = False
    for number in {finding.line, finding.end_line}:
        for comment in by_line.get(number, ()):
            matched = comment.rules & names
            if matched:
                comment.used |= matched
                hit = True
    return hit


def _theirs(comments: Iterable[tuple[int, int, str, bool]]) -> dict[int, frozenset[str] | None]:
    """Checks that `# nosec` and `# noqa` silence, by line; None for all."""
    lines: dict[int, frozenset[str] | None] = {}
    for line, _, string, _ in comments:
        for pattern in (_NOSEC, _NOQA):
            match = pattern.search(string)
            if match is None:
                continue
            codes = re.findall(r"[A-Z]+\d+", (match.group(1) or "").upper())
            before = lines.get(line, frozenset())
            if not codes or before is None:
                lines[line] = None
            else:
                lines[line] = before | {same_check(code) for code in codes}
    return lines


def _silenced_by_others(finding: Finding, theirs: dict[int, frozenset[str] | None]) -> bool:
    """A finding of ours that the author has answered for another tool already is not raised again."""
    if finding.tool != "selfmod" or not finding.aliases:
        return False
    checks = {same_check(alias) for alias in finding.aliases}
    for number in {finding.line, finding.end_line}:
        if number in theirs:
            codes = theirs[number]
            if codes is None or codes & checks:
                return True
    return False


def _notes(text: Text, comment: _Comment) -> Iterator[Finding]:
    if not comment.rules:
        message = "this suppression names no rule: write # selfmod: ignore[rule] reason"
        yield _note(text, comment.line, comment.column, MALFORMED, Severity.LOW, message)
        return
    if not comment.reason:
        message = f"ignore[{', '.join(sorted(comment.rules))}] gives no reason: say why the finding does not apply"
        yield _note(text, comment.line, comment.column, REASONLESS, Severity.MEDIUM, message)
    for rule in sorted(comment.rules - comment.used):
        message = f"nothing is found here by {rule!r} any more: remove the suppression"
        yield _note(text, comment.line, comment.column, UNUSED, Severity.LOW, message)


def _note(text: Text, line: int, column: int, rule: str, severity: Severity, message: str) -> Finding:
    return Finding(
        file=text.path,
        line=line,
        column=column,
        end_line=line,
        end_column=len(text.line(line)) + 1,
        rule=rule,
        severity=severity,
        confidence=Confidence.HIGH,
        message=message,
        cwe=None,
        tool="selfmod",
        tools=("selfmod",),
        fixable=False,
    )
