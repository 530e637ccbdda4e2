"""One file in a worker: what it imports, under which guard, and which names it has for others."""

import ast
import base64
import re
import warnings
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from checks.debugging.source.text import read
from checks.model.findings import NotAnalysed

MOST = 5_000
"""Imports of a file that are looked at."""

_CATCHES = frozenset({"ImportError", "ModuleNotFoundError", "Exception", "BaseException"})
_CONDITION = re.compile(
    r"TYPE_CHECKING|version_info|hexversion|\bPY_?[23]|\bPYTHON|find_spec|\bHAS_|\bHAVE_|_AVAILABLE|is_available"
    r"|\bsys\.modules|_installed|__package__|\bMYPY\b|\bplatform|\bos\.name|is_\w+_available",
    re.IGNORECASE,
)
_DYNAMIC = frozenset({"globals", "vars", "exec", "eval", "locals", "setattr", "__import__"})


@dataclass(frozen=True, slots=True)
class Import:
    """One imported name. `module` is as written (empty for `from . import x`), `name` what `from` takes of it (empty
    for `import`), `level` the dots. `guard` says why it may fail unharmed, empty where it may not: `caught`,
    `condition` or `skipped`. `typing`: it is never run. `later`: it runs when a function is called."""

    module: str
    name: str
    level: int
    line: int
    column: int
    end_column: int
    guard: str
    typing: bool
    later: bool
    scope: str
    text: str

    @property
    def key(self) -> tuple[str, str, int, bool]:
        """What makes two imports the same."""
        return (self.module, self.name, self.level, bool(self.guard))

    @property
    def dotted(self) -> str:
        """`a.b.c` for `import a.b.c` and for `from a.b import c`, with its dots."""
        return "." * self.level + ".".join(filter(None, (self.module, self.name if self.name != "*" else "")))


def analyse(task: dict[str, Any]) -> dict[str, Any]:
    """Reads `path` and `content` (base64); gives `reason` (not analysed: why), or `imports` (fields of Import) and
    `names`: those that the module certainly has at its top, None where more may come to it."""
    text = read(task["path"], base64.b64decode(task["content"]))
    if isinstance(text, NotAnalysed):
        return {"reason": text.reason}
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            tree = ast.parse(text.string)
    except SyntaxError as error:
        return {"reason": f"syntax error in line {error.lineno or 1}: {error.msg}"}
    skipped = _skipped(tree)
    rows = []
    for node, guard, typing, later, scope, words in _walk(tree):
        for alias in node.names:
            module = alias.name if isinstance(node, ast.Import) else node.module or ""
            top = module.partition(".")[0]
            level = node.level if isinstance(node, ast.ImportFrom) else 0
            line = " ".join(text.line(node.lineno).split())[:200]
            rows.append(
                {
                    "module": module,
                    "name": "" if isinstance(node, ast.Import) else alias.name,
                    "level": level,
                    "line": alias.lineno,
                    "column": text.column(alias.lineno, alias.col_offset),
                    "end_column": text.column(alias.end_lineno or alias.lineno, alias.end_col_offset or 0),
                    "guard": guard
                    or ("" if level or not (top in skipped or (len(top) > 2 and top.lower() in words)) else "skipped"),
                    "typing": typing,
                    "later": later,
                    "scope": scope,
                    "text": line,
                }
            )
            if len(rows) == MOST:
                return {"imports": rows, "names": None}
    names = _names(tree)
    return {"imports": rows, "names": None if names is None else sorted(names)}


type _State = tuple[str, bool, bool, str, str]
"""Guard, typing, later, scope, and the words of all conditions around."""


def _walk(tree: ast.Module) -> Iterator[tuple[ast.Import | ast.ImportFrom, str, bool, bool, str, str]]:
    stack: list[tuple[ast.stmt, _State]] = [(node, ("", False, False, "", "")) for node in reversed(tree.body)]
    while stack:
        node, state = stack.pop()
        if isinstance(node, ast.Import | ast.ImportFrom):
            yield (node, *state)
            continue
        children = [(child, inner) for body, inner in _bodies(node, state) for child in body]
        stack.extend(reversed(children))


def _bodies(node: ast.stmt, state: _State) -> Iterator[tuple[list[ast.stmt], _State]]:
    """The blocks of a statement, each with what holds in it."""
    guard, typing, later, scope, words = state
    match node:
        case ast.Try() | ast.TryStar():
            inner = ("caught", *state[1:]) if any(map(_catches, node.handlers)) else state
            yield node.body, inner
            yield from ((handler.body, inner if _catches(handler) else state) for handler in node.handlers)
            yield node.orelse, inner
            yield node.finalbody, state
        case ast.If():
            condition = _written(node.test)
            kept = guard or ("condition" if _CONDITION.search(condition) else "")
            inner = (kept, typing, later, scope, f"{words} {condition.lower()}"[:1000])
            yield node.body, (kept, typing or "TYPE_CHECKING" in condition, *inner[2:])
            yield node.orelse, inner
        case ast.With() | ast.AsyncWith():
            suppressed = any(
                isinstance(item.context_expr, ast.Call)
                and re.search(r"\bsuppress\b|raises\b", _written(item.context_expr.func))
                and any(_names_error(each) for each in item.context_expr.args)
                for item in node.items
            )
            yield node.body, ("caught", *state[1:]) if suppressed else state
        case ast.FunctionDef() | ast.AsyncFunctionDef():
            skips = any(re.search(r"skip|require|needs", _written(each)) for each in node.decorator_list)
            qualified = f"{scope}.{node.name}" if scope else node.name
            yield node.body, (guard or ("skipped" if skips else ""), typing, True, qualified, words)
        case ast.ClassDef():
            skips = any(re.search(r"skip|require|needs", _written(each)) for each in node.decorator_list)
            qualified = f"{scope}.{node.name}" if scope else node.name
            yield node.body, (guard or ("skipped" if skips else ""), typing, later, qualified, words)
        case ast.Match():
            yield from ((case.body, state) for case in node.cases)
        case ast.For() | ast.AsyncFor() | ast.While():
            yield node.body, state
            yield node.orelse, state
        case _:
            return


def _written(node: ast.expr) -> str:
    """The names and texts in an expression; enough to see what it is about, whatever its size."""
    words = []
    for number, each in enumerate(ast.walk(node)):
        if number > 200:
            break
        if isinstance(each, ast.Name):
            words.append(each.id)
        elif isinstance(each, ast.Attribute):
            words.append(each.attr)
            if isinstance(each.value, ast.Name):
                words.append(f"{each.value.id}.{each.attr}")
    return " ".join(words)


def _catches(handler: ast.ExceptHandler) -> bool:
    return handler.type is None or _names_error(handler.type)


def _names_error(node: ast.expr) -> bool:
    each = node.elts if isinstance(node, ast.Tuple) else [node]
    return any((getattr(one, "id", "") or getattr(one, "attr", "")) in _CATCHES for one in each)


def _skipped(tree: ast.Module) -> frozenset[str]:
    """Top-level names that `importorskip` guards for the whole file, and those that a caught import tries."""
    found = set()
    for node in ast.walk(tree):
        if isinstance(node, ast.Call) and node.args and isinstance(node.args[0], ast.Constant):
            called = getattr(node.func, "attr", "") or getattr(node.func, "id", "")
            tried = called in ("importorskip", "find_spec", "import_module", "try_import")
            if tried and isinstance(node.args[0].value, str):
                found.add(node.args[0].value.partition(".")[0])
    for statement, guard, *_ in _walk(tree):
        if guard == "caught":
            names = statement.names if isinstance(statement, ast.Import) else ()
            found |= {alias.name.partition(".")[0] for alias in names}
            if isinstance(statement, ast.ImportFrom) and not statement.level:
                found.add((statement.module or "").partition(".")[0])
    return frozenset(found)


def _names(tree: ast.Module) -> set[str] | None:
    """Every name that the module may have at its top; None where that cannot be told."""
    found: set[str] = set()
    for node in ast.walk(tree):
        match node:
            case ast.Name(id=name) if name in _DYNAMIC:
                return None
            case ast.Attribute(attr="modules", value=ast.Name(id="sys")):
                return None
            case ast.Global():
                found |= set(node.names)
            case _:
                pass
    stack: list[ast.AST] = [*tree.body]
    while stack:
        node = stack.pop()
        match node:
            case ast.FunctionDef() | ast.AsyncFunctionDef() | ast.ClassDef():
                found.add(node.name)
                stack.extend(node.decorator_list)
                continue
            case ast.Import():
                found |= {alias.asname or alias.name.partition(".")[0] for alias in node.names}
            case ast.ImportFrom():
                if any(alias.name == "*" for alias in node.names):
                    return None
                found |= {alias.asname or alias.name for alias in node.names}
            case ast.Name(ctx=ast.Store()):
                found.add(node.id)
            case ast.MatchAs(name=str(name)) | ast.MatchStar(name=str(name)) | ast.ExceptHandler(name=str(name)):
                found.add(name)
            case ast.MatchMapping(rest=str(name)):
                found.add(name)
            case _:
                pass
        stack.extend(ast.iter_child_nodes(node))
    # a name may be made up when it is asked for, a module found where `__path__` leads
    return None if found & {"__getattr__", "__path__"} else found
