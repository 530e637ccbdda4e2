"""
## What it does
Reports a list, dictionary or set as a parameter's default value that the function changes or gives away.

## Why it is bad
A default is made once, when the function is defined, and shared by all calls: what one call puts in, the next one
finds there.

## Example
```python
def collect(item, into=[]):
    into.append(item)
    return into
```

## Use instead
```python
def collect(item, into=None):
    if into is None:
        into = []
    into.append(item)
    return into
```

References: Python language reference, "Function definitions"; CWE-665.
"""

import ast
from collections.abc import Iterator
from functools import partial

from checks.debugging.rule import Fault, Rule
from checks.debugging.rules.arguments._defaults import defaults, made_in_body, obstacle
from checks.debugging.source.module import Function, Module
from checks.model.findings import Confidence, Severity

_MAKERS = frozenset(
    {"builtins.list", "builtins.dict", "builtins.set", "builtins.bytearray"}
    | {f"collections.{name}" for name in ("defaultdict", "OrderedDict", "Counter", "deque")}
)
_LITERALS = (ast.List, ast.Dict, ast.Set, ast.ListComp, ast.DictComp, ast.SetComp)
_STORES = ("cache", "memo", "registry", "seen")


def detect(node: Function, module: Module) -> Iterator[Fault]:
    """One fault a parameter. A name that says cache or memo is a store on purpose and is not reported."""
    for argument, default in defaults(node):
        if not _mutable(default, module) or any(word in argument.arg.lower() for word in _STORES):
            continue
        message = f"the default of {argument.arg!r} is made once and shared by all calls of {node.name}()"
        left = obstacle(node, argument, default, module)
        if left:
            yield Fault(default, message, left=left)
        else:
            yield Fault(default, message, partial(made_in_body, node, argument, default, module))


def _mutable(default: ast.expr, module: Module) -> bool:
    if isinstance(default, _LITERALS):
        return True
    return isinstance(default, ast.Call) and module.resolve(default.func) in _MAKERS


RULE = Rule(
    name="mutable-default-argument",
    topic="arguments",
    summary="List, dictionary or set as a default value",
    severity=Severity.MEDIUM,
    confidence=Confidence.HIGH,
    cwe=665,
    nodes=(ast.FunctionDef, ast.AsyncFunctionDef),
    detect=detect,
    documentation=__doc__,
    fixes="sometimes",
    aliases=("B006",),
)
