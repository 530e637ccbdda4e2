"""Changing the arguments of a call: as a concrete syntax tree of that call alone, so that layout and comments stay."""

import ast
from collections.abc import Callable

import libcst as cst

from checks.debugging.source.edits import Edit
from checks.debugging.source.module import Module


def _rewritten(
    module: Module, node: ast.expr, change: Callable[[cst.BaseExpression], cst.BaseExpression | None]
) -> Edit | None:
    start, end = module.span(node)
    source = module.source(node).replace("\r\n", "\n").replace("\r", "\n")
    try:
        tree = cst.parse_expression(source)
    except cst.ParserSyntaxError:
        return None
    changed = change(tree)
    if changed is None:
        return None
    return Edit(start, end, cst.Module(body=[]).code_for_node(changed))


def rewritten(
    module: Module, node: ast.expr, change: Callable[[cst.BaseExpression], cst.BaseExpression | None]
) -> Edit | None:
    """The expression changed as a concrete syntax tree; None where `change` gives none or the piece cannot be parsed."""
    return _rewritten(module, node, change)


def with_keyword(module: Module, call: ast.Call, name: str, value: str) -> Edit | None:
    """The call with `name=value` in place of its present `name=…`, else as its last argument (before `**`)."""

    def change(tree: cst.BaseExpression) -> cst.BaseExpression | None:
        if not isinstance(tree, cst.Call):
            return None
        args = list(tree.args)
        written = cst.parse_expression(value)
        for index, arg in enumerate(args):
            if arg.keyword is not None and arg.keyword.value == name:
                args[index] = arg.with_changes(value=written)
                return tree.with_changes(args=args)
        keyword = cst.Arg(
            keyword=cst.Name(name),
            value=written,
            equal=cst.AssignEqual(cst.SimpleWhitespace(""), cst.SimpleWhitespace("")),
        )
        index = next((i for i, arg in enumerate(args) if arg.star == "**"), len(args))
        return tree.with_changes(args=_inserted(args, index, keyword))

    return _rewritten(module, call, change)


def _inserted(args: list[cst.Arg], index: int, new: cst.Arg) -> list[cst.Arg]:
    if not args:
        return [new]
    if index < len(args):
        following = args[index - 1].comma if index else cst.Comma(whitespace_after=cst.SimpleWhitespace(" "))
        return [*args[:index], new.with_changes(comma=following), *args[index:]]
    last = args[-1]
    trailing = last.comma
    between = _separator(args)
    if isinstance(trailing, cst.Comma):
        # the white space (and comment) after a trailing comma stays with the argument that it comments
        space = trailing.whitespace_after
        if isinstance(space, cst.ParenthesizedWhitespace) and isinstance(between, cst.ParenthesizedWhitespace):
            last = last.with_changes(
                comma=trailing.with_changes(
                    whitespace_after=space.with_changes(
                        indent=between.indent, last_line=between.last_line, empty_lines=space.empty_lines
                    )
                )
            )
            closing = space.with_changes(first_line=cst.TrailingWhitespace(), empty_lines=[])
            return [*args[:-1], last, new.with_changes(comma=cst.Comma(whitespace_after=closing))]
        last = last.with_changes(comma=trailing.with_changes(whitespace_after=cst.SimpleWhitespace(" ")))
        return [*args[:-1], last, new.with_changes(comma=cst.Comma(whitespace_after=space))]
    space = last.whitespace_after_arg
    if isinstance(space, cst.ParenthesizedWhitespace) and isinstance(between, cst.ParenthesizedWhitespace):
        moved = space.with_changes(indent=between.indent, last_line=between.last_line)
        last = last.with_changes(comma=cst.Comma(whitespace_after=moved), whitespace_after_arg=cst.SimpleWhitespace(""))
        closing = space.with_changes(first_line=cst.TrailingWhitespace(), empty_lines=[])
        return [*args[:-1], last, new.with_changes(whitespace_after_arg=closing)]
    plain = cst.SimpleWhitespace(" ")
    last = last.with_changes(comma=cst.Comma(whitespace_after=plain), whitespace_after_arg=cst.SimpleWhitespace(""))
    return [*args[:-1], last, new.with_changes(whitespace_after_arg=space)]


def _separator(args: list[cst.Arg]) -> cst.BaseParenthesizableWhitespace:
    """How the call separates its arguments: from the last comma between two of them, else one level more than the
    closing parenthesis."""
    for arg in reversed(args[:-1]):
        if isinstance(arg.comma, cst.Comma):
            return arg.comma.whitespace_after
    last = args[-1]
    space = last.comma.whitespace_after if isinstance(last.comma, cst.Comma) else last.whitespace_after_arg
    if isinstance(space, cst.ParenthesizedWhitespace):
        return space.with_changes(
            last_line=cst.SimpleWhitespace(space.last_line.value + "    "), first_line=cst.TrailingWhitespace()
        )
    return cst.SimpleWhitespace(" ")


def without_argument(module: Module, call: ast.Call, name: str) -> Edit | None:
    """The call without its keyword argument `name`; None where there is none or its removal would lose a comment."""

    def change(tree: cst.BaseExpression) -> cst.BaseExpression | None:
        if not isinstance(tree, cst.Call):
            return None
        args = list(tree.args)
        index = next((i for i, arg in enumerate(args) if arg.keyword is not None and arg.keyword.value == name), None)
        if index is None:
            return None
        removed = args.pop(index)
        if "#" in cst.Module(body=[]).code_for_node(removed.with_changes(value=cst.Name("x"))):
            return None
        if args and index == len(args):
            args[-1] = args[-1].with_changes(comma=removed.comma, whitespace_after_arg=removed.whitespace_after_arg)
        return tree.with_changes(args=args)

    return _rewritten(module, call, change)
