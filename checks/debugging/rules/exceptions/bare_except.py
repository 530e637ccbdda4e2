"""
## What it does
Reports `except:` without a class.

## Why it is bad
It catches KeyboardInterrupt and SystemExit too: Ctrl-C does not stop the program, `sys.exit()` does not end it, and a
cancelled coroutine goes on.

## Example
```python
def number(text):
    try:
        return int(text)
    except:
        return 0
```

## Use instead
```python
def number(text):
    try:
        return int(text)
    except Exception:
        return 0
```

References: PEP 8, "Programming Recommendations"; PEP 352; CWE-396.
"""

import ast
import re
from collections.abc import Iterator

from checks.debugging.rule import Fault, Rule
from checks.debugging.source.edits import Edit, Fix
from checks.debugging.source.flow import always_reraises, run_by
from checks.debugging.source.module import Module
from checks.model.findings import Confidence, Severity

_EXITS = frozenset({"sys.exit", "os.abort", "builtins.exit", "builtins.quit"})
_PROCESSES = frozenset({"os.fork", "os._exit", "os.forkpty", "pty.fork"})
_STRANGERS = frozenset(
    {"builtins.exec", "builtins.eval", "builtins.__import__", "builtins.input", "runpy.run_path", "runpy.run_module"}
    | {"importlib.import_module", "importlib.reload", "pytest.skip", "pytest.fail", "pytest.exit", "pytest.xfail"}
)
_TIDIES = re.compile(
    r"abort|cancel|clean|clear|close|delete|destroy|disconnect|error|exit|fail|finish|free|kill|put|quit|reject|"
    r"release|remove|reset|restore|rmtree|rollback|send|set_|shut|stop|teardown|terminate|undo|unlink|unlock",
    re.I,
)
_LOGS = frozenset({"error", "exception", "print_exc", "format_exc", "perror", "log_error", "logerror"})
_OTHERS = (b"BaseException", b"gevent", b"eventlet", b"GreenletExit")


def detect(node: ast.ExceptHandler, module: Module) -> Iterator[Fault]:
    """A handler that re-raises on every path is the same as `except BaseException:` and only said so."""
    if node.type is not None:
        return
    if always_reraises(node.body):
        text = "this bare except re-raises what it catches: say that everything is meant"
        yield _fault(node, module, "BaseException", text, Severity.INFO)
        return
    text = "this bare except catches KeyboardInterrupt and SystemExit too: Ctrl-C and sys.exit() stop here"
    severity = Severity.LOW if module.is_test else None
    function = module.function(node)
    if function is not None and function.name == "__del__":
        return  # the interpreter lets nothing out of there anyway
    left = _obstacle(node, module)
    if left:
        yield Fault(node, text, left=left, severity=severity)
    else:
        yield _fault(node, module, "Exception", text, severity)


def _fault(node: ast.ExceptHandler, module: Module, name: str, message: str, severity: Severity | None) -> Fault:
    if module.scope(node).find(name) is not None:
        return Fault(node, message, left=f"the name {name} means something else here", severity=severity)
    place = module.span(node)[0] + len("except")
    return Fault(node, message, lambda: Fix((Edit(place, place, f" {name}"),)), severity=severity)


def _obstacle(node: ast.ExceptHandler, module: Module) -> str:
    tried = module.parent(node)
    if not isinstance(tried, ast.Try):
        return ""
    for other in tried.handlers[:-1]:
        names = other.type.elts if isinstance(other.type, ast.Tuple) else [other.type]
        if any(module.resolve(name) in ("builtins.Exception", "builtins.BaseException") for name in names):
            return "an earlier handler takes Exception: is this one for the rest on purpose"
    if any(isinstance(inner, ast.Raise) and inner.exc is None for inner in run_by(node.body)):
        return "some paths re-raise: which exceptions may end here"
    function = module.function(node)
    if function is not None and any(module.resolve(n) in _PROCESSES for n in _attributes(function)):
        return "the process is forked or ended here: may its child leave the try"
    for inner in run_by(tried.body):
        if isinstance(inner, ast.Yield | ast.YieldFrom):
            return "the generator may be closed in the try: is GeneratorExit meant"
        if isinstance(inner, ast.Await | ast.AsyncFor | ast.AsyncWith):
            return "the coroutine may be cancelled in the try: is CancelledError meant"
        if isinstance(inner, ast.Raise) and inner.exc is not None:
            name = module.resolve(inner.exc.func if isinstance(inner.exc, ast.Call) else inner.exc)
            if name in ("builtins.SystemExit", "builtins.KeyboardInterrupt", "builtins.GeneratorExit"):
                return "the try raises what only a bare except catches"
        if isinstance(inner, ast.Call):
            called = module.resolve(inner.func)
            if called in _EXITS:
                return "the try may exit: is the exit to be stopped here"
            if called in _STRANGERS:
                return "the try runs code from elsewhere: may that code exit"
    if any(word in module.text.data for word in _OTHERS):
        return "the module deals with exceptions that are not of the class Exception"
    return _tidying(node, module)


def _attributes(function: ast.FunctionDef | ast.AsyncFunctionDef) -> list[ast.Attribute]:
    return [n for n in ast.walk(function) if isinstance(n, ast.Attribute) and n.attr in ("fork", "_exit", "forkpty")]


def _tidying(node: ast.ExceptHandler, module: Module) -> str:
    for inner in run_by(node.body):
        if isinstance(inner, ast.Name | ast.Attribute):
            name = inner.id if isinstance(inner, ast.Name) else inner.attr
            if name in ("KeyboardInterrupt", "SystemExit", "exc_info"):
                return "the handler looks at what it caught: KeyboardInterrupt may be meant"
        if isinstance(inner, ast.Delete | ast.With | ast.AsyncWith | ast.Await):
            return "the handler does more than report: is that needed on Ctrl-C too"
        if isinstance(inner, ast.Call) and not _reports(inner):
            return "the handler tidies up: is that needed on Ctrl-C too"
    return ""


def _reports(node: ast.Call) -> bool:
    """Whether a call is of the kind that only tells of the failure, or makes a value."""
    function = node.func
    name = function.attr if isinstance(function, ast.Attribute) else getattr(function, "id", "")
    return bool(name) and (name in _LOGS or not _TIDIES.search(name))


RULE = Rule(
    name="bare-except",
    topic="exceptions",
    summary="Bare except that catches KeyboardInterrupt and SystemExit too",
    severity=Severity.MEDIUM,
    confidence=Confidence.HIGH,
    cwe=396,
    nodes=(ast.ExceptHandler,),
    detect=detect,
    documentation=__doc__,
    fixes="sometimes",
    aliases=("E722",),
    mentions=("except",),
)
