"""Python of either side, parsed within bounds: what is too large or too deep is not judged."""

import ast
import warnings

from checks.repository.change import Change
from checks.risk import kinds

LARGEST = 512 * 1024
"""Bytes of one file. The tree of such a file takes some 100 MB at worst; the parser itself bounds the depth."""
MOST = 400
"""Python files of one change that are compared; none of a change of more."""
MOST_BYTES = 4 * 1024 * 1024
"""Bytes of such files, on either side."""


def comparable(change: Change) -> bool:
    """Whether the Python that a change touches is little enough to be compared in bounded time and memory."""
    touched = {path for each in change.touched for path in (each.path, each.was) if kinds.is_python(path)}
    sizes = [sum(e.size for e in side.files if e.path in touched) for side in (change.base, change.head)]
    return len(touched) <= 2 * MOST and max(sizes) <= MOST_BYTES


def parsed(content: bytes | None) -> ast.Module | None:
    """The tree of a file, the empty one where there is no file; None where it cannot be parsed here."""
    if content is None:
        return ast.Module([], [])
    if len(content) > LARGEST:
        return None
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            return ast.parse(content)
    except (SyntaxError, ValueError, RecursionError, MemoryError):
        return None


def dump(node: ast.AST | None) -> str:
    """A node as text without positions, so that equal code gives equal text. Raises RecursionError for one that is
    nested too deeply, ValueError for a number that is too long to be written."""
    return "" if node is None else ast.dump(node)


def dotted(node: ast.AST) -> str:
    """`a.b.c` of names and attributes, the callee's of a call; empty for anything else."""
    parts: list[str] = []
    while True:
        if isinstance(node, ast.Call):
            node = node.func
        elif isinstance(node, ast.Attribute):
            parts.append(node.attr)
            node = node.value
        elif isinstance(node, ast.Name):
            return ".".join([node.id, *reversed(parts)])
        else:
            return ""
