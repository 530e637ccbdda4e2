"""
## What it does
Reports `chmod` with a mode that lets everybody on the machine write: `0o777`, `0o666`, `stat.S_IWOTH`.

## Why it is bad
Any account, of a service that was broken into too, can change the file, and what reads or runs it next does what
that account wants. Who must write is for the author to say, so no fix is offered. Folders with the sticky bit
(`0o1777`) are not reported.

## Example
```python
import os

def share(path):
    os.chmod(path, 0o777)
```

## Use instead
```python
import os

def share(path):
    os.chmod(path, 0o755)
```

References: CWE-732.
"""

import ast
import stat
from collections.abc import Iterator

from checks.debugging.rule import Fault, Rule
from checks.debugging.rules.files._paths import is_path
from checks.debugging.source.arguments import argument
from checks.debugging.source.module import Module
from checks.model.findings import Confidence, Severity

_CALLS = frozenset({"os.chmod", "os.fchmod", "os.lchmod"})


def detect(node: ast.Call, module: Module) -> Iterator[Fault]:
    """Calls of `os` and of paths with a mode that can be computed from literals and constants of `stat`."""
    function = node.func
    last = function.attr if isinstance(function, ast.Attribute) else getattr(function, "id", "")
    if last not in ("chmod", "fchmod", "lchmod"):
        return
    if module.resolve(function) in _CALLS:
        given = argument(node, "mode", 1)
    elif isinstance(function, ast.Attribute) and is_path(function.value, module):
        given = argument(node, "mode", 0)
    else:
        return
    mode = _mode(given, module)
    if mode is None or not mode & stat.S_IWOTH or mode & stat.S_ISVTX:
        return
    message = f"mode {mode:#o} lets everybody on the machine write"
    yield Fault(node, message, left="who must write?", severity=Severity.INFO if module.is_test else None)


def _mode(node: ast.expr | None, module: Module) -> int | None:
    """The mode's bits, those that are certain where others are added to what is there; None where nothing is known."""
    match node:
        case ast.Constant(value=int(bits)):
            return bits
        case ast.BinOp(left=left, op=ast.BitOr(), right=right):
            one, other = _mode(left, module), _mode(right, module)
            return None if one is None and other is None else (one or 0) | (other or 0)
        case ast.Attribute() | ast.Name():
            name = module.resolve(node) or ""
            value = getattr(stat, name.removeprefix("stat."), None) if name.startswith("stat.S_I") else None
            return value if isinstance(value, int) else None
        case _:
            return None


RULE = Rule(
    name="permissions-for-everybody",
    topic="files",
    summary="File that everybody on the machine may write",
    severity=Severity.MEDIUM,
    confidence=Confidence.HIGH,
    cwe=732,
    nodes=(ast.Call,),
    detect=detect,
    documentation=__doc__,
    fixes="never",
    aliases=("B103", "S103"),
    mentions=("chmod",),
)
