"""
## What it does
Reports `tostring()` and `fromstring()` of `array.array`.

## Why it is bad
Both were removed in Python 3.9: the code ends with an AttributeError. `tobytes` and `frombytes` are the same methods;
Python 3.2 brought them.

## Example
```python
import array

def packed(numbers):
    values = array.array("l", numbers)
    return values.tostring()
```

## Use instead
```python
import array

def packed(numbers):
    values = array.array("l", numbers)
    return values.tobytes()
```

References: What's New In Python 3.9, "Removed"; CWE-477.
"""

import ast
from collections.abc import Iterator

from checks.debugging.rule import Fault, Rule
from checks.debugging.rules.removed._names import attribute, guarded
from checks.debugging.source.edits import Fix
from checks.debugging.source.module import Module
from checks.model.findings import Confidence, Severity

_NEW = {"tostring": "tobytes", "fromstring": "frombytes"}
_ARRAYS = ("array.array", "array.ArrayType")


def detect(node: ast.Attribute, module: Module) -> Iterator[Fault]:
    """Methods of what `array.array` certainly made; other libraries have methods of these names too."""
    new = _NEW.get(node.attr)
    if new is None or module.origin(node.value) not in _ARRAYS or guarded(module, node):
        return
    edit = attribute(module, node, new)
    if edit is not None:
        yield Fault(node, f"array.{node.attr} was removed in Python 3.9; it is called {new}", lambda: Fix((edit,)))


RULE = Rule(
    name="removed-array-string-methods",
    topic="removed",
    summary="Method of array.array that Python 3.9 removed",
    severity=Severity.MEDIUM,
    confidence=Confidence.HIGH,
    cwe=477,
    nodes=(ast.Attribute,),
    detect=detect,
    documentation=__doc__,
    fixes="always",
    mentions=("array",),
)
