"""Statements: putting lines before them, a level deeper, away."""

import ast

from checks.debugging.source.edits import Edit
from checks.debugging.source.module import Module


def indentation(module: Module, statement: ast.stmt) -> str | None:
    """The white space before a statement; None where another statement stands before it on its line."""
    start, _ = module.span(statement)
    before = module.text.data[module.text.line_starts[statement.lineno - 1] : start].decode("utf-8")
    return before if not before.strip() else None


def alone(module: Module, statement: ast.stmt) -> bool:
    """Whether the statement has its lines for itself: nothing but white space before it and a comment after it."""
    if indentation(module, statement) is None:
        return False
    last = statement.end_lineno or statement.lineno
    _, end = module.span(statement)
    rest = module.text.line(last).encode("utf-8")[end - module.text.line_starts[last - 1] :].strip()
    return not rest or rest.startswith(b"#")


def before(module: Module, statement: ast.stmt, lines: str) -> Edit | None:
    """Lines (each without indentation, LF between them) put before a statement, at its indentation."""
    indent = indentation(module, statement)
    if indent is None:
        return None
    start = module.text.line_starts[statement.lineno - 1]
    return Edit(start, start, "".join(f"{indent}{line}\n" for line in lines.split("\n")))


def deeper(module: Module, first: ast.stmt, last: ast.stmt) -> tuple[Edit, ...]:
    """Every line from `first` to `last` one level deeper, but blank lines and lines inside of strings stay."""
    inside = string_lines(module, first, last)
    end = last.end_lineno or last.lineno
    unit = module.text.indent_unit
    edits = []
    for number in range(first.lineno, end + 1):
        if number not in inside and module.text.line(number).strip():
            start = module.text.line_starts[number - 1]
            edits.append(Edit(start, start, unit))
    return tuple(edits)


def string_lines(module: Module, first: ast.stmt, last: ast.stmt) -> frozenset[int]:
    """Lines that begin inside of a string literal or after a backslash: their white space is not ours to change."""
    start, end = first.lineno, last.end_lineno or last.lineno
    inside: set[int] = set()
    for node in module.nodes:
        if not isinstance(node, ast.Constant | ast.JoinedStr) or not start <= node.lineno <= end:
            continue
        if isinstance(node, ast.JoinedStr) or isinstance(node.value, str | bytes):
            inside.update(range(node.lineno + 1, (node.end_lineno or node.lineno) + 1))
    return frozenset(inside)


def removed(module: Module, statement: ast.stmt) -> Edit | None:
    """The statement and its line gone, `pass` in its place where it was alone in its block; None where it shares its
    lines with anything, comments included."""
    place = module.block(statement)
    if place is None or not alone(module, statement):
        return None
    last = statement.end_lineno or statement.lineno
    if "#" in module.text.line(last).encode("utf-8")[statement.end_col_offset or 0 :].decode("utf-8"):
        return None
    if len(place[0]) == 1:
        start, end = module.span(statement)
        return Edit(start, end, "pass")
    starts = module.text.line_starts
    end = starts[last] if last < len(starts) else len(module.text.data)
    return Edit(starts[statement.lineno - 1], end, "")
