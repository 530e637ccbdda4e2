"""What one test asserts, how firmly, and under which conditions."""

import ast
from collections.abc import Iterator
from dataclasses import dataclass

from checks.risk.source import dotted, dump

EXACT, NEAR, PARTLY, SORT, TRUTH, NOTHING = 5, 4, 3, 2, 1, 0
"""How much an assertion tells: one value; about one; a bound or a part; not one value, or of a type; that there is
something; nothing at all."""
_METHODS = {
    "assertTrue": TRUTH, "assertFalse": TRUTH, "assert_": TRUTH, "assertIsNotNone": SORT, "assertNotEqual": SORT,
    "assertIsNot": SORT, "assertIsInstance": SORT, "assertNotIsInstance": SORT, "assertIn": PARTLY, "assertNotIn":
    PARTLY, "assertGreater": PARTLY, "assertGreaterEqual": PARTLY, "assertLess": PARTLY, "assertLessEqual": PARTLY,
    "assertRegex": PARTLY, "assertNotRegex": PARTLY, "assertContains": PARTLY, "assertAlmostEqual": NEAR,
    "assertNotAlmostEqual": SORT, "assert_allclose": NEAR, "assert_almost_equal": NEAR, "assert_array_almost_equal":
    NEAR, "assert_called": TRUTH, "assert_called_once": SORT, "assert_any_call": PARTLY, "assert_has_calls": PARTLY,
    "assert_awaited": TRUTH, "assert_awaited_once": SORT,
}  # fmt: skip
_RAISES = frozenset(
    {
        "raises", "warns", "assertRaises", "assertRaisesRegex", "assertWarns", "assertWarnsRegex",
        "deprecated_call", "RaisesGroup", "raises_group", "assertLogs",
    }
)  # fmt: skip
_TOLERANCES = frozenset({"rel", "abs", "rtol", "atol", "rel_tol", "abs_tol", "delta", "rel_err", "tolerance"})
_SORTS = frozenset({"isinstance", "issubclass", "hasattr", "callable"})
_PARTS = frozenset({"len", "set", "frozenset", "sorted", "type", "bool"})
"""Functions that take something away from a value before it is compared."""
_SKIPS = frozenset({"skip", "xfail", "importorskip", "skipTest", "SkipTest", "exit"})


@dataclass(frozen=True, slots=True)
class Assertion:
    """One assertion: its text without positions, how firm it is, numbers that loosen it the greater (or, negated, the
    smaller) they are, exceptions that it allows, and whether it asks for their message."""

    line: int
    text: str
    strength: int
    tolerances: tuple[float, ...] = ()
    exceptions: tuple[str, ...] = ()
    matched: bool = False


@dataclass(frozen=True, slots=True)
class Body:
    """What one test does: its assertions, and how many of them may go by unseen: within `try` or `suppress`, under a
    condition; returns before the last one; calls that skip."""

    assertions: tuple[Assertion, ...]
    tried: int
    conditional: int
    returns: int
    skips: int


def of(function: ast.FunctionDef | ast.AsyncFunctionDef) -> Body:
    """What a test asserts. Raises RecursionError, ValueError as `dump` does."""
    found: list[tuple[Assertion, bool, bool]] = []
    returns: list[int] = []
    waiting: list[tuple[ast.AST, bool, bool]] = [(each, False, False) for each in reversed(function.body)]
    skips = 0
    inner: set[int] = set()
    while waiting:
        node, tried, conditional = waiting.pop()
        if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef | ast.ClassDef | ast.Lambda):
            if not isinstance(node, ast.Lambda):
                waiting += [(each, tried, conditional) for each in reversed(node.body)]
                # What a function within the test returns is its own affair.
                inner.update(id(each) for each in ast.walk(node) if isinstance(each, ast.Return))
            continue
        assertion = _assertion(node)
        if assertion is not None:
            found.append((assertion, tried, conditional))
        if isinstance(node, ast.Return) and id(node) not in inner:
            returns.append(node.lineno)
        if isinstance(node, ast.Call | ast.Raise):
            called = dotted(node.exc) if isinstance(node, ast.Raise) and node.exc else dotted(node)
            skips += called.rpartition(".")[2] in _SKIPS and (isinstance(node, ast.Call) or "SkipTest" in called)
        waiting += reversed(list(_children(node, tried, conditional)))
    last = max((each.line for each, _, _ in found), default=0)
    return Body(
        tuple(each for each, _, _ in found),
        sum(tried for _, tried, _ in found),
        sum(conditional for _, _, conditional in found),
        sum(line < last for line in returns),
        skips,
    )


def _children(node: ast.AST, tried: bool, conditional: bool) -> Iterator[tuple[ast.AST, bool, bool]]:
    """The nodes beneath with whether they are within `try` and under a condition."""
    if isinstance(node, ast.Try | ast.TryStar) and node.handlers:
        yield from ((each, True, conditional) for each in node.body)
        for handler in node.handlers:
            yield from ((each, tried, True) for each in handler.body)
        yield from ((each, tried, conditional) for each in (*node.orelse, *node.finalbody))
    elif isinstance(node, ast.If | ast.While | ast.Match):
        yield from ((each, tried, True) for each in ast.iter_child_nodes(node))
    elif isinstance(node, ast.With | ast.AsyncWith):
        hides = any(dotted(item.context_expr).rpartition(".")[2] == "suppress" for item in node.items)
        yield from ((each, tried or hides, conditional) for each in ast.iter_child_nodes(node))
    else:
        yield from ((each, tried, conditional) for each in ast.iter_child_nodes(node))


def _assertion(node: ast.AST) -> Assertion | None:
    if isinstance(node, ast.Assert):
        return Assertion(node.lineno, dump(node.test), strength(node.test), tuple(_tolerances(node.test)))
    if not isinstance(node, ast.Call):
        return None
    name = dotted(node).rpartition(".")[2] or (node.func.attr if isinstance(node.func, ast.Attribute) else "")
    if name in _RAISES:
        allowed = node.args[0] if node.args else None
        every = allowed.elts if isinstance(allowed, ast.Tuple) else [allowed] if allowed is not None else []
        matched = any(k.arg in ("match", "expected_regex") and not _any_text(k.value) for k in node.keywords)
        matched = matched or name.endswith("Regex")
        return Assertion(
            node.lineno, dump(node), NEAR, exceptions=tuple(dotted(each) for each in every), matched=matched
        )
    if name.startswith("assert") and name != "assert_type":
        firm = _METHODS.get(name, EXACT)
        if firm == TRUTH and node.args:
            firm = max(TRUTH, strength(node.args[0])) if name != "assertFalse" else SORT
            firm = NOTHING if isinstance(node.args[0], ast.Constant) else firm
        return Assertion(node.lineno, dump(node), firm, tuple(_tolerances(node)))
    return None


def _any_text(pattern: ast.expr) -> bool:
    return isinstance(pattern, ast.Constant) and pattern.value in (None, "", ".", ".*", ".+", "^", "$", r"\w", r"\S")


def strength(test: ast.expr) -> int:
    """How firm an asserted expression is."""
    if isinstance(test, ast.Constant):
        return NOTHING
    if isinstance(test, ast.BoolOp):
        every = [strength(each) for each in test.values]
        return max(every) if isinstance(test.op, ast.And) else min(*every, PARTLY)
    if isinstance(test, ast.IfExp):
        return min(strength(test.body), strength(test.orelse))
    if isinstance(test, ast.UnaryOp) and isinstance(test.op, ast.Not):
        return SORT
    if isinstance(test, ast.Compare):
        return max(
            _compared(left, op, right)
            for left, op, right in zip([test.left, *test.comparators], test.ops, test.comparators, strict=False)
        )
    if isinstance(test, ast.Call):
        called = dotted(test).rpartition(".")[2]
        if called in _SORTS:
            return SORT
        return NEAR if called in ("isclose", "allclose", "approx") else PARTLY if test.args else TRUTH
    return NOTHING if isinstance(test, ast.Tuple | ast.Lambda | ast.JoinedStr) else TRUTH


def _compared(left: ast.expr, op: ast.cmpop, right: ast.expr) -> int:
    if dump(left) == dump(right):
        return NOTHING
    if isinstance(op, ast.NotEq | ast.IsNot):
        return SORT
    if not isinstance(op, ast.Eq | ast.Is):
        return PARTLY
    if any(isinstance(side, ast.Call) and dotted(side) in _PARTS for side in (left, right)):
        return NEAR
    called = {dotted(each).rpartition(".")[2] for side in (left, right) for each in ast.walk(side)}
    if "ANY" in called:
        return PARTLY
    return NEAR if called & {"approx", "round"} else EXACT


def _tolerances(node: ast.AST) -> Iterator[float]:
    """Numbers that say how far off a value may be: the greater, the looser."""
    for each in ast.walk(node):
        if not isinstance(each, ast.Call):
            continue
        for keyword in each.keywords:
            value = _number(keyword.value)
            if value is not None and keyword.arg in _TOLERANCES:
                yield value
            elif value is not None and keyword.arg in ("places", "decimal", "ndigits"):
                yield -value
        name = dotted(each).rpartition(".")[2]
        second = _number(each.args[1]) if len(each.args) > 1 else None
        if second is not None and name in ("approx", "round"):
            yield second if name == "approx" else -second


def _number(node: ast.expr) -> float | None:
    if isinstance(node, ast.UnaryOp) and isinstance(node.op, ast.USub):
        inner = _number(node.operand)
        return None if inner is None else -inner
    if isinstance(node, ast.Constant) and isinstance(node.value, int | float):
        return float(node.value) if abs(node.value) < 1e300 else None
    return None
