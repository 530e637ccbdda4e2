"""
## What it does
Reports a list, dictionary or set as a parameter's default value. Where the function evidently only reads it, the
severity is low. No fix is offered where the type of a public parameter would have to change and the function does not
evidently change, keep or return the default. A parameter named like a store (`_cache`, `memo`) is one on purpose.

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
from checks.debugging.rules.arguments._defaults import defaults, made_in_body, obstacle, widened
from checks.debugging.source.module import Function, Module
from checks.model.findings import Confidence, Severity

_MAKERS = frozenset(
    {"builtins.list", "builtins.dict", "builtins.set", "builtins.bytearray"}
    | {f"collections.{name}" for name in ("defaultdict", "OrderedDict", "Counter", "deque")}
)
_LITERALS = (ast.List, ast.Dict, ast.Set, ast.ListComp, ast.DictComp, ast.SetComp)
_LOOKS = frozenset({"get", "items", "keys", "values", "copy", "index", "count", "issubset", "issuperset", "union"})
_CHANGERS = frozenset(
    {"append", "extend", "insert", "remove", "pop", "clear", "sort", "reverse", "add", "discard", "update"}
    | {"setdefault", "popitem", "appendleft", "extendleft"}
)
_COPIES = frozenset(f"builtins.{name}" for name in ("len", "list", "dict", "set", "tuple", "sorted", "any"))
_STORES = ("cache", "memo", "registry")
_PERHAPS = ("seen", "visited")


def detect(node: Function | ast.Lambda, module: Module) -> Iterator[Fault]:
    """One fault a parameter. A name that says cache or memo is a store on purpose and is not reported."""
    name = "the lambda" if isinstance(node, ast.Lambda) else f"{node.name}()"
    for argument, default in defaults(node):
        if not _mutable(default, module) or any(word in argument.arg.lower() for word in _STORES):
            continue
        message = f"the default of {argument.arg!r} is made once and shared by all calls of {name}"
        read = _only_read(node, argument.arg, module)
        level = Severity.LOW if read else None
        if isinstance(node, ast.Lambda):
            if not read:
                yield Fault(default, message, left="a lambda has no block to put the line in")
            continue
        left = obstacle(node, argument, default, module)
        if not left and not read and argument.arg.startswith(("_", *_PERHAPS)):
            left = "is this a store on purpose, which the calls are to share?"
        if not left and widened(argument) and _public(node, module) and not _changed(node, argument.arg, module):
            left = "the type of a public parameter would have to admit None, and nothing here changes the default"
        if left:
            yield Fault(default, message, left=left, severity=level)
        else:
            fix = partial(made_in_body, node, argument, default, module)
            yield Fault(default, message, fix, severity=level)


def _public(node: Function, module: Module) -> bool:
    """Whether others may call the function, and hold its signature against what they expect."""
    private = node.name.startswith("_") and not node.name.endswith("__")
    owner = module.enclosing_class(node)
    return not (
        private or module.is_test or module.function(node) is not None or (owner is not None and owner.name[:1] == "_")
    )


def _only_read(node: Function | ast.Lambda, name: str, module: Module) -> bool:
    """Whether every use of the parameter looks into it and neither changes it nor gives it to anybody who could."""
    body = node.body if isinstance(node.body, list) else [node.body]
    uses = (inner for part in body for inner in ast.walk(part) if isinstance(inner, ast.Name))
    return all(_reads(use, module) for use in uses if use.id == name)


def _changed(node: Function, name: str, module: Module) -> bool:
    """Whether the function evidently changes the parameter, keeps it, or gives it back to its caller."""
    uses = (inner for statement in node.body for inner in ast.walk(statement) if isinstance(inner, ast.Name))
    return any(_changes(use, module) for use in uses if use.id == name)


def _changes(use: ast.Name, module: Module) -> bool:
    parent = module.parent(use)
    match parent:
        case ast.Attribute(attr=name):
            call = module.parent(parent)
            return name in _CHANGERS and isinstance(call, ast.Call) and call.func is parent
        case ast.Subscript(ctx=ast.Store() | ast.Del(), value=value):
            return value is use
        case ast.AugAssign(target=target):
            return target is use
        case ast.Return() | ast.Yield():
            return True
        case ast.Tuple():
            return isinstance(module.parent(parent), ast.Return | ast.Yield)
        case ast.Assign(targets=targets):
            return any(isinstance(target, ast.Attribute | ast.Subscript) for target in targets)
        case _:
            return False


def _reads(use: ast.Name, module: Module) -> bool:
    if not isinstance(use.ctx, ast.Load):
        return False
    parent = module.parent(use)
    match parent:
        case ast.Attribute(attr=name):
            call = module.parent(parent)
            return name in _LOOKS and isinstance(call, ast.Call) and call.func is parent
        case ast.Subscript(ctx=ast.Load(), value=value):
            return value is use and not isinstance(module.parent(parent), ast.Attribute | ast.Call | ast.Return)
        case ast.For(iter=looked) | ast.comprehension(iter=looked):
            return looked is use
        case ast.Compare() | ast.Starred() | ast.UnaryOp(op=ast.Not()) | ast.FormattedValue():
            return True
        case ast.keyword(arg=None):
            return True
        case ast.Dict(keys=keys, values=values):
            return any(key is None and value is use for key, value in zip(keys, values, strict=True))
        case ast.If(test=test) | ast.While(test=test) | ast.IfExp(test=test):
            return test is use
        case ast.Call(func=function):
            return module.resolve(function) in _COPIES
        case _:
            return False


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
    nodes=(ast.FunctionDef, ast.AsyncFunctionDef, ast.Lambda),
    detect=detect,
    documentation=__doc__,
    fixes="sometimes",
    aliases=("B006",),
)
