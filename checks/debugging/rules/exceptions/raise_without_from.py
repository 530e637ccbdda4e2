"""
## What it does
Reports a new exception raised in a handler without saying what the caught one is to it.

## Why it is bad
The traceback then reads "During handling of the above exception, another exception occurred", as if the handler itself
had failed, and `__cause__` is empty for those who look for it.

## Example
```python
def port(text):
    try:
        return int(text)
    except ValueError as error:
        raise LookupError(f"no port: {text}")
```

## Use instead
```python
def port(text):
    try:
        return int(text)
    except ValueError as error:
        raise LookupError(f"no port: {text}") from error
```

References: PEP 3134; CWE-703.
"""

import ast
from collections.abc import Iterator
from functools import partial

from checks.debugging.rule import Fault, Rule
from checks.debugging.rules.exceptions._handlers import handler_of, name_removed, rebound
from checks.debugging.source.edits import Edit, Fix
from checks.debugging.source.module import Module
from checks.model.findings import Confidence, Severity

_EXITS = frozenset({"builtins.SystemExit", "builtins.KeyboardInterrupt", "builtins.StopIteration"})
_LEFT = "the handler has no name for what it caught: keep that as the cause, or hide it by 'from None'"


def detect(node: ast.Raise, module: Module) -> Iterator[Fault]:
    """A class, or a call of one, raised straight in a handler."""
    if node.exc is None or node.cause is not None:
        return
    raised = node.exc.func if isinstance(node.exc, ast.Call) else node.exc
    if not _is_class(raised):
        return
    handler = handler_of(module, node)
    if handler is None or module.resolve(raised) in _EXITS:
        return
    text = f"{module.source(raised)} is raised without the exception that caused it"
    weak = Severity.INFO if module.is_test else None
    if handler.name is None:
        yield Fault(node, text, left=_LEFT, severity=Severity.INFO)
    elif rebound(handler):
        yield Fault(node, text, left=f"{handler.name} is given another value in the handler", severity=weak)
    elif module.surroundings.python < (3, 0):
        yield Fault(node, text, left="Python 2 has no 'from'", severity=weak)
    else:
        yield Fault(node, text, partial(_fix, node, handler, module), severity=weak)


def _fix(node: ast.Raise, handler: ast.ExceptHandler, module: Module) -> Fix:
    """Claims the name in the except line too, so that no other fix takes it away at the same time."""
    place = module.span(node)[1]
    edits = [Edit(place, place, f" from {handler.name}")]
    name = name_removed(handler, module)
    if name is not None:
        kept = module.text.data[name.start : name.end].decode("utf-8")
        edits.append(Edit(name.start, name.end, kept))
    return Fix(tuple(edits))


def _is_class(node: ast.expr) -> bool:
    """Whether the name is written as those of classes are: what a function makes may have a cause already."""
    name = node.attr if isinstance(node, ast.Attribute) else node.id if isinstance(node, ast.Name) else ""
    bare = name.lstrip("_")
    return bare[:1].isupper() and not bare.isupper()


RULE = Rule(
    name="raise-without-from",
    topic="exceptions",
    summary="Exception raised in a handler without its cause",
    severity=Severity.LOW,
    confidence=Confidence.HIGH,
    cwe=703,
    nodes=(ast.Raise,),
    detect=detect,
    documentation=__doc__,
    fixes="sometimes",
    aliases=("B904",),
    mentions=("except",),
)
