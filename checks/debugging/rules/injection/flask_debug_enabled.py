"""
## What it does
Reports `app.run(debug=True)` and `app.debug = True` of a Flask application. The fix removes the argument: `flask run
--debug` or the variable FLASK_DEBUG turn the mode on where it is wanted.

## Why it is bad
In debug mode an error shows the debugger, which runs any Python that a visitor types. The source is the same on the
developer's machine and on the server, so what stands in it is on in both.

## Example
```python
from flask import Flask

app = Flask(__name__)

if __name__ == "__main__":
    app.run(port=8000, debug=True)
```

## Use instead
```python
from flask import Flask

app = Flask(__name__)

if __name__ == "__main__":
    app.run(port=8000)
```

References: Flask documentation, "Debugging Application Errors"; CWE-489.
"""

import ast
from collections.abc import Iterator
from functools import partial

from checks.debugging.rule import Fault, Rule
from checks.debugging.source.calls import without_argument
from checks.debugging.source.edits import Fix
from checks.debugging.source.module import Module
from checks.model.findings import Confidence, Severity

_FLASK = frozenset({"flask.Flask", "flask.app.Flask"})
_MESSAGE = "the debugger of Flask runs any code that a visitor types"


def detect(node: ast.Call | ast.Assign, module: Module) -> Iterator[Fault]:
    """Debug mode that is on in the source; less bad where only running the file as a script reaches it."""
    severity = Severity.LOW if module.is_test else Severity.MEDIUM if _script(node, module) else Severity.HIGH
    if isinstance(node, ast.Assign):
        target = node.targets[0]
        if isinstance(target, ast.Attribute) and target.attr == "debug" and _true(node.value):
            if module.origin(target.value) in _FLASK:
                yield Fault(node, _MESSAGE, left="what relies on the mode cannot be seen", severity=severity)
        return
    if not isinstance(node.func, ast.Attribute) or node.func.attr != "run":
        return
    given = next((keyword.value for keyword in node.keywords if keyword.arg == "debug"), None)
    positional = given is None and len(node.args) > 2 and not any(isinstance(a, ast.Starred) for a in node.args[:3])
    if positional:
        given = node.args[2]
    if given is None or not _true(given) or module.origin(node.func.value) not in _FLASK:
        return
    if positional:
        yield Fault(node, _MESSAGE, left="the mode is given by position", severity=severity)
    elif without_argument(module, node, "debug") is None:
        yield Fault(node, _MESSAGE, left="a comment belongs to the argument", severity=severity)
    else:
        yield Fault(node, _MESSAGE, partial(_fix, node, module), severity=severity)


def _true(node: ast.expr) -> bool:
    return isinstance(node, ast.Constant) and node.value is True


def _script(node: ast.AST, module: Module) -> bool:
    """Whether the node stands under `if __name__ == "__main__"`."""
    return any(
        isinstance(ancestor, ast.If)
        and "__name__" in {n.id for n in ast.walk(ancestor.test) if isinstance(n, ast.Name)}
        for ancestor in module.ancestors(node)
    )


def _fix(node: ast.Call, module: Module) -> Fix | None:
    edit = without_argument(module, node, "debug")
    return Fix((edit,)) if edit else None


RULE = Rule(
    name="flask-debug-enabled",
    topic="injection",
    summary="Flask application in debug mode",
    severity=Severity.HIGH,
    confidence=Confidence.HIGH,
    cwe=489,
    nodes=(ast.Call, ast.Assign),
    detect=detect,
    documentation=__doc__,
    fixes="sometimes",
    aliases=("B201", "S201"),
    mentions=("flask",),
)
