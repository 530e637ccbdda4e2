"""
## What it does
Reports a file that is opened and not closed: one that a function opens, uses and forgets, one used up in the
expression that opens it (`open(p).read()`), and one whose `close()` an exception would skip.

## Why it is bad
The file stays open until the interpreter happens to collect the object; what was written may not have reached the disk
by then, on Windows nobody can remove it, and a loop runs out of descriptors. Python reports each as a ResourceWarning.

## Example
```python
def version(path):
    text = open(path).read()
    return text.strip()
```

## Use instead
```python
def version(path):
    with open(path) as file:
        text = file.read()
    return text.strip()
```

References: Python tutorial, "Reading and Writing Files"; CWE-772.
"""

import ast
from collections.abc import Iterator
from functools import partial

from checks.debugging.rule import Fault, Rule
from checks.debugging.rules.resources import _named, _unnamed
from checks.debugging.rules.resources._opened import opens, used_up, writes
from checks.debugging.source.edits import Edit, Fix
from checks.debugging.source.module import Module
from checks.model.findings import Confidence, Severity


def detect(node: ast.Call, module: Module) -> Iterator[Fault]:
    """Only files that certainly go nowhere else: not returned, stored, yielded or passed on to what may keep them."""
    opener = opens(node, module)
    if opener is None:
        return
    parent = module.parent(node)
    short = opener.removeprefix("builtins.")
    if isinstance(parent, ast.Assign):
        if len(parent.targets) == 1 and isinstance(parent.targets[0], ast.Name):
            yield from _of_name(node, parent, parent.targets[0], short, module)
        return
    if isinstance(parent, ast.Expr):
        if module.is_test:
            return  # `with pytest.raises(OSError): open(p)`: it is not to be opened at all
        place = module.span(node)[1]
        fix = Fix((Edit(place, place, ".close()"),))
        text = f"the file that {short}() gives is never closed"
        yield Fault(node, text, lambda: fix, severity=Severity.LOW)
        return
    text = f"the file that {short}() gives is used and never closed"
    if used_up(node, module) is None:
        if _named.read_by(node, module):
            left = "what reads it is used in later statements"
            yield Fault(node, text, left=left, severity=Severity.INFO if module.is_test else Severity.LOW)
        return
    severity = None if writes(node, opener) else Severity.LOW
    if module.is_test:
        severity = Severity.INFO
    left = _unnamed.obstacle(node, module)
    if left:
        yield Fault(node, text, left=left, severity=severity)
    else:
        yield Fault(node, text, partial(_unnamed.with_block, node, module), severity=severity)


def _of_name(node: ast.Call, statement: ast.Assign, target: ast.Name, short: str, module: Module) -> Iterator[Fault]:
    named = _named.examine(statement, target, module)
    if named is None:
        return
    if named.close is None:
        text = f"{target.id} is opened by {short}() and never closed"
        severity = Severity.LOW if module.is_test or module.function(node) is None else None
    else:
        text = f"{target.id} stays open if an exception is raised before {target.id}.close()"
        severity = Severity.INFO if module.is_test else Severity.LOW
    if named.left:
        yield Fault(node, text, left=named.left, severity=severity)
    else:
        yield Fault(node, text, partial(_named.with_block, statement, target, named, module), severity=severity)


RULE = Rule(
    name="file-never-closed",
    topic="resources",
    summary="File opened and not closed on every path",
    severity=Severity.MEDIUM,
    confidence=Confidence.HIGH,
    cwe=772,
    nodes=(ast.Call,),
    detect=detect,
    documentation=__doc__,
    fixes="sometimes",
    mentions=("open", "ZipFile", "GzipFile", "BZ2File", "LZMAFile"),
)
