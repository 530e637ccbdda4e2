import ast

import pytest

from checks.debugging.source.calls import rewritten, with_keyword, without_argument
from checks.debugging.source.edits import applied
from checks.debugging.source.module import Module
from tests.rulecases import module_of


def call_in(module: Module) -> ast.Call:
    return next(
        n for n in module.nodes if isinstance(n, ast.Call) and isinstance(n.func, ast.Name) and n.func.id == "f"
    )


def added(source: str) -> str | None:
    module = module_of(source.encode())
    edit = with_keyword(module, call_in(module), "t", "1")
    return applied(module.text, [edit]).decode() if edit else None


WITH = [
    ("f()", "f(t=1)"),
    ("f( )", "f( t=1)"),
    ("f(a)", "f(a, t=1)"),
    ("f(a,)", "f(a, t=1,)"),
    ("f(a, b=2)", "f(a, b=2, t=1)"),
    ("f(t=None)", "f(t=1)"),
    ("f(t = None, b=2)", "f(t = 1, b=2)"),
    ("f(*a)", "f(*a, t=1)"),
    ("f(**k)", "f(t=1, **k)"),
    ("f(a, **k)", "f(a, t=1, **k)"),
    ("f(**j, **k)", "f(t=1, **j, **k)"),
    ("f(x for x in y)", "f((x for x in y), t=1)"),
    ("f((x for x in y))", "f((x for x in y), t=1)"),
    ("await_(f(a))", "await_(f(a, t=1))"),
    ("(f)(a)", "(f)(a, t=1)"),
    ("f(g(b), h(c)).i(d)", "f(g(b), h(c), t=1).i(d)"),
    ("f(\n    a,\n    b,\n)", "f(\n    a,\n    b,\n    t=1,\n)"),
    ("f(\n    a,\n    b\n)", "f(\n    a,\n    b,\n    t=1\n)"),
    ("f(\n\ta,  # one\n\tb,  # two\n)", "f(\n\ta,  # one\n\tb,  # two\n\tt=1,\n)"),
    ("f(\n\ta  # one\n)", "f(\n\ta,  # one\n\tt=1\n)"),
    ("f(a, b,  # two\n)", "f(a, b, t=1,  # two\n)"),
    ("f(a,\n  b)", "f(a,\n  b, t=1)"),
    ("f(\n    a,  # one\n    **k,  # two\n)", "f(\n    a,  # one\n    t=1,\n    **k,  # two\n)"),
    ("f(\n    a,\n    # why\n    **k\n)", "f(\n    a,\n    # why\n    t=1,\n    **k\n)"),
    ("f(\n    a,\n    # last\n)", "f(\n    a,\n    # last\n    t=1,\n)"),
    ("(a\n .f\n .b)\nx = (c\n .d(f(a\n )))", "(a\n .f\n .b)\nx = (c\n .d(f(a,\n     t=1\n )))"),
    ("f('''a\nb''')", "f('''a\nb''', t=1)"),
    ("f('é', b)", "f('é', b, t=1)"),
    ("f(a,\r\n  b)\r\n", "f(a,\r\n  b, t=1)\r\n"),
    ("f(a,\n  b)\r\nx\r\ny\r\n", "f(a,\n  b, t=1)\r\nx\r\ny\r\n"),
    ("f(a,\r  b)\r", "f(a,\r  b, t=1)\r"),
]


@pytest.mark.parametrize(("before", "after"), WITH)
def test_with_keyword(before: str, after: str) -> None:
    assert added(before) == after
    ast.parse(after)
    assert added(after) is None


NOT_WITH = ["x = f'{f(a)}'", "x = f'{a:{f(b)}}'", "f(a, t=1)", "f(t=(None  # why\n))"]


@pytest.mark.parametrize("source", NOT_WITH)
def test_nothing_is_offered(source: str) -> None:
    assert added(source) is None


WITHOUT = [
    ("f(t=1)", "f()"),
    ("f(a, t=1)", "f(a)"),
    ("f(t=1, b=2)", "f(b=2)"),
    ("f(a, t=1, b=2)", "f(a, b=2)"),
    ("f(a, t=1,)", "f(a,)"),
    ("f(a, t=1, **k)", "f(a, **k)"),
    ("f(\n    t=1,\n)", "f()"),
    ("f(\n    a,\n    t=1,\n)", "f(\n    a,\n)"),
    ("f(\n    a,\n    t=1\n)", "f(\n    a\n)"),
    ("f(\n    a,  # one\n    t=1,\n    b=2,  # two\n)", "f(\n    a,  # one\n    b=2,  # two\n)"),
    ("f(\n    a,  # what\n    t=1,\n)", "f(\n    a,  # what\n)"),
    ("f(\n    a,  # what\n    t=1\n  )", "f(\n    a  # what\n  )"),
    ("f(\n    a,\n    # what\n    b,  # two\n    t=1,\n)", "f(\n    a,\n    # what\n    b,  # two\n)"),
    ("f(t='#', a=1)", "f(a=1)"),
    ("f((x for x in y), t=1)", "f((x for x in y))"),
]


@pytest.mark.parametrize(("before", "after"), WITHOUT)
def test_without_argument(before: str, after: str) -> None:
    module = module_of(before)
    edit = without_argument(module, call_in(module), "t")
    assert edit is not None
    assert applied(module.text, [edit]).decode() == after
    ast.parse(after)


NOT_WITHOUT = [
    "f(a)",
    "f(t)",
    "f(**{'t': 1})",
    "f(\n    a,\n    t=1,  # why\n)",
    "f(\n    a,  # what\n    t=1)",
    "f(\n    a,\n    # why\n    t=1,\n)",
    "f(\n    a,\n    # why\n    t=1,\n    b=2,\n)",
    "f(\n    # why\n    t=1,\n    b=2,\n)",
    "f(  # why\n    t=1\n)",
    "f'{f(t=1)}'",
]


@pytest.mark.parametrize("source", NOT_WITHOUT)
def test_no_argument_taken_out(source: str) -> None:
    module = module_of(source)
    assert without_argument(module, call_in(module), "t") is None


def test_two_changes_of_nested_calls_do_not_conflict() -> None:
    module = module_of("f(a, f(b))")
    calls = [n for n in module.nodes if isinstance(n, ast.Call)]
    edits = [e for e in (with_keyword(module, call, "t", "1") for call in calls) if e]
    assert applied(module.text, edits) == b"f(a, f(b, t=1), t=1)"


def test_an_unchanged_expression_is_no_edit() -> None:
    module = module_of("f(a)")
    assert rewritten(module, call_in(module), lambda tree: tree) is None
