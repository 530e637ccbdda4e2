"""
## What it does
Reports `is` and `is not` with a number, a text, or a display such as `()` or `[]` on one side.

## Why it is bad
`is` asks whether both sides are one object. Whether equal numbers and texts are, is chance: it depends on the
interpreter and on where the value came from. A list or dictionary written there is always a new object.

## Example
```python
def is_post(method):
    return method is "POST"
```

## Use instead
```python
def is_post(method):
    return method == "POST"
```

References: Python language reference, "Identity comparisons"; SyntaxWarning since Python 3.8; CWE-595.
"""

import ast
from collections.abc import Iterator
from functools import partial

from checks.debugging.rule import Fault, Rule
from checks.debugging.source.arguments import in_f_string
from checks.debugging.source.edits import Edit, Fix
from checks.debugging.source.gaps import operator
from checks.debugging.source.module import Module
from checks.model.findings import Confidence, Severity


def detect(node: ast.Compare, module: Module) -> Iterator[Fault]:
    """One fault an operator. None, True, False and Ellipsis are single objects and compared rightly."""
    left = node.left
    for op, right in zip(node.ops, node.comparators, strict=True):
        if isinstance(op, ast.Is | ast.IsNot) and _literal(left) != _literal(right):
            word, sign = ("is", "==") if isinstance(op, ast.Is) else ("is not", "!=")
            message = f"'{word}' compares objects, not values: whether equal values are one object is chance"
            place = operator(module, left, right)
            if place is None:
                yield Fault(node, message, left="a comment stands between the words of the operator")
            elif in_f_string(module, node):
                yield Fault(node, message, left="it stands in an f-string")
            else:
                yield Fault(node, message, partial(_fix, Edit(*place, sign)))
        left = right


def _literal(node: ast.expr) -> bool:
    match node:
        case ast.Constant(value=value):
            return value is not None and value is not Ellipsis and not isinstance(value, bool)
        case ast.UnaryOp(op=ast.USub() | ast.UAdd(), operand=operand):
            return isinstance(operand, ast.Constant)
        case ast.Tuple() | ast.List() | ast.Dict() | ast.Set() | ast.JoinedStr():
            return True
        case _:
            return False


def _fix(edit: Edit) -> Fix:
    return Fix((edit,))


RULE = Rule(
    name="is-with-literal",
    topic="comparison",
    summary="Identity tested where equality is meant",
    severity=Severity.MEDIUM,
    confidence=Confidence.HIGH,
    cwe=595,
    nodes=(ast.Compare,),
    detect=detect,
    documentation=__doc__,
    fixes="sometimes",
    aliases=("F632",),
)
