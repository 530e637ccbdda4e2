"""
## What it does
Reports abstract base classes taken from `collections` (`collections.Mapping`) where `collections.abc` has them.

## Why it is bad
The names in `collections` were removed in Python 3.10: the code ends with an AttributeError or ImportError.
`collections.abc` has held the same classes since Python 3.3.

## Example
```python
import collections

def is_mapping(value):
    return isinstance(value, collections.Mapping)
```

## Use instead
```python
import collections.abc

def is_mapping(value):
    return isinstance(value, collections.abc.Mapping)
```

References: What's New In Python 3.10, "Removed"; CWE-477.
"""

import ast
from collections.abc import Iterator
from functools import partial

from checks.debugging.rule import Fault, Rule
from checks.debugging.rules.removed._names import Gone, faults, guarded, lasts
from checks.debugging.source.blocks import alone, indentation
from checks.debugging.source.edits import Edit, Fix
from checks.debugging.source.module import Module
from checks.model.findings import Confidence, Severity

_SINCE = "was removed in Python 3.10"
_CLASSES = """
    AsyncGenerator AsyncIterable AsyncIterator Awaitable Callable Collection Container Coroutine Generator Hashable
    ItemsView Iterable Iterator KeysView Mapping MappingView MutableMapping MutableSequence MutableSet Reversible
    Sequence Set Sized ValuesView
"""
_TABLE = {f"collections.{name}": Gone(_SINCE, f"collections.abc:{name}") for name in _CLASSES.split()}
_LAST = lasts(_TABLE)


def detect(node: ast.Attribute | ast.ImportFrom, module: Module) -> Iterator[Fault]:
    """Attributes of `collections`, and names imported from it: one fault a statement, which moves them all."""
    if isinstance(node, ast.Attribute):
        yield from faults(node, module, _TABLE, _LAST)
        return
    if node.module != "collections" or node.level or "collections" in module.surroundings.own:
        return
    moved = [alias for alias in node.names if alias.name in _LAST]
    if not moved or guarded(module, node):
        return
    names = ", ".join(alias.name for alias in moved)
    message = f"collections has no {names} since Python 3.10; collections.abc has"
    stay = [alias for alias in node.names if alias not in moved]
    if stay and not _simple(module, node):
        yield Fault(node, message, left="the statement holds comments or goes over lines: split it by hand")
    else:
        yield Fault(node, message, partial(_fix, module, node, moved, stay))


def _simple(module: Module, node: ast.ImportFrom) -> bool:
    return node.lineno == node.end_lineno and alone(module, node) and "#" not in module.text.line(node.lineno)


def _fix(module: Module, node: ast.ImportFrom, moved: list[ast.alias], stay: list[ast.alias]) -> Fix | None:
    start, end = module.span(node)
    if not stay:
        place = module.text.data.index(b"collections", start)
        return Fix((Edit(place, place + len(b"collections"), "collections.abc"),))
    indent = indentation(module, node)
    if indent is None:
        return None
    first = ", ".join(module.source(alias) for alias in stay)
    second = ", ".join(module.source(alias) for alias in moved)
    return Fix((Edit(start, end, f"from collections import {first}\n{indent}from collections.abc import {second}"),))


RULE = Rule(
    name="removed-collections-alias",
    topic="removed",
    summary="Abstract base class taken from collections",
    severity=Severity.MEDIUM,
    confidence=Confidence.HIGH,
    cwe=477,
    nodes=(ast.Attribute, ast.ImportFrom),
    detect=detect,
    documentation=__doc__,
    fixes="sometimes",
    mentions=("collections",),
)
