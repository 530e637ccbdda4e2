"""
## What it does
Reports `asyncio.create_task()` and `asyncio.ensure_future()` whose result is not kept.

## Why it is bad
The event loop holds tasks by weak references only: one that nobody else holds may be collected in the middle of its
work. And an exception in it is seen by nobody.

## Example
```python
import asyncio

async def start(job):
    asyncio.create_task(job.run())
```

## Use instead
```python
import asyncio

tasks = set()

async def start(job):
    task = asyncio.create_task(job.run())
    tasks.add(task)
    task.add_done_callback(tasks.discard)
```

References: Python documentation, "asyncio.create_task"; CWE-772.
"""

import ast
from collections.abc import Iterator

from checks.debugging.rule import Fault, Rule
from checks.debugging.source.module import Module
from checks.model.findings import Confidence, Severity

_MAKERS = frozenset({"asyncio.create_task", "asyncio.ensure_future"})
_LOOPS = frozenset({"asyncio.get_event_loop", "asyncio.get_running_loop", "asyncio.new_event_loop"})


def detect(node: ast.Expr, module: Module) -> Iterator[Fault]:
    """Statements that are nothing but the call; the `create_task` of a task group keeps its tasks."""
    call = node.value
    if not isinstance(call, ast.Call):
        return
    name = module.resolve(call.func)
    if name not in _MAKERS:
        if not isinstance(call.func, ast.Attribute) or call.func.attr != "create_task":
            return
        if module.origin(call.func.value) not in _LOOPS:
            return
    yield Fault(
        node,
        "nobody holds this task: it may be collected before it is done",
        left="where should the task be kept until it is done",
        severity=Severity.INFO if module.is_test else None,
    )


RULE = Rule(
    name="task-reference-lost",
    topic="concurrency",
    summary="Task that nobody holds",
    severity=Severity.LOW,
    confidence=Confidence.HIGH,
    cwe=772,
    nodes=(ast.Expr,),
    detect=detect,
    documentation=__doc__,
    fixes="never",
    mentions=("create_task", "ensure_future"),
)
