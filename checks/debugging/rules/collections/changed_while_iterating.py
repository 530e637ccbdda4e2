"""
## What it does
Reports loops that take entries out of the collection that they go over, or put new keys into it.

## Why it is bad
A dictionary or set raises RuntimeError as soon as its size changes; a list silently skips the entry after each one
that is removed.

## Example
```python
def expire(entries, now):
    for key, entry in entries.items():
        if entry.expires < now:
            del entries[key]
```

## Use instead
```python
def expire(entries, now):
    for key, entry in list(entries.items()):
        if entry.expires < now:
            del entries[key]
```

References: Python language reference, "The for statement"; CWE-662.
"""

import ast
from collections.abc import Iterator
from functools import partial

from checks.debugging.rule import Fault, Rule
from checks.debugging.rules.collections._kinds import dotted, kind
from checks.debugging.source.edits import Edit, Fix
from checks.debugging.source.gaps import builtin
from checks.debugging.source.module import Module
from checks.model.findings import Confidence, Severity

_ENUMERATE = "builtins.enumerate"
_VIEWS = frozenset({"keys", "items", "values"})
_INNER = (ast.FunctionDef, ast.AsyncFunctionDef, ast.ClassDef, ast.Lambda)
_REMOVED = "should entries that the loop removes be visited all the same?"


def detect(node: ast.For, module: Module) -> Iterator[Fault]:
    """One fault a loop: at the first change after which the loop may go on. Appending to a list while going over it
    is a way to work off a queue and not reported."""
    match node.iter:
        case ast.Call(func=ast.Attribute(value=target, attr=view), args=[]) if view in _VIEWS:
            pass
        case ast.Call(func=ast.Name(id="enumerate") as by, args=[target, *_]) if module.resolve(by) == _ENUMERATE:
            view = ""
        case target:
            view = ""
    name = dotted(target)
    if not name:
        return
    if "headers" in name.lower() or not any(_changes(node, name, view, "any")):
        return  # headers of messages and requests are copied before the loop by their own classes
    known = kind(target, module)
    if (not known and _is_other(target, module)) or _is_expected(node, module):
        return
    changes = [change for change in _changes(node, name, view, known) if not _leaves(change, node, module)]
    if not changes or _rebound(node, name):
        return
    place = min(changes, key=lambda change: module.span(change))
    message = f"{name} is changed while the loop in line {node.lineno} goes over it"
    confidence = None if known else Confidence.MEDIUM
    if not all(view or _of_this_round(change, node) for change in changes):
        yield Fault(place, message, left=_REMOVED, confidence=confidence)
    elif not builtin(module, "list", node.iter):
        yield Fault(place, message, left="the name list means something else here", confidence=confidence)
    else:
        yield Fault(place, message, partial(_fix, node.iter, module), confidence=confidence)


def _is_other(target: ast.expr, module: Module) -> bool:
    """Whether it is certainly something whose loops go over a copy, or may: `os.environ`, a message, a shelf."""
    if module.resolve(target) == "os.environ":
        return True
    origin = module.origin(target)
    return origin is not None and not origin.startswith(("builtins.", "typing.", "collections."))


def _is_expected(node: ast.For, module: Module) -> bool:
    """Whether a test expects the error: `with self.assertRaises(RuntimeError):` around the loop."""
    for ancestor in module.ancestors(node):
        if isinstance(ancestor, ast.With) and "aises" in module.text.line(ancestor.lineno):
            return True
    return False


def _inside(node: ast.For) -> Iterator[ast.AST]:
    """All nodes of the loop's body that run in it: no bodies of functions."""
    stack: list[ast.AST] = [*reversed(node.body)]
    while stack:
        inner = stack.pop()
        if not isinstance(inner, _INNER):
            yield inner
            stack.extend(reversed(list(ast.iter_child_nodes(inner))))


def _changes(node: ast.For, name: str, view: str, known: str) -> Iterator[ast.AST]:
    """The changes of a collection of the kind `known` ("any": of some kind) in the loop's body, in no order."""
    mapping = bool(view) or known in ("dict", "any")
    changing = {"popitem"} if mapping else set()
    changing |= set() if view else {"remove", "discard"}
    changing |= {"add"} if known in ("set", "any") else set()
    for inner in _inside(node):
        match inner:
            case ast.Delete(targets=targets):
                if any(isinstance(t, ast.Subscript) and dotted(t.value) == name for t in targets):
                    yield inner
            case ast.Call(func=ast.Attribute(attr=method, value=receiver), args=args) if dotted(receiver) == name:
                if (method == "pop" and args) or method in changing:
                    yield inner
            case ast.Assign(targets=[ast.Subscript(value=receiver, slice=key)]) if dotted(receiver) == name and mapping:
                if isinstance(key, ast.Call | ast.BinOp | ast.JoinedStr):
                    yield inner


def _of_this_round(change: ast.AST, node: ast.For) -> bool:
    """Whether the change takes away what this round is about: `del d[k]`, `d.pop(k)`, `xs.remove(x)`."""
    variable = node.target.id if isinstance(node.target, ast.Name) else None
    match change:
        case ast.Delete(targets=[ast.Subscript(slice=ast.Name(id=key))]):
            return key == variable
        case ast.Call(func=ast.Attribute(attr="pop" | "remove" | "discard"), args=[ast.Name(id=key), *_]):
            return key == variable
        case ast.Call(func=ast.Attribute(attr="add")) | ast.Assign():
            return True
        case _:
            return False


def _rebound(node: ast.For, name: str) -> bool:
    """Whether the loop gives the name another value: then it changes another collection."""
    first = name.partition(".")[0]
    return any(
        isinstance(inner, ast.Name | ast.Attribute)
        and isinstance(inner.ctx, ast.Store | ast.Del)
        and dotted(inner) in (name, first)
        for inner in (*_inside(node), *ast.walk(node.target))
    )


def _leaves(change: ast.AST, loop: ast.For, module: Module) -> bool:
    """Whether every way on from the change leaves the loop before its next round."""
    statement = module.statement(change)
    breaks = True
    while statement is not loop:
        if isinstance(statement, ast.Return | ast.Raise):
            return True
        place = module.block(statement)
        parent = module.parent(statement)
        if place is not None and any(_ends(s, breaks and _direct(s, loop, module)) for s in place[0][place[1] + 1 :]):
            return True
        while parent is not None and not isinstance(parent, ast.stmt):
            parent = module.parent(parent)
        if not isinstance(parent, ast.stmt):
            return False
        statement = parent
    return False


def _direct(statement: ast.stmt, loop: ast.For, module: Module) -> bool:
    """Whether a `break` in a statement leaves this loop and not one inside of it."""
    for ancestor in module.ancestors(statement):
        if ancestor is loop:
            return True
        if isinstance(ancestor, ast.For | ast.AsyncFor | ast.While):
            return False
    return False


def _ends(statement: ast.stmt, breaks: bool) -> bool:
    match statement:
        case ast.Return() | ast.Raise():
            return True
        case ast.Break():
            return breaks
        case ast.If(body=body, orelse=orelse):
            return any(_ends(s, breaks) for s in body) and any(_ends(s, breaks) for s in orelse)
        case ast.With(body=body) | ast.AsyncWith(body=body) | ast.Try(body=body, handlers=[]):
            return any(_ends(s, breaks) for s in body)
        case _:
            return False


def _fix(iterated: ast.expr, module: Module) -> Fix:
    start, end = module.span(iterated)
    return Fix((Edit(start, end, f"list({module.source(iterated)})"),))


RULE = Rule(
    name="changed-while-iterating",
    topic="collections",
    summary="Collection changed by the loop that goes over it",
    severity=Severity.MEDIUM,
    confidence=Confidence.HIGH,
    cwe=662,
    nodes=(ast.For,),
    detect=detect,
    documentation=__doc__,
    fixes="sometimes",
    aliases=("B909",),
)
