"""The pieces that a string in the tree is written in: "a" r'b' is one constant and two literals."""

import ast
import io
import re
import tokenize
import warnings
from dataclasses import dataclass

from checks.debugging.source.module import Module

_LONE_CR = re.compile(r"\r(?!\n)")
_OPENING = re.compile(r"([A-Za-z]*)(\"\"\"|\'\'\'|\"|\')")
_BEGIN = frozenset({tokenize.FSTRING_START, getattr(tokenize, "TSTRING_START", tokenize.FSTRING_START)})
_END = frozenset({tokenize.FSTRING_END, getattr(tokenize, "TSTRING_END", tokenize.FSTRING_END)})


@dataclass(frozen=True, slots=True)
class Literal:
    """One string literal: bytes from `start` to `end` of the file's text, its prefix ("rb") and opening quotes."""

    start: int
    end: int
    prefix: str
    quotes: str


def literals(module: Module, node: ast.Constant | ast.JoinedStr) -> tuple[Literal, ...]:
    """The literals of a string, bytes or f-string in order; one inside an f-string's braces belongs to that. Empty
    where they cannot be told."""
    start, end = module.span(node)
    # in parentheses: the literals may stand on lines of their own in some that lie outside
    source = f"({_LONE_CR.sub(chr(10), module.text.data[start:end].decode())})"
    starts = [0, *(match.end() for match in re.finditer("\n", source))]
    found: list[Literal] = []
    opened: list[int] = []

    def place(position: tuple[int, int]) -> int:
        return start + len(source[: starts[position[0] - 1] + position[1]].encode("utf-8")) - 1

    for token in _tokens(source):
        if token.type in _BEGIN:
            opened.append(place(token.start))
        elif token.type in _END and opened:
            begin = opened.pop()
            if not opened:
                found.append(_literal(module, begin, place(token.end)))
        elif token.type == tokenize.STRING and not opened:
            found.append(_literal(module, place(token.start), place(token.end)))
    return tuple(found)


def _tokens(source: str) -> list[tokenize.TokenInfo]:
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # of invalid escape sequences
        try:
            return list(tokenize.generate_tokens(io.StringIO(source, newline="\n").readline))
        except (tokenize.TokenError, SyntaxError):
            return []


def _literal(module: Module, start: int, end: int) -> Literal:
    opening = _OPENING.match(module.text.data[start : min(end, start + 8)].decode("utf-8", "ignore"))
    prefix, quotes = opening.groups() if opening else ("", "")
    return Literal(start, end, prefix, quotes)


def continued(module: Module, node: ast.Constant | ast.JoinedStr) -> frozenset[int]:
    """The lines that begin inside one of the string's literals: their white space is part of its value."""
    lines: set[int] = set()
    for literal in literals(module, node):
        lines.update(range(module.text.line_of(literal.start) + 1, module.text.line_of(literal.end - 1) + 1))
    return frozenset(lines)
