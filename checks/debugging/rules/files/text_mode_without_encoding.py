"""
## What it does
Reports `open()`, `Path.open()`, `Path.read_text()` and `Path.write_text()` of text without `encoding`.

## Why it is bad
The encoding is then that of the machine's locale: what was written on one machine is unreadable, or silently wrong,
on another (Windows before Python 3.15 above all). Which encoding the files have is for the author to say, so a fix
is offered only where JSON or TOML is read right there, which are UTF-8 by definition.

## Example
```python
import json

def load(path):
    with open(path) as file:
        return json.load(file)
```

## Use instead
```python
import json

def load(path):
    with open(path, encoding="utf-8") as file:
        return json.load(file)
```

References: PEP 597; PEP 686; RFC 8259, section 8.1; CWE-1177.
"""

import ast
from collections.abc import Iterator
from functools import partial

from checks.debugging.rule import Fault, Rule
from checks.debugging.rules.files._paths import is_path
from checks.debugging.source.arguments import argument, in_f_string, is_constant, spread, text_of
from checks.debugging.source.calls import with_keyword
from checks.debugging.source.edits import Fix
from checks.debugging.source.module import Module
from checks.model.findings import Confidence, Severity

_READERS = frozenset({"json.load", "json.loads", "toml.load", "toml.loads", "tomllib.loads", "tomli.loads"})
_UTF8_SINCE = (3, 15)
_ASCII_PLACES = ("/proc/", "/sys/", "/dev/")


def detect(node: ast.Call, module: Module) -> Iterator[Fault]:
    """Calls that certainly open text, with no encoding at any place."""
    encoding = _position(node, module)
    if encoding is None or spread(node) or argument(node, "encoding", encoding) is not None:
        return
    if module.surroundings.python >= _UTF8_SINCE:
        return
    message = "the encoding is that of the machine's locale: the same file reads differently elsewhere"
    if _read_as_utf8(node, module) and not in_f_string(module, node):
        yield Fault(node, message, partial(_fix, node, module))
    else:
        yield Fault(node, message, left='which encoding has the file? (encoding="utf-8" in most cases)')


def _position(node: ast.Call, module: Module) -> int | None:
    """The position of `encoding` among the call's arguments; None where the call does not open text for sure."""
    function = node.func
    last = function.attr if isinstance(function, ast.Attribute) else getattr(function, "id", "")
    if last == "open" and module.resolve(function) in ("builtins.open", "io.open"):
        if not node.args or (text_of(node.args[0]) or "").startswith(_ASCII_PLACES):
            return None
        if module.resolve(node.args[0]) == "os.devnull":
            return None
        return 3 if _is_text(argument(node, "mode", 1)) else None
    if not isinstance(function, ast.Attribute) or last not in ("open", "read_text", "write_text"):
        return None
    if not is_path(function.value, module):
        return None
    if last == "open":
        return 2 if _is_text(argument(node, "mode", 0)) else None
    return 0 if last == "read_text" else 1


def _is_text(mode: ast.expr | None) -> bool:
    given = text_of(mode)
    return mode is None or (given is not None and "b" not in given)


def _read_as_utf8(node: ast.Call, module: Module) -> bool:
    """Whether all that is done with the text is reading JSON or TOML from it."""
    if b"ensure_ascii" in module.text.data:
        return False  # it writes JSON too, in an encoding of its own
    function = node.func
    parent = module.parent(node)
    if isinstance(function, ast.Attribute) and function.attr == "read_text":
        return _is_reader(parent, node, module)
    mode = argument(node, "mode", 0 if isinstance(function, ast.Attribute) and is_path(function.value, module) else 1)
    if mode is not None and text_of(mode) not in ("r", "rt"):
        return False
    if _is_reader(parent, node, module):
        return True
    if not isinstance(parent, ast.withitem) or not isinstance(parent.optional_vars, ast.Name):
        return False
    target = parent.optional_vars
    if not all(binding.node is parent for binding in module.bindings(target)):
        return False
    uses = [n for n in module.nodes if isinstance(n, ast.Name) and n.id == target.id and n is not target]
    return bool(uses) and all(_is_reader(module.parent(use), use, module) or _read(use, module) for use in uses)


def _read(use: ast.Name, module: Module) -> bool:
    """Whether the use is `json.loads(file.read())`."""
    attribute = module.parent(use)
    call = module.parent(attribute) if isinstance(attribute, ast.Attribute) and attribute.attr == "read" else None
    return isinstance(call, ast.Call) and _is_reader(module.parent(call), call, module)


def _is_reader(call: ast.AST | None, value: ast.expr, module: Module) -> bool:
    if not isinstance(call, ast.Call) or not call.args or call.args[0] is not value:
        return False
    return module.resolve(call.func) in _READERS and not is_constant(argument(call, "encoding"), None)


def _fix(node: ast.Call, module: Module) -> Fix | None:
    edit = with_keyword(module, node, "encoding", '"utf-8"')
    return Fix((edit,)) if edit else None


RULE = Rule(
    name="text-mode-without-encoding",
    topic="files",
    summary="Text file opened in the encoding of the machine",
    severity=Severity.INFO,
    confidence=Confidence.HIGH,
    cwe=1177,
    nodes=(ast.Call,),
    detect=detect,
    documentation=__doc__,
    fixes="sometimes",
    aliases=("PLW1514",),
    mentions=("open", "read_text", "write_text"),
)
