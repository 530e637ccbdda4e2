"""
## What it does
Reports old names of assertion methods in test cases of `unittest`: `assertEquals`, `assert_`, `assertItemsEqual`.

## Why it is bad
The old names were removed in Python 3.12 (`assertItemsEqual` has never been in Python 3): the test ends with an
AttributeError before it has checked anything.

## Example
```python
import unittest

class SumTest(unittest.TestCase):
    def test_sum(self):
        self.assertEquals(sum([1, 2]), 3)
```

## Use instead
```python
import unittest

class SumTest(unittest.TestCase):
    def test_sum(self):
        self.assertEqual(sum([1, 2]), 3)
```

References: What's New In Python 3.12, "Removed"; CWE-477.
"""

import ast
from collections.abc import Iterator

from checks.debugging.rule import Fault, Rule
from checks.debugging.rules.removed._names import attribute, guarded
from checks.debugging.source.edits import Fix
from checks.debugging.source.module import Module
from checks.model.findings import Confidence, Severity

_NEW = {
    "assertEquals": "assertEqual",
    "assertNotEquals": "assertNotEqual",
    "assertAlmostEquals": "assertAlmostEqual",
    "assertNotAlmostEquals": "assertNotAlmostEqual",
    "assertRegexpMatches": "assertRegex",
    "assertNotRegexpMatches": "assertNotRegex",
    "assertRaisesRegexp": "assertRaisesRegex",
    "assertItemsEqual": "assertCountEqual",
    "assert_": "assertTrue",
    "failUnless": "assertTrue",
    "failIf": "assertFalse",
    "failUnlessEqual": "assertEqual",
    "failIfEqual": "assertNotEqual",
    "failUnlessAlmostEqual": "assertAlmostEqual",
    "failIfAlmostEqual": "assertNotAlmostEqual",
    "failUnlessRaises": "assertRaises",
}
_RENAMED_KEYWORDS = frozenset({"expected_regexp", "callableObj", "first", "second"})
_CASES = frozenset({"unittest.TestCase", "unittest.case.TestCase", "unittest.IsolatedAsyncioTestCase"})
_OWN_METHODS = ("twisted.", "testtools.", "absl.", "trial.")
"""Libraries whose test cases define the old names themselves."""


def detect(node: ast.Attribute, module: Module) -> Iterator[Fault]:
    """Uses on `self` in a class whose bases are test cases and that does not define the method."""
    new = _NEW.get(node.attr)
    if new is None or not isinstance(node.value, ast.Name) or node.value.id != "self":
        return
    owner = module.enclosing_class(node)
    if owner is None or not isinstance(node.ctx, ast.Load):
        return
    known = _known(module, owner, node.attr)
    if known is None or guarded(module, node):
        return
    never = node.attr == "assertItemsEqual"
    message = f"{node.attr} {'is not in Python 3' if never else 'was removed in Python 3.12'}; it is called {new} now"
    call = module.parent(node)
    edit = attribute(module, node, new)
    if isinstance(call, ast.Call) and any(keyword.arg in _RENAMED_KEYWORDS for keyword in call.keywords):
        yield Fault(node, message, left=f"{new} may call its parameters otherwise")
    elif never and not known:
        yield Fault(node, message, left="a base class from elsewhere may define it", severity=Severity.LOW)
    elif edit is not None:
        yield Fault(node, message, lambda: Fix((edit,)), severity=None if known else Severity.LOW)


def _known(module: Module, owner: ast.ClassDef, method: str) -> bool | None:
    """True where the class is certainly a test case of unittest without a method of that name, False where its base
    is one by its name, None where it is none or has the method."""
    classes, elsewhere = [owner], set()
    for cls in classes:
        for base in cls.bases:
            base = base.value if isinstance(base, ast.Subscript) else base
            local = _class(module, base)
            if local is None:
                elsewhere.add(module.resolve(base) or module.source(base))
            elif local not in classes:
                classes.append(local)
    defined = {name for cls in classes for statement in cls.body for name in _bound(statement)}
    if defined & {method, "__getattr__"} or any(name.startswith(_OWN_METHODS) for name in elsewhere):
        return None
    if not any(name in _CASES or name.endswith("TestCase") for name in elsewhere):
        return None
    return elsewhere <= _CASES | {"builtins.object"}


def _bound(statement: ast.stmt) -> Iterator[str]:
    if isinstance(statement, ast.FunctionDef | ast.AsyncFunctionDef | ast.ClassDef):
        yield statement.name
    else:
        yield from (n.id for n in ast.walk(statement) if isinstance(n, ast.Name) and isinstance(n.ctx, ast.Store))


def _class(module: Module, base: ast.expr) -> ast.ClassDef | None:
    bindings = module.bindings(base) if isinstance(base, ast.Name) else []
    node = bindings[0].node if len(bindings) == 1 else None
    return node if isinstance(node, ast.ClassDef) else None


RULE = Rule(
    name="removed-unittest-alias",
    topic="removed",
    summary="Assertion method that Python 3.12 removed",
    severity=Severity.MEDIUM,
    confidence=Confidence.HIGH,
    cwe=477,
    nodes=(ast.Attribute,),
    detect=detect,
    documentation=__doc__,
    fixes="sometimes",
    mentions=tuple(sorted(_NEW)),
)
