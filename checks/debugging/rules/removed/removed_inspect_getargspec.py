"""
## What it does
Reports `inspect.getargspec`.

## Why it is bad
It was removed in Python 3.11: the code ends with an AttributeError. `inspect.getfullargspec` gives a tuple with more
parts; the first two and the fourth (`args`, `varargs`, `defaults`) are the same.

## Example
```python
import inspect

def parameters(function):
    return inspect.getargspec(function).args
```

## Use instead
```python
import inspect

def parameters(function):
    return inspect.getfullargspec(function).args
```

References: What's New In Python 3.11, "Removed"; CWE-477.
"""

import ast
from collections.abc import Iterator

from checks.debugging.rule import Fault, Rule
from checks.debugging.rules.removed._names import attribute, guarded
from checks.debugging.source.edits import Fix
from checks.debugging.source.module import Module
from checks.model.findings import Confidence, Severity

_NAME = "inspect.getargspec"
_SAME = ("args", "varargs", "defaults")
_MESSAGE = f"{_NAME} was removed in Python 3.11; getfullargspec gives more parts"
_LEFT = "getfullargspec gives seven parts: does what uses them expect four?"


def detect(node: ast.Attribute | ast.ImportFrom, module: Module) -> Iterator[Fault]:
    """Fixed where every use of the result takes a part that both functions have."""
    if isinstance(node, ast.ImportFrom):
        named = next((alias for alias in node.names if alias.name == "getargspec"), None)
        if node.module == "inspect" and not node.level and named is not None and not guarded(module, node):
            yield Fault(named, _MESSAGE, left=_LEFT)
        return
    if node.attr != "getargspec" or module.resolve(node) != _NAME or guarded(module, node):
        return
    call = module.parent(node)
    edit = attribute(module, node, "getfullargspec")
    if edit is not None and isinstance(call, ast.Call) and call.func is node and _same(module, call):
        yield Fault(node, _MESSAGE, lambda: Fix((edit,)))
    else:
        yield Fault(node, _MESSAGE, left=_LEFT)


def _same(module: Module, call: ast.Call) -> bool:
    if _part(module, call):
        return True
    owner = module.parent(call)
    if not isinstance(owner, ast.Assign) or len(owner.targets) != 1 or not isinstance(owner.targets[0], ast.Name):
        return False
    name = owner.targets[0]
    found = module.scope(owner).find(name.id)
    if found is None or len(found[1]) != 1 or found[0] is module.scopes.module:
        return False
    uses = [n for n in module.nodes if isinstance(n, ast.Name) and n.id == name.id and n is not name]
    mine = [n for n in uses if module.scope(n).find(n.id) == found]
    return bool(mine) and all(_part(module, use) for use in mine)


def _part(module: Module, node: ast.expr) -> bool:
    owner = module.parent(node)
    if isinstance(owner, ast.Attribute):
        return owner.attr in _SAME
    if isinstance(owner, ast.Subscript) and owner.value is node and isinstance(owner.slice, ast.Constant):
        return owner.slice.value in (0, 1, 2, 3)
    return False


RULE = Rule(
    name="removed-inspect-getargspec",
    topic="removed",
    summary="inspect.getargspec, which Python 3.11 removed",
    severity=Severity.MEDIUM,
    confidence=Confidence.HIGH,
    cwe=477,
    nodes=(ast.Attribute, ast.ImportFrom),
    detect=detect,
    documentation=__doc__,
    fixes="sometimes",
    mentions=("getargspec",),
)
