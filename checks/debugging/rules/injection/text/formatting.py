"""Text that is built of literals and values: by an f-string, by `%`, by `.format()`, by `+`."""

import ast
import re
import string
from collections.abc import Iterator
from dataclasses import dataclass

_CONVERSION = re.compile(r"%(?:\((\w+)\))?[#0\- +]*(\*|\d+)?(?:\.(?:\*|\d+))?([diouxXeEfFgGcrsa%])")
_NUMERIC = re.compile(r"[\d,._<>=^+\- ]*[bdoxXeEfFgGn%]")


@dataclass(frozen=True, slots=True)
class Hole:
    """A place that a value is put in. `plain`: as `str(value)`, without conversion or width; `number`: formatted as a
    number, so that it cannot be other text."""

    value: ast.expr
    plain: bool = True
    number: bool = False


type Piece = str | Hole


def pieces(node: ast.AST | None) -> tuple[Piece, ...] | None:
    """What a text is built of, in order; None for everything but text that is built in this very expression with at
    least one literal and one value."""
    found = _pieces(node)
    if found is None or not any(isinstance(p, Hole) for p in found) or not any(isinstance(p, str) for p in found):
        return None
    return tuple(found)


def _pieces(node: ast.AST | None) -> list[Piece] | None:
    match node:
        case ast.JoinedStr():
            return [_of_f_string(value) for value in node.values]
        case ast.BinOp(op=ast.Mod(), left=ast.Constant(value=str(text))):
            return _of_percent(text, node.right)
        case ast.BinOp(op=ast.Add()):
            return _of_sum(node)
        case ast.Call(func=ast.Attribute(attr="format", value=ast.Constant(value=str(text)))):
            return _of_format(text, node)
    return None


def built(node: ast.AST | None) -> bool:
    """Whether the expression builds text (cheap: to be asked before `pieces`)."""
    if isinstance(node, ast.JoinedStr):
        return True
    if isinstance(node, ast.BinOp):
        return isinstance(node.op, ast.Mod | ast.Add)
    return isinstance(node, ast.Call) and isinstance(node.func, ast.Attribute) and node.func.attr == "format"


def _of_f_string(value: ast.expr) -> Piece:
    if isinstance(value, ast.FormattedValue):
        spec = value.format_spec
        first = spec.values[0] if isinstance(spec, ast.JoinedStr) and len(spec.values) == 1 else None
        number = isinstance(first, ast.Constant) and _NUMERIC.fullmatch(str(first.value)) is not None
        return Hole(value.value, spec is None and value.conversion == -1, number)
    return str(value.value) if isinstance(value, ast.Constant) else Hole(value, plain=False)


def _of_percent(text: str, right: ast.expr) -> list[Piece] | None:
    result: list[Piece] = []
    position = count = 0
    for match in _CONVERSION.finditer(text):
        if match.start() > position:
            result.append(text[position : match.start()])
        position = match.end()
        key, width, letter = match.groups()
        if letter == "%":
            result.append("%")
            continue
        value = _argument(right, key, count)
        if value is None:
            return None
        count += 1
        result.append(Hole(value, letter == "s" and match.group() in ("%s", f"%({key})s"), letter not in "rsac"))
        if width == "*":
            return None
    result.append(text[position:])
    if isinstance(right, ast.Tuple) and count != len(right.elts):
        return None
    return [piece for piece in result if piece != ""]


def _argument(right: ast.expr, key: str | None, index: int) -> ast.expr | None:
    if isinstance(right, ast.Tuple):
        starred = any(isinstance(item, ast.Starred) for item in right.elts)
        return right.elts[index] if index < len(right.elts) and not starred else None
    if key is not None and isinstance(right, ast.Dict):
        for name, value in zip(right.keys, right.values, strict=True):
            if isinstance(name, ast.Constant) and name.value == key:
                return value
    return right


def _of_format(text: str, call: ast.Call) -> list[Piece] | None:
    result: list[Piece] = []
    index = 0
    try:
        for literal, name, spec, conversion in string.Formatter().parse(text):
            if literal:
                result.append(literal)
            if name is None:
                continue
            value = _field(call, name, index)
            index += 1
            if value is None:
                return None
            plain = not spec and not conversion and re.fullmatch(r"\w*", name) is not None
            result.append(Hole(value, plain, bool(_NUMERIC.fullmatch(spec or ""))))
    except ValueError:
        return None
    return result


def _field(call: ast.Call, name: str, index: int) -> ast.expr | None:
    first = re.split(r"[.\[]", name, maxsplit=1)[0]
    if first == "" or first.isdigit():
        number = int(first) if first else index
        values = call.args
        return values[number] if number < len(values) and not isinstance(values[number], ast.Starred) else None
    for keyword in call.keywords:
        if keyword.arg == first:
            return keyword.value
    return next((keyword.value for keyword in call.keywords if keyword.arg is None), None)


def terms(node: ast.expr) -> Iterator[ast.expr]:
    """The terms of a chain of `+`, in order."""
    stack = [node]
    while stack:
        current = stack.pop()
        if isinstance(current, ast.BinOp) and isinstance(current.op, ast.Add):
            stack += [current.right, current.left]
        else:
            yield current


def _of_sum(node: ast.BinOp) -> list[Piece] | None:
    result: list[Piece] = []
    for term in terms(node):
        if isinstance(term, ast.Constant) and isinstance(term.value, str):
            result.append(term.value)
        else:
            inner = _pieces(term)
            result += inner if inner is not None else [Hole(term)]
    return result if any(isinstance(piece, str) for piece in result) else None
