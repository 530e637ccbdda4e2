"""
## What it does
Reports default values that ask the clock, the random generator or the process: `time.time()`, `datetime.now()`,
`uuid.uuid4()`, `random.random()`, `os.getpid()` and their like.

## Why it is bad
A default is made once, when the function is defined: every later call gets the time at which the program started, and
the same "random" identifier.

## Example
```python
import time

def stamp(record, at=time.time()):
    return (at, record)
```

## Use instead
```python
import time

def stamp(record, at=None):
    if at is None:
        at = time.time()
    return (at, record)
```

References: Python language reference, "Function definitions"; CWE-665.
"""

import ast
from collections.abc import Iterator
from functools import partial

from checks.debugging.rule import Fault, Rule
from checks.debugging.rules.arguments._clocks import MENTIONS, asked_at_once
from checks.debugging.rules.arguments._defaults import defaults, made_in_body, obstacle
from checks.debugging.source.module import Function, Module
from checks.model.findings import Confidence, Severity


def detect(node: Function, module: Module) -> Iterator[Fault]:
    """One fault a parameter. A name with `_` before it holds what was so at the start on purpose."""
    for argument, default in defaults(node):
        if isinstance(default, ast.Constant) or argument.arg.startswith("_"):
            continue
        asked = asked_at_once(default, module)
        if asked is None:
            continue
        message = f"{asked}() is asked once, when {node.name}() is defined, and not in each call"
        left = obstacle(node, argument, default, module)
        if left:
            yield Fault(default, message, left=left)
        else:
            yield Fault(default, message, partial(made_in_body, node, argument, default, module))


RULE = Rule(
    name="clock-in-default-argument",
    topic="arguments",
    summary="Clock, random generator or process asked in a default value",
    severity=Severity.MEDIUM,
    confidence=Confidence.HIGH,
    cwe=665,
    nodes=(ast.FunctionDef, ast.AsyncFunctionDef),
    detect=detect,
    documentation=__doc__,
    fixes="sometimes",
    mentions=MENTIONS,
)
