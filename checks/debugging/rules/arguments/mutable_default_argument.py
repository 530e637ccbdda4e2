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
from checks.debugging.source import blocks
from checks.debugging.source.edits import Edit, Fix
from checks.debugging.source.module import Module
from checks.model.findings import Confidence, Severity

_MAKERS = frozenset(
    {"builtins.list", "builtins.dict", "builtins.set", "builtins.bytearray"}
    | {f"collections.{name}" for name in ("defaultdict", "OrderedDict", "Counter", "deque")}
)
_LITERALS = (ast.List, ast.Dict, ast.Set, ast.ListComp, ast.DictComp, ast.SetComp)
_STORES = ("cache", "memo", "registry", "seen")


def detect(node: ast.FunctionDef | ast.AsyncFunctionDef, module: Module) -> Iterator[Fault]:
    """One fault a parameter. A name that says cache or memo is a store on purpose and is not reported."""
    arguments = node.args
    positional = [*arguments.posonlyargs, *arguments.args]
    pairs = [*zip(reversed(positional), reversed(arguments.defaults), strict=False)]
    pairs += [(a, d) for a, d in zip(arguments.kwonlyargs, arguments.kw_defaults, strict=True) if d is not None]
    for argument, default in pairs:
        if not _mutable(default, module) or any(word in argument.arg.lower() for word in _STORES):
            continue
        message = f"the default of {argument.arg!r} is made once and shared by all calls of {node.name}()"
        left = _obstacle(node, argument, default, module)
        if left:
            yield Fault(default, message, left=left)
        else:
            yield Fault(default, message, partial(_fix, node, argument, default, module))


def _mutable(default: ast.expr, module: Module) -> bool:
    if isinstance(default, _LITERALS):
        return True
    return isinstance(default, ast.Call) and module.resolve(default.func) in _MAKERS


def _obstacle(
    node: ast.FunctionDef | ast.AsyncFunctionDef, argument: ast.arg, default: ast.expr, module: Module
) -> str:
    if any(isinstance(inner, ast.Name | ast.Await | ast.NamedExpr | ast.Yield) for inner in ast.walk(default)):
        if not isinstance(default, ast.Call) or default.args or default.keywords:
            return "the default is made of other names: its value may change until the call"
    if _start(node) is None or blocks.indentation(module, node.body[-1]) is None:
        return "the function has no block of its own to put the line in"
    if argument.annotation is not None and not _optional(argument.annotation):
        return "the annotation would have to admit None"
    if argument.arg in {name for n in ast.walk(node) if isinstance(n, ast.Global | ast.Nonlocal) for name in n.names}:
        return "the parameter's name is declared global"
    return ""


def _optional(annotation: ast.expr) -> bool:
    return any(
        (isinstance(inner, ast.Constant) and inner.value is None)
        or (isinstance(inner, ast.Name) and inner.id in ("Optional", "Any", "object"))
        or (isinstance(inner, ast.Attribute) and inner.attr in ("Optional", "Any"))
        for inner in ast.walk(annotation)
    )


def _start(node: ast.FunctionDef | ast.AsyncFunctionDef) -> ast.stmt | None:
    """The first statement after the docstring and after the `if x is None` of other parameters."""
    first = node.body[0]
    documented = isinstance(first, ast.Expr) and isinstance(first.value, ast.Constant)
    for statement in node.body[1:] if documented else node.body:
        match statement:
            case ast.If(test=ast.Compare(ops=[ast.Is()], comparators=[ast.Constant(value=None)]), orelse=[]):
                continue
            case _:
                return statement
    return None


def _fix(
    node: ast.FunctionDef | ast.AsyncFunctionDef, argument: ast.arg, default: ast.expr, module: Module
) -> Fix | None:
    start = _start(node)
    if start is None:
        return None
    value = module.source(default)
    if "\n" in value or "\r" in value:
        return None
    unit = module.text.indent_unit
    edit = blocks.before(module, start, f"if {argument.arg} is None:\n{unit}{argument.arg} = {value}")
    if edit is None:
        return None
    first, last = module.span(default)
    return Fix((Edit(first, last, "None"), edit))


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
