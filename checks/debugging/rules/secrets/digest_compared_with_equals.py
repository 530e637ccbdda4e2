"""
## What it does
Reports `==` and `!=` between a keyed digest (`hmac.new(…).hexdigest()`) and something else.

## Why it is bad
The comparison stops at the first difference. How long it takes tells how much was right, and step by step the right
value can be found without the key. `hmac.compare_digest` takes the same time for all. It is put in where both sides are
certainly of one type, since it refuses a mixture.

## Example
```python
import hmac

def is_ours(key: bytes, body: bytes, signature: bytes) -> bool:
    return hmac.new(key, body, "sha256").digest() == signature
```

## Use instead
```python
import hmac

def is_ours(key: bytes, body: bytes, signature: bytes) -> bool:
    return hmac.compare_digest(hmac.new(key, body, "sha256").digest(), signature)
```

References: Python documentation, "hmac.compare_digest"; CWE-208.
"""

import ast
from collections.abc import Iterator
from functools import partial
from typing import Literal

from checks.debugging.rule import Fault, Rule
from checks.debugging.source import imports
from checks.debugging.source.arguments import in_f_string
from checks.debugging.source.edits import Edit, Fix
from checks.debugging.source.module import Module
from checks.model.findings import Confidence, Severity

type Kind = Literal["str", "bytes"]
_MAKERS = frozenset({"hmac.new", "hmac.HMAC"})


def detect(node: ast.Compare, module: Module) -> Iterator[Fault]:
    """One comparison of two sides, one of which is a keyed digest for sure."""
    if len(node.ops) != 1 or not isinstance(node.ops[0], ast.Eq | ast.NotEq):
        return
    left, right = node.left, node.comparators[0]
    if not _is_digest(left, module) and not _is_digest(right, module):
        return
    if any(isinstance(side, ast.Constant) for side in (left, right)):
        return  # a known value: nothing to find out
    message = "the time of this comparison tells how much of the digest was right"
    kind = _kind(left, module)
    why = ""
    if kind is None or kind != _kind(right, module):
        why = "is the other side certainly of the same type? hmac.compare_digest refuses a mixture"
    elif in_f_string(module, node) or _comment_between(node, module):
        why = "the place is inside of an f-string, or has a comment that would be lost"
    elif imports.reference(module, "hmac:compare_digest", node) is None:
        why = "the name 'hmac' means something else here"
    if why or kind is None:
        yield Fault(node, message, left=why)
    else:
        yield Fault(node, message, partial(_fix, node, kind, module))


def _is_digest(node: ast.expr, module: Module, depth: int = 3) -> bool:
    match node:
        case ast.Call(func=ast.Attribute(value=owner, attr="hexdigest" | "digest")):
            return module.origin(owner) in _MAKERS or module.resolve(node.func) == "hmac.digest"
        case ast.BinOp(left=ast.Constant(), op=ast.Add(), right=inner):
            return _is_digest(inner, module, depth)
        case ast.JoinedStr(values=[*_, ast.FormattedValue(value=inner)]):
            return _is_digest(inner, module, depth)
        case ast.Name() if depth:
            bindings = module.bindings(node)
            return bool(bindings) and all(
                b.kind == "assign" and b.value is not None and _is_digest(b.value, module, depth - 1) for b in bindings
            )
        case _:
            return False


def _kind(node: ast.expr, module: Module, depth: int = 3) -> Kind | None:
    """The type that an expression has for sure."""
    match node:
        case ast.Call(func=ast.Attribute(attr="hexdigest")) | ast.JoinedStr():
            return "str"
        case ast.Call(func=ast.Attribute(attr="digest")) if _is_digest(node, module):
            return "bytes"
        case ast.Call(func=ast.Name(id="str" | "bytes" as name)) if module.resolve(node.func) == f"builtins.{name}":
            return "str" if name == "str" else "bytes"
        case ast.BinOp(left=ast.Constant(value=str()), op=ast.Add()):
            return "str"
        case ast.Name() if depth:
            bindings = module.bindings(node)
            if len(bindings) == 1 and bindings[0].kind == "param":
                annotated = module.resolve(bindings[0].value)
                return "str" if annotated == "builtins.str" else "bytes" if annotated == "builtins.bytes" else None
            kinds = {_kind(b.value, module, depth - 1) if b.kind == "assign" and b.value else None for b in bindings}
            return kinds.pop() if len(kinds) == 1 else None
        case _:
            return None


def _comment_between(node: ast.Compare, module: Module) -> bool:
    """Whether a comment stands beside one of the sides, within the comparison."""
    start, end = module.span(node)
    left, right = module.span(node.left), module.span(node.comparators[0])
    data = module.text.data
    return any(b"#" in gap for gap in (data[start : left[0]], data[left[1] : right[0]], data[right[1] : end]))


def _fix(node: ast.Compare, kind: Kind, module: Module) -> Fix | None:
    found = imports.reference(module, "hmac:compare_digest", node)
    if found is None:
        return None
    both = (node.left, node.comparators[0])
    ascii_only = kind == "str" and all(_is_digest(side, module) for side in both)
    sides = [_written(side, "bytes" if ascii_only else kind, module) for side in both]
    negated = "not " if isinstance(node.ops[0], ast.NotEq) else ""
    start, end = module.span(node)
    return Fix((Edit(start, end, f"{negated}{found.text}({', '.join(sides)})"), *found.edits))


def _written(side: ast.expr, kind: Kind, module: Module) -> str:
    """The side as an argument, as it is where it is bytes (or digits only). Text from elsewhere may hold more than
    ASCII, which `compare_digest` refuses in `str`: then both are compared as bytes."""
    source = module.source(side)
    if kind == "bytes":
        return source
    atom = isinstance(side, ast.Name | ast.Call | ast.Attribute | ast.JoinedStr)
    return f"{source}.encode()" if atom else f"({source}).encode()"


RULE = Rule(
    name="digest-compared-with-equals",
    topic="secrets",
    summary="Keyed digest compared with ==",
    severity=Severity.MEDIUM,
    confidence=Confidence.HIGH,
    cwe=208,
    nodes=(ast.Compare,),
    detect=detect,
    documentation=__doc__,
    fixes="sometimes",
    tests=False,
    mentions=("hmac",),
)
