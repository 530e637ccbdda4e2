"""
## What it does
Reports the camel-case names of `threading` that have successors: `currentThread`, `activeCount`, `setDaemon`,
`isSet`, `notifyAll`.

## Why it is bad
They are deprecated since Python 3.10 and warn at each call; `Thread.isAlive` was removed in Python 3.9. The
successors do the same and exist since Python 2.6.

## Example
```python
import threading

def start(work):
    thread = threading.Thread(target=work)
    thread.setDaemon(True)
    thread.start()
```

## Use instead
```python
import threading

def start(work):
    thread = threading.Thread(target=work)
    thread.daemon = True
    thread.start()
```

References: What's New In Python 3.10, "Deprecated"; CWE-477.
"""

import ast
from collections.abc import Iterator

from checks.debugging.rule import Fault, Rule
from checks.debugging.rules.removed._names import Gone, attribute, faults, guarded
from checks.debugging.source.edits import Edit, Fix
from checks.debugging.source.module import Module
from checks.model.findings import Confidence, Severity

_SINCE = "is deprecated since Python 3.10"
_TABLE = {
    "threading.currentThread": Gone(_SINCE, "threading:current_thread"),
    "threading.activeCount": Gone(_SINCE, "threading:active_count"),
}
_THREADS = tuple(f"threading.{name}" for name in ("Thread", "Timer", "current_thread", "currentThread", "main_thread"))
_METHODS = {
    "notifyAll": (("threading.Condition",), "notify_all"),
    "isSet": (("threading.Event",), "is_set"),
    "isAlive": (_THREADS, "is_alive"),
}
_GETTERS = {"isDaemon": "daemon", "getName": "name"}
_SETTERS = {"setDaemon": "daemon", "setName": "name"}
_FUNCTIONS = frozenset({"currentThread", "activeCount"})


def detect(node: ast.Attribute | ast.ImportFrom, module: Module) -> Iterator[Fault]:
    """The functions by import; the methods only on what one of the classes certainly made."""
    yield from faults(node, module, _TABLE, _FUNCTIONS)
    if not isinstance(node, ast.Attribute):
        return
    call = module.parent(node)
    if not isinstance(call, ast.Call) or call.func is not node:
        return
    if node.attr in _METHODS:
        origins, new = _METHODS[node.attr]
        if _is(module, node.value, origins) and not guarded(module, node):
            edit = attribute(module, node, new)
            since = "was removed in Python 3.9" if node.attr == "isAlive" else _SINCE
            yield _fault(node, f"{node.attr} {since}; it is called {new}", edit, "rename it by hand")
    elif (node.attr in _GETTERS or node.attr in _SETTERS) and _is(module, node.value, _THREADS):
        new = _GETTERS.get(node.attr) or _SETTERS[node.attr]
        edit = _getter(module, call, node, new) if node.attr in _GETTERS else _setter(module, call, node, new)
        yield _fault(
            node, f"{node.attr} {_SINCE}; {new} is an attribute", edit, "not a call that an attribute can replace"
        )


def _fault(node: ast.Attribute, message: str, edit: Edit | None, left: str) -> Fault:
    severity = Severity.MEDIUM if node.attr == "isAlive" else None
    if edit is None:
        return Fault(node, message, left=left, severity=severity)
    return Fault(node, message, lambda: Fix((edit,)), severity=severity)


def _is(module: Module, value: ast.expr, origins: tuple[str, ...]) -> bool:
    if module.origin(value) in origins:
        return True
    if "threading.Thread" not in origins or not isinstance(value, ast.Name) or value.id != "self":
        return False
    owner = module.enclosing_class(value)
    return owner is not None and len(owner.bases) == 1 and module.resolve(owner.bases[0]) == "threading.Thread"


def _getter(module: Module, call: ast.Call, node: ast.Attribute, new: str) -> Edit | None:
    name = attribute(module, node, new)
    end = module.span(call)[1]
    if name is None or call.args or call.keywords or module.text.data[name.end : end] != b"()":
        return None
    return Edit(name.start, end, new)


def _setter(module: Module, call: ast.Call, node: ast.Attribute, new: str) -> Edit | None:
    name = attribute(module, node, new)
    if name is None or call.keywords or len(call.args) != 1 or not isinstance(module.parent(call), ast.Expr):
        return None
    plain = (ast.Constant, ast.Name, ast.Attribute, ast.Call, ast.Subscript, ast.JoinedStr, ast.BinOp, ast.UnaryOp)
    value, end = call.args[0], module.span(call)[1]
    written = module.source(value)
    if not isinstance(value, plain) or module.text.data[name.end : end] != f"({written})".encode():
        return None
    if call.lineno != call.end_lineno:
        return None
    return Edit(name.start, end, f"{new} = {written}")


RULE = Rule(
    name="deprecated-threading-name",
    topic="removed",
    summary="Camel-case name of threading that has a successor",
    severity=Severity.LOW,
    confidence=Confidence.HIGH,
    cwe=477,
    nodes=(ast.Attribute, ast.ImportFrom),
    detect=detect,
    documentation=__doc__,
    fixes="sometimes",
    mentions=(*sorted(_FUNCTIONS), *sorted(_METHODS), *sorted(_GETTERS), *sorted(_SETTERS)),
)
