"""
## What it does
Reports comparisons of a thing with itself (`self.a == self.a`, `x < x`, `x is x`) and assignments of a name to itself.

## Why it is bad
The result is known before, and the assignment does nothing: another name was meant. (`x != x` and `x == x` of a plain
name are ways to ask for NaN and are not reported; neither are tests, which compare things with themselves on purpose.)

## Example
```python
class Point:
    def __eq__(self, other):
        return self.x == other.x and self.y == self.y
```

## Use instead
```python
class Point:
    def __eq__(self, other):
        return self.x == other.x and self.y == other.y
```

References: CWE-571.
"""

import ast
from collections.abc import Iterator

from checks.debugging.rule import Fault, Rule
from checks.debugging.source.module import Module
from checks.model.findings import Confidence, Severity


def detect(node: ast.Compare | ast.Assign, module: Module) -> Iterator[Fault]:
    """Names and attributes only: what is called or looked up by a key may differ from one time to the next."""
    if isinstance(node, ast.Assign):
        yield from _assignment(node, module)
        return
    if len(node.ops) != 1 or isinstance(node.ops[0], ast.NotEq | ast.In | ast.NotIn):
        return
    left, right = node.left, node.comparators[0]
    if type(left) is not type(right) or not _is_plain(left) or ast.dump(left) != ast.dump(right):
        return
    if isinstance(node.ops[0], ast.Eq) and not _beside_another(node, left, module):
        return  # may ask for NaN
    yield Fault(node, f"{module.source(left)} is compared with itself", left="what was it to be compared with?")


def _assignment(node: ast.Assign, module: Module) -> Iterator[Fault]:
    match node:
        case ast.Assign(targets=[ast.Name(id=name)], value=ast.Name(id=other)) if name == other:
            # outside of functions `x = x` carries a name into a class or says that it is exported
            if module.function(node) is not None and module.scope(node).node is module.function(node):
                said = "#" in module.text.line(node.lineno)  # somebody gave a reason
                if not said and name not in module.scope(node).elsewhere:
                    yield Fault(node, f"{name} is assigned to itself", left="which name was meant?")


def _is_plain(node: ast.expr) -> bool:
    while isinstance(node, ast.Attribute):
        node = node.value
    return isinstance(node, ast.Name)


def _beside_another(node: ast.Compare, left: ast.expr, module: Module) -> bool:
    """Whether comparisons of the same kind with another object stand beside it: `a.x == b.x and a.y == a.y`."""
    parent = module.parent(node)
    if not isinstance(left, ast.Attribute) or not isinstance(parent, ast.BoolOp):
        return False
    for value in parent.values:
        match value:
            case ast.Compare(left=ast.Attribute() as one, ops=[ast.Eq()], comparators=[ast.Attribute() as two]):
                if one.attr == two.attr and ast.dump(one) != ast.dump(two):
                    return True
    return False


RULE = Rule(
    name="self-comparison",
    topic="comparison",
    summary="Thing compared with or assigned to itself",
    severity=Severity.LOW,
    confidence=Confidence.MEDIUM,
    cwe=571,
    nodes=(ast.Compare, ast.Assign),
    detect=detect,
    documentation=__doc__,
    fixes="never",
    aliases=("PLR0124", "PLW0127"),
    tests=False,
)
