"""Changing the arguments of a call: as a concrete syntax tree of that call alone, so that layout and comments stay."""

import ast
import re
from collections.abc import Callable

import libcst as cst
from libcst import matchers

from checks.debugging.source.edits import Edit
from checks.debugging.source.module import Module

_LINE_END = re.compile(r"\r\n?")
_STRINGS = ("JoinedStr", "TemplateStr")  # the latter by name: Python 3.14 brought it
_CHARACTER = re.compile(r"\r\n|.", re.DOTALL)


def rewritten(
    module: Module, node: ast.expr, change: Callable[[cst.BaseExpression], cst.BaseExpression | None]
) -> Edit | None:
    """The expression changed as a concrete syntax tree, as the smallest edit that does it; None where `change` gives
    none, where nothing would change, where the piece cannot be parsed, and inside of f-strings, whose quotes it
    might end."""
    if any(type(ancestor).__name__ in _STRINGS for ancestor in module.ancestors(node)):
        return None
    source = module.source(node)
    old = _LINE_END.sub("\n", source)
    try:
        # in parentheses of our own: the expression may go on over lines in some that lie outside of it
        tree = cst.parse_expression(f"({old})")
    except (cst.ParserSyntaxError, RecursionError):
        return None
    changed = change(tree.with_changes(lpar=tree.lpar[1:], rpar=tree.rpar[:-1]))
    if changed is None:
        return None
    return _smallest(module.span(node)[0], source, old, cst.Module(body=[]).code_for_node(changed))


def _smallest(start: int, source: str, old: str, new: str) -> Edit | None:
    """The edit without what both texts share at their ends. `old` is `source` with LF; `start` is where that lies."""
    if old == new:
        return None
    ahead = _shared(old, new)
    behind = _shared(old[ahead:][::-1], new[ahead:][::-1])
    places = [0]  # of each character of `old` in `source`, in bytes
    for piece in _CHARACTER.findall(source):
        places.append(places[-1] + len(piece.encode("utf-8")))
    end = len(old) - behind
    return Edit(start + places[ahead], start + places[end], new[ahead : len(new) - behind])


def _shared(one: str, other: str) -> int:
    """How many characters both begin with."""
    different = (i for i, (a, b) in enumerate(zip(one, other, strict=False)) if a != b)
    return next(different, min(len(one), len(other)))


def _comments(*nodes: cst.CSTNode | cst.MaybeSentinel) -> bool:
    return any(matchers.findall(node, matchers.Comment()) for node in nodes if isinstance(node, cst.CSTNode))


def with_keyword(module: Module, call: ast.Call, name: str, value: str) -> Edit | None:
    """The call with `name=value` in place of its present `name=…`, else as its last argument (before `**`). None where
    the present value holds a comment, and where `rewritten` gives none."""

    def change(tree: cst.BaseExpression) -> cst.BaseExpression | None:
        if not isinstance(tree, cst.Call):
            return None
        args = list(tree.args)
        written = cst.parse_expression(value)
        for index, arg in enumerate(args):
            if arg.keyword is not None and arg.keyword.value == name:
                if _comments(arg.value):
                    return None
                args[index] = arg.with_changes(value=written)
                return tree.with_changes(args=args)
        keyword = cst.Arg(
            keyword=cst.Name(name),
            value=written,
            equal=cst.AssignEqual(cst.SimpleWhitespace(""), cst.SimpleWhitespace("")),
        )
        if len(args) == 1 and isinstance(args[0].value, cst.GeneratorExp) and not args[0].value.lpar:
            generator = args[0].value.with_changes(lpar=[cst.LeftParen()], rpar=[cst.RightParen()])
            args[0] = args[0].with_changes(value=generator)
            tree = tree.with_changes(args=args)
        index = next((i for i, arg in enumerate(args) if arg.star == "**"), len(args))
        return tree.with_changes(args=_inserted(tree, module.text.indent_unit, index, keyword))

    return rewritten(module, call, change)


def _inserted(call: cst.Call, unit: str, index: int, new: cst.Arg) -> list[cst.Arg]:
    args = list(call.args)
    if not args:
        return [new]
    if index < len(args):
        following = args[index - 1].comma if index else cst.Comma(whitespace_after=cst.SimpleWhitespace(" "))
        if isinstance(following, cst.Comma) and isinstance(following.whitespace_after, cst.ParenthesizedWhitespace):
            # the comment after the argument before stays there, and is not written twice
            bare = following.whitespace_after.with_changes(first_line=cst.TrailingWhitespace(), empty_lines=[])
            following = following.with_changes(whitespace_after=bare)
        return [*args[:index], new.with_changes(comma=following), *args[index:]]
    last = args[-1]
    trailing = last.comma
    between = _separator(call, unit)
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


def _separator(call: cst.Call, unit: str) -> cst.BaseParenthesizableWhitespace:
    """How the call separates its arguments: as before its last one, else one level more than the closing
    parenthesis."""
    if len(call.args) > 1:
        comma = call.args[-2].comma
        return comma.whitespace_after if isinstance(comma, cst.Comma) else cst.SimpleWhitespace(" ")
    if isinstance(call.whitespace_before_args, cst.ParenthesizedWhitespace):
        return call.whitespace_before_args
    last = call.args[-1]
    space = last.comma.whitespace_after if isinstance(last.comma, cst.Comma) else last.whitespace_after_arg
    if isinstance(space, cst.ParenthesizedWhitespace):
        return space.with_changes(last_line=cst.SimpleWhitespace(space.last_line.value + unit))
    return cst.SimpleWhitespace(" ")


def without_argument(module: Module, call: ast.Call, name: str) -> Edit | None:
    """The call without its keyword argument `name`; None where there is none or its removal would lose a comment."""
    return rewritten(module, call, lambda tree: without(tree, name) if isinstance(tree, cst.Call) else None)


def without(tree: cst.Call, name: str) -> cst.Call | None:
    """A call's tree without its keyword argument `name`; None where there is none or a comment would be lost."""
    args = list(tree.args)
    index = next((i for i, arg in enumerate(args) if arg.keyword is not None and arg.keyword.value == name), None)
    if index is None:
        return None
    removed = args.pop(index)
    comma = args[index - 1].comma if index else None
    above = comma.whitespace_after if isinstance(comma, cst.Comma) else tree.whitespace_before_args
    if _comments(removed) or (isinstance(above, cst.ParenthesizedWhitespace) and _comments(*above.empty_lines)):
        return None  # a comment in lines above the argument is about it
    if not args:
        bare = tree.with_changes(args=[], whitespace_before_args=cst.SimpleWhitespace(""))
        return None if _comments(tree.whitespace_before_args) else bare
    if index == len(args):
        ending = _ending(above, removed) if _comments(above) else removed
        if ending is None:
            return None
        args[-1] = args[-1].with_changes(comma=ending.comma, whitespace_after_arg=ending.whitespace_after_arg)
    return tree.with_changes(args=args)


def _ending(above: cst.BaseParenthesizableWhitespace, removed: cst.Arg) -> cst.Arg | None:
    """The removed last argument's ending with the comment that stands behind the argument before it; None where the
    closing parenthesis has no line of its own."""
    comma = removed.comma
    space = comma.whitespace_after if isinstance(comma, cst.Comma) else removed.whitespace_after_arg
    if not isinstance(above, cst.ParenthesizedWhitespace) or not isinstance(space, cst.ParenthesizedWhitespace):
        return None
    space = space.with_changes(first_line=above.first_line)
    if isinstance(comma, cst.Comma):
        return removed.with_changes(comma=comma.with_changes(whitespace_after=space))
    return removed.with_changes(whitespace_after_arg=space)
