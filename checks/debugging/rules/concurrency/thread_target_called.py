"""
## What it does
Reports `Thread(target=work())`: the function is called, and its result, None, is what the thread is to run.

## Why it is bad
The work is done at once, in the thread that makes the new one; the new thread has no target and ends without a word.

## Example
```python
import threading

def work():
    print("working")

threading.Thread(target=work()).start()
```

## Use instead
```python
import threading

def work():
    print("working")

threading.Thread(target=work).start()
```

References: Python documentation, "threading.Thread"; CWE-687.
"""

import ast
from collections.abc import Iterator
from functools import partial

from checks.debugging.rule import Fault, Rule
from checks.debugging.rules.concurrency._coroutines import called
from checks.debugging.source.edits import Edit, Fix
from checks.debugging.source.flow import run_by
from checks.debugging.source.module import Function, Module
from checks.model.findings import Confidence, Severity

_RUNNERS = {
    "threading.Thread": ("target", 1),
    "multiprocessing.Process": ("target", 1),
    "threading.Timer": ("function", 1),
    "atexit.register": ("", 0),
}


def detect(node: ast.Call, module: Module) -> Iterator[Fault]:
    """Only functions of the module that certainly return nothing: what makes the target may be called."""
    name = module.resolve(node.func)
    if name not in _RUNNERS:
        return
    keyword, index = _RUNNERS[name]
    given = next((k.value for k in node.keywords if k.arg == keyword), None)
    if given is None and len(node.args) > index and not any(isinstance(a, ast.Starred) for a in node.args):
        given = node.args[index]
    if not isinstance(given, ast.Call):
        return
    function = called(module, given.func)
    if function is None or not _returns_nothing(function):
        return
    short = module.source(given.func)
    text = f"{short}() runs here and now, and {name.rpartition('.')[2]} gets None"
    if given.args or given.keywords:
        yield Fault(given, text, left="its arguments belong into args=(…) and kwargs={…}")
    elif module.text.data[module.span(given.func)[1] : module.span(given)[1]].count(b"#"):
        yield Fault(given, text, left="a comment between the parentheses would be lost")
    else:
        yield Fault(given, text, partial(_fix, given, module))


def _returns_nothing(node: Function) -> bool:
    """Whether a call certainly gives None: no value returned, no generator, no coroutine, no decorator, and a body
    that is more than a placeholder."""
    if isinstance(node, ast.AsyncFunctionDef) or node.decorator_list:
        return False
    for inner in run_by(node.body):
        if isinstance(inner, ast.Yield | ast.YieldFrom):
            return False
        if isinstance(inner, ast.Return) and not (
            inner.value is None or (isinstance(inner.value, ast.Constant) and inner.value.value is None)
        ):
            return False
    return not isinstance(node.body[-1], ast.Raise)


def _fix(given: ast.Call, module: Module) -> Fix:
    start, end = module.span(given.func)[1], module.span(given)[1]
    return Fix((Edit(start, end, ""),))


RULE = Rule(
    name="thread-target-called",
    topic="concurrency",
    summary="Function called where the function itself is meant",
    severity=Severity.HIGH,
    confidence=Confidence.HIGH,
    cwe=687,
    nodes=(ast.Call,),
    detect=detect,
    documentation=__doc__,
    fixes="sometimes",
    mentions=("Thread", "Process", "Timer", "atexit"),
)
