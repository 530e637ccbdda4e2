"""How statements are run: what belongs to a block itself, and how it can be left."""

import ast
from collections.abc import Iterable, Iterator, Sequence

_LATER = (ast.FunctionDef, ast.AsyncFunctionDef, ast.Lambda, ast.ClassDef)
_LOOPS = (ast.For, ast.AsyncFor, ast.While)


def run_by(nodes: Iterable[ast.AST]) -> Iterator[ast.AST]:
    """The nodes and all that is in them, in the order of the text, but for what nested functions, lambdas and classes
    hold: that runs at another time or in another scope."""
    stack = list(nodes)[::-1]
    while stack:
        node = stack.pop()
        yield node
        if not isinstance(node, _LATER):
            stack.extend(list(ast.iter_child_nodes(node))[::-1])


def leaving(block: Iterable[ast.stmt]) -> Iterator[ast.Return | ast.Break | ast.Continue]:
    """The `return`, `break` and `continue` that leave the block: not those of loops inside of it."""
    stack: list[tuple[ast.AST, bool]] = []
    stack.extend((node, False) for node in list(block)[::-1])
    while stack:
        node, in_loop = stack.pop()
        if isinstance(node, ast.Return) or (isinstance(node, ast.Break | ast.Continue) and not in_loop):
            yield node
        if isinstance(node, _LATER):
            continue
        for name, value in list(ast.iter_fields(node))[::-1]:
            looping = in_loop or (isinstance(node, _LOOPS) and name == "body")
            for child in value[::-1] if isinstance(value, list) else (value,):
                if isinstance(child, ast.stmt | ast.ExceptHandler | ast.match_case):
                    stack.append((child, looping))


def always_reraises(block: Sequence[ast.stmt]) -> bool:
    """Whether every path through the block ends in a bare `raise`."""
    if not block or next(leaving(block), None) is not None:
        return False
    last = block[-1]
    if isinstance(last, ast.Raise):
        return last.exc is None
    if isinstance(last, ast.If):
        return always_reraises(last.body) and always_reraises(last.orelse)
    return False
