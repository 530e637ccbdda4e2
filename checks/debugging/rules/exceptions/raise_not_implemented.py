"""
## What it does
Reports `raise NotImplemented`.

## Why it is bad
`NotImplemented` is a value that comparison and arithmetic methods return, not an exception: raising it gives a
TypeError that says nothing of what is missing, and `except NotImplementedError` does not catch it.

## Example
```python
class Shape:
    def area(self):
        raise NotImplemented("area")
```

## Use instead
```python
class Shape:
    def area(self):
        raise NotImplementedError("area")
```

References: Python documentation, "Built-in Constants"; CWE-703.
"""

import ast
from collections.abc import Iterator

from checks.debugging.rule import Fault, Rule
from checks.debugging.source.edits import Edit, Fix
from checks.debugging.source.module import Module
from checks.model.findings import Confidence, Severity

_OPERATORS = [
    "lt",
    "le",
    "gt",
    "ge",
    "eq",
    "ne",
    "add",
    "sub",
    "mul",
    "matmul",
    "truediv",
    "floordiv",
    "mod",
    "divmod",
    "pow",
    "lshift",
    "rshift",
    "and",
    "or",
    "xor",
    "instancecheck",
    "subclasscheck",
    "subclasshook",
    "contains",
]
_ANSWERS = frozenset(f"__{kind}{name}__" for name in _OPERATORS for kind in ("", "r", "i"))


def detect(node: ast.Raise, module: Module) -> Iterator[Fault]:
    """The name or a call of it; in a method of an operator it may be that `return` was meant."""
    raised = node.exc.func if isinstance(node.exc, ast.Call) else node.exc
    if not isinstance(raised, ast.Name) or raised.id != "NotImplemented":
        return
    if module.resolve(raised) != "builtins.NotImplemented":
        return
    text = "NotImplemented is no exception: this raises a TypeError instead of NotImplementedError"
    function = module.function(node)
    if function is not None and function.name in _ANSWERS and not isinstance(node.exc, ast.Call):
        yield Fault(node, text, left=f"should {function.name} return NotImplemented, or raise NotImplementedError")
        return
    if module.scope(node).find("NotImplementedError") is not None:
        yield Fault(node, text, left="the name NotImplementedError means something else here")
        return
    start, end = module.span(raised)
    yield Fault(node, text, lambda: Fix((Edit(start, end, "NotImplementedError"),)))


RULE = Rule(
    name="raise-not-implemented",
    topic="exceptions",
    summary="NotImplemented raised as if it were an exception",
    severity=Severity.MEDIUM,
    confidence=Confidence.HIGH,
    cwe=703,
    nodes=(ast.Raise,),
    detect=detect,
    documentation=__doc__,
    fixes="sometimes",
    aliases=("F901",),
    mentions=("NotImplemented",),
)
