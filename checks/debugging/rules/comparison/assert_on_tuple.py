"""
## What it does
Reports `assert (condition, "message")`.

## Why it is bad
What is asserted is a tuple of two things, and a tuple that is not empty is true: the assertion never fails, whatever
the condition says.

## Example
```python
def withdraw(amount):
    assert (amount > 0, "the amount must be positive")
    return amount
```

## Use instead
```python
def withdraw(amount):
    assert amount > 0, "the amount must be positive"
    return amount
```

References: Python language reference, "The assert statement"; CWE-670.
"""

import ast
from collections.abc import Iterator
from functools import partial

from checks.debugging.rule import Fault, Rule
from checks.debugging.source.edits import Edit, Fix
from checks.debugging.source.gaps import has_comment, pieces
from checks.debugging.source.module import Module
from checks.model.findings import Confidence, Severity

_WIDTH = 88
"""Up to this column both parts are put in one line where they stood in several."""


def detect(node: ast.Assert, module: Module) -> Iterator[Fault]:
    """Tuples with at least one element; the fix is for a condition and a text."""
    test = node.test
    if not isinstance(test, ast.Tuple) or all(isinstance(element, ast.Starred) for element in test.elts):
        return
    message = "this assertion never fails: a tuple that is not empty is true"
    left = ""
    if len(test.elts) != 2 or not _is_text(test.elts[1]) or isinstance(test.elts[0], ast.Starred) or node.msg:
        left = "which part is the condition, and which the message?"
    elif _is_text(test.elts[0]):
        left = "the condition is a text: what was to be tested?"
    elif has_comment(module, test):
        left = "a comment stands in the tuple"
    if left:
        yield Fault(node, message, left=left)
    else:
        yield Fault(node, message, partial(_fix, test, module))


def _is_text(node: ast.expr) -> bool:
    match node:
        case ast.Constant(value=str()) | ast.JoinedStr():
            return True
        case ast.BinOp(op=ast.Mod() | ast.Add(), left=left):
            return _is_text(left)
        case ast.Call(func=ast.Attribute(attr="format", value=value)):
            return _is_text(value)
        case _:
            return False


def _fix(test: ast.Tuple, module: Module) -> Fix | None:
    start, end = module.span(test)
    data = module.text.data
    condition, message = test.elts
    commas = [p for p in pieces(module, module.span(condition)[1], module.span(message)[0]) if p[2] == ","]
    closing = [p for p in pieces(module, module.span(message)[1], end - 1) if p[2] == ","]
    if len(commas) != 1 or len(closing) > 1 or data[start : start + 1] != b"(":
        return None
    stop = closing[0][0] if closing else end - 1
    first = data[start + 1 : commas[0][0]].decode("utf-8")
    second = data[commas[0][1] : stop].decode("utf-8") + data[stop + 1 : end - 1].decode("utf-8")
    wanted = [ast.dump(condition), ast.dump(message)]
    column = start - module.text.line_starts[test.lineno - 1]
    wide = _broken(second) and column + len(first.strip()) + len(second.strip()) + 2 > _WIDTH
    gap = "" if data[start - 1 : start].isspace() else " "
    for one in (first.strip(), f"({first.strip()})"):
        for other in (second.strip(), f"({second})"):
            if not (wide and other == second.strip() and not _broken(other)) and _parts(one, other) == wanted:
                return Fix((Edit(start, end, f"{gap}{one}, {other.strip()}"),))
    return None


def _broken(text: str) -> bool:
    return "\n" in text or "\r" in text


def _parts(condition: str, message: str) -> list[str]:
    """What an assertion of these two texts would test and say; empty where it would not be one statement."""
    try:
        body = ast.parse(f"assert {condition}, {message}").body
    except SyntaxError:
        return []
    match body:
        case [ast.Assert(test=test, msg=ast.expr() as msg)]:
            return [ast.dump(test), ast.dump(msg)]
        case _:
            return []


RULE = Rule(
    name="assert-on-tuple",
    topic="comparison",
    summary="Assertion of a tuple, which is always true",
    severity=Severity.MEDIUM,
    confidence=Confidence.HIGH,
    cwe=670,
    nodes=(ast.Assert,),
    detect=detect,
    documentation=__doc__,
    fixes="sometimes",
    aliases=("F631",),
)
