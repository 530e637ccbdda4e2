"""
## What it does
Reports `logging.warn` and the method `warn` of a logger.

## Why it is bad
Both are deprecated since Python 3.3 in favour of `warning`, which they only call, with a DeprecationWarning each time.

## Example
```python
import logging

logger = logging.getLogger(__name__)

def check(value):
    if value < 0:
        logger.warn("below zero: %s", value)
```

## Use instead
```python
import logging

logger = logging.getLogger(__name__)

def check(value):
    if value < 0:
        logger.warning("below zero: %s", value)
```

References: logging documentation, "Logger.warning"; CWE-477.
"""

import ast
from collections.abc import Iterator

from checks.debugging.rule import Fault, Rule
from checks.debugging.rules.removed._names import Gone, attribute, faults
from checks.debugging.source.edits import Fix
from checks.debugging.source.module import Module
from checks.model.findings import Confidence, Severity

_TABLE = {"logging.warn": Gone("is deprecated since Python 3.3", "logging:warning")}
_LAST = frozenset({"warn"})
_LOGGERS = frozenset({"logging.getLogger", "logging.Logger", "logging.LoggerAdapter"})


def detect(node: ast.Attribute | ast.ImportFrom, module: Module) -> Iterator[Fault]:
    """The module's function, and the method of what `logging.getLogger` certainly gave."""
    if isinstance(node, ast.Attribute):
        if node.attr != "warn" or not isinstance(module.parent(node), ast.Call):
            return
        if module.origin(node.value) in _LOGGERS:
            edit = attribute(module, node, "warning")
            if edit is not None:
                yield Fault(
                    node, "Logger.warn is deprecated since Python 3.3; it is called warning", lambda: Fix((edit,))
                )
            return
    yield from faults(node, module, _TABLE, _LAST)


RULE = Rule(
    name="deprecated-logger-warn",
    topic="removed",
    summary="Deprecated method warn of a logger",
    severity=Severity.LOW,
    confidence=Confidence.HIGH,
    cwe=477,
    nodes=(ast.Attribute, ast.ImportFrom),
    detect=detect,
    documentation=__doc__,
    fixes="sometimes",
    mentions=("logging",),
)
