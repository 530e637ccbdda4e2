"""Statements: putting lines before them, a level deeper, away."""

import ast

from checks.debugging.source.edits import Edit
from checks.debugging.source.literals import continued
from checks.debugging.source.module import Module


def first_line(statement: ast.stmt) -> int:
    """The line that a statement begins on, its decorators included."""
    if isinstance(statement, ast.FunctionDef | ast.AsyncFunctionDef | ast.ClassDef) and statement.decorator_list:
        return statement.decorator_list[0].lineno
    return statement.lineno


def indentation(module: Module, statement: ast.stmt) -> str | None:
    """The white space before a statement; None where another statement stands before it on its line, or its line goes
    on from the one before by a backslash."""
    number = first_line(statement)
    line = module.text.line(number)
    decorated = number != statement.lineno or bool(getattr(statement, "decorator_list", []))
    start, _ = module.span(statement)
    before = (
        line[: len(line) - len(line.lstrip())]
        if decorated
        else module.text.data[module.text.line_starts[number - 1] : start].decode("utf-8")
    )
    if before.strip() or (number > 1 and module.text.line(number - 1).endswith("\\")):
        return None
    return before.replace("\f", "")


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
    start = module.text.line_starts[first_line(statement) - 1]
    return Edit(start, start, "".join(f"{indent}{line}\n" for line in lines.split("\n")))


def deeper(module: Module, first: ast.stmt, last: ast.stmt) -> tuple[Edit, ...]:
    """Every line from `first` to `last` one level deeper, but blank lines and lines inside of strings stay."""
    inside = string_lines(module, first, last)
    end = last.end_lineno or last.lineno
    unit = module.text.indent_unit
    edits = []
    for number in range(first_line(first), end + 1):
        if number not in inside and module.text.line(number).strip():
            start = module.text.line_starts[number - 1]
            edits.append(Edit(start, start, unit))
    return tuple(edits)


def string_lines(module: Module, first: ast.stmt, last: ast.stmt) -> frozenset[int]:
    """Lines that begin inside of a string literal: their white space is not ours to change."""
    start, end = first_line(first), last.end_lineno or last.lineno
    inside: set[int] = set()
    for node in module.nodes:
        if not isinstance(node, ast.Constant | ast.JoinedStr) or not start <= node.lineno <= end:
            continue
        if node.lineno == node.end_lineno or isinstance(module.parent(node), ast.JoinedStr):
            continue
        if isinstance(node, ast.JoinedStr) or isinstance(node.value, str | bytes):
            inside.update(continued(module, node))
    return frozenset(inside)


def removed(module: Module, statement: ast.stmt) -> Edit | None:
    """The statement and its lines gone, `pass` in its place where it was alone in its block; None where it shares its
    lines with anything, comments included."""
    place = module.block(statement)
    if place is None or not alone(module, statement):
        return None
    starts = module.text.line_starts
    last = statement.end_lineno or statement.lineno
    begin = starts[first_line(statement) - 1]
    end = starts[last] if last < len(starts) else len(module.text.data)
    _, code_end = module.span(statement)
    lines = module.text.data[begin:end]
    if b"#" in module.text.data[code_end:end] or (b"#" in lines and len(lines.splitlines()) > 1):
        return None
    if len(place[0]) == 1:
        start = begin + len(lines) - len(lines.lstrip())
        return Edit(start, code_end, "pass")
    return Edit(begin, end, "")
