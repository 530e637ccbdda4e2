"""SQL as far as it must be read to know what stands in a hole: a value, a piece of a string, a name."""

import ast
import re
from typing import Literal

from checks.debugging.rules.injection.text.formatting import Hole, Piece, built
from checks.debugging.source.module import Module

HOLE = "\0"

_BEGIN = re.compile(
    r"\s*\(?\s*(?:SELECT\b|INSERT\s+(?:OR\s+\w+\s+|IGNORE\s+)?INTO\b|UPDATE\b|DELETE\s+FROM\b|REPLACE\s+INTO\b|WITH\b)",
    re.I,
)
_WHOLE = re.compile(
    r"\s*\(?\s*(?:SELECT\b.*?\bFROM\b|SELECT\s+\S|INSERT\b.*?(?:\bVALUES\b|\bSELECT\b|\bSET\b|\0)|UPDATE\b.*?\bSET\b|"
    r"DELETE\s+FROM\b|REPLACE\b.*?(?:\bVALUES\b|\bSELECT\b)|WITH\b.*?\bAS\b.*?\bSELECT\b)",
    re.I | re.S,
)
_MORE = re.compile(r"\s*(?:WHERE|AND|OR|LIMIT|VALUES|SET|HAVING)\b", re.I)
_OPERATOR = re.compile(
    r"(?:(?:<=|>=|<>|!=|==|=|<|>)|\b(?:LIKE|ILIKE|GLOB|REGEXP|LIMIT|OFFSET|BETWEEN)|\bIS(?:\s+NOT)?)\s*$", re.I
)
_OF_COLUMN = re.compile(
    r"(?:[\w\"`\]]\s*(?:<=|>=|<>|!=|==|=|<|>)|\b(?:LIKE|ILIKE|GLOB|LIMIT|OFFSET|[\w\"`\]]\s+BETWEEN))\s*$", re.I
)
_SECOND = re.compile(r"\bBETWEEN\s+\S+\s+AND\s*$", re.I)
_LIST = re.compile(r"\b(VALUES|IN)\s*$|\bVALUES\s*\([^()]*\)\s*,\s*$", re.I)
_AFTER = re.compile(
    r"\s*(?:$|[),;]|(?:AND|OR|ORDER|LIMIT|OFFSET|GROUP|WHERE|RETURNING|HAVING|UNION|ON\s+CONFLICT)\b)", re.I
)
_FRAGMENT = re.compile(
    r"col(?:umn|s|$|_)|field|table|expr|sql|query|clause|cond|where|order|sort|placeholder|frag|select|func|stmt|schema|"
    r"database|join|filter|direction|list$|ids$|values$|keys$|names$|set$|tuple",
    re.I,
)

type Kind = Literal["value", "quoted", "partial", "list", "name"]


def begins(text: str, more: bool = False) -> bool:
    """Whether a text begins as an SQL statement, or (`more`) as the next clause of one."""
    return (_MORE if more else _BEGIN).match(text) is not None


def is_statement(pieces: tuple[Piece, ...]) -> bool:
    """Whether the pieces together are evidently an SQL statement."""
    return _WHOLE.match("".join(HOLE if isinstance(piece, Hole) else piece for piece in pieces)) is not None


def kinds(pieces: tuple[Piece, ...]) -> list[Kind]:
    """What each hole is: a value of its own, a whole quoted string, part of one, a list (`IN (…)`), or a name or other
    piece of SQL."""
    texts = [HOLE if isinstance(piece, Hole) else piece for piece in pieces]
    return [
        _kind("".join(texts[:index]), "".join(texts[index + 1 :]))
        for index, piece in enumerate(pieces)
        if isinstance(piece, Hole)
    ]


def _kind(before: str, after: str) -> Kind:
    quote = _open_quote(before)
    if quote:
        outer = before[:-1]
        whole = before.endswith(quote) and after.startswith(quote) and not after.startswith(quote * 2)
        position = _position(outer if whole else before[: before.rfind(quote)])
        if quote == '"' and position is None:
            return "name"
        return "quoted" if whole and position is not None and _AFTER.match(after[1:]) else "partial"
    position = _position(before)
    if position is None or not _AFTER.match(after):
        return "name"
    return "list" if position == "in" else "value"


def _open_quote(text: str) -> str:
    current = ""
    for character in text:
        if current:
            current = "" if character == current else current
        elif character in "'\"":
            current = character
    return current


def _position(before: str) -> str | None:
    """ "value", "in" (a list of values) or None: what the SQL before a hole leads to."""
    clause = re.findall(r"\b(?:WHERE|ON|SET|HAVING|VALUES|LIMIT|AND)\b", before, re.I)
    if clause and clause[-1].upper() == "ON":
        return None
    if _OPERATOR.search(before) or _SECOND.search(before):
        return "value"
    if re.search(r"[(,]\s*$", before):
        depth = 0
        for index in range(len(before) - 1, -1, -1):
            if before[index] == ")":
                depth += 1
            elif before[index] == "(":
                if depth == 0:
                    found = _LIST.search(before[:index])
                    return None if found is None else "in" if (found.group(1) or "").upper() == "IN" else "value"
                depth -= 1
    return None


def of_column(before: str) -> bool:
    """Whether the operator before a hole compares with a plain column, so that the column's type applies."""
    return bool(_OF_COLUMN.search(before) or _SECOND.search(before) or re.search(r"[(,]\s*$", before))


def fragment(value: ast.expr, module: Module) -> bool:
    """Whether a value may be a piece of SQL rather than a value: by its name, or by what it is made of."""
    if isinstance(value, ast.Call):
        function = value.func
        word = (
            function.attr
            if isinstance(function, ast.Attribute)
            else function.id
            if isinstance(function, ast.Name)
            else ""
        )
        return word in ("join", "format", "repr", "dumps") or _FRAGMENT.search(word) is not None
    if isinstance(value, ast.Subscript):
        key = value.slice
        word = key.value if isinstance(key, ast.Constant) and isinstance(key.value, str) else ""
        return _FRAGMENT.search(word) is not None or fragment(value.value, module)
    if isinstance(value, ast.Attribute):
        return _FRAGMENT.search(value.attr) is not None
    if not isinstance(value, ast.Name) or _FRAGMENT.search(value.id):
        return True
    return any(
        _is_text(binding.value, module) or (binding.kind == "other" and _added(binding.node, module))
        for binding in module.bindings(value)
        if binding.kind != "param"
    )


def _added(node: ast.AST, module: Module) -> bool:
    return isinstance(module.parent(node), ast.AugAssign)


def _is_text(value: ast.expr | None, module: Module) -> bool:
    if isinstance(value, ast.Constant):
        return isinstance(value.value, str)
    if isinstance(value, ast.IfExp):
        return _is_text(value.body, module) or _is_text(value.orelse, module)
    return built(value) or (isinstance(value, ast.Call) and fragment(value, module))


_STRINGS = frozenset(
    {"strip", "lower", "upper", "replace", "strftime", "isoformat", "hexdigest", "decode", "join", "format"}
)


def is_str(value: ast.expr | None, module: Module, depth: int = 4) -> bool:
    """Whether a value is certainly a `str`: by annotation, or by what made it."""
    if depth == 0 or value is None:
        return False
    if isinstance(value, ast.Constant):
        return isinstance(value.value, str)
    if isinstance(value, ast.JoinedStr):
        return True
    if isinstance(value, ast.Call):
        name = module.resolve(value.func)
        strings = isinstance(value.func, ast.Attribute) and value.func.attr in _STRINGS
        return strings or name in ("builtins.str", "builtins.input", "builtins.repr", "builtins.hex", "builtins.chr")
    if isinstance(value, ast.Name):
        bindings = module.bindings(value)
        return bool(bindings) and all(
            module.resolve(b.value) == "builtins.str"
            if b.kind == "param"
            else b.kind == "assign" and is_str(b.value, module, depth - 1)
            for b in bindings
        )
    return False
