"""
## What it does
Reports `return`, `break` and `continue` that leave a `finally` block.

## Why it is bad
They throw away the exception that is on its way, KeyboardInterrupt included, and replace the value that the `try`
returns. Python 3.14 warns of it (PEP 765).

## Example
```python
def load(path):
    data = None
    try:
        data = path.read_bytes()
    finally:
        return data
```

## Use instead
```python
def load(path):
    data = None
    try:
        data = path.read_bytes()
    except OSError:
        log.warning("cannot read %s", path)
    return data
```

References: PEP 601, PEP 765; CWE-584.
"""

import ast
from collections.abc import Iterator

from checks.debugging.rule import Fault, Rule
from checks.debugging.source.flow import leaving
from checks.debugging.source.module import Module
from checks.model.findings import Confidence, Severity


def detect(node: ast.Try | ast.TryStar, module: Module) -> Iterator[Fault]:
    """Each statement that leaves; one in the `finally` of an inner `try` is that one's."""
    inner: set[ast.AST] = set()
    for statement in node.finalbody:
        for nested in ast.walk(statement):
            if isinstance(nested, ast.Try | ast.TryStar):
                inner.update(leaving(nested.finalbody))
    for found in leaving(node.finalbody):
        if found in inner:
            continue
        word = type(found).__name__.lower()
        text = f"this {word} in a finally block throws away the exception that is on its way"
        yield Fault(found, text, left="which exceptions may be dropped here")


RULE = Rule(
    name="return-in-finally",
    topic="exceptions",
    summary="Statement in a finally block that drops the exception",
    severity=Severity.MEDIUM,
    confidence=Confidence.HIGH,
    cwe=584,
    nodes=(ast.Try, ast.TryStar),
    detect=detect,
    documentation=__doc__,
    fixes="never",
    aliases=("B012",),
    mentions=("finally",),
)
