"""
## What it does
Reports `dict.fromkeys(keys, [])`, `[[]] * n` and `[[0] * n] * m`: one list, dictionary or set in all places.

## Why it is bad
What is put into one place appears in all of them.

## Example
```python
def board(width, height):
    rows = [[0] * width] * height
    rows[0][0] = 1
    return rows
```

## Use instead
```python
def board(width, height):
    rows = [[0] * width for _ in range(height)]
    rows[0][0] = 1
    return rows
```

References: Python FAQ, "How do I create a multidimensional list?"; CWE-1108.
"""

import ast
from collections.abc import Iterator
from functools import partial

from checks.debugging.rule import Fault, Rule
from checks.debugging.rules.collections._kinds import display
from checks.debugging.source.arguments import in_f_string
from checks.debugging.source.edits import Edit, Fix
from checks.debugging.source.gaps import builtin, has_comment
from checks.debugging.source.module import Module
from checks.model.findings import Confidence, Severity

_FROMKEYS = frozenset({"builtins.dict.fromkeys"})
_ATOMS = (
    *(ast.Name, ast.Attribute, ast.Call, ast.Subscript, ast.Constant),
    *(ast.List, ast.Tuple, ast.Set, ast.Dict, ast.ListComp, ast.SetComp, ast.DictComp, ast.GeneratorExp),
)
_LEFT = "its parts are made of calls or names that a comprehension would ask in each round"


def detect(node: ast.Call | ast.BinOp, module: Module) -> Iterator[Fault]:
    """`fromkeys` of dict itself, and products of lists that are kept (assigned or returned)."""
    if isinstance(node, ast.Call):
        yield from _fromkeys(node, module)
    else:
        yield from _product(node, module)


def _fromkeys(node: ast.Call, module: Module) -> Iterator[Fault]:
    if not isinstance(node.func, ast.Attribute) or node.func.attr != "fromkeys" or len(node.args) != 2:
        return
    keys, value = node.args
    if node.keywords or not _is_mutable(value, module) or module.resolve(node.func) not in _FROMKEYS:
        return
    holder = module.parent(node)
    if isinstance(holder, ast.Compare):
        return
    message = f"all keys get one and the same {display(value, module) or 'list'}"
    severity = None if holder is not None and _changed_inside(holder, module) else Severity.LOW
    name = next((n for n in ("key", "name", "item") if n not in module.names), None)
    if name is None or not _repeatable(value, module) or isinstance(keys, ast.Starred | ast.NamedExpr | ast.Await):
        yield Fault(node, message, left=_LEFT, severity=severity)
    elif has_comment(module, node) or in_f_string(module, node):
        yield Fault(node, message, left="a comment or an f-string is in the way", severity=severity)
    else:
        source = module.source(keys)
        iterated = source if isinstance(keys, _ATOMS) else f"({source})"
        edit = Edit(*module.span(node), f"{{{name}: {module.source(value)} for {name} in {iterated}}}")
        yield Fault(node, message, partial(_fix, edit), severity=severity)


def _product(node: ast.BinOp, module: Module) -> Iterator[Fault]:
    if not isinstance(node.op, ast.Mult):
        return
    rows, count = (node.left, node.right) if isinstance(node.left, ast.List) else (node.right, node.left)
    if not isinstance(rows, ast.List) or isinstance(count, ast.List) or len(rows.elts) != 1:
        return
    element = rows.elts[0]
    if not _is_mutable(element, module) or (isinstance(count, ast.Constant) and count.value in (0, 1)):
        return
    holder = module.parent(node)
    if not isinstance(holder, ast.Assign | ast.AnnAssign | ast.Return) or _unpacked(holder):
        return
    message = f"all {module.source(count)} places hold one and the same object: what is put into one appears in all"
    severity = None if _changed_inside(holder, module) else Severity.LOW
    left = ""
    if not _repeatable(element, module):
        left = _LEFT
    elif has_comment(module, node) or in_f_string(module, node):
        left = "a comment or an f-string is in the way"
    elif not builtin(module, "range", node):
        left = "the name range means something else here"
    elif not _is_count(count):
        left = "is the factor a whole number?"
    if left:
        yield Fault(node, message, left=left, severity=severity)
        return
    edit = Edit(*module.span(node), f"[{module.source(element)} for _ in range({module.source(count)})]")
    yield Fault(node, message, partial(_fix, edit), severity=severity)


def _is_mutable(node: ast.expr, module: Module) -> bool:
    if isinstance(node, ast.BinOp):
        return isinstance(node.op, ast.Mult) and any(isinstance(side, ast.List) for side in (node.left, node.right))
    return bool(display(node, module))


def _repeatable(node: ast.expr, module: Module) -> bool:
    """Whether the expression gives an equal, new object each time, in the scope of a comprehension too."""
    classes = isinstance(module.scope(node).node, ast.ClassDef)
    for inner in ast.walk(node):
        if isinstance(inner, ast.Call):
            if not display(inner, module) or inner.args or inner.keywords:
                return False
        elif isinstance(inner, ast.Name):
            own = module.resolve(inner)
            if inner.id in ("_", "key", "name", "item") or (classes and own is None):
                return False
        elif isinstance(inner, ast.Await | ast.Yield | ast.YieldFrom | ast.NamedExpr | ast.Subscript | ast.Attribute):
            return False
    return True


def _is_count(node: ast.expr) -> bool:
    """Factors that are whole numbers: they are multiplied with a list now, so that all else would have failed."""
    return not isinstance(node, ast.Starred | ast.NamedExpr | ast.GeneratorExp | ast.Yield | ast.Await)


def _unpacked(holder: ast.Assign | ast.AnnAssign | ast.Return) -> bool:
    return isinstance(holder, ast.Assign) and any(isinstance(t, ast.Tuple | ast.List) for t in holder.targets)


def _changed_inside(holder: ast.AST, module: Module) -> bool:
    """Whether the places of what is assigned are changed in sight: `rows[i][j] = x`, `rows[i].append(x)`."""
    if not isinstance(holder, ast.Assign) or not isinstance(holder.targets[0], ast.Name):
        return False
    name = holder.targets[0].id
    for node in ast.walk(module.scope(holder).node):
        match node:
            case ast.Subscript(value=ast.Subscript(value=ast.Name(id=other)), ctx=ast.Store()) if other == name:
                return True
            case ast.Attribute(value=ast.Subscript(value=ast.Name(id=other)), attr=method) if other == name:
                if method in ("append", "extend", "add", "update", "insert", "setdefault", "pop", "remove"):
                    return True
    return False


def _fix(edit: Edit) -> Fix:
    return Fix((edit,))


RULE = Rule(
    name="mutable-value-shared",
    topic="collections",
    summary="One list, dictionary or set in all places of a collection",
    severity=Severity.MEDIUM,
    confidence=Confidence.HIGH,
    cwe=1108,
    nodes=(ast.Call, ast.BinOp),
    detect=detect,
    documentation=__doc__,
    fixes="sometimes",
    aliases=("RUF024",),
)
