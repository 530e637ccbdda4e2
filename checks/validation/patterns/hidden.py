"""Code that is hidden from whoever reads the change: decoded, downloaded or spelled in pieces, and then run."""

import ast

from checks.debugging.source.module import Module
from checks.validation.patterns import callables
from checks.validation.patterns.names import Meanings, Names

_DEEPEST = 6
"""Names that are followed from an argument to where its value comes from."""
_MOST = 400
"""Nodes of an argument that are looked at."""
_OPEN = frozenset({"dangerous-network", "dangerous-process-control"})
"""Patterns whose names are looked up by a text for good reasons, too."""
_DANGEROUS = tuple(among for rule, among in callables.BY_RULE if rule not in _OPEN)


def of_call(node: ast.Call, module: Module, names: Names, meanings: Meanings) -> str:
    """What is hidden about a call, in words; empty where nothing is."""
    runs = callables.RUNNERS.first(meanings)
    command = callables.COMMANDS.first(meanings)
    if (runs or command) and node.args:
        code = node.args[0]
        if isinstance(code, ast.List | ast.Tuple) and code.elts:
            code = code.elts[0]
        for found in _sources(code, names):
            decoder = callables.DECODERS.first(found)
            if decoder:
                return f"{_short(runs or command)} runs what {_short(decoder)} gives"
            download = callables.DOWNLOADS.first(found)
            if download and runs:
                return f"{_short(runs)} runs what {_short(download)} fetches"
        if runs and _is_composed(node.args[0], names):
            return f"{_short(runs)} runs a text that is spelled in pieces"
    spelled = _spelled(node.func, names)
    if spelled:
        named = next((name for among in _DANGEROUS if (name := among.first(meanings))), None)
        if named:
            return f"{_short(named)} is called by a name that is {spelled}"
    if callables.RUNNERS.first(names.meanings(node.func)) is None and _runs_loaded(node, names):
        return "code that marshal loads is run"
    return ""


def _sources(node: ast.AST, names: Names) -> list[Meanings]:
    """What the calls mean that an argument is made of, through the names that it uses."""
    found: list[Meanings] = []
    seen: set[ast.AST] = set()
    waiting: list[tuple[ast.AST, int]] = [(node, _DEEPEST)]
    while waiting and len(seen) < _MOST:
        current, depth = waiting.pop()
        if current in seen:
            continue
        seen.add(current)
        if isinstance(current, ast.Call):
            found.append(names.meanings(current.func))
        if isinstance(current, ast.Name) and depth:
            waiting += [(value, depth - 1) for value in names.values(current)]
        if not isinstance(current, ast.Lambda):
            waiting += [(child, depth) for child in ast.iter_child_nodes(current)]
    return found


def _is_composed(node: ast.expr, names: Names) -> bool:
    """Whether a text is put together in a way that only serves to hide it: characters by number, or backwards."""
    inner = names.values(node) if isinstance(node, ast.Name) else [node]
    for value in inner:
        for part in list(ast.walk(value))[:_MOST]:
            match part:
                case ast.Call(func=function) if "builtins.chr" in names.meanings(function):
                    return True
                case ast.Call(func=ast.Attribute(attr="join"), args=[ast.Call(func=mapping, args=[function, *_])]):
                    if "builtins.map" in names.meanings(mapping) and "builtins.chr" in names.meanings(function):
                        return True
                case ast.Call(func=function, args=[ast.List() | ast.Tuple()]) if isinstance(part, ast.Call):
                    if names.meanings(function) & {"builtins.bytes", "builtins.bytearray"}:
                        return True
                case ast.Subscript(slice=ast.Slice(lower=None, upper=None, step=ast.UnaryOp(op=ast.USub()))):
                    return True
    return False


def _spelled(node: ast.expr, names: Names) -> str:
    """How the name of a function is concealed; empty where it is written as names are."""
    values = names.values(node) if isinstance(node, ast.Name) else [node]
    for value in values:
        match value:
            case ast.Call(func=function, args=[owner, key, *_]) if "builtins.getattr" in names.meanings(function):
                if not isinstance(key, ast.Constant):
                    return "spelled in pieces"
                if "builtins" in names.meanings(owner):
                    return "a text"
            case ast.Call(func=ast.Attribute(attr="__getattribute__" | "__getitem__")):
                return "a text"
            case ast.Subscript(slice=ast.Constant(value=str())):
                return "a text"
            case ast.Subscript():
                return "spelled in pieces"
            case ast.Attribute(value=ast.Call(func=function, args=[ast.Constant(), *_])):
                if "builtins.__import__" in names.meanings(function):
                    return "imported where it is used"
    return ""


def _runs_loaded(node: ast.Call, names: Names) -> bool:
    """`FunctionType(marshal.loads(…), …)()`."""
    inner = node.func
    return (
        isinstance(inner, ast.Call)
        and callables.RUNNERS.first(names.meanings(inner.func)) is not None
        and any(callables.DECODERS.first(each) for each in _sources(inner, names))
    )


def _short(named: str | None) -> str:
    return (named or "").removeprefix("builtins.")
