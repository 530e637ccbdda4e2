"""
## What it does
Reports `except A or B:`.

## Why it is bad
`A or B` is A, since a class is always true: B is never caught. Several classes are caught by a tuple.

## Example
```python
def number(text):
    try:
        return int(text)
    except ValueError or TypeError:
        return None
```

## Use instead
```python
def number(text):
    try:
        return int(text)
    except (ValueError, TypeError):
        return None
```

References: Python language reference, "The try statement"; CWE-480.
"""

import ast
import builtins
from collections.abc import Iterator
from functools import partial

from checks.debugging.rule import Fault, Rule
from checks.debugging.source.edits import Edit, Fix
from checks.debugging.source.module import Module
from checks.model.findings import Confidence, Severity


def detect(node: ast.ExceptHandler, module: Module) -> Iterator[Fault]:
    """Only where each part is certainly a class: `self.errors or ()` may be meant as it is written."""
    test = node.type
    if not isinstance(test, ast.BoolOp) or not all(_is_class(value, module) for value in test.values):
        return
    parts = [module.source(value) for value in test.values]
    if isinstance(test.op, ast.And):
        text = f"only {parts[-1]} is caught here: 'and' gives the last one"
        yield Fault(test, text, left="which of them are meant to be caught")
        return
    text = f"only {parts[0]} is caught here: 'or' gives the first one"
    if "#" in module.source(test):
        yield Fault(test, text, left="a comment between them would be lost")
    else:
        yield Fault(test, text, partial(_fix, node, test, parts, module))


def _is_class(node: ast.expr, module: Module) -> bool:
    name = module.resolve(node)
    if name is not None:
        last = name.rpartition(".")[2]
        if name.startswith("builtins."):
            return isinstance(getattr(builtins, last, None), type)
        return last[:1].isupper() and not last.isupper()
    if not isinstance(node, ast.Name):
        return False
    bindings = module.bindings(node)
    return len(bindings) == 1 and bindings[0].kind == "class"


def _fix(node: ast.ExceptHandler, test: ast.BoolOp, parts: list[str], module: Module) -> Fix:
    start, end = module.span(test)
    joined = ", ".join(parts)
    enclosed = b"(" in module.text.data[module.span(node)[0] : start]
    return Fix((Edit(start, end, joined if enclosed else f"({joined})"),))


RULE = Rule(
    name="except-with-or",
    topic="exceptions",
    summary="Exception classes joined by or instead of in a tuple",
    severity=Severity.MEDIUM,
    confidence=Confidence.HIGH,
    cwe=480,
    nodes=(ast.ExceptHandler,),
    detect=detect,
    documentation=__doc__,
    fixes="sometimes",
    aliases=("B030",),
    mentions=("except",),
)
