"""From a statement with values in its text to one with placeholders, and the values beside it."""

import ast
import re

from checks.debugging.rules.injection.text.formatting import Hole, pieces
from checks.debugging.rules.injection.text.spots import Literal, Spot, literals, spots, without_prefix
from checks.debugging.rules.injection.text.statements import HOLE, Kind, fragment, is_str, kinds, of_column
from checks.debugging.source.edits import Edit, Fix
from checks.debugging.source.module import Module

_PLAIN = (ast.Expr, ast.Assign, ast.AnnAssign, ast.Return)


def obstacle(node: ast.expr, calls: list[ast.Call], style: str, driver: str, faulty: list[bool], module: Module) -> str:
    """Why the values cannot become parameters for sure; empty where they can."""
    call = calls[0]
    if len(calls) != 1 or call.func.attr != "execute":  # type: ignore[attr-defined]  # sinks are methods
        return "the statement is not run by one plain execute()"
    if len(call.args) != 1 or call.keywords:
        return "there are parameters already"
    if module.parent(node) is not call and not _next(node, call, module):
        return "the statement is built at another place than it is run"
    text = _text(node)
    if ";" in text.rstrip().rstrip(";"):
        return "there are several statements in one text"
    if "%" in text if style == "%s" else re.search(r"\?|[:@$]\w", text):
        return "the statement holds signs that would be read as placeholders"
    if _edits(node, call, style, driver, faulty, module) is None:
        if b"#" in module.text.data[module.span(node)[1] : module.span(call)[1]]:
            return "a comment stands behind the statement"
        if isinstance(node, ast.BinOp) and isinstance(node.op, ast.Mod) and not isinstance(node.right, ast.Tuple):
            return "what stands behind % may be several values"
        return "not every value stands where a parameter certainly means the same"
    return ""


def fix(node: ast.expr, call: ast.Call, style: str, driver: str, faulty: list[bool], module: Module) -> Fix | None:
    """The statement with placeholders, the values as the second argument of the call."""
    edits = _edits(node, call, style, driver, faulty, module)
    return Fix(edits) if edits is not None else None


def _text(node: ast.expr) -> str:
    return "".join(HOLE if isinstance(piece, Hole) else piece for piece in pieces(node) or ())


def _next(node: ast.expr, call: ast.Call, module: Module) -> bool:
    """Whether the text is given a name, and that name used once only: in the statement that follows."""
    assign = module.parent(node)
    statement = module.statement(call)
    if not isinstance(assign, ast.Assign) or not isinstance(assign.targets[0], ast.Name):
        return False
    here, there = module.block(assign), module.block(statement)
    if here is None or there is None or here[0] is not there[0] or there[1] != here[1] + 1:
        return False
    name = assign.targets[0].id
    uses = [n for n in module.nodes if isinstance(n, ast.Name) and n.id == name and isinstance(n.ctx, ast.Load)]
    inner = next((a for a in module.ancestors(call) if not isinstance(a, ast.Call | ast.Attribute | ast.Await)), None)
    return (
        len(uses) == 1 and len(module.bindings(uses[0])) == 1 and isinstance(statement, _PLAIN) and inner is statement
    )


def _edits(
    node: ast.expr, call: ast.Call, style: str, driver: str, faulty: list[bool], module: Module
) -> tuple[Edit, ...] | None:
    places, tokens = spots(module, node), literals(module, node)
    if places is None or tokens is None:
        return None
    every = kinds(pieces(node) or ())
    if not isinstance(node, ast.JoinedStr) and not all(faulty):
        return None
    before = _texts_before(node)
    edits: list[Edit] = []
    values: list[str] = []
    kept: list[Spot] = []
    for spot, kind, bad, text in zip(places, every, faulty, before, strict=True):
        value = _value(spot, kind, text, node, driver, module)
        edit = _placeholder(spot, kind, style, tokens, module)
        if not bad and not (value and edit and _given(spot, kind, module)):
            kept.append(spot)
            continue
        if value is None or edit is None:
            return None
        edits.append(edit)
        values.append(value)
    prefixes = without_prefix(module, node, kept) if isinstance(node, ast.JoinedStr) else ()
    if prefixes is None or (prefixes and re.search(r"[{}]", _text(node))):
        return None
    given = f"({', '.join(values)}{',' if len(values) == 1 else ''})"
    tail = _tail(node, call, given, module)
    return None if tail is None else (*edits, *prefixes, *tail)


def _given(spot: Spot, kind: Kind, module: Module) -> bool:
    """Whether a hole that does no harm is a number that the function is given: it becomes a parameter beside others."""
    value = spot.hole.value
    if spot.hole.number or kind != "value" or not isinstance(value, ast.Name):
        return False
    bindings = module.bindings(value)
    return bool(bindings) and all(binding.kind == "param" for binding in bindings)


def _texts_before(node: ast.expr) -> list[str]:
    result, text = [], ""
    for piece in pieces(node) or ():
        if isinstance(piece, Hole):
            result.append(text)
        text += HOLE if isinstance(piece, Hole) else piece
    return result


def _value(spot: Spot, kind: Kind, before: str, node: ast.expr, driver: str, module: Module) -> str | None:
    """The argument for a hole; None where it may be other than a value."""
    value = spot.hole.value
    if _escaped(value, module):
        return None
    summed = isinstance(node, ast.BinOp) and isinstance(node.op, ast.Add)
    if isinstance(node, ast.BinOp) and value is node.right and not summed and not is_str(value, module):
        return None  # `% x` unpacks x where it is a tuple
    converted = isinstance(value, ast.Call) and module.resolve(value.func) == "builtins.str" and len(value.args) == 1
    if kind == "quoted":
        if before[-1] == '"' and driver.startswith("psycopg"):
            return None
        if summed or is_str(value, module):
            return spot.source
        return f"str({spot.source})" if module.scope(node).find("str") is None and not module.scopes.star else None
    if kind != "value" or not of_column(before):
        return None
    if re.search(r"\b(?:LIMIT|OFFSET)\s*$", before, re.I) and driver not in ("sqlite3", "psycopg", "psycopg2"):
        return None
    if converted and isinstance(value, ast.Call):
        inner = value.args[0]
        return None if fragment(inner, module) else module.source(inner)
    return None if summed or fragment(value, module) else spot.source


def _escaped(value: ast.expr, module: Module) -> bool:
    """Whether quotes were doubled by hand: as a parameter the value would keep both."""
    made = [value]
    if isinstance(value, ast.Name):
        made += [binding.value for binding in module.bindings(value) if binding.value is not None]
    return any(
        isinstance(inner, ast.Attribute) and (inner.attr == "replace" or "escape" in inner.attr)
        for expression in made
        for inner in ast.walk(expression)
    )


def _placeholder(spot: Spot, kind: Kind, style: str, tokens: list[Literal], module: Module) -> Edit | None:
    if kind != "quoted":
        return Edit(spot.start, spot.end, style + spot.closing)
    data = module.text.data
    start, end = spot.start - 1, spot.end + 1
    quote = data[start : start + 1]
    inside = any(t.opening <= start and spot.start <= t.closing for t in tokens)
    inside = inside and any(t.opening <= spot.end and end <= t.closing for t in tokens)
    if not inside or quote not in (b"'", b'"') or data[end - 1 : end] != quote or data[start - 1 : start] == b"\\":
        return None
    return Edit(start, end, style)


def _tail(node: ast.expr, call: ast.Call, given: str, module: Module) -> tuple[Edit, ...] | None:
    """The values put behind the statement, in place of the formatting."""
    data = module.text.data
    argument = call.args[0]
    _, end = module.span(argument)
    if not re.fullmatch(rb"\s*,?\s*\)", data[end : module.span(call)[1]]):
        return None
    start = module.span(node)[0]
    opening = data[module.span(call.func)[1] : module.span(argument)[0]]
    if opening.strip() != b"(" or data[start : start + 1] == b"(":
        return None
    apart = argument.lineno > (call.func.end_lineno or 0) and argument is node
    line = module.text.line(argument.lineno)
    separator = ",\n" + line[: len(line) - len(line.lstrip())] if apart else ", "
    text = node.left if isinstance(node, ast.BinOp) and isinstance(node.op, ast.Mod) else None
    if isinstance(node, ast.Call) and isinstance(node.func, ast.Attribute):
        text = node.func.value
    if text is None:
        return (Edit(end, end, separator + given),)
    cut, stop = module.span(text)[1], module.span(node)[1]
    if b"#" in data[cut:stop] or (
        data[module.span(text)[0] - 1 : module.span(text)[0]] == b"(" and data[cut : cut + 1] == b")"
    ):
        return None
    if argument is node:
        return (Edit(cut, stop, separator + given),)
    return (Edit(cut, stop, ""), Edit(end, end, separator + given))
