"""
## What it does
Reports `eval()` and `exec()` of anything but a constant. `eval("…")` of a literal becomes that literal.

## Why it is bad
The text is run with all the program's rights. Emptying `__builtins__` does not help: every object leads back to them.
Text that holds a Python literal is read by `ast.literal_eval`, data by `json.loads`.

## Example
```python
def sizes(text):
    scale = eval("[1, 1024, 1048576]")
    return [eval(part) * scale[0] for part in text.split()]
```

## Use instead
```python
def sizes(text):
    scale = [1, 1024, 1048576]
    return [int(part) * scale[0] for part in text.split()]
```

References: Python documentation, "eval" (warning); CWE-95.
"""

import ast
from collections.abc import Iterator
from functools import partial

from checks.debugging.rule import Fault, Rule
from checks.debugging.rules.injection.text.values import from_outside, harmless
from checks.debugging.source.edits import Edit, Fix
from checks.debugging.source.module import Module
from checks.model.findings import Confidence, Severity

_TIGHT = (ast.Attribute, ast.Subscript, ast.BinOp, ast.UnaryOp, ast.Await, ast.Compare, ast.Call, ast.Starred)


def detect(node: ast.Call, module: Module) -> Iterator[Fault]:
    """`eval` and `exec` of Python itself, not methods of that name."""
    if not isinstance(node.func, ast.Name) or node.func.id not in ("eval", "exec") or not node.args:
        return
    name = module.resolve(node.func)
    if name not in ("builtins.eval", "builtins.exec") or isinstance(node.args[0], ast.Starred):
        return
    code = node.args[0]
    if name == "builtins.eval" and isinstance(code, ast.Constant) and isinstance(code.value, str):
        if _literal(code.value):
            left = _obstacle(node, code.value, module)
            fix = None if left else partial(_fix, node, code.value, module)
            yield Fault(node, "a literal is written as text and evaluated", fix, left=left, severity=Severity.LOW)
        return
    if harmless(code, module) or (_compiled(code, module) and _compiles_own(code, module)):
        return
    severity = Severity.LOW
    if (
        name == "builtins.eval"
        and len(node.args) == 1
        and not (module.is_test or _compiled(code, module) or _read(code))
    ):
        severity = Severity.MEDIUM  # with a namespace of its own it is code that the program makes, most of the time
    if module.is_test:
        severity = Severity.INFO
    elif from_outside(code, module):
        severity = Severity.HIGH
    said = node.func.id
    left = "is the text a literal? then ast.literal_eval" if said == "eval" else "where does the code come from?"
    yield Fault(node, f"{said}() runs the text with all the program's rights", left=left, severity=severity)


def _compiled(code: ast.expr, module: Module) -> bool:
    """Whether it is a code object made by `compile`, as import hooks, consoles and template engines do."""
    return module.origin(code) == "builtins.compile"


def _compiles_own(code: ast.expr, module: Module) -> bool:
    made = [code]
    if isinstance(code, ast.Name):
        made = [binding.value for binding in module.bindings(code) if binding.value is not None]
    return all(isinstance(call, ast.Call) and bool(call.args) and harmless(call.args[0], module) for call in made)


def _read(code: ast.expr) -> bool:
    """Whether the text is read from a file in the same expression: `exec(open("version.py").read())`."""
    return any(
        isinstance(inner, ast.Attribute) and inner.attr in ("read", "read_text", "read_bytes", "get_data")
        for inner in ast.walk(code)
    )


def _literal(text: str) -> bool:
    try:
        ast.literal_eval(text)
    except (ValueError, SyntaxError, TypeError, MemoryError, RecursionError):
        return False
    return True


def _obstacle(node: ast.Call, text: str, module: Module) -> str:
    if "\n" in text or "\r" in text or "#" in text or "\\" in text or not text.isascii():
        return "the literal cannot be written on one line as it is"
    if len(node.args) > 1 or node.keywords or node.lineno != node.end_lineno:
        return "the call has other arguments or lines"
    if any(isinstance(ancestor, ast.JoinedStr) for ancestor in module.ancestors(node)):
        return "the call stands in an f-string"
    return ""


def _fix(node: ast.Call, text: str, module: Module) -> Fix | None:
    start, end = module.span(node)
    text = text.strip()
    closed = text[0] in "[{(" or isinstance(ast.parse(text, mode="eval").body, ast.Name)
    parent = module.parent(node)
    if not closed and (isinstance(parent, _TIGHT) and not (isinstance(parent, ast.Call) and parent.func is not node)):
        text = f"({text})"
    if isinstance(ast.parse(text, mode="eval").body, ast.Tuple) and text[0] != "(":
        text = f"({text})"
    return Fix((Edit(start, end, text),))


RULE = Rule(
    name="eval-of-text",
    topic="injection",
    summary="Text run as Python",
    severity=Severity.MEDIUM,
    confidence=Confidence.MEDIUM,
    cwe=95,
    nodes=(ast.Call,),
    detect=detect,
    documentation=__doc__,
    fixes="sometimes",
    aliases=("B102", "B307", "S102", "S307"),
    mentions=("eval", "exec"),
)
