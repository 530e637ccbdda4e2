"""
## What it does
Reports `x == float("nan")` and `x != math.nan` (NumPy's `nan` too).

## Why it is bad
NaN equals nothing, not even itself: `==` is always false and `!=` always true.

## Example
```python
import math

def clean(value: float) -> float:
    return 0.0 if value == math.nan else value
```

## Use instead
```python
import math

def clean(value: float) -> float:
    return 0.0 if math.isnan(value) else value
```

References: IEEE 754; Python documentation, `math.isnan`; CWE-1077.
"""

import ast
from collections.abc import Iterator
from functools import partial

from checks.debugging.rule import Fault, Rule
from checks.debugging.source.arguments import in_f_string
from checks.debugging.source.edits import Edit, Fix
from checks.debugging.source.gaps import has_comment
from checks.debugging.source.imports import Reference, reference
from checks.debugging.source.module import Module
from checks.debugging.source.scopes import Binding
from checks.model.findings import Confidence, Severity

_NUMPY = frozenset({"numpy.nan", "numpy.NaN", "numpy.NAN"})
_NUMBERS = frozenset({"builtins.float", "builtins.int", "builtins.sum", "builtins.abs", "builtins.round"})
_TIGHTER = (ast.UnaryOp, ast.BinOp, ast.Compare, ast.Await, ast.Attribute, ast.Subscript)
_UNSURE = "may it be something else than a number (None, a text)? isnan refuses those"


def detect(node: ast.Compare, module: Module) -> Iterator[Fault]:
    """Plain comparisons; both sides NaN is a demonstration and not reported."""
    if len(node.ops) != 1 or not isinstance(node.ops[0], ast.Eq | ast.NotEq):
        return
    left, right = _nan(node.left, module), _nan(node.comparators[0], module)
    if bool(left) == bool(right):
        return
    value = node.comparators[0] if left else node.left
    verdict = "false" if isinstance(node.ops[0], ast.Eq) else "true"
    message = f"always {verdict}: NaN equals nothing, not even itself"
    severity = Severity.LOW if module.is_test else None  # tests show what NaN is like
    if in_f_string(module, node) or has_comment(module, node):
        yield Fault(node, message, left="a comment or an f-string is in the way", severity=severity)
    elif not _is_number(value, module):
        yield Fault(node, message, left=_UNSURE, severity=severity)
    else:
        target = "numpy:isnan" if "numpy" in (left, right) else "math:isnan"
        named = reference(module, target, node)
        if named is None:
            yield Fault(
                node, message, left=f"the name {target.partition(':')[0]} means something else here", severity=severity
            )
        else:
            yield Fault(node, message, partial(_fix, node, value, named, module), severity=severity)


def _nan(node: ast.expr, module: Module) -> str:
    """ "python" or "numpy" for an expression that is NaN, else empty."""
    if isinstance(node, ast.Call):
        match node:
            case ast.Call(func=ast.Name(id="float"), args=[ast.Constant(value=str(text))], keywords=[]):
                if text.strip().lower() in ("nan", "+nan", "-nan") and module.resolve(node.func) == "builtins.float":
                    return "python"
        return ""
    if isinstance(node, ast.Attribute | ast.Name):
        last = node.attr if isinstance(node, ast.Attribute) else node.id
        if last.lower() != "nan" and not isinstance(node, ast.Name):
            return ""
        name = module.resolve(node)
        return "python" if name == "math.nan" else "numpy" if name in _NUMPY else ""
    return ""


def _is_number(node: ast.expr, module: Module) -> bool:
    """Whether an expression is a number as far as this file shows: arithmetic, a number's function, or a name that
    nothing here gives or compares to anything else."""
    if isinstance(node, ast.BinOp):
        plain = (ast.Sub, ast.Div, ast.Pow, ast.FloorDiv)
        return isinstance(node.op, plain) or any(_is_number(side, module) for side in (node.left, node.right))
    if isinstance(node, ast.UnaryOp):
        return isinstance(node.op, ast.USub)
    if isinstance(node, ast.Constant):
        return isinstance(node.value, int | float)
    if isinstance(node, ast.Call):
        name = module.resolve(node.func) or ""
        return name in _NUMBERS or name.startswith("math.")
    if isinstance(node, ast.Name):
        bindings = module.bindings(node)
        return bool(bindings) and all(_gives_number(b, module) for b in bindings) and not _doubted(node, module)
    return False


def _gives_number(binding: Binding, module: Module) -> bool:
    if binding.kind == "param":
        if isinstance(binding.value, ast.Name):
            return module.resolve(binding.value) in ("builtins.float", "builtins.int")
        return binding.value is None and _default(binding.node, module)
    return (
        binding.kind == "assign"
        and binding.value is not None
        and not isinstance(binding.value, ast.Name)
        and (_is_number(binding.value, module))
    )


def _default(parameter: ast.AST, module: Module) -> bool:
    """Whether a parameter's default is a number, or the function reckons with one that has none; `*x` and `**x` are no
    numbers."""
    arguments = module.parent(parameter)
    if not isinstance(arguments, ast.arguments) or parameter in (arguments.vararg, arguments.kwarg):
        return False
    positional = [*arguments.posonlyargs, *arguments.args]
    pairs = [*zip(reversed(positional), reversed(arguments.defaults), strict=False)]
    pairs += [(a, d) for a, d in zip(arguments.kwonlyargs, arguments.kw_defaults, strict=True) if d is not None]
    default = next((d for a, d in pairs if a is parameter), None)
    if default is None:
        return _reckoned(parameter, module.parent(arguments))
    return _is_number(default, module) or bool(_nan(default, module))


def _reckoned(parameter: ast.AST, function: ast.AST | None) -> bool:
    """Whether the function subtracts, divides or negates what it is given: a text or None would not get through."""
    operands: list[ast.expr] = []
    for node in ast.walk(function) if function is not None else ():
        match node:
            case ast.BinOp(op=ast.Sub() | ast.Div() | ast.FloorDiv() | ast.Pow(), left=left, right=right):
                operands += [left, right]
            case ast.UnaryOp(op=ast.USub(), operand=operand):
                operands.append(operand)
    return isinstance(parameter, ast.arg) and any(isinstance(o, ast.Name) and o.id == parameter.arg for o in operands)


def _doubted(name: ast.Name, module: Module) -> bool:
    """Whether the function asks what else the name may be: `x is None`, `x == "a"`, `isinstance(x, str)`, `not x`."""
    place = module.scope(name).node
    for node in ast.walk(place):
        match node:
            case ast.Compare(left=ast.Name(id=other), comparators=[ast.Constant(value=value), *_]):
                if other == name.id and (value is None or isinstance(value, str | bytes)):
                    return True
            case ast.Compare(left=ast.Name(id=other), ops=[ast.In() | ast.NotIn() | ast.Is() | ast.IsNot(), *_]):
                if other == name.id:
                    return True
            case ast.Call(func=ast.Name(id="isinstance" | "len" | "type" | "callable"), args=[ast.Name(id=other), *_]):
                if other == name.id:
                    return True
            case ast.Attribute(value=ast.Name(id=other)) | ast.Subscript(value=ast.Name(id=other)):
                if other == name.id:
                    return True
            case ast.UnaryOp(op=ast.Not(), operand=ast.Name(id=other)):
                if other == name.id:
                    return True
    return False


def _fix(node: ast.Compare, value: ast.expr, named: Reference, module: Module) -> Fix:
    text = f"{named.text}({module.source(value)})"
    if isinstance(node.ops[0], ast.NotEq):
        text = f"not {text}"
        if isinstance(module.parent(node), _TIGHTER):
            text = f"({text})"  # where it is in parentheses already, these are two pairs, and right
    return Fix((Edit(*module.span(node), text), *named.edits))


RULE = Rule(
    name="comparison-to-nan",
    topic="comparison",
    summary="Comparison with NaN",
    severity=Severity.MEDIUM,
    confidence=Confidence.HIGH,
    cwe=1077,
    nodes=(ast.Compare,),
    detect=detect,
    documentation=__doc__,
    fixes="sometimes",
    mentions=("nan", "NaN", "NAN", "Nan"),
)
