"""
## What it does
Reports conditions such as `if x == "a" or "b":`, where a constant that is true stands after `or`.

## Why it is bad
The constant is a condition of its own and always true, so the branch is always taken.

## Example
```python
def is_image(kind):
    if kind == "png" or "jpg":
        return True
    return False
```

## Use instead
```python
def is_image(kind):
    if kind in ("png", "jpg"):
        return True
    return False
```

References: Python language reference, "Boolean operations"; CWE-571.
"""

import ast
from collections.abc import Iterator
from functools import partial

from checks.debugging.rule import Fault, Rule
from checks.debugging.source.arguments import in_f_string
from checks.debugging.source.edits import Edit, Fix
from checks.debugging.source.module import Module
from checks.model.findings import Confidence, Severity


def detect(node: ast.BoolOp, module: Module) -> Iterator[Fault]:
    """Comparisons of one thing with constants, then constants alone. Where the value of the `or` is used (an
    assignment, an argument) the constant may be a default and nothing is reported."""
    if not isinstance(node.op, ast.Or) or not isinstance(node.values[-1], ast.Constant):
        return
    compared = [value for value in node.values if not isinstance(value, ast.Constant)]
    constants = node.values[len(compared) :]
    if not compared or not all(isinstance(c, ast.Constant) and c.value for c in constants):
        return
    kinds = {type(c.value) for c in constants if isinstance(c, ast.Constant)}
    tested: list[ast.expr] = []
    for value in compared:
        match value:
            case ast.Compare(
                left=thing, ops=[ast.Eq() | ast.NotEq()], comparators=[ast.Constant(value=other) as right]
            ):
                kinds.add(type(other))
                tested.append(thing)
                constants = [*constants[: len(tested) - 1], right, *constants[len(tested) - 1 :]]
            case _:
                return
    if len(kinds) != 1 or not kinds <= {str, bytes, int} or not _is_condition(node, module):
        return
    message = f"always true: {module.source(node.values[-1])} after 'or' is a condition of its own"
    same = {ast.dump(thing) for thing in tested}
    if any(isinstance(op, ast.NotEq) for value in compared if isinstance(value, ast.Compare) for op in value.ops):
        left = "is neither of them meant, or not both?"
    elif len(same) != 1 or not _is_plain(tested[0]):
        left = "what was to be compared with it?"
    elif b"#" in module.text.data[slice(*module.span(node))] or in_f_string(module, node):
        left = "a comment or an f-string is in the way"
    else:
        texts = ", ".join(module.source(c) for c in constants)
        edit = Edit(*module.span(node), f"{module.source(tested[0])} in ({texts})")
        yield Fault(node, message, partial(_fix, edit))
        return
    yield Fault(node, message, left=left)


def _is_plain(node: ast.expr) -> bool:
    while isinstance(node, ast.Attribute):
        node = node.value
    return isinstance(node, ast.Name)


def _is_condition(node: ast.expr, module: Module) -> bool:
    parent = module.parent(node)
    match parent:
        case ast.If(test=test) | ast.While(test=test) | ast.IfExp(test=test) | ast.Assert(test=test):
            return test is node
        case ast.comprehension():
            return node in parent.ifs
        case ast.UnaryOp(op=ast.Not()):
            return True
        case ast.BoolOp():
            return _is_condition(parent, module)
        case _:
            return False


def _fix(edit: Edit) -> Fix:
    return Fix((edit,))


RULE = Rule(
    name="condition-always-true-by-or",
    topic="comparison",
    summary="Condition that a constant after 'or' makes always true",
    severity=Severity.MEDIUM,
    confidence=Confidence.HIGH,
    cwe=571,
    nodes=(ast.BoolOp,),
    detect=detect,
    documentation=__doc__,
    fixes="sometimes",
)
