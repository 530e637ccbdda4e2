"""
## What it does
Reports a comparison that stands as a statement: its result goes nowhere.

## Why it is bad
`assert` or an assignment was meant: as it stands a test checks nothing, or a value is not set.

## Example
```python
def reset(counter):
    counter.value == 0
```

## Use instead
```python
def reset(counter):
    counter.value = 0
```

References: Python language reference, "Expression statements"; CWE-482.
"""

import ast
import re
from collections.abc import Iterator

from checks.debugging.rule import Fault, Rule
from checks.debugging.source.module import Module
from checks.model.findings import Confidence, Severity

_RAISES = re.compile(r"raise|warn|suppress|error|fail|assert|subtest|deprecat", re.I)
_OPERATORS = re.compile(
    r"(^|_)(eq|ne|lt|le|gt|ge|cmp|op|ops|operators?|dunder|rich)(_|$)|compar|equal|order|contains|bench", re.I
)


def detect(node: ast.Expr, module: Module) -> Iterator[Fault]:
    """Comparisons as statements, but not where making them is the purpose: in a `with` or `try` that expects an
    exception, and in what is named after the operators."""
    if not isinstance(node.value, ast.Compare) or any(isinstance(op, ast.In | ast.NotIn) for op in node.value.ops):
        return  # `key in mapping` as a statement is mostly there to make the mapping look
    if _on_purpose(node, module):
        return
    yield Fault(node, "the comparison's result is not used", left="is an assertion meant, or an assignment?")


def _on_purpose(node: ast.Expr, module: Module) -> bool:
    inner: ast.AST = node
    for outer in module.ancestors(node):
        if isinstance(outer, ast.With | ast.AsyncWith):
            if any(_RAISES.search(module.source(item.context_expr)) for item in outer.items):
                return True
        elif isinstance(outer, ast.Try) and outer.handlers and inner in outer.body:
            return True
        elif isinstance(outer, ast.FunctionDef | ast.AsyncFunctionDef | ast.ClassDef):
            if _OPERATORS.search(outer.name):
                return True
        inner = outer
    return False


RULE = Rule(
    name="useless-comparison",
    topic="leftovers",
    summary="Comparison whose result is not used",
    severity=Severity.LOW,
    confidence=Confidence.HIGH,
    cwe=482,
    nodes=(ast.Expr,),
    detect=detect,
    documentation=__doc__,
    fixes="never",
    aliases=("B015",),
)
