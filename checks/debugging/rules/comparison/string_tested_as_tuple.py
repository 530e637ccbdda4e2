"""
## What it does
Reports `x in ("word")`: a single text in parentheses where a tuple was probably meant.

## Why it is bad
Parentheses alone make no tuple; the comma does. The test asks whether `x` is a part of the text, so that `""`, `"w"`
and `"or"` pass too. Which of both is meant is for the author to say.

## Example
```python
def allowed(role):
    return role in ("admin")
```

## Use instead
```python
def allowed(role):
    return role in ("admin",)
```

References: Python language reference, "Parenthesized forms"; CWE-697.
"""

import ast
import re
from collections.abc import Iterator

from checks.debugging.rule import Fault, Rule
from checks.debugging.source.gaps import pieces
from checks.debugging.source.module import Module
from checks.model.findings import Confidence, Severity

_WORD = re.compile(r"[A-Za-z]+(?:[_./ -][A-Za-z]+)*\d*")
_VOWELS = frozenset("aeiouyAEIOUY")


def detect(node: ast.Compare, module: Module) -> Iterator[Fault]:
    """Texts that read as words; sets of characters ("+-", "aeiou", "rwx") are looked into on purpose."""
    if len(node.ops) != 1 or not isinstance(node.ops[0], ast.In | ast.NotIn):
        return
    right = node.comparators[0]
    if not isinstance(right, ast.Constant) or not isinstance(right.value, str) or not _is_word(right.value):
        return
    if right.lineno != right.end_lineno or isinstance(node.left, ast.Constant):
        return
    between = pieces(module, module.span(node.left)[1], module.span(right)[0])
    if not between or between[-1][2] != "(":
        return
    message = f"({module.source(right)}) is a text and no tuple: any part of it passes the test"
    yield Fault(right, message, left="is a comma missing after the text, or is a part of it looked for?")


def _is_word(text: str) -> bool:
    letters = [c for c in text if c.isalpha()]
    if not _WORD.fullmatch(text) or len(letters) < 3:
        return False
    if set(letters) <= _VOWELS or not set(letters) & _VOWELS:
        return False
    return letters != sorted(set(letters))


RULE = Rule(
    name="string-tested-as-tuple",
    topic="comparison",
    summary="Membership in a parenthesised text instead of a tuple",
    severity=Severity.LOW,
    confidence=Confidence.MEDIUM,
    cwe=697,
    nodes=(ast.Compare,),
    detect=detect,
    documentation=__doc__,
    fixes="never",
)
