"""What runs in a coroutine, and which functions of the module are meant by a name."""

import ast

from checks.debugging.source.module import Function, Module

_OTHERS = frozenset({"trio", "anyio", "curio", "gevent", "eventlet"})


def coroutine(module: Module, node: ast.AST) -> ast.AsyncFunctionDef | None:
    """The `async def` that itself runs the node: not a function, lambda or generator expression in it."""
    inner = node
    for ancestor in module.ancestors(node):
        if isinstance(ancestor, ast.AsyncFunctionDef):
            return ancestor if inner in ancestor.body else None
        if isinstance(ancestor, ast.FunctionDef | ast.Lambda | ast.ClassDef | ast.GeneratorExp):
            return None
        inner = ancestor
    return None


def other_loop(module: Module) -> str:
    """The library that runs coroutines in the place of asyncio, where the module imports one; else empty."""
    for node in module.nodes:
        if isinstance(node, ast.Import):
            names = {alias.name.partition(".")[0] for alias in node.names}
        elif isinstance(node, ast.ImportFrom) and not node.level:
            names = {(node.module or "").partition(".")[0]}
        else:
            continue
        if names & _OTHERS:
            return min(names & _OTHERS)
    return ""


def called(module: Module, function: ast.expr) -> Function | None:
    """The one function of the module that a called name certainly means: by its name, or as a method of the class that
    `self` is of. None for methods that another class in the module overrides, and for names bound more than once."""
    if isinstance(function, ast.Name):
        bindings = module.bindings(function)
        if len(bindings) == 1 and isinstance(bindings[0].node, ast.FunctionDef | ast.AsyncFunctionDef):
            found = bindings[0].node
            return None if isinstance(module.parent(found), ast.ClassDef) else found
        return None
    if not isinstance(function, ast.Attribute) or not isinstance(function.value, ast.Name):
        return None
    if function.value.id != "self":
        return None
    method = module.function(function)
    owner = module.parent(method) if method is not None else None
    if method is None or not isinstance(owner, ast.ClassDef) or not method.args.args:
        return None
    if method.args.args[0].arg != "self" or method.decorator_list:
        return None
    same = [
        n for n in module.nodes if isinstance(n, ast.FunctionDef | ast.AsyncFunctionDef) and n.name == function.attr
    ]
    if len(same) != 1 or same[0] not in owner.body or _assigned(module, function.attr):
        return None
    return same[0]


def _assigned(module: Module, name: str) -> bool:
    """Whether an attribute of the name is given another value anywhere in the module."""
    return any(
        isinstance(n, ast.Attribute) and n.attr == name and not isinstance(n.ctx, ast.Load) for n in module.nodes
    )
