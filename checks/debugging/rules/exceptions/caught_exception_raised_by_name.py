"""
## What it does
Reports `raise error` at the end of `except … as error`, where a bare `raise` does the same.

## Why it is bad
Naming the exception adds this line to the traceback a second time and makes the reader check whether it is still the
one that was caught.

## Example
```python
def load(path):
    try:
        return path.read_text()
    except OSError as error:
        log.error("cannot read %s", path)
        raise error
```

## Use instead
```python
def load(path):
    try:
        return path.read_text()
    except OSError:
        log.error("cannot read %s", path)
        raise
```

References: Python language reference, "The raise statement".
"""

import ast
from collections.abc import Iterator
from functools import partial

from checks.debugging.rule import Fault, Rule
from checks.debugging.rules.exceptions._handlers import handler_of, name_removed, rebound
from checks.debugging.source.edits import Edit, Fix
from checks.debugging.source.module import Module
from checks.model.findings import Confidence, Severity


def detect(node: ast.Raise, module: Module) -> Iterator[Fault]:
    """The handler's own name, raised straight in the handler, still bound to what was caught."""
    if not isinstance(node.exc, ast.Name) or node.cause is not None:
        return
    handler = handler_of(module, node)
    if handler is None or handler.name != node.exc.id or rebound(handler):
        return
    text = f"a bare raise re-raises {handler.name} without a second entry in the traceback"
    severity = Severity.INFO if module.is_test else None
    if _others(node, handler):
        yield Fault(node, text, partial(_fix, node, module), severity=severity)
        return
    name = name_removed(handler, module)
    if name is None:
        yield Fault(node, text, left="the name in the except line would be left without use", severity=severity)
    else:
        yield Fault(node, text, partial(_fix, node, module, name), severity=severity)


def _others(node: ast.Raise, handler: ast.ExceptHandler) -> bool:
    """Whether the handler's name is used besides in this statement."""
    return any(
        isinstance(inner, ast.Name) and inner.id == handler.name and inner is not node.exc
        for statement in handler.body
        for inner in ast.walk(statement)
    )


def _fix(node: ast.Raise, module: Module, name: Edit | None = None) -> Fix:
    start, end = module.span(node)
    edit = Edit(start, end, "raise")
    return Fix((edit, name) if name else (edit,))


RULE = Rule(
    name="caught-exception-raised-by-name",
    topic="exceptions",
    summary="Caught exception re-raised by its name",
    severity=Severity.LOW,
    confidence=Confidence.HIGH,
    cwe=None,
    nodes=(ast.Raise,),
    detect=detect,
    documentation=__doc__,
    fixes="sometimes",
    mentions=("except",),
)
