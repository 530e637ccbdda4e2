"""Default values of parameters that have to be made anew in each call: which there are, and `None` in their place."""

import ast
from collections.abc import Iterator

from checks.debugging.source import blocks
from checks.debugging.source.edits import Edit, Fix
from checks.debugging.source.module import Function, Module

_BLIND = frozenset(
    {"builtins.staticmethod", "builtins.classmethod", "builtins.property", "contextlib.contextmanager"}
    | {"abc.abstractmethod", "functools.cache", "functools.wraps", "typing.override"}
)
"""Decorators that do not read annotations."""


def defaults(node: Function | ast.Lambda) -> Iterator[tuple[ast.arg, ast.expr]]:
    """Each parameter that has a default, with it."""
    arguments = node.args
    positional = [*arguments.posonlyargs, *arguments.args]
    # both lists end together: what has a default stands last
    yield from reversed([*zip(reversed(positional), reversed(arguments.defaults), strict=False)])
    for argument, default in zip(arguments.kwonlyargs, arguments.kw_defaults, strict=True):
        if default is not None:
            yield argument, default


def obstacle(node: Function, argument: ast.arg, default: ast.expr, module: Module) -> str:
    """Why the default cannot be made in the function's body instead, in words for a person; empty where it can."""
    names = [inner for inner in ast.walk(default) if isinstance(inner, ast.Name)]
    if any(isinstance(inner, ast.Await | ast.NamedExpr | ast.Yield | ast.YieldFrom) for inner in ast.walk(default)) or (
        not all(_fixed_meaning(name, default, module) for name in names)
    ):
        return "the default is made of other names: its value may change until the call"
    start = _start(node)
    if start is None or blocks.indentation(module, start) is None:
        return "the function has no block of its own to put the line in"
    if argument.annotation is not None and not (
        _optional(argument.annotation) or _widens(node, argument.annotation, module)
    ):
        return "the annotation would have to admit None"
    if any(_asks_for_none(n, argument.arg) for n in ast.walk(node)):
        return "None has a meaning of its own in the function"
    if argument.arg in {name for n in ast.walk(node) if isinstance(n, ast.Global | ast.Nonlocal) for name in n.names}:
        return "the parameter's name is declared global"
    inside = module.scope(node.body[0])
    if any(inside.find(name.id) != module.scope(default).find(name.id) for name in names):
        return "a name of the default means something else in the function"
    source = module.source(default)
    if "\n" in source or "\r" in source:
        return "the default is written over several lines"
    return ""


def _asks_for_none(node: ast.AST, name: str) -> bool:
    match node:
        case ast.Compare(left=ast.Name(id=asked), comparators=[ast.Constant(value=None), *_]):
            return asked == name
        case ast.Compare(left=ast.Constant(value=None), comparators=[ast.Name(id=asked), *_]):
            return asked == name
    return False


def _fixed_meaning(name: ast.Name, default: ast.expr, module: Module) -> bool:
    """Whether a name means an import or a builtin, or is a variable of a comprehension in the default."""
    if module.resolve(name) is not None:
        return True
    found = module.scope(name).find(name.id)
    return found is not None and any(found[0].node is inner for inner in ast.walk(default))


def widened(argument: ast.arg) -> bool:
    """Whether the fix has to change the parameter's annotation."""
    return argument.annotation is not None and not _optional(argument.annotation)


def _optional(annotation: ast.expr) -> bool:
    """Whether an annotation admits None itself (`dict[str, Any]` does not, `dict[str, Any] | None` does)."""
    match annotation:
        case ast.Constant(value=None):
            return True
        case ast.Constant(value=str(text)):
            try:
                return _optional(ast.parse(text.strip(), mode="eval").body)
            except SyntaxError:
                return False
        case ast.BinOp(op=ast.BitOr(), left=left, right=right):
            return _optional(left) or _optional(right)
        case ast.Name(id=name) | ast.Attribute(attr=name):
            return name in ("Any", "object")
        case ast.Subscript(value=ast.Name(id=name) | ast.Attribute(attr=name), slice=inside):
            members = inside.elts if isinstance(inside, ast.Tuple) else [inside]
            if name == "Annotated":
                return _optional(members[0])
            return name == "Optional" or (name == "Union" and any(_optional(member) for member in members))
        case _:
            return False


def _widens(node: Function, annotation: ast.expr, module: Module) -> bool:
    """Whether `| None` may be put behind an annotation: where `|` is understood (PEP 604) or not evaluated (PEP 563),
    and no decorator may read it."""
    if not isinstance(annotation, ast.Name | ast.Attribute | ast.Subscript):
        return False
    if any(module.resolve(decorator) not in _BLIND for decorator in node.decorator_list):
        return False
    return module.surroundings.python >= (3, 10) or any(
        isinstance(statement, ast.ImportFrom)
        and statement.module == "__future__"
        and any(alias.name == "annotations" for alias in statement.names)
        for statement in module.tree.body
    )


def _start(node: Function) -> ast.stmt | None:
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


def made_in_body(node: Function, argument: ast.arg, default: ast.expr, module: Module) -> Fix | None:
    """`None` as the default, and the old default made in the body where nothing else was given."""
    start = _start(node)
    if start is None:
        return None
    unit = module.text.indent_unit
    value = module.source(default)
    edit = blocks.before(module, start, f"if {argument.arg} is None:\n{unit}{argument.arg} = {value}")
    if edit is None:
        return None
    first, last = module.span(default)
    edits = [Edit(first, last, "None"), edit]
    if argument.annotation is not None and not _optional(argument.annotation):
        _, behind = module.span(argument.annotation)
        edits.append(Edit(behind, behind, " | None"))
    return Fix(tuple(edits))
