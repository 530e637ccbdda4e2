"""
## What it does
Reports a statement that calls an `async def` of the same module and does not await it.

## Why it is bad
Calling it only makes a coroutine: nothing of it runs. Python says "coroutine was never awaited" when the object is
collected, and goes on.

## Example
```python
async def save(item):
    await store.put(item)

async def handle(item):
    save(item)
```

## Use instead
```python
async def save(item):
    await store.put(item)

async def handle(item):
    await save(item)
```

References: Python documentation, "Detect never-awaited coroutines"; CWE-252.
"""

import ast
from collections.abc import Iterator
from functools import partial

from checks.debugging.rule import Fault, Rule
from checks.debugging.rules.concurrency._coroutines import called, coroutine
from checks.debugging.source.edits import Edit, Fix
from checks.debugging.source.flow import run_by
from checks.debugging.source.module import Module
from checks.model.findings import Confidence, Severity

_KEEPING = frozenset({"builtins.staticmethod", "builtins.classmethod", "typing.override", "abc.abstractmethod"})


def detect(node: ast.Expr, module: Module) -> Iterator[Fault]:
    """Calls by name or by `self`; a decorator may turn the function into something else, a `yield` makes it a
    generator."""
    if not isinstance(node.value, ast.Call):
        return
    function = called(module, node.value.func)
    if not isinstance(function, ast.AsyncFunctionDef):
        return
    if any(module.resolve(decorator) not in _KEEPING for decorator in function.decorator_list):
        return
    if any(isinstance(inner, ast.Yield) for inner in run_by(function.body)):
        return
    text = f"{function.name}() makes a coroutine that nobody awaits: nothing of it runs"
    if coroutine(module, node) is None:
        yield Fault(node, text, left="only a coroutine can await it: who runs this one")
    else:
        yield Fault(node, text, partial(_fix, node.value, module))


def _fix(node: ast.Call, module: Module) -> Fix:
    start, _ = module.span(node)
    return Fix((Edit(start, start, "await "),))


RULE = Rule(
    name="coroutine-never-awaited",
    topic="concurrency",
    summary="Coroutine made and not awaited",
    severity=Severity.HIGH,
    confidence=Confidence.HIGH,
    cwe=252,
    nodes=(ast.Expr,),
    detect=detect,
    documentation=__doc__,
    fixes="sometimes",
    mentions=("async",),
)
