"""Where in the file the values of a built text stand, so that each can be replaced by a placeholder."""

import ast
import io
import re
import tokenize
from dataclasses import dataclass
from itertools import pairwise

from checks.debugging.rules.injection.text.formatting import Hole, pieces, terms
from checks.debugging.source.edits import Edit
from checks.debugging.source.module import Module

_PARTS = (ast.Name, ast.Attribute, ast.Subscript, ast.Call, ast.Constant, ast.BinOp, ast.IfExp, ast.List, ast.Dict)


type Place = tuple[int, int, str]


@dataclass(frozen=True, slots=True)
class Spot:
    """The bytes from `start` to `end` put `hole` into the text; `source` is the value as an argument would write it.
    `closing` is the quote that has to follow what is put there instead."""

    hole: Hole
    start: int
    end: int
    source: str
    closing: str = ""


@dataclass(frozen=True, slots=True)
class Literal:
    """One string token: its first and last byte, and where its text begins and ends."""

    start: int
    end: int
    prefix: str
    opening: int
    closing: int


def literals(module: Module, node: ast.expr) -> list[Literal] | None:
    """The string tokens of an expression, those within the braces of f-strings apart."""
    source = module.source(node)
    base = module.span(node)[0] - 1
    lines = io.StringIO(f"({source})", newline="").readlines()
    starts = [0]
    for line in lines:
        starts.append(starts[-1] + len(line))
    whole = "".join(lines)

    def place(position: tuple[int, int]) -> int:
        return base + len(whole[: starts[position[0] - 1] + position[1]].encode("utf-8"))

    found: list[Literal] = []
    depth = 0
    opened: tuple[int, str, int] = (0, "", 0)
    try:
        for token in tokenize.generate_tokens(iter(lines).__next__):
            if token.type == tokenize.COMMENT:
                return None
            if token.type == tokenize.FSTRING_START:
                if depth == 0:
                    prefix = token.string.rstrip("'\"")
                    opened = (place(token.start), prefix, len(token.string) - len(prefix))
                depth += 1
            elif token.type == tokenize.FSTRING_END:
                depth -= 1
                if depth == 0:
                    start, prefix, quotes = opened
                    end = place(token.end)
                    found.append(Literal(start, end, prefix, start + len(prefix) + quotes, end - quotes))
            elif token.type == tokenize.STRING and depth == 0:
                prefix = token.string[: re.search(r"['\"]", token.string).start()]  # type: ignore[union-attr]  # a string has quotes
                quotes = 3 if token.string[len(prefix) :][:3] in ('"""', "'''") else 1
                start, end = place(token.start), place(token.end)
                found.append(Literal(start, end, prefix, start + len(prefix) + quotes, end - quotes))
    except (tokenize.TokenError, SyntaxError, StopIteration):
        return None
    return found


def spots(module: Module, node: ast.expr) -> list[Spot] | None:
    """The place of every value in the order of `pieces`; None where one cannot be told or moved without doubt."""
    found = pieces(node)
    if found is None:
        return None
    holes = [piece for piece in found if isinstance(piece, Hole)]
    places = _places(module, node)
    if places is None or len(places) != len(holes):
        return None
    result = []
    for hole, place in zip(holes, places, strict=True):
        source = _argument(module, hole)
        if source is None:
            return None
        result.append(Spot(hole, *place[:2], source, place[2]))
    return result


def _argument(module: Module, hole: Hole) -> str | None:
    if not hole.plain or not isinstance(hole.value, _PARTS):
        return None
    source = module.source(hole.value)
    parent = module.parent(hole.value)
    if isinstance(parent, ast.FormattedValue) and module.source(parent)[1:-1].strip() != source:
        return None
    if any(isinstance(inner, ast.NamedExpr | ast.Yield | ast.YieldFrom) for inner in ast.walk(hole.value)):
        return None
    return None if "\n" in source or "\r" in source or "#" in source else source


def _places(module: Module, node: ast.expr) -> list[Place] | None:
    if isinstance(node, ast.JoinedStr):
        return [(*module.span(value), "") for value in node.values if isinstance(value, ast.FormattedValue)]
    if isinstance(node, ast.BinOp) and isinstance(node.op, ast.Mod):
        return _matches(module, node.left, r"%(?:\(\w+\))?.", r"%s")
    if isinstance(node, ast.Call) and isinstance(node.func, ast.Attribute):
        return _matches(module, node.func.value, r"[{}]{2}|\{[^{}]*\}", r"\{\}")
    if isinstance(node, ast.BinOp):
        return _between(module, node)
    return None


def _matches(module: Module, text: ast.expr, pattern: str, wanted: str) -> list[Place] | None:
    """Where the literal has placeholders, if all are of the wanted form."""
    places: list[Place] = []
    for literal in literals(module, text) or []:
        raw = module.text.data[literal.opening : literal.closing].decode("utf-8")
        for match in re.finditer(pattern, raw, re.S):
            if not re.fullmatch(wanted, match.group()):
                return None
            start = literal.opening + len(raw[: match.start()].encode("utf-8"))
            places.append((start, start + len(match.group().encode("utf-8")), ""))
    return places


def _between(module: Module, node: ast.BinOp) -> list[Place] | None:
    """The bytes from the closing quote before each value of `"…" + value + "…"` to the opening quote after it: only on
    one line, with equal quotes, without parentheses, literals and values in turn."""
    parts = list(terms(node))
    data = module.text.data
    if node.lineno != node.end_lineno:
        return None
    if [_is_text(part) for part in parts] != [index % 2 == 0 for index in range(len(parts))]:
        return None
    spans = [module.span(part) for part in parts]
    if any(data[a[1] : b[0]].strip() != b"+" for a, b in pairwise(spans)):
        return None
    tokens = [token for part in parts[::2] for token in literals(module, part) or []]
    quotes = {(t.prefix, data[t.start + len(t.prefix) : t.opening]) for t in tokens}
    if len(tokens) != len(parts[::2]) or len(quotes) != 1:
        return None
    places: list[Place] = []
    for index in range(1, len(parts), 2):
        before = tokens[index // 2]
        if index + 1 == len(parts):
            places.append((before.closing, spans[index][1], data[before.closing : before.end].decode()))
        else:
            places.append((before.closing, tokens[index // 2 + 1].opening, ""))
    return places


def _is_text(node: ast.expr) -> bool:
    return isinstance(node, ast.Constant) and isinstance(node.value, str)


def without_prefix(module: Module, node: ast.expr, kept: list[Spot]) -> tuple[Edit, ...] | None:
    """Removes the `f` of f-string tokens that hold none of the spots in `kept`."""
    tokens = literals(module, node)
    if tokens is None:
        return None
    edits = []
    for token in tokens:
        index = token.prefix.lower().find("f")
        if index >= 0 and not any(token.start < spot.start < token.end for spot in kept):
            edits.append(Edit(token.start + index, token.start + index + 1, ""))
    return tuple(edits)
