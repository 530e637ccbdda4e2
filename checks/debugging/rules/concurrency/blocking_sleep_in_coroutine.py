"""
## What it does
Reports `time.sleep()` in an `async def`.

## Why it is bad
It stops the whole event loop: no other task, connection or timer of the program goes on while this one sleeps.

## Example
```python
import time

async def poll(source):
    while not await source.ready():
        time.sleep(1)
```

## Use instead
```python
import asyncio

async def poll(source):
    while not await source.ready():
        await asyncio.sleep(1)
```

References: Python documentation, "Developing with asyncio"; CWE-833.
"""

import ast
from collections.abc import Iterator
from functools import partial

from checks.debugging.rule import Fault, Rule
from checks.debugging.rules.concurrency._coroutines import coroutine, other_loop
from checks.debugging.source.edits import Edit, Fix
from checks.debugging.source.imports import reference
from checks.debugging.source.module import Module
from checks.model.findings import Confidence, Severity


def detect(node: ast.Call, module: Module) -> Iterator[Fault]:
    """Sleeps that the coroutine itself runs, not those of a function in it that may run in a thread."""
    last = node.func.attr if isinstance(node.func, ast.Attribute) else ""
    if last != "sleep" and not isinstance(node.func, ast.Name):
        return
    if coroutine(module, node) is None or module.resolve(node.func) != "time.sleep":
        return
    text = "time.sleep() stops the whole event loop"
    severity = Severity.LOW if module.is_test else None
    other = other_loop(module)
    if other:
        yield Fault(node, text, left=f"the module uses {other}: its own sleep may be meant", severity=severity)
    elif module.is_test:
        yield Fault(node, text, left="a test may stop the loop on purpose", severity=severity)
    elif any(isinstance(a, ast.With) and "lock" in module.source(a.items[0]).lower() for a in module.ancestors(node)):
        yield Fault(node, text, left="a lock is held here, and other tasks would run into it", severity=severity)
    elif not isinstance(module.parent(node), ast.Expr) or len(node.args) != 1 or node.keywords:
        yield Fault(node, text, left="the call is part of a larger expression", severity=severity)
    elif reference(module, "asyncio:sleep", node) is None:
        yield Fault(node, text, left="the name asyncio means something else here", severity=severity)
    else:
        yield Fault(node, text, partial(_fix, node, module), severity=severity)


def _fix(node: ast.Call, module: Module) -> Fix | None:
    named = reference(module, "asyncio:sleep", node)
    if named is None:
        return None
    start, end = module.span(node.func)
    return Fix((*named.edits, Edit(start, end, f"await {named.text}")))


RULE = Rule(
    name="blocking-sleep-in-coroutine",
    topic="concurrency",
    summary="Sleep that stops the event loop",
    severity=Severity.MEDIUM,
    confidence=Confidence.HIGH,
    cwe=833,
    nodes=(ast.Call,),
    detect=detect,
    documentation=__doc__,
    fixes="sometimes",
    mentions=("sleep",),
)
