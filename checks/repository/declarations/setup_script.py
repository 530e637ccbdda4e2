"""The literal arguments of `setup(...)` in a setup.py, read without running it."""

import ast
import warnings
from collections.abc import Iterator

MOST_NESTING = 50
"""Levels of lists and tables within an argument."""


def keywords(source: str) -> dict[str, object]:
    """Keyword arguments of the first call of `setup` that are literals, or names of module-level literals. Lists may
    have other members, which are left out. Never raises: of a file that does not parse nothing is taken."""
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            module = ast.parse(source)
        assigned = dict(_assigned(module))
        for node in ast.walk(module):
            if isinstance(node, ast.Call) and _called(node.func) == "setup":
                return {
                    name: _literal(value, assigned, MOST_NESTING)
                    for keyword in node.keywords
                    for name, value in _given(keyword, assigned, module)
                }
    except (SyntaxError, ValueError, RecursionError, MemoryError):
        pass
    return {}


def _given(keyword: ast.keyword, assigned: dict[str, ast.expr], module: ast.Module) -> Iterator[tuple[str, ast.expr]]:
    """The keyword argument, or those of a table given as `**table` with what is put into it later."""
    if keyword.arg is not None:
        yield keyword.arg, keyword.value
        return
    table = assigned.get(keyword.value.id) if isinstance(keyword.value, ast.Name) else keyword.value
    if isinstance(table, ast.Call) and _called(table.func) == "dict":
        yield from ((each.arg, each.value) for each in table.keywords if each.arg is not None)
    elif isinstance(table, ast.Dict):
        for key, value in zip(table.keys, table.values, strict=True):
            if isinstance(key, ast.Constant) and isinstance(key.value, str):
                yield key.value, value
    for node in ast.walk(module):
        if isinstance(node, ast.Assign) and isinstance(node.targets[0], ast.Subscript):
            target = node.targets[0]
            same = isinstance(target.value, ast.Name) and isinstance(keyword.value, ast.Name)
            if same and _called(target.value) == _called(keyword.value) and isinstance(target.slice, ast.Constant):
                if isinstance(target.slice.value, str):
                    yield target.slice.value, node.value


def _assigned(module: ast.Module) -> Iterator[tuple[str, ast.expr]]:
    for statement in module.body:
        if isinstance(statement, ast.Assign):
            for target in statement.targets:
                if isinstance(target, ast.Name):
                    yield target.id, statement.value
        elif isinstance(statement, ast.AnnAssign) and isinstance(statement.target, ast.Name) and statement.value:
            yield statement.target.id, statement.value


def _called(function: ast.expr) -> str | None:
    """The last name of what is called: `setup` for `setup(...)` and for `setuptools.setup(...)`."""
    if isinstance(function, ast.Attribute):
        return function.attr
    return function.id if isinstance(function, ast.Name) else None


def _literal(node: ast.expr, assigned: dict[str, ast.expr], depth: int) -> object:
    """Strings (or how they begin), and lists and tables of them; None for anything else."""
    if depth == 0:
        return None
    if isinstance(node, ast.Name) and node.id in assigned:
        # A name is looked up once: `x = [x, x]` must not grow.
        return _literal(assigned[node.id], {}, depth - 1)
    if isinstance(node, ast.Constant):
        return node.value if isinstance(node.value, str) else None
    if isinstance(node, ast.List | ast.Tuple | ast.Set):
        return [_literal(each, assigned, depth - 1) for each in node.elts]
    if isinstance(node, ast.BinOp) and isinstance(node.left, ast.Constant) and isinstance(node.left.value, str):
        # `"Twisted >= " + version`: what a requirement begins with is all that is asked for
        return node.left.value.partition("%")[0]
    if isinstance(node, ast.BinOp) and isinstance(node.op, ast.Add):
        sides = [_literal(node.left, assigned, depth - 1), _literal(node.right, assigned, depth - 1)]
        return [each for side in sides if isinstance(side, list) for each in side]
    if isinstance(node, ast.Dict):
        values = zip(node.keys, node.values, strict=True)
        return {
            key.value: _literal(value, assigned, depth - 1)
            for key, value in values
            if isinstance(key, ast.Constant) and isinstance(key.value, str)
        }
    return None
