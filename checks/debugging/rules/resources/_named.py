"""`f = open(p)`: where the file is used, whether it is closed, and the `with` statement that it could be."""

import ast
import re
from collections.abc import Iterator
from dataclasses import dataclass

from checks.debugging.rules.resources._opened import lazy, opens, used_up
from checks.debugging.source import blocks
from checks.debugging.source.edits import Edit, Fix
from checks.debugging.source.module import Module

CROSSING = "it and another file or lock are not nested: which is to be let go first?"
_LOOPS = (ast.For, ast.AsyncFor, ast.While)


@dataclass(frozen=True, slots=True)
class Named:
    """A file under a name that nothing but the statements after it uses.

    `last` is the last statement that needs the file. `close` is the `f.close()` that follows, where there is one.
    `left` says why no `with` can be written for sure; then `last` may be None.
    """

    last: ast.stmt | None
    close: ast.stmt | None
    left: str = ""


def examine(statement: ast.Assign, target: ast.Name, module: Module) -> Named | None:
    """None where the file is closed on every path, goes elsewhere, or its uses cannot be told for sure."""
    scope = module.scope(statement)
    place = module.block(statement)
    if place is None or scope.is_class or target.id in scope.elsewhere:
        return None
    block, index = place
    end = next((i for i in range(index + 1, len(block)) if _stores(block[i], target.id)), len(block))
    if end < len(block) and not _rebinds(block[end], target.id):
        return None
    uses = _uses(target, module)
    if uses is None:
        return None
    region = block[index + 1 : end]
    inside = {use: s for s in region for use in ast.walk(s) if isinstance(use, ast.Name)}
    elsewhere = [use for use in uses if use not in inside]
    if _seen_elsewhere(statement, elsewhere, module, end < len(block)):
        return _apart(uses, elsewhere, module)
    own = [use for use in uses if use in inside]
    closes: list[ast.stmt] = []
    done: list[ast.stmt] = []
    for use in own:
        if (closing := _close(use, module)) is not None:
            closes.append(closing)
            continue
        through = _through(use, module)
        if through is None or any(n not in inside for n in through):
            return None
        done.extend(inside[n] for n in through)
    if not done:
        return None
    last = max(done, key=region.index)
    if not closes:
        return Named(last, None, _form(statement, last, module) or _public(statement, module))
    close = closes[0]
    if len(closes) > 1 or close not in region or region.index(last) >= region.index(close):
        return None
    before, after = region[: region.index(close)], region[region.index(close) + 1 :]
    behind = _last(before, after, module)
    if behind is None or crossing(block[:index], before, [s for s in after if s.lineno > behind.lineno], module):
        return Named(None, close, CROSSING)
    last = behind
    if blocks.removed(module, close) is None:
        return Named(last, close, "something shares the line of close(): a comment or another statement")
    return Named(last, close, _form(statement, last, module))


def _last(before: list[ast.stmt], after: list[ast.stmt], module: Module) -> ast.stmt | None:
    """The last statement of the block: the one before `close()`, or, where other files are opened in it, their
    `close()` right behind; None where such a file is used still later."""
    last, others = before[-1], set()
    for statement in before:
        match statement:
            case ast.Assign(targets=[ast.Name(id=name)], value=value) if opens(value, module):
                others.add(name)
    while after and isinstance(after[0], ast.Expr) and _closed(after[0]) in others:
        last = after.pop(0)
    used = (n.id for s in after for n in ast.walk(s) if isinstance(n, ast.Name) and isinstance(n.ctx, ast.Load))
    return None if others.intersection(used) else last


def crossing(earlier: list[ast.stmt], inside: list[ast.stmt], after: list[ast.stmt], module: Module) -> bool:
    """Whether the statements inside let go what those before them took, or those after let go what is taken inside; but
    files may be closed one after the other at the end."""
    while inside and isinstance(inside[-1], ast.Expr) and _ended(inside[-1].value, "close"):
        inside = inside[:-1]
    taken = _taken(inside, module)
    let_go = {name for call in _expressions(inside) for name in _ended(call, "release", "close")}
    if _taken(earlier, module) & let_go - _taken(inside, module, ever=True):
        return True
    return any(taken & _ended(node, "release", "close") for statement in after for node in ast.walk(statement))


def _expressions(statements: list[ast.stmt]) -> Iterator[ast.expr]:
    for statement in statements:
        match statement:
            case ast.Expr(value=ast.Await(value=call)) | ast.Expr(value=call):
                yield call


def _taken(statements: list[ast.stmt], module: Module, ever: bool = False) -> set[str]:
    """What the statements open or take and do not let go themselves (`ever`: or do)."""
    taken: set[str] = set()
    for statement in statements:
        match statement:
            case ast.Assign(targets=[ast.Name(id=name)], value=value) if opens(value, module):
                taken.add(name)
            case ast.Expr(value=ast.Await(value=call)) | ast.Expr(value=call):
                taken |= _ended(call, "acquire")
                taken -= set() if ever else _ended(call, "release", "close")
    return taken


def _ended(node: ast.AST, *methods: str) -> set[str]:
    """What one of the methods is called on, as source; empty where the node is no such call."""
    match node:
        case ast.Call(func=ast.Attribute(value=ast.Name() | ast.Attribute() as owner, attr=attr)) if attr in methods:
            return {ast.unparse(owner)}
    return set()


def _closed(statement: ast.Expr) -> str | None:
    """The name in `name.close()`."""
    match statement.value:
        case ast.Call(func=ast.Attribute(value=ast.Name(id=name), attr="close")):
            return name
    return None


def _stores(statement: ast.stmt, name: str) -> bool:
    return any(
        (isinstance(n, ast.Name) and n.id == name and not isinstance(n.ctx, ast.Load))
        or (isinstance(n, ast.ExceptHandler | ast.FunctionDef | ast.AsyncFunctionDef | ast.ClassDef) and n.name == name)
        or (isinstance(n, ast.alias) and (n.asname or n.name) == name)
        for n in ast.walk(statement)
    )


def _rebinds(statement: ast.stmt, name: str) -> bool:
    """Whether the statement certainly gives the name another value before it uses it."""
    match statement:
        case ast.Assign(targets=[ast.Name(id=bound)], value=value):
            used = (n.id for n in ast.walk(value) if isinstance(n, ast.Name))
            return bound == name and name not in used
        case ast.With(items=[ast.withitem(context_expr=value, optional_vars=ast.Name(id=bound))]):
            used = (n.id for n in ast.walk(value) if isinstance(n, ast.Name))
            return bound == name and name not in used
    return False


def _uses(target: ast.Name, module: Module) -> list[ast.Name] | None:
    """All uses of the name; None where a function, lambda or class inside has one, or it is taken away."""
    scope = module.scope(target)
    found = []
    for node in ast.walk(scope.node):
        if not isinstance(node, ast.Name) or node.id != target.id or node is target:
            continue
        inner = module.scope(node)
        if inner is not scope:
            owner = inner.find(node.id)
            if owner is None or owner[0] is not scope:
                continue
            if not isinstance(inner.node, ast.ListComp | ast.SetComp | ast.DictComp | ast.GeneratorExp):
                return None
        if isinstance(node.ctx, ast.Del):
            return None
        if isinstance(node.ctx, ast.Load):
            found.append(node)
    return found


def _seen_elsewhere(statement: ast.stmt, uses: list[ast.Name], module: Module, bound_again: bool) -> bool:
    """Whether one of these uses, which are not in the statements after, may see this file."""
    loops = [a for a in module.ancestors(statement) if isinstance(a, _LOOPS)]
    for use in uses:
        if use.lineno < statement.lineno:
            if any(loop in module.ancestors(use) for loop in loops):
                return True
        elif not bound_again:
            return True
    return False


def _apart(uses: list[ast.Name], elsewhere: list[ast.Name], module: Module) -> Named | None:
    """Used outside of its block, but certainly never closed: reported without an offer."""
    if len(module.bindings(uses[0])) != 1:
        return None
    if any(_close(use, module) or used_up(use, module) is None for use in (*uses, *elsewhere)):
        return None
    return Named(None, None, "it is used outside of the block that opens it")


def _close(use: ast.Name, module: Module) -> ast.stmt | None:
    attribute = module.parent(use)
    call = module.parent(attribute) if isinstance(attribute, ast.Attribute) and attribute.attr == "close" else None
    statement = module.parent(call) if isinstance(call, ast.Call) else None
    return statement if isinstance(statement, ast.Expr) else None


def _through(use: ast.Name, module: Module) -> list[ast.Name] | None:
    """The use, and the uses of the reader made of the file (`rows = csv.reader(f)`); None where the file is kept."""
    if used_up(use, module) is not None:
        return [use]
    uses = read_by(use, module)
    return [use, *uses] if uses else None


def read_by(use: ast.expr, module: Module) -> list[ast.Name]:
    """The uses of the name of the reader that is made of the file; empty where there is none, or one keeps it."""
    call = module.parent(use)
    while isinstance(call, ast.Call) and lazy(call, module):
        owner = module.parent(call)
        if isinstance(owner, ast.Assign) and len(owner.targets) == 1 and isinstance(owner.targets[0], ast.Name):
            reader = owner.targets[0]
            uses = _uses(reader, module)
            if not uses or len(module.bindings(uses[0])) != 1:
                return []
            return uses if all(used_up(n, module) is not None for n in uses) else []
        call = owner
    return []


def _form(statement: ast.Assign, last: ast.stmt, module: Module) -> str:
    """Why the statements from the assignment to the last one cannot be written as a block; empty where they can."""
    if not blocks.alone(module, statement) or not blocks.alone(module, last):
        return "another statement shares a line with it"
    between = module.text.data[module.span(statement.targets[0])[1] : module.span(statement.value)[0]]
    if not re.fullmatch(rb"[ \t]*=[ \t]*", between) or module.span(statement)[1] != module.span(statement.value)[1]:
        return "the assignment is written over several lines"
    return "" if even(module, statement, last) else "tabs and blanks are mixed in its lines"


def even(module: Module, first: ast.stmt, last: ast.stmt) -> bool:
    """Whether the lines are indented by what a level is in this file, so that one more level fits."""
    unit = set(module.text.indent_unit)
    for number in range(first.lineno, (last.end_lineno or last.lineno) + 1):
        line = module.text.line(number)
        if not set(line[: len(line) - len(line.lstrip(" \t"))]) <= unit:
            return False
    return True


def _public(statement: ast.stmt, module: Module) -> str:
    if isinstance(module.scope(statement).node, ast.Module) and not in_main(statement, module):
        return "the name belongs to the module: others may use the file"
    return ""


def in_main(statement: ast.AST, module: Module) -> bool:
    """Whether the statement stands under `if __name__ == "__main__":`."""
    return any(
        isinstance(a, ast.If) and "__name__" in (n.id for n in ast.walk(a.test) if isinstance(n, ast.Name))
        for a in module.ancestors(statement)
    )


def with_block(statement: ast.Assign, target: ast.Name, named: Named, module: Module) -> Fix | None:
    """The assignment as a `with` statement around all up to the last use; `f.close()` gone."""
    place = module.block(statement)
    if named.last is None or place is None:
        return None
    start, end = module.span(statement)
    header = f"with {module.source(statement.value)} as {target.id}:"
    first = place[0][place[1] + 1]
    edits = [Edit(start, end, header), *under(statement, first, named.last, module)]
    if named.close is not None:
        gone = blocks.removed(module, named.close)
        if gone is None:
            return None
        edits = [*(edit for edit in edits if edit.start != gone.start), gone]
    return Fix(tuple(edits))


def under(header: ast.stmt, first: ast.stmt, last: ast.stmt, module: Module) -> Iterator[Edit]:
    """The lines from a statement's end to `last` as the block under it: one level deeper, and without blank lines at
    the beginning."""
    starts = module.text.line_starts
    number = top = (header.end_lineno or header.lineno) + 1
    begin = min([first.lineno, *(d.lineno for d in getattr(first, "decorator_list", []))])
    while number < begin and not module.text.line(number).strip():
        number += 1
    if number > top:
        yield Edit(starts[top - 1], starts[number - 1], "")
    for comment in range(number, first.lineno):
        if module.text.line(comment).strip():
            yield Edit(starts[comment - 1], starts[comment - 1], module.text.indent_unit)
    yield from blocks.deeper(module, first, last)
