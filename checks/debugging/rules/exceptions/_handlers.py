"""What the rules on exceptions know of handlers."""

import ast
import re

from checks.debugging.source.edits import Edit
from checks.debugging.source.flow import run_by
from checks.debugging.source.module import Module

_MARK = re.compile(r"(noqa|nosec|pragma|type:|pylint:|fmt:|mypy:|pyright:)[^#]*")
_WORDS = re.compile(r"[^\W\d_]{3,}")


def handler_of(module: Module, node: ast.stmt) -> ast.ExceptHandler | None:
    """The handler that runs the statement, with neither a function nor another `try` between."""
    for ancestor in module.ancestors(node):
        if isinstance(ancestor, ast.ExceptHandler):
            return ancestor
        if not isinstance(ancestor, ast.If | ast.For | ast.While | ast.With | ast.match_case | ast.Match):
            return None
    return None


def rebound(handler: ast.ExceptHandler) -> bool:
    """Whether the handler's name is given another value, or taken away, in the handler."""
    for node in run_by(handler.body):
        if isinstance(node, ast.Name) and node.id == handler.name and not isinstance(node.ctx, ast.Load):
            return True
        if isinstance(node, ast.ExceptHandler | ast.MatchAs | ast.MatchStar) and node.name == handler.name:
            return True
        if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef | ast.ClassDef) and node.name == handler.name:
            return True
        if isinstance(node, ast.Import | ast.ImportFrom):
            if any((alias.asname or alias.name) == handler.name for alias in node.names):
                return True
    return False


def name_removed(handler: ast.ExceptHandler, module: Module) -> Edit | None:
    """The edit that takes ` as name` away; None where it is written in an unusual way."""
    if handler.type is None:
        return None
    end = module.span(handler.type)[1]
    named = rb"([ \t]*\)*)[ \t]+as[ \t]+" + str(handler.name).encode() + rb"(?=[ \t]*:)"
    match = re.match(named, module.text.data[end:])
    return Edit(end + match.end(1), end + match.end(), "") if match else None


def takes_everything(module: Module, handler: ast.ExceptHandler) -> str:
    """How a handler catches all: "except", "Exception", "BaseException"; empty where it is narrower."""
    if handler.type is None:
        return "except"
    caught = handler.type.elts if isinstance(handler.type, ast.Tuple) else [handler.type]
    names = {module.resolve(node) for node in caught}
    return next((name for name in ("BaseException", "Exception") if f"builtins.{name}" in names), "")


def reason(module: Module, first: int, last: int, column: int) -> bool:
    """Whether a comment with words (not only marks for tools) stands in the lines, or right after them further in
    than the column. The lines must hold no string."""
    while (following := module.text.line(last + 1)).lstrip().startswith("#"):
        if len(following) - len(following.lstrip()) <= column:
            break
        last += 1
    for number in range(first, last + 1):
        _, mark, comment = module.text.line(number).partition("#")
        if mark and _WORDS.search(_MARK.sub("", comment)):
            return True
    return False
