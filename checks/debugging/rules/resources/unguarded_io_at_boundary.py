"""
## What it does
Reports calls that reach the network, or open a file that the user names, at the outermost place of a program and
outside of any `try`: in a view of Flask or FastAPI, in a click command, and in the `main()` of a script.

## Why it is bad
Networks and files fail in the normal course of things. Nobody above this place handles it: the visitor gets a bare
error 500, the user a traceback instead of a sentence that says what to do.

## Example
```python
import click
import requests

@click.command()
@click.argument("url")
def show(url):
    click.echo(requests.get(url, timeout=10).text)
```

## Use instead
```python
import click
import requests

@click.command()
@click.argument("url")
def show(url):
    try:
        answer = requests.get(url, timeout=10)
    except requests.RequestException as error:
        raise click.ClickException(f"{url} cannot be read: {error}") from error
    click.echo(answer.text)
```

References: CWE-755; click documentation, "Exception Handling".
"""

import ast
from collections.abc import Iterator

from checks.debugging.rule import Fault, Rule
from checks.debugging.rules.resources._named import in_main
from checks.debugging.source.flow import run_by
from checks.debugging.source.module import Function, Module
from checks.model.findings import Confidence, Severity

_VERBS = ("get", "post", "put", "patch", "delete", "head", "options", "request")
_NETWORK = frozenset(
    {f"{library}.{verb}" for library in ("requests", "httpx") for verb in _VERBS}
    | {"urllib.request.urlopen", "urllib.request.urlretrieve", "socket.create_connection"}
)
_APPS = frozenset({"flask.Flask", "flask.Blueprint", "fastapi.FastAPI", "fastapi.APIRouter"})
_ROUTES = frozenset({"route", "get", "post", "put", "patch", "delete", "head", "options", "websocket", "api_route"})
_COMMANDS = frozenset({"click.command", "click.group"})
_PARAMETERS = frozenset({"click.argument", "click.option", "click.pass_context", "click.version_option"})
_HANDLED = (b"errorhandler", b"exception_handler", b"register_error_handler", b"excepthook", b"handle_exception")
_LEFT = "what should the user or the caller see when this fails"


def detect(node: ast.FunctionDef | ast.AsyncFunctionDef, module: Module) -> Iterator[Fault]:
    """Only functions that are certainly such a place: with an unknown decorator, or a handler for all errors in the
    module, somebody may take care of it."""
    if module.is_test or any(word in module.text.data for word in _HANDLED):
        return
    kind = _boundary(node, module)
    if not kind:
        return
    for inner in run_by(node.body):
        if not isinstance(inner, ast.Call) or _guarded(inner, node, module):
            continue
        what = _reaches(inner, node, kind, module)
        if what:
            yield Fault(inner, f"{what} may fail, and nothing in this {kind} or above it handles that", left=_LEFT)


def _boundary(node: Function, module: Module) -> str:
    """What the function is: "view", "command", "main function"; else empty."""
    kinds = set()
    for decorator in node.decorator_list:
        function = decorator.func if isinstance(decorator, ast.Call) else decorator
        name = module.resolve(function)
        if name in _COMMANDS:
            kinds.add("command")
        elif (
            isinstance(function, ast.Attribute)
            and function.attr in _ROUTES
            and (module.origin(function.value) in _APPS)
        ):
            kinds.add("view")
        elif name not in _PARAMETERS:
            return ""
    if not node.decorator_list and module.parent(node) is module.tree and _is_main(node, module):
        return "main function"
    return kinds.pop() if len(kinds) == 1 else ""


def _is_main(node: Function, module: Module) -> bool:
    """Whether all that calls the function is one statement under `if __name__ == "__main__":`, outside of any try."""
    uses = [n for n in module.nodes if isinstance(n, ast.Name) and n.id == node.name and isinstance(n.ctx, ast.Load)]
    if len(uses) != 1 or node.name != "main" or not in_main(uses[0], module):
        return False
    return not any(isinstance(a, ast.Try | ast.TryStar | ast.With) for a in module.ancestors(uses[0]))


def _guarded(call: ast.Call, function: Function, module: Module) -> bool:
    """Whether a `try` with handlers, or a `with` that may stand for one, is around the call."""
    inner: ast.AST = call
    for ancestor in module.ancestors(call):
        if ancestor is function:
            return False
        if isinstance(ancestor, ast.Try | ast.TryStar) and ancestor.handlers and inner in ancestor.body:
            return True
        entered = ancestor.items if isinstance(ancestor, ast.With | ast.AsyncWith) and inner in ancestor.body else []
        if not all(_plain(item.context_expr, module) for item in entered):
            return True
        inner = ancestor
    return False


def _plain(entered: ast.expr, module: Module) -> bool:
    """Whether a context manager is known not to swallow exceptions."""
    name = module.resolve(entered.func) if isinstance(entered, ast.Call) else None
    return name in _NETWORK or name in ("builtins.open", "io.open", "tempfile.TemporaryDirectory")


def _reaches(call: ast.Call, function: Function, kind: str, module: Module) -> str:
    name = module.resolve(call.func)
    if name in _NETWORK:
        return f"{name}()"
    if name == "builtins.open" and kind != "view" and call.args and _from_user(call.args[0], function, module):
        return "opening a file that the user names"
    return ""


def _from_user(path: ast.expr, function: Function, module: Module) -> bool:
    """Whether a path comes straight from the command line: `sys.argv[1]`, or `args.x` of argparse."""
    if isinstance(path, ast.Subscript):
        return module.resolve(path.value) == "sys.argv"
    if isinstance(path, ast.Attribute) and isinstance(path.value, ast.Name):
        bindings = module.bindings(path.value)
        made = bindings[0].value if len(bindings) == 1 else None
        if isinstance(made, ast.Call) and isinstance(made.func, ast.Attribute) and made.func.attr == "parse_args":
            return module.origin(made.func.value) == "argparse.ArgumentParser"
    return False


RULE = Rule(
    name="unguarded-io-at-boundary",
    topic="resources",
    summary="Network or file access that nothing guards, at the edge of the program",
    severity=Severity.LOW,
    confidence=Confidence.MEDIUM,
    cwe=755,
    nodes=(ast.FunctionDef, ast.AsyncFunctionDef),
    detect=detect,
    documentation=__doc__,
    fixes="never",
    mentions=("requests", "httpx", "urlopen", "urlretrieve", "create_connection", "open"),
)
