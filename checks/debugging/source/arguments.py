"""Reading the arguments of a call."""

import ast

from checks.debugging.source.module import Module


def argument(call: ast.Call, name: str, position: int | None = None) -> ast.expr | None:
    """The value given under a name or at a position (from 0); None where it is not given, or hidden in `*` or `**`."""
    for keyword in call.keywords:
        if keyword.arg == name:
            return keyword.value
    if position is not None and position < len(call.args):
        if not any(isinstance(value, ast.Starred) for value in call.args[: position + 1]):
            return call.args[position]
    return None


def spread(call: ast.Call) -> bool:
    """Whether `*` or `**` may bring arguments that nobody sees."""
    return any(isinstance(value, ast.Starred) for value in call.args) or any(k.arg is None for k in call.keywords)


def in_f_string(module: Module, node: ast.AST) -> bool:
    """Whether the node lies inside of an f-string or a template string, where calls are not rewritten."""
    return any(type(ancestor).__name__ in ("JoinedStr", "TemplateStr") for ancestor in module.ancestors(node))


def text_of(node: ast.AST | None) -> str | None:
    """The value of a string literal."""
    return node.value if isinstance(node, ast.Constant) and isinstance(node.value, str) else None


def is_constant(node: ast.AST | None, value: object) -> bool:
    """Whether the node is the literal True, False or None asked for."""
    return isinstance(node, ast.Constant) and node.value is value


def maker(module: Module, node: ast.expr) -> ast.Call | None:
    """The one call that certainly made what a name or `self.x` holds; None where there are several or none in sight."""
    if isinstance(node, ast.Call):
        return node
    values: list[ast.expr | None] = []
    if isinstance(node, ast.Name):
        values = [b.value if b.kind in ("assign", "with") else None for b in module.bindings(node)]
    elif isinstance(node, ast.Attribute):
        values = module.assigned(node)
    return values[0] if len(values) == 1 and isinstance(values[0], ast.Call) else None
