"""
## What it does
Reports texts such as `"no such file: {path}"` that are printed, logged or raised as they are, while every name in
braces is a variable of the function.

## Why it is bad
The `f` was forgotten: people see `{path}` instead of the path, mostly in an error message when it matters.

## Example
```python
def load(path):
    raise ValueError("no such file: {path}")
```

## Use instead
```python
def load(path):
    raise ValueError(f"no such file: {path}")
```

References: PEP 498; CWE-682.
"""

import ast
import re
from collections.abc import Iterator
from functools import partial

from checks.debugging.rule import Fault, Rule
from checks.debugging.source.arguments import in_f_string
from checks.debugging.source.edits import Edit, Fix
from checks.debugging.source.literals import literals
from checks.debugging.source.module import Module
from checks.debugging.source.scopes import Binding
from checks.model.findings import Confidence, Severity

_HOLE = re.compile(r"\{([A-Za-z_]\w*)(?:\.[A-Za-z_]\w*)*(?:![rsa])?(?::[<>=^+\-# 0-9,.]*[bcdeEfFgGnosxX%]?)?\}")
_LOGGED = frozenset({"debug", "info", "warning", "warn", "error", "critical", "exception", "fatal"})
_LOGGERS = frozenset({"log", "logger", "logging", "_log", "_logger", "LOG", "LOGGER", "_LOG", "_LOGGER"})


def detect(node: ast.Constant, module: Module) -> Iterator[Fault]:
    """Texts whose every brace belongs to a hole, and every hole names a variable of the function around."""
    text = node.value
    if not isinstance(text, str) or "{" not in text:
        return
    names = [match.group(1) for match in _HOLE.finditer(text)]
    if not names or any(c in _HOLE.sub("", text) for c in "{}") or in_f_string(module, node):
        return
    if not _is_shown(node, module):
        return
    bindings = [_local(name, node, module) for name in names]
    if not all(bindings):
        return
    message = f"{{{names[0]}}} is printed as it stands: the text has no f before it and nothing fills it"
    left = ""
    if not all(_surely_set(found, node, module) for found in bindings):
        left = "are the names always set here?"
    places = () if left else _unmarked(node, module)
    if places:
        yield Fault(node, message, partial(_fix, places))
    else:
        yield Fault(node, message, left=left or "its literals hold escapes or have other prefixes")


def _is_shown(node: ast.Constant, module: Module) -> bool:
    """Whether people see the text as it is: by print, a warning, a logger's method, an assertion, or an exception that
    is raised; with no other argument that could fill it later."""
    call = module.parent(node)
    if isinstance(call, ast.Assert):
        return call.msg is node
    if not isinstance(call, ast.Call) or any(keyword.arg is None for keyword in call.keywords):
        return False
    if isinstance(module.parent(call), ast.Raise):
        return call.args == [node] and not call.keywords
    if isinstance(call.func, ast.Name) and call.func.id == "print":
        shown = node in call.args and not any(isinstance(arg, ast.Starred) for arg in call.args)
        apart = all(keyword.arg in ("end", "sep", "flush") for keyword in call.keywords)
        return shown and apart and module.resolve(call.func) == "builtins.print"
    if call.args and call.args[0] is node and module.resolve(call.func) == "warnings.warn":
        return True
    if not isinstance(call.func, ast.Attribute) or call.func.attr not in _LOGGED or call.args != [node]:
        return False
    apart = all(keyword.arg in ("exc_info", "stack_info", "stacklevel") for keyword in call.keywords)
    return apart and _is_logger(call.func.value, module)


def _is_logger(node: ast.expr, module: Module) -> bool:
    if isinstance(node, ast.Attribute):
        return node.attr in _LOGGERS
    return isinstance(node, ast.Name) and (node.id in _LOGGERS or module.origin(node) == "logging.getLogger")


def _local(name: str, node: ast.AST, module: Module) -> list[Binding]:
    """The bindings of a variable of the function around the node; empty for what belongs to the module or a class."""
    scope = module.scope(node)
    found = scope.find(name)
    if found is None or not isinstance(found[0].node, ast.FunctionDef | ast.AsyncFunctionDef):
        return []
    if found[0] is not scope or any(binding.kind in ("def", "class", "import") for binding in found[1]):
        return []
    return found[1]


def _surely_set(bindings: list[Binding], node: ast.AST, module: Module) -> bool:
    if any(isinstance(b.node, ast.Name) and isinstance(b.node.ctx, ast.Del) for b in bindings):
        return False
    return any(_surely_before(binding, node, module) for binding in bindings)


def _surely_before(binding: Binding, node: ast.AST, module: Module) -> bool:
    """Whether the binding has happened whenever the node runs: a parameter, a statement before it in a block that
    holds it, or the head of a loop, a `with` or an `except` around it."""
    if binding.kind == "param":
        return True
    around = set(module.ancestors(node))
    if isinstance(binding.node, ast.ExceptHandler):
        return binding.node in around
    statement = module.statement(binding.node)
    if isinstance(statement, ast.For | ast.AsyncFor | ast.With | ast.AsyncWith):
        return statement in around and any(s in around for s in statement.body)
    if not isinstance(statement, ast.Assign | ast.AnnAssign):
        return False
    place = module.block(statement)
    return place is not None and any(later in around for later in place[0][place[1] + 1 :])


def _unmarked(node: ast.Constant, module: Module) -> tuple[int, ...]:
    """Where an `f` goes before each of the text's literals that hold a hole; empty where one has another prefix, or
    where the source writes a brace or a hole otherwise than the text has it."""
    places: list[int] = []
    written: list[str] = []
    for literal in literals(module, node):
        source = module.text.data[literal.start : literal.end].decode("utf-8")
        body = source[len(literal.prefix) + len(literal.quotes) : -len(literal.quotes)]
        holes = [match.group() for match in _HOLE.finditer(body)]
        if literal.prefix.lower() not in ("", "r") or "\\N{" in body:
            return ()
        if any(brace in _HOLE.sub("", body) for brace in "{}"):
            return ()
        written += holes
        if holes:
            places.append(literal.start)
    held = [match.group() for match in _HOLE.finditer(node.value)] if isinstance(node.value, str) else []
    return tuple(places) if written == held else ()


def _fix(places: tuple[int, ...]) -> Fix:
    return Fix(tuple(Edit(place, place, "f") for place in places))


RULE = Rule(
    name="format-string-never-filled",
    topic="comparison",
    summary="Text with {names} that nothing fills",
    severity=Severity.LOW,
    confidence=Confidence.MEDIUM,
    cwe=682,
    nodes=(ast.Constant,),
    detect=detect,
    documentation=__doc__,
    fixes="sometimes",
    aliases=("RUF027",),
    mentions=("{",),
)
