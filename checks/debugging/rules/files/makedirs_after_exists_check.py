"""
## What it does
Reports `if not os.path.exists(d): os.makedirs(d)` and the same with `isdir`, `os.mkdir` and `pathlib`.

## Why it is bad
Between the look and the making another process or thread can make the folder: then this one fails with
`FileExistsError`, now and then and hard to repeat. `exist_ok=True` does both in one. `os.mkdir` has no such
argument and does not make the folders above, so there nothing is offered.

## Example
```python
import os

def prepare(folder):
    if not os.path.exists(folder):
        os.makedirs(folder)
```

## Use instead
```python
import os

def prepare(folder):
    os.makedirs(folder, exist_ok=True)
```

References: CWE-367.
"""

import ast
from collections.abc import Iterator
from functools import partial

from checks.debugging.rule import Fault, Rule
from checks.debugging.rules.files._paths import is_path, is_pure
from checks.debugging.source import blocks
from checks.debugging.source.arguments import argument, spread
from checks.debugging.source.calls import with_keyword
from checks.debugging.source.edits import Edit, Fix
from checks.debugging.source.module import Module
from checks.model.findings import Confidence, Severity

_LOOKS = frozenset({"os.path.exists", "os.path.isdir"})
_MAKES = frozenset({"os.makedirs", "os.mkdir"})


def detect(node: ast.If, module: Module) -> Iterator[Fault]:
    """An `if` that only looks for the folder, with nothing but its making in it."""
    match node:
        case ast.If(test=ast.UnaryOp(op=ast.Not(), operand=ast.Call() as look), body=[ast.Expr(ast.Call() as make)]):
            pass
        case _:
            return
    made = _made(look, make, module)
    if made is None or spread(make) or argument(make, "exist_ok") is not None:
        return
    message = "another process can make the folder between the look and the making: then this fails"
    left = _obstacle(node, make, made, module)
    if left:
        yield Fault(node, message, left=left)
    else:
        yield Fault(node, message, partial(_fix, node, make, module))


def _made(look: ast.Call, make: ast.Call, module: Module) -> str | None:
    """What makes the folder that was looked for; None where the two are not about one folder."""
    if isinstance(make.func, ast.Attribute) and make.func.attr == "mkdir" and isinstance(look.func, ast.Attribute):
        if look.func.attr in ("exists", "is_dir") and not look.args and is_path(make.func.value, module):
            return "Path.mkdir" if ast.dump(look.func.value) == ast.dump(make.func.value) else None
    name = module.resolve(make.func)
    if name not in _MAKES or module.resolve(look.func) not in _LOOKS or len(look.args) != 1 or not make.args:
        return None
    return name if ast.dump(look.args[0]) == ast.dump(make.args[0]) else None


def _obstacle(node: ast.If, make: ast.Call, made: str, module: Module) -> str:
    if made == "os.mkdir":
        return "os.mkdir has no exist_ok, and os.makedirs would make the folders above as well"
    folder = make.func.value if isinstance(make.func, ast.Attribute) and made == "Path.mkdir" else make.args[0]
    if not is_pure(folder, module):
        return "the folder's name is computed twice, maybe with effects"
    if node.orelse:
        return "the other branch needs the look"
    if len(make.args) > 2:
        return "exist_ok is given by position"
    statement = node.body[0]
    if not blocks.alone(module, node) or module.source(node).startswith("elif"):
        return "the lines hold other statements as well"
    start = module.span(node)[0]
    end = module.span(node)[1]
    if b"#" in module.text.data[start:end] or blocks.string_lines(module, statement, statement):
        return "a comment or a long string inside of it would be lost"
    return ""


def _fix(node: ast.If, make: ast.Call, module: Module) -> Fix | None:
    edit = with_keyword(module, make, "exist_ok", "True")
    if edit is None:
        return None
    inner = blocks.indentation(module, node.body[0])
    outer = blocks.indentation(module, node) or ""
    first, last = module.span(make)
    data = module.text.data
    call = data[first : edit.start].decode() + edit.text + data[edit.end : last].decode()
    lines = call.replace("\r\n", "\n").split("\n")
    if inner is not None:
        lines = [outer + line.removeprefix(inner) if line.startswith(inner) else line for line in lines]
    start, end = module.span(node)
    return Fix((Edit(start, end, "\n".join(lines)),))


RULE = Rule(
    name="makedirs-after-exists-check",
    topic="files",
    summary="Folder made after a look whether it is there",
    severity=Severity.LOW,
    confidence=Confidence.HIGH,
    cwe=367,
    nodes=(ast.If,),
    detect=detect,
    documentation=__doc__,
    fixes="sometimes",
    mentions=("mkdir", "makedirs"),
)
