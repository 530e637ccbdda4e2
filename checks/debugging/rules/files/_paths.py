"""Which expressions certainly are paths of `pathlib`, and which can be evaluated once or twice alike."""

import ast

from checks.debugging.source.module import Module

_CLASSES = frozenset({"pathlib.Path", "pathlib.PosixPath", "pathlib.WindowsPath"})
_MAKERS = _CLASSES | {"pathlib.Path.home", "pathlib.Path.cwd"}
_SAME = frozenset(
    ["resolve", "absolute", "joinpath", "with_suffix", "with_name", "with_stem", "expanduser", "relative_to", "rename"]
)
_PURE = frozenset(f"os.path.{name}" for name in ("join", "dirname", "basename", "abspath", "expanduser", "normpath"))


def is_path(node: ast.AST | None, module: Module, depth: int = 5) -> bool:
    """Whether the expression certainly is a `pathlib.Path`."""
    if depth == 0 or node is None:
        return False
    match node:
        case ast.Call(func=ast.Attribute(value=owner, attr=method)) if method in _SAME and is_path(
            owner, module, depth - 1
        ):
            return True
        case ast.Call():
            return module.resolve(node.func) in _MAKERS
        case ast.BinOp(left=left, op=ast.Div()):
            return is_path(left, module, depth - 1)
        case ast.Attribute(value=owner, attr="parent"):
            return is_path(owner, module, depth - 1)
        case ast.Attribute():
            values = module.assigned(node)
            return bool(values) and all(is_path(value, module, depth - 1) for value in values)
        case ast.Name():
            bindings = module.bindings(node)
            return bool(bindings) and all(
                module.resolve(b.value) in _CLASSES
                if b.kind == "param"
                else b.kind == "assign" and is_path(b.value, module, depth - 1)
                for b in bindings
            )
        case _:
            return False


def is_pure(node: ast.expr, module: Module) -> bool:
    """Whether evaluating the expression once instead of twice changes nothing: names, literals, attributes, and
    functions that only join and cut paths."""
    for inner in ast.walk(node):
        if isinstance(inner, ast.Call):
            if module.resolve(inner.func) not in _PURE and not is_path(inner, module):
                return False
        elif isinstance(inner, ast.Await | ast.Yield | ast.YieldFrom | ast.NamedExpr | ast.Lambda):
            return False
    return True
