"""
## What it does
Reports uses of what `xs.sort()`, `xs.reverse()`, `xs.append(x)`, `d.update(x)` and `random.shuffle(xs)` give.

## Why it is bad
They change the collection in its place and give None.

## Example
```python
def ordered(names):
    names = list(names)
    names = names.sort()
    return names
```

## Use instead
```python
def ordered(names):
    names = list(names)
    names.sort()
    return names
```

References: Python documentation, "Mutable Sequence Types"; CWE-252.
"""

import ast
from collections.abc import Iterator
from functools import partial

from checks.debugging.rule import Fault, Rule
from checks.debugging.rules.collections._kinds import kind
from checks.debugging.source.edits import Edit, Fix
from checks.debugging.source.gaps import pieces
from checks.debugging.source.module import Module
from checks.model.findings import Confidence, Severity

_METHODS = {
    "list": frozenset({"sort", "reverse", "append", "extend", "insert", "remove", "clear"}),
    "dict": frozenset({"update", "clear"}),
    "set": frozenset({"update", "add", "discard", "remove", "clear"}),
}
_ALL = frozenset().union(*_METHODS.values())
_SHUFFLE = frozenset({"random.shuffle", "numpy.random.shuffle", "random.SystemRandom.shuffle"})


def detect(node: ast.Call, module: Module) -> Iterator[Fault]:
    """Calls whose receiver is certainly a list, dictionary or set, and whose result is assigned, returned, looped over
    or given to print or another builtin. `return xs.append(x)` is a way to end a function and not reported."""
    parent = module.parent(node)
    changed = _changed(node, parent, module)
    if changed is None:
        return
    message = f"{module.source(node.func)}() changes its collection in place and gives None"
    left = "is the changed collection meant, or a changed copy?"
    match parent:
        case ast.Assign(targets=[ast.Name(id=name)], value=value) if value is node:
            start, _ = module.span(parent)
            marks = pieces(module, module.span(parent.targets[0])[1], module.span(node)[0])
            if isinstance(changed, ast.Name) and changed.id == name and [mark[2] for mark in marks] == ["="]:
                edit = Edit(start, module.span(node)[0], "")
                yield Fault(node, message, partial(_fix, edit))
                return
    yield Fault(node, message, left=left)


def _changed(node: ast.Call, parent: ast.AST | None, module: Module) -> ast.expr | None:
    """What the call changes, where its result is used; None where nothing is sure."""
    function = node.func
    last = function.attr if isinstance(function, ast.Attribute) else getattr(function, "id", "")
    if last != "shuffle" and (last not in _ALL or not isinstance(function, ast.Attribute)):
        return None
    match parent:
        case ast.Assign() | ast.AnnAssign() | ast.NamedExpr():
            statement: ast.AST | None = parent
        case ast.For() if parent.iter is node:
            statement = None
        case ast.Return() if last in ("sort", "reverse", "shuffle"):
            statement = None
        case ast.Call(func=ast.Name()) if (module.resolve(parent.func) or "").startswith("builtins."):
            statement = None
        case _:
            return None
    if last == "shuffle":
        sure = module.resolve(function) in _SHUFFLE or (
            isinstance(function, ast.Attribute) and module.origin(function.value) == "random.Random"
        )
        return node.args[0] if sure and len(node.args) == 1 else None
    if isinstance(function, ast.Attribute) and last in _METHODS.get(kind(function.value, module, statement), ()):
        return function.value
    return None


def _fix(edit: Edit) -> Fix:
    return Fix((edit,))


RULE = Rule(
    name="in-place-method-result-used",
    topic="collections",
    summary="Result of a method that changes in place and gives None",
    severity=Severity.MEDIUM,
    confidence=Confidence.HIGH,
    cwe=252,
    nodes=(ast.Call,),
    detect=detect,
    documentation=__doc__,
    fixes="sometimes",
)
