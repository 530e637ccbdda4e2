"""
## What it does
Reports `tempfile.mktemp()`, which gives the name of a file that does not exist yet.

## Why it is bad
Until the file is made, somebody else can put a file or a link of that name there, and the program writes where the
attacker wants. A name in a fresh folder of one's own (`tempfile.mkdtemp()`, readable by nobody else) does not exist
either, and nobody else can put anything there. The folder stays until it is removed. Where the file itself is
wanted, `tempfile.NamedTemporaryFile` or `tempfile.mkstemp` are shorter. Calls with `dir` are left to their author:
the file may have to lie right there.

## Example
```python
import tempfile

def report():
    return tempfile.mktemp(suffix=".html")
```

## Use instead
```python
import os
import tempfile

def report():
    return os.path.join(tempfile.mkdtemp(), "tmp.html")
```

References: Python documentation, "tempfile: Deprecated functions and variables"; CWE-377.
"""

import ast
from collections.abc import Iterator
from functools import partial

from checks.debugging.rule import Fault, Rule
from checks.debugging.source import imports
from checks.debugging.source.arguments import argument, in_f_string, spread
from checks.debugging.source.edits import Edit, Fix
from checks.debugging.source.module import Module
from checks.model.findings import Confidence, Severity

_NAME_ONLY = frozenset({"basename", "split", "splitext", "Template"})


def detect(node: ast.Call, module: Module) -> Iterator[Fault]:
    """Calls of the standard library's function."""
    if module.resolve(node.func) != "tempfile.mktemp":
        return
    message = "between the name and the file somebody else can put a file or a link there"
    left = _obstacle(node, module)
    severity = Severity.LOW if module.is_test else None
    if left:
        yield Fault(node, message, left=left, severity=severity)
    else:
        yield Fault(node, message, partial(_fix, node, module), severity=severity)


def _obstacle(node: ast.Call, module: Module) -> str:
    if spread(node) or argument(node, "dir", 2) is not None:
        return "does the file have to lie in that very folder?"
    if _file_name(node) is None:
        return "its prefix or suffix is known only when it runs"
    parent = module.parent(node)
    if isinstance(parent, ast.Call) and isinstance(parent.func, ast.Attribute) and parent.func.attr in _NAME_ONLY:
        return "only a piece of the name is used: is it a file at all?"
    if in_f_string(module, node):
        return "it stands inside of an f-string"
    start, end = module.span(node)
    if b"#" in module.text.data[start:end]:
        return "a comment inside of the call would be lost"
    if _references(node, module) is None:
        return "the names 'os' or 'tempfile' mean something else here"
    return ""


def _file_name(node: ast.Call) -> str | None:
    """The name that a file in a folder of its own gets: prefix and suffix as they were given."""
    pieces = []
    for name, position, default in (("prefix", 1, "tmp"), ("suffix", 0, "")):
        given = argument(node, name, position)
        if given is None or (isinstance(given, ast.Constant) and given.value is None):
            pieces.append(default)
        elif isinstance(given, ast.Constant) and isinstance(given.value, str):
            pieces.append(given.value)
        else:
            return None
    name = "".join(pieces)
    plain = name.isascii() and name.isprintable() and not set(name) & set("/\\\"'{}")
    return name if plain and name.strip(".") else None


def _references(node: ast.Call, module: Module) -> tuple[imports.Reference, imports.Reference] | None:
    join = imports.reference(module, "os:path.join", node)
    folder = imports.reference(module, "tempfile:mkdtemp", node)
    return (join, folder) if join and folder else None


def _fix(node: ast.Call, module: Module) -> Fix | None:
    found, name = _references(node, module), _file_name(node)
    if found is None or name is None:
        return None
    join, folder = found
    start, end = module.span(node)
    written = Edit(start, end, f'{join.text}({folder.text}(), "{name}")')
    return Fix((written, *join.edits, *folder.edits))


RULE = Rule(
    name="tempfile-mktemp",
    topic="files",
    summary="Name of a temporary file that anybody can take first",
    severity=Severity.MEDIUM,
    confidence=Confidence.HIGH,
    cwe=377,
    nodes=(ast.Call,),
    detect=detect,
    documentation=__doc__,
    fixes="sometimes",
    aliases=("B306", "S306"),
    mentions=("mktemp",),
)
