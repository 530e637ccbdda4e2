"""
## What it does
Reports assertions on mocks that check nothing: `m.assert_called_once` without the call, and methods that do not exist
and so are mocks themselves (`m.called_once_with(1)`).

## Why it is bad
The test passes whatever the code does. (Python 3.12 refuses some of the wrong names, with an AttributeError.)

## Example
```python
from unittest import mock

def test_sends():
    send = mock.Mock()
    send("hello")
    send.assert_called_once
```

## Use instead
```python
from unittest import mock

def test_sends():
    send = mock.Mock()
    send("hello")
    send.assert_called_once()
```

References: unittest.mock documentation, "The Mock Class"; CWE-1164.
"""

import ast
from collections.abc import Iterator

from checks.debugging.rule import Fault, Rule
from checks.debugging.source.edits import Edit, Fix
from checks.debugging.source.module import Module
from checks.model.findings import Confidence, Severity

_MAKERS = frozenset(
    f"{library}.{name}"
    for library in ("unittest.mock", "mock", "mock.mock")
    for name in ("Mock", "MagicMock", "AsyncMock", "NonCallableMock", "create_autospec", "patch", "patch.object")
)
_WITHOUT_ARGUMENTS = (
    *("assert_called", "assert_called_once", "assert_not_called"),
    *("assert_awaited", "assert_awaited_once", "assert_not_awaited"),
)
_WITH_ARGUMENTS = (
    *("assert_called_with", "assert_called_once_with", "assert_any_call", "assert_has_calls"),
    *("assert_awaited_with", "assert_awaited_once_with", "assert_any_await", "assert_has_awaits"),
)
_MISSPELT = {
    "called_once": "assert_called_once",
    "called_with": "assert_called_with",
    "called_once_with": "assert_called_once_with",
    "not_called": "assert_not_called",
    "any_call": "assert_any_call",
    "has_calls": "assert_has_calls",
}


def detect(node: ast.Expr | ast.Assert, module: Module) -> Iterator[Fault]:
    """Statements on what a maker of mocks certainly made, or on attributes of that."""
    value = node.value if isinstance(node, ast.Expr) else node.test
    called = isinstance(value, ast.Call)
    target = value.func if isinstance(value, ast.Call) else value
    if not isinstance(target, ast.Attribute):
        return
    attr = target.attr
    if attr in _WITHOUT_ARGUMENTS or attr in _WITH_ARGUMENTS:
        if called or (isinstance(node, ast.Assert) and not _mock(target.value, module)):
            return
        message = f"{attr} is not called: nothing is asserted"
        end = module.span(value)[1]
        if isinstance(node, ast.Assert):
            yield Fault(node, message, left="call it as a statement of its own")
        elif not _mock(target.value, module):
            yield Fault(node, message, left="is it a mock for sure?")  # as a statement it does nothing, whatever it is
        elif attr in _WITH_ARGUMENTS:
            yield Fault(node, message, left="which arguments are expected?")
        else:
            yield Fault(node, message, lambda: Fix((Edit(end, end, "()"),)))
    elif attr in _MISSPELT and _mock(target.value, module) and (called or isinstance(node, ast.Assert)):
        right = _MISSPELT[attr]
        message = f"{attr} is no assertion of a mock: {right} is meant"
        edits = _renamed(node, target, called, module)
        if edits is None:
            yield Fault(node, message, left="which assertion is meant here?")
        else:
            yield Fault(node, message, lambda: Fix(edits))


def _mock(node: ast.expr, module: Module) -> bool:
    """Whether an expression is a mock: made by a maker, or an attribute of one."""
    if module.origin(node) in _MAKERS:
        return _is_made(node, module)
    while isinstance(node, ast.Attribute):
        node = node.value
        if module.origin(node) in _MAKERS:
            return _is_made(node, module)
    return isinstance(node, ast.Name) and _patched(node, module)


def _patched(node: ast.Name, module: Module) -> bool:
    """Whether the name is the one parameter (besides `self`) of a function, which its one `@patch("…")` fills."""
    function = module.scope(node).node
    if not isinstance(function, ast.FunctionDef | ast.AsyncFunctionDef) or len(function.decorator_list) != 1:
        return False
    names = [a.arg for a in function.args.args if a.arg != "self"]
    match function.decorator_list[0]:
        case ast.Call(func=maker, args=given, keywords=[]):
            most = {"patch": 1, "object": 2}.get(getattr(maker, "attr", getattr(maker, "id", "")), 0)
            made = module.resolve(maker) in _MAKERS and 0 < len(given) <= most
            return made and names == [node.id] and len(module.bindings(node)) == 1
    return False


def _is_made(node: ast.expr, module: Module) -> bool:
    """`patch(…)` gives a mock only when it is entered by `with`, and then only without a value to put in."""
    if module.origin(node) not in {name for name in _MAKERS if ".patch" in name}:
        return True
    bindings = module.bindings(node) if isinstance(node, ast.Name) else []
    calls = [b.value for b in bindings if b.kind == "with" and isinstance(b.value, ast.Call)]
    if not bindings or len(calls) != len(bindings):
        return False
    limit = {"object": 2}
    for call in calls:
        most = limit.get(getattr(call.func, "attr", ""), 1)
        if len(call.args) > most or any(k.arg in ("new", "new_callable", None) for k in call.keywords):
            return False
    return True


def _renamed(
    node: ast.Expr | ast.Assert, target: ast.Attribute, called: bool, module: Module
) -> tuple[Edit, ...] | None:
    end = module.span(target)[1]
    start = end - len(target.attr)
    right = _MISSPELT[target.attr]
    plain = target.attr in ("called_once", "not_called")
    if isinstance(node, ast.Expr):
        return (Edit(start, end, right),) if called else None
    begin, first = module.span(node)[0], module.span(node.test)[0]
    if node.msg is not None or module.text.data[begin:first] != b"assert " or (not called and not plain):
        return None
    return (Edit(begin, first, ""), Edit(start, end, right + ("" if called else "()")))


RULE = Rule(
    name="mock-assertion-never-made",
    topic="leftovers",
    summary="Assertion on a mock that checks nothing",
    severity=Severity.MEDIUM,
    confidence=Confidence.HIGH,
    cwe=1164,
    nodes=(ast.Expr, ast.Assert),
    detect=detect,
    documentation=__doc__,
    fixes="sometimes",
    mentions=("mock",),
)
