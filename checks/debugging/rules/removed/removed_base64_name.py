"""
## What it does
Reports `base64.encodestring` and `base64.decodestring`.

## Why it is bad
Both were removed in Python 3.9: the code ends with an AttributeError or ImportError. `encodebytes` and `decodebytes`
are the same functions; Python 3.1 brought them.

## Example
```python
import base64

def header(user):
    return base64.encodestring(user)
```

## Use instead
```python
import base64

def header(user):
    return base64.encodebytes(user)
```

References: What's New In Python 3.9, "Removed"; CWE-477.
"""

import ast
from collections.abc import Iterator

from checks.debugging.rule import Fault, Rule
from checks.debugging.rules.removed._names import Gone, faults, lasts
from checks.debugging.source.module import Module
from checks.model.findings import Confidence, Severity

_TABLE = {
    "base64.encodestring": Gone("was removed in Python 3.9", "base64:encodebytes"),
    "base64.decodestring": Gone("was removed in Python 3.9", "base64:decodebytes"),
}
_LAST = lasts(_TABLE)


def detect(node: ast.Attribute | ast.ImportFrom, module: Module) -> Iterator[Fault]:
    """Uses of the two names that certainly mean the standard library's module."""
    yield from faults(node, module, _TABLE, _LAST)


RULE = Rule(
    name="removed-base64-name",
    topic="removed",
    summary="base64 function that Python 3.9 removed",
    severity=Severity.MEDIUM,
    confidence=Confidence.HIGH,
    cwe=477,
    nodes=(ast.Attribute, ast.ImportFrom),
    detect=detect,
    documentation=__doc__,
    fixes="sometimes",
    mentions=tuple(sorted(_LAST)),
)
