"""
## What it does
Reports `type(a) == B` and `type(a) != B` with a class or another `type(…)` on the other side.

## Why it is bad
Classes are single objects: `is` says what is meant and cannot be bent by an `__eq__` of the class's own class.
Whether subclasses should count too (`isinstance`) is for the author to say.

## Example
```python
def same(a, b):
    return type(a) == type(b) and a.name == b.name
```

## Use instead
```python
def same(a, b):
    return type(a) is type(b) and a.name == b.name
```

References: PEP 8, "Programming Recommendations"; CWE-597.
"""

import ast
import builtins
from collections.abc import Iterator
from functools import partial

from checks.debugging.rule import Fault, Rule
from checks.debugging.source.arguments import in_f_string
from checks.debugging.source.edits import Edit, Fix
from checks.debugging.source.gaps import operator
from checks.debugging.source.module import Module
from checks.model.findings import Confidence, Severity

_CLASSES = frozenset(f"builtins.{name}" for name in dir(builtins) if isinstance(getattr(builtins, name), type))


def detect(node: ast.Compare, module: Module) -> Iterator[Fault]:
    """Plain comparisons only; a chained one may compare something else."""
    if len(node.ops) != 1 or not isinstance(node.ops[0], ast.Eq | ast.NotEq):
        return
    left, right = node.left, node.comparators[0]
    if not (_is_type_call(left, module) and _is_class(right, module)) and not (
        _is_type_call(right, module) and _is_class(left, module)
    ):
        return
    sign = "is" if isinstance(node.ops[0], ast.Eq) else "is not"
    message = f"classes are compared for equality where '{sign}' is meant"
    place = operator(module, left, right)
    if place is None or in_f_string(module, node):
        yield Fault(node, message, left="it stands in an f-string")
        return
    yield Fault(node, message, partial(_fix, place, sign, module))


def _is_type_call(node: ast.expr, module: Module) -> bool:
    return (
        isinstance(node, ast.Call)
        and isinstance(node.func, ast.Name)
        and node.func.id == "type"
        and len(node.args) == 1
        and not node.keywords
        and not isinstance(node.args[0], ast.Starred)
        and module.resolve(node.func) == "builtins.type"
    )


def _is_class(node: ast.expr, module: Module) -> bool:
    if isinstance(node, ast.Call):
        return _is_type_call(node, module)
    if isinstance(node, ast.Attribute) and node.attr == "__class__":
        return True
    if isinstance(node, ast.Name):
        bindings = module.bindings(node)
        if bindings and all(b.kind == "class" and not _has_metaclass(b.node) for b in bindings):
            return True
    name = module.resolve(node)
    return name is not None and (name in _CLASSES or _reads_as_class(name))


def _has_metaclass(node: ast.AST) -> bool:
    return isinstance(node, ast.ClassDef) and any(keyword.arg == "metaclass" for keyword in node.keywords)


def _reads_as_class(name: str) -> bool:
    """An import whose last part is in CapWords: `decimal.Decimal`, not `types.STRING` and not a call's result."""
    last = name.rpartition(".")[2]
    return last[:1].isupper() and any(letter.islower() for letter in last) and "_" not in last


def _fix(place: tuple[int, int], sign: str, module: Module) -> Fix:
    data = module.text.data
    before = "" if data[place[0] - 1 : place[0]].isspace() else " "
    after = "" if data[place[1] : place[1] + 1].isspace() else " "
    return Fix((Edit(*place, f"{before}{sign}{after}"),))


RULE = Rule(
    name="type-compared-with-equals",
    topic="comparison",
    summary="Classes compared with ==",
    severity=Severity.INFO,
    confidence=Confidence.HIGH,
    cwe=597,
    nodes=(ast.Compare,),
    detect=detect,
    documentation=__doc__,
    fixes="sometimes",
    aliases=("E721",),
    mentions=("type(",),
)
