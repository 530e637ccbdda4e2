"""Changing the arguments of a call. The work is done on concrete syntax trees, whose library takes a third of a second
to load: it is loaded by the first fix, never by detection."""

import ast
from collections.abc import Callable
from typing import TYPE_CHECKING

from checks.debugging.source.edits import Edit
from checks.debugging.source.module import Module

if TYPE_CHECKING:
    import libcst as cst


def rewritten(
    module: Module, node: ast.expr, change: "Callable[[cst.BaseExpression], cst.BaseExpression | None]"
) -> Edit | None:
    """The expression changed as a concrete syntax tree; None where `change` gives none, the piece cannot be parsed, or
    it stands inside an f-string."""
    from checks.debugging.source import concrete

    return concrete.rewritten(module, node, change)


def with_keyword(module: Module, call: ast.Call, name: str, value: str) -> Edit | None:
    """The call with `name=value` in place of its present `name=…`, else as its last argument (before `**`); None where
    that cannot be written."""
    from checks.debugging.source import concrete

    return concrete.with_keyword(module, call, name, value)


def without_argument(module: Module, call: ast.Call, name: str) -> Edit | None:
    """The call without its keyword argument `name`; None where there is none or its removal would lose a comment."""
    from checks.debugging.source import concrete

    return concrete.without_argument(module, call, name)
