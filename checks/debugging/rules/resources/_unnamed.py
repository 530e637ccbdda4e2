"""`open(p).read()` and the like: the statement put into a `with` block of its own."""

import ast
from collections.abc import Iterator

from checks.debugging.rules.resources._named import even
from checks.debugging.source import blocks
from checks.debugging.source.edits import Edit, Fix
from checks.debugging.source.module import Module

_HANDLES = ("file", "handle", "stream", "opened")
_LINES = 15
"""A longer statement is not moved: the change would be larger than what it mends."""
_PLAIN = frozenset({"str", "bytes", "int", "float", "len", "repr", "ord", "chr", "isinstance", "set", "dict", "list"})
_BEFORE = (ast.Call, ast.Await, ast.Yield, ast.YieldFrom, ast.NamedExpr, ast.ListComp, ast.SetComp, ast.DictComp)


def obstacle(call: ast.Call, module: Module) -> str:
    """Why the statement around the call cannot be put into a `with` block for sure; empty where it can."""
    statement = module.statement(call)
    if not isinstance(statement, ast.Expr | ast.Assign | ast.AnnAssign | ast.AugAssign | ast.Return | ast.For):
        return "it stands in a condition: the file would stay open for the block under it"
    if module.scope(statement).is_class:
        return "the class would get the file as an attribute"
    inner: ast.AST = call
    for outer in module.ancestors(call):
        if outer is statement:
            break
        if not _always(outer, inner):
            return "it may not be run, or not only once, in its statement"
        inner = outer
    if any(_acts(node, module) for node in _earlier(statement, call, module)):
        return "something is called in its statement before the file is opened"
    length = (statement.end_lineno or statement.lineno) - statement.lineno
    if length >= _LINES and not isinstance(statement, ast.For):
        return "its statement is long: the file is better read before it"
    if not blocks.alone(module, statement):
        return "another statement shares a line with it"
    if not even(module, statement, statement):
        return "tabs and blanks are mixed in its lines"
    return "" if handle(statement, module) else "no short name is free for the file"


def _always(outer: ast.AST, inner: ast.AST) -> bool:
    """Whether `inner` is run exactly once, and at once, where `outer` is."""
    match outer:
        case ast.Lambda() | ast.JoinedStr() | ast.FormattedValue() | ast.Yield() | ast.YieldFrom():
            return False
        case ast.IfExp(test=test):
            return inner is test
        case ast.BoolOp(values=values):
            return inner is values[0]
        case ast.Compare(left=left, comparators=comparators):
            return inner is left or inner is comparators[0]
        case ast.ListComp() | ast.SetComp() | ast.DictComp() | ast.GeneratorExp():
            return inner is outer.generators[0]
        case ast.comprehension(iter=source):
            return inner is source
    return True


def _earlier(statement: ast.stmt, call: ast.Call, module: Module) -> Iterator[ast.AST]:
    """What the statement evaluates before the call: what stands before it, but for the targets of an assignment."""
    around: set[ast.AST] = set(module.ancestors(call))
    later = {
        node
        for outer in around
        if isinstance(outer, ast.ListComp | ast.SetComp | ast.DictComp | ast.GeneratorExp)
        for part in ((outer.key, outer.value) if isinstance(outer, ast.DictComp) else (outer.elt,))
        for node in ast.walk(part)
    }
    parts: list[ast.expr | None] = []
    match statement:
        case ast.For():
            parts = [statement.iter]
        case ast.AugAssign():
            parts = [statement.target, statement.value]
        case ast.Expr() | ast.Assign() | ast.AnnAssign() | ast.Return():
            parts = [statement.value]
    for part in parts:
        for node in ast.walk(part) if part is not None else ():
            if isinstance(node, ast.expr) and node not in around and node not in later:
                if (node.lineno, node.col_offset) < (call.lineno, call.col_offset):
                    yield node


def _acts(node: ast.AST, module: Module) -> bool:
    """Whether a node may do more than give a value: then the file has to be opened after it, as before."""
    if not isinstance(node, _BEFORE):
        return False
    if not isinstance(node, ast.Call):
        return True
    if isinstance(node.func, ast.Attribute) and isinstance(node.func.value, ast.Constant):
        return False
    name = module.resolve(node.func) or ""
    return not (name.startswith("os.path.") or (name.startswith("builtins.") and name[9:] in _PLAIN))


def handle(statement: ast.stmt, module: Module) -> str | None:
    """A name for the file that nothing in the function uses, but for other `with` blocks beside this statement."""
    whole = module.function(statement) or module.tree
    return next((name for name in _HANDLES if _free(name, statement, whole, module)), None)


def _free(name: str, statement: ast.stmt, whole: ast.AST, module: Module) -> bool:
    inside = set(ast.walk(statement))
    outside = set(module.ancestors(statement))
    for node in ast.walk(whole):
        if isinstance(node, ast.Name) and node.id == name:
            block = next((a for a in module.ancestors(node) if _gives(a, name)), None)
            if block is None or block in outside or block in inside:
                return False
        elif _binds(node, name):
            return False
    return True


def _binds(node: ast.AST, name: str) -> bool:
    """Whether a node that is no ast.Name gives the name a value: a parameter, an import, a definition, a handler."""
    match node:
        case ast.arg():
            return node.arg == name
        case ast.alias():
            return (node.asname or node.name.partition(".")[0]) == name
        case ast.Global() | ast.Nonlocal():
            return name in node.names
    return getattr(node, "name", None) == name


def _gives(node: ast.AST, name: str) -> bool:
    return isinstance(node, ast.With) and any(
        isinstance(item.optional_vars, ast.Name) and item.optional_vars.id == name for item in node.items
    )


def with_block(call: ast.Call, module: Module) -> Fix | None:
    """The statement under `with <call> as <name>:`, the name in place of the call."""
    statement = module.statement(call)
    name = handle(statement, module)
    indent = blocks.indentation(module, statement)
    if name is None or indent is None:
        return None
    line = module.text.line_starts[statement.lineno - 1]
    start, end = module.span(call)
    header = f"{indent}with {module.source(call)} as {name}:\n{module.text.indent_unit}"
    edits = [Edit(line, line, header), Edit(start, end, name)]
    edits += [e for e in blocks.deeper(module, statement, statement) if e.start != line and not start < e.start < end]
    return Fix(tuple(edits))
