"""
## What it does
Reports a handler that catches every exception and does nothing with it, and `contextlib.suppress(Exception)`.

## Why it is bad
The failure that was expected hides all those that were not: a misspelled name, a full disk, a lost connection. The
program goes on with half of the work done, and nobody is told.

## Example
```python
def synchronise(store, items):
    try:
        for item in items:
            store.put(item)
        store.commit()
    except Exception:
        pass
```

## Use instead
```python
def synchronise(store, items):
    try:
        for item in items:
            store.put(item)
        store.commit()
    except ConnectionError:
        log.warning("the store cannot be reached: %d items wait", len(items))
```

Where nothing can be done, a comment in the handler that says why makes this an information only.

References: CWE-390, CWE-391; Python documentation, "Errors and Exceptions".
"""

import ast
import builtins
from collections.abc import Iterator

from checks.debugging.rule import Fault, Rule
from checks.debugging.rules.exceptions._handlers import reason, takes_everything
from checks.debugging.source.module import Module
from checks.model.findings import Confidence, Severity

_LEFT = "which failures are expected here, and who should learn of the others"
_TIDYING = frozenset(
    {"cancel", "close", "disconnect", "flush", "join", "kill", "logout", "quit", "remove", "rmtree", "shutdown"}
    | {
        "stop",
        "terminate",
        "unlink",
        "cleanup",
        "release",
        "rmdir",
        "server_close",
        "aclose",
        "disable",
        "wait",
        "wait_closed",
    }
)


def detect(node: ast.Try | ast.TryStar | ast.With, module: Module) -> Iterator[Fault]:
    """Handlers that only pass, continue or return nothing."""
    if isinstance(node, ast.With):
        yield from _suppressed(node, module)
        return
    for handler in node.handlers:
        how = _empty(handler.body)
        if not how:
            continue
        what = takes_everything(module, handler)
        if not what or _finalizer(node, module):
            continue
        text = f"every exception of the try ends here unseen ({how})"
        end = handler.end_lineno or handler.lineno
        known = reason(module, handler.lineno, end, handler.col_offset)
        if known or module.is_test or _small(node.body) or _leaves(node.body[-1]):
            yield Fault(handler, text, left=_LEFT, severity=Severity.INFO)
        else:
            severity = Severity.MEDIUM if what == "BaseException" else None
            yield Fault(handler, text, left=_LEFT, severity=severity)


def _suppressed(node: ast.With, module: Module) -> Iterator[Fault]:
    for item in node.items:
        call = item.context_expr
        if not isinstance(call, ast.Call) or module.resolve(call.func) != "contextlib.suppress":
            continue
        names = {module.resolve(argument) for argument in call.args}
        if names & {"builtins.Exception", "builtins.BaseException"} and not _finalizer(node, module):
            text = "every exception of the block ends here unseen (suppress)"
            known = _small(node.body) or module.is_test or "#" in module.text.line(node.lineno)
            yield Fault(call, text, left=_LEFT, severity=Severity.INFO if known else None)


def _empty(body: list[ast.stmt]) -> str:
    """What a handler does that does nothing: "pass", "continue", "return"; else empty."""
    if len(body) != 1:
        return ""
    match body[0]:
        case ast.Pass() | ast.Expr(value=ast.Constant(value=builtins.Ellipsis)):
            return "pass"
        case ast.Continue():
            return "continue"
        case ast.Return(value=None) | ast.Return(value=ast.Constant(value=None)):
            return "return"
    return ""


def _finalizer(node: ast.AST, module: Module) -> bool:
    function = module.function(node)
    return function is not None and function.name == "__del__"


def _small(body: list[ast.stmt]) -> bool:
    """Whether the block only tidies up, imports or sets something: little can be hidden."""
    return all(_slight(statement) for statement in body)


def _slight(statement: ast.stmt) -> bool:
    match statement:
        case ast.Import() | ast.ImportFrom() | ast.Delete() | ast.Pass():
            return True
        case ast.Expr(value=ast.Call(func=function)) | ast.Expr(value=ast.Await(value=ast.Call(func=function))):
            name = function.attr if isinstance(function, ast.Attribute) else getattr(function, "id", "")
            return name in _TIDYING
    return _constant(statement)


def _constant(node: ast.stmt) -> bool:
    return isinstance(node, ast.Assign) and isinstance(node.value, ast.Constant | ast.Name | ast.Attribute)


def _leaves(last: ast.stmt) -> bool:
    """Whether success leaves by itself, so that the code after the try is what happens on failure."""
    return isinstance(last, ast.Return | ast.Continue | ast.Break | ast.Raise)


RULE = Rule(
    name="exception-swallowed",
    topic="exceptions",
    summary="Every exception caught and none handled",
    severity=Severity.LOW,
    confidence=Confidence.MEDIUM,
    cwe=390,
    nodes=(ast.Try, ast.TryStar, ast.With),
    detect=detect,
    documentation=__doc__,
    fixes="never",
    aliases=("B110", "S110", "B112", "S112"),
    mentions=("except", "suppress"),
)
