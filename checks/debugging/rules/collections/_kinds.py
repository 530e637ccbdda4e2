"""What kind of collection an expression certainly is, and where names stand."""

import ast

from checks.debugging.source.module import Module

_LITERALS = {
    ast.List: "list",
    ast.ListComp: "list",
    ast.Dict: "dict",
    ast.DictComp: "dict",
    ast.Set: "set",
    ast.SetComp: "set",
}
_CALLS = {
    "builtins.list": "list",
    "builtins.sorted": "list",
    "builtins.dict": "dict",
    "builtins.set": "set",
    "collections.defaultdict": "dict",
    "collections.OrderedDict": "dict",
    "collections.Counter": "dict",
}


def display(node: ast.AST | None, module: Module) -> str:
    """ "list", "dict" or "set" where an expression makes a new one; else empty."""
    if isinstance(node, ast.Call):
        return _CALLS.get(module.resolve(node.func) or "", "")
    return _LITERALS.get(type(node), "")


def kind(node: ast.expr, module: Module, but: ast.AST | None = None) -> str:
    """The kind that every binding of a name makes, or the last one if it certainly comes before the use; the binding
    by the statement `but` is left out. Empty where the kinds differ or are unknown."""
    if not isinstance(node, ast.Name):
        return display(node, module)
    bindings = [binding for binding in module.bindings(node) if binding.node is not but]
    last = max(bindings, key=lambda binding: getattr(binding.node, "lineno", 0), default=None)
    if last is not None and _precedes(last.node, node, module):
        bindings = [last]
    kinds = {display(binding.value, module) if binding.kind == "assign" else "" for binding in bindings}
    return kinds.pop() if len(kinds) == 1 else ""


def _precedes(binding: ast.AST, use: ast.Name, module: Module) -> bool:
    """Whether an assignment stands before the use in a block that holds it, in the same function."""
    if not isinstance(binding, ast.Assign | ast.AnnAssign) or module.scope(binding) is not module.scope(use):
        return False
    place = module.block(binding)
    around = {module.statement(use), *module.ancestors(use)}
    return place is not None and any(later in around for later in place[0][place[1] + 1 :])


def dotted(node: ast.AST) -> str:
    """`a.b.c` for a name or attributes of one; empty for everything else."""
    parts: list[str] = []
    while isinstance(node, ast.Attribute):
        parts.append(node.attr)
        node = node.value
    return ".".join(reversed([*parts, node.id])) if isinstance(node, ast.Name) else ""
