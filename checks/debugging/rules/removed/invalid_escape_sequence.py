r"""
## What it does
Reports a backslash in a string before a character with which it has no meaning: `"\d"`.

## Why it is bad
Python keeps such a backslash for now, with a SyntaxWarning since 3.12, and announces that it will be an error. What
was meant is a raw string (`r"\d"`) or a doubled backslash (`"\\d"`): both have the same value.

## Example
```python
import re

DIGITS = re.compile("\d+")
```

## Use instead
```python
import re

DIGITS = re.compile(r"\d+")
```

References: Python language reference, "String and Bytes literals"; What's New In Python 3.12; CWE-116.
"""

import ast
import re
import warnings
from collections.abc import Iterator

from checks.debugging.rule import Fault, Rule
from checks.debugging.source.edits import Edit, Fix
from checks.debugging.source.literals import Literal, literals
from checks.debugging.source.module import Module
from checks.model.findings import Confidence, Severity

_ESCAPE = re.compile(rb"\\(\r\n|.)", re.DOTALL)
_VALID = frozenset(b"\n\r\\'\"abfnrtvx01234567")
_VALID_TEXT = _VALID | frozenset(b"NuU")


def detect(node: ast.Constant | ast.JoinedStr, module: Module) -> Iterator[Fault]:
    """One fault a string, with an edit for each of its literals that has the fault."""
    if isinstance(node, ast.Constant) and not isinstance(node.value, str | bytes):
        return
    if isinstance(module.parent(node), ast.JoinedStr | ast.FormattedValue) and not isinstance(node, ast.JoinedStr):
        if isinstance(module.parent(node), ast.JoinedStr):
            return
    start, end = module.span(node)
    if module.text.data.find(b"\\", start, end) < 0 or not _doubtful(module.text.data, start, end):
        return
    edits: list[Edit] = []
    first = ""
    for literal in literals(module, node):
        valid, invalid = _escapes(module, node, literal)
        if invalid:
            first = first or module.text.data[invalid[0] :].decode("utf-8", "replace")[:2]
            edits += _mended(module, literal, valid, invalid)
    if not edits:
        return
    message = f"{first!r} is no escape sequence: Python warns of it since 3.12 and will refuse it"
    if _inside_string(module, node) or not _same(module, node, edits):
        yield Fault(node, message.replace("\\\\", "\\"), left="the string stands inside of another one")
    else:
        yield Fault(node, message.replace("\\\\", "\\"), lambda: Fix(tuple(edits)))


def _doubtful(data: bytes, start: int, end: int) -> bool:
    """Whether there may be a fault, raw or not: cheap, before the literals are told apart."""
    return any(match.group(1)[0] not in _VALID for match in _ESCAPE.finditer(data, start, end))


def _escapes(module: Module, node: ast.Constant | ast.JoinedStr, literal: Literal) -> tuple[bool, list[int]]:
    """Whether a literal has escape sequences with a meaning, and the offsets of backslashes without one."""
    prefix = literal.prefix.lower()
    if "r" in prefix:
        return False, []
    known = _VALID if "b" in prefix else _VALID_TEXT
    holes = []
    if isinstance(node, ast.JoinedStr):
        holes = [module.span(value) for value in node.values if isinstance(value, ast.FormattedValue)]
    begin, end = literal.start + len(prefix) + len(literal.quotes), literal.end - len(literal.quotes)
    valid, invalid = False, []
    for match in _ESCAPE.finditer(module.text.data, begin, end):
        if any(start <= match.start() < stop for start, stop in holes):
            continue
        if match.group(1)[0] in known:
            valid = True
        else:
            invalid.append(match.start())
    return valid, invalid


def _mended(module: Module, literal: Literal, valid: bool, invalid: list[int]) -> list[Edit]:
    """A raw prefix where the literal has no escape sequence at all, else each backslash twice."""
    before = module.text.data[max(literal.start - 1, 0) : literal.start]
    glued = before.isalnum() or before == b"_" or before > b"\x7f"
    if valid or glued or "u" in literal.prefix.lower():
        return [Edit(place, place, "\\") for place in invalid]
    return [Edit(literal.start, literal.start, "r")]


def _inside_string(module: Module, node: ast.AST) -> bool:
    return any(isinstance(ancestor, ast.JoinedStr) for ancestor in module.ancestors(node))


def _same(module: Module, node: ast.expr, edits: list[Edit]) -> bool:
    """Whether the string with the edits in has the value that it had."""
    start, end = module.span(node)
    data, position, parts = module.text.data, start, []
    for edit in edits:
        parts += [data[position : edit.start], edit.text.encode()]
        position = edit.end
    new = b"".join([*parts, data[position:end]])
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        try:
            old_tree, new_tree = (ast.parse(b"(" + code + b")", mode="eval") for code in (data[start:end], new))
        except (SyntaxError, ValueError):
            return False
    return ast.dump(old_tree) == ast.dump(new_tree)


RULE = Rule(
    name="invalid-escape-sequence",
    topic="removed",
    summary="Backslash in a string before a character that it has no meaning with",
    severity=Severity.LOW,
    confidence=Confidence.HIGH,
    cwe=116,
    nodes=(ast.Constant, ast.JoinedStr),
    detect=detect,
    documentation=__doc__,
    fixes="sometimes",
    mentions=("\\",),
)
