"""`# selfmod: ignore[rule] reason` in the source, and the suppressions of bandit and ruff for checks that we share."""

import difflib
import io
import re
import tokenize
from collections.abc import Container, Iterable, Iterator, Mapping
from dataclasses import dataclass
from itertools import islice

from checks.debugging.merge import same_check
from checks.debugging.rules import BY_NAME
from checks.debugging.source.text import Text
from checks.model.findings import Confidence, Finding, Severity

UNUSED = "unused-suppression"
REASONLESS = "suppression-without-reason"
MALFORMED = "malformed-suppression"
SUGGESTIONS = 20
"""So many unknown names of a file are compared with those of all rules."""
NOTES = 1_000
"""So many findings about suppressions are made for a file."""

_OURS = re.compile(r"#\s*selfmod:\s*ignore\s*\[([^\]#]*)\]([^#]*(?:#(?!\s*selfmod:)[^#]*)*)", re.I)
_NEARLY = re.compile(r"#\s*selfmod\s*(?::|\bignore\b)", re.I)
_OTHERS = re.compile(r"#\s*(?:noqa|nosec|type|pragma|pylint|mypy|pyright|ruff|fmt|isort)\b.*", re.I)
"""What other tools say in the same comment is no reason."""
_NOQA = re.compile(r"#\s*noqa\b(?:\s*:\s*((?:[A-Z]+\d+[\s,]*)+))?", re.I)
_FILE_NOQA = re.compile(r"#\s*(?:ruff|flake8):\s*noqa:\s*((?:[A-Z]+\d+[\s,]*)+)", re.I)
_CODE = re.compile(r"(?:B|S|F|E|PLE)\d{3,4}")
_HARMLESS = frozenset({tokenize.NL, tokenize.COMMENT, tokenize.INDENT, tokenize.DEDENT, tokenize.ENCODING})

_ANY = re.compile(rb"selfmod|nosec|noqa", re.I)

type _Silent = Mapping[int, frozenset[str]]
"""Checks that another tool's comments silence, by line; an empty set for all."""


@dataclass(frozen=True, slots=True)
class _Comment:
    line: int
    column: int
    covers: frozenset[int]
    """The lines whose findings it silences: its own, or what follows where it stands alone."""
    rules: frozenset[str]
    reason: str


def applied(
    text: Text, findings: Iterable[Finding], nosec: _Silent | None = None, complete: bool = True
) -> tuple[list[Finding], int]:
    """The findings that no comment silences, those about the comments themselves among them, and how many were
    silenced.

    A comment holds for findings that begin on its line or end there; alone on a line, for the next line of code, and
    above a decorator for the decorated definition too. `nosec` is what bandit read of `# nosec`. Where a detector
    failed (`complete` is false) nobody knows what is unused.
    """
    findings = list(findings)
    if not _ANY.search(text.data):
        return findings, 0
    comments, definitions = _tokens(text)
    ours = list(_parsed(text, comments, definitions))
    asked = {(line, same_check(rule)) for comment in ours for line in comment.covers for rule in comment.rules}
    used: set[tuple[int, str]] = set()
    noqa, everywhere = _noqa(comments)
    kept, silenced = [], 0
    for finding in findings:
        names = {same_check(name) for name in (finding.rule, *finding.aliases)}
        hits = {(line, name) for line in (finding.line, finding.end_line) for name in names} & asked
        used |= hits
        if hits or _silenced_by_others(finding, nosec or {}, noqa, everywhere):
            silenced += 1
        else:
            kept.append(finding)
    kept += islice(_notes(text, ours, used, complete), NOTES)
    message = "this is no suppression: write # selfmod: ignore[rule] reason"
    for line, column, string in comments:
        if _NEARLY.search(string) and not _OURS.search(string):
            kept.append(_note(text, line, column, MALFORMED, Severity.LOW, message))
    return kept, silenced


def _tokens(text: Text) -> tuple[list[tuple[int, int, str]], dict[int, int]]:
    """Line, column (from 1) and text of each comment; and for the line of each decorator that of its definition."""
    comments = []
    decorators: list[int] = []
    definitions: dict[int, int] = {}
    begins = True
    try:
        for token in tokenize.generate_tokens(io.StringIO(text.string, newline=None).readline):
            if token.type == tokenize.COMMENT:
                comments.append((token.start[0], token.start[1] + 1, token.string))
            elif token.type == tokenize.NEWLINE:
                begins = True
            elif begins and token.type not in _HARMLESS:
                begins = False
                if token.string == "@":
                    decorators.append(token.start[0])
                else:
                    definitions |= dict.fromkeys(decorators, token.start[0])
                    decorators.clear()
    except (tokenize.TokenError, SyntaxError):
        pass  # what was read so far counts
    return comments, definitions


def _parsed(text: Text, comments: Iterable[tuple[int, int, str]], definitions: Mapping[int, int]) -> Iterator[_Comment]:
    following: list[int] | None = None
    for line, column, string in comments:
        matches = list(_OURS.finditer(string))
        covers = frozenset({line})
        if matches and not text.line(line)[: column - 1].strip():
            following = following or _following(text)
            below = following[line] or line
            covers = frozenset({below, definitions.get(below, below)})
        for match in matches:
            rules = frozenset(name.strip() for name in match.group(1).split(",") if name.strip())
            reason = _OTHERS.sub("", match.group(2)).strip(" -:\t")
            yield _Comment(line, column + match.start(), covers, rules, reason)


def _following(text: Text) -> list[int]:
    """For each line the next one that holds code; 0 where there is none."""
    count = len(text.line_starts)
    following = [0] * (count + 2)
    for line in range(count - 1, -1, -1):
        below = text.line(line + 1).strip()
        following[line] = line + 1 if below and not below.startswith("#") else following[line + 1]
    return following


def _noqa(comments: Iterable[tuple[int, int, str]]) -> tuple[_Silent, frozenset[str]]:
    """What `# noqa` silences by line, and what `# ruff: noqa: CODE` silences in the whole file."""
    lines: dict[int, frozenset[str]] = {}
    everywhere: set[str] = set()
    for line, _, string in comments:
        if match := _FILE_NOQA.search(string):
            everywhere |= _codes(match.group(1))
        elif match := _NOQA.search(string):
            lines[line] = _codes(match.group(1) or "")
    return lines, frozenset(everywhere)


def _codes(listed: str) -> frozenset[str]:
    return frozenset(same_check(code) for code in re.findall(r"[A-Z]+\d+", listed.upper()))


def _silenced_by_others(finding: Finding, nosec: _Silent, noqa: _Silent, everywhere: frozenset[str]) -> bool:
    """A finding of ours that the author has answered for another tool already is not raised again."""
    if finding.tool != "selfmod" or not finding.aliases:
        return False
    checks = {same_check(alias) for alias in finding.aliases}
    if everywhere & checks:
        return True
    found = [noqa[line] for line in {finding.line, finding.end_line} if line in noqa]
    # bandit takes the first of all lines that the call spans
    if nosec and (line := next((n for n in range(finding.line, finding.end_line + 1) if n in nosec), 0)):
        found.append(nosec[line])
    return any(not codes or codes & checks for codes in found)


def _notes(
    text: Text, comments: Iterable[_Comment], used: Container[tuple[int, str]], complete: bool
) -> Iterator[Finding]:
    suggestions = SUGGESTIONS
    for comment in comments:
        line, column = comment.line, comment.column
        if not comment.rules:
            message = "this suppression names no rule: write # selfmod: ignore[rule] reason"
            yield _note(text, line, column, MALFORMED, Severity.LOW, message)
        elif not comment.reason:
            message = f"ignore[{', '.join(sorted(comment.rules))}] gives no reason: say why the finding does not apply"
            yield _note(text, line, column, REASONLESS, Severity.MEDIUM, message)
        for rule in sorted(comment.rules):
            if any((covered, same_check(rule)) in used for covered in comment.covers):
                continue
            if _known(rule):
                if complete:
                    message = f"nothing is found here by {rule!r} any more: remove the suppression"
                    yield _note(text, line, column, UNUSED, Severity.LOW, message)
                continue
            nearest = difflib.get_close_matches(rule[:80], BY_NAME, 1) if suggestions > 0 else []
            suggestions -= 1
            message = f"no rule is called {rule!r}" + (f": did you mean {nearest[0]}?" if nearest else "")
            yield _note(text, line, column, UNUSED, Severity.LOW, message)


def _known(rule: str) -> bool:
    return rule in BY_NAME or _CODE.fullmatch(rule) is not None


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
