"""
## What it does
Reports a constant key that stands twice in one dictionary display with different values.

## Why it is bad
The later value silently replaces the earlier one: one of both entries was meant to have another key.

## Example
```python
NAMES = {"png": "image/png", "jpg": "image/jpeg", "png": "image/apng"}
```

## Use instead
```python
NAMES = {"png": "image/png", "jpg": "image/jpeg", "apng": "image/apng"}
```

References: CWE-561.
"""

import ast
from collections.abc import Iterator

from checks.debugging.rule import Fault, Rule
from checks.debugging.source.module import Module
from checks.model.findings import Confidence, Severity

_TABLE = 4
"""With more repeated keys than this it is a table that a program wrote, and the last value is meant."""


def detect(node: ast.Dict, module: Module) -> Iterator[Fault]:
    """One fault a repeated key; an entry written twice the same is only idle, and of less weight."""
    if len(node.keys) < 2:
        return
    names = [(type(key.value), key.value) for key in node.keys if isinstance(key, ast.Constant)]
    table = len(names) - len(set(names)) > _TABLE
    first: dict[tuple[type, object], ast.expr] = {}
    for key, value in zip(node.keys, node.values, strict=True):
        if key is None:
            first.clear()  # what comes after `**other` replaces on purpose
            continue
        if not isinstance(key, ast.Constant):
            continue
        mark = (type(key.value), key.value)
        if mark not in first:
            first[mark] = value
        elif ast.dump(first[mark]) == ast.dump(value):
            message = f"the key {module.source(key)} stands here twice with the same value"
            yield Fault(key, message, left="which of both is to go?", severity=Severity.INFO)
        else:
            message = f"the key {module.source(key)} stands here twice: the value before is lost"
            yield Fault(key, message, left="which of both values is meant?", severity=Severity.LOW if table else None)


RULE = Rule(
    name="duplicate-dictionary-key",
    topic="collections",
    summary="Key that stands twice in a dictionary",
    severity=Severity.MEDIUM,
    confidence=Confidence.HIGH,
    cwe=561,
    nodes=(ast.Dict,),
    detect=detect,
    documentation=__doc__,
    fixes="never",
    aliases=("F601",),
)
