"""What `ast` leaves out: the operators, commas, comments and parentheses between nodes."""

import ast
import re

from checks.debugging.source.module import Module

_PIECE = re.compile(rb"#[^\r\n]*|\w+|[=!<>]=|[^\s\\]")


def pieces(module: Module, start: int, end: int) -> list[tuple[int, int, str]]:
    """Start, end and text of each piece between two byte offsets: a comment, a word, an operator, a bracket. The range
    must hold no string literal."""
    return [(m.start(), m.end(), m.group().decode("utf-8")) for m in _PIECE.finditer(module.text.data, start, end)]


def operator(module: Module, left: ast.expr, right: ast.expr) -> tuple[int, int] | None:
    """Where the operator between two operands stands (of `is not` and `not in` both words); None where a comment
    stands between its words."""
    _, start = module.span(left)
    end, _ = module.span(right)
    found = [piece for piece in pieces(module, start, end) if piece[2] not in "()"]
    words = [piece for piece in found if not piece[2].startswith("#")]
    if not words:
        return None
    first, last = found.index(words[0]), found.index(words[-1])
    return (words[0][0], words[-1][1]) if last - first == len(words) - 1 else None


def has_comment(module: Module, node: ast.AST) -> bool:
    """Whether a comment stands inside of a node (or a `#` in its strings: more is taken for a comment than is one)."""
    start, end = module.span(node)
    return b"#" in module.text.data[start:end]


def builtin(module: Module, name: str, at: ast.AST) -> bool:
    """Whether a name of the builtins certainly means the builtin at a node."""
    return module.scope(at).find(name) is None and not module.scopes.star
