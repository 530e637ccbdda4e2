import ast

import pytest

from checks.debugging.source.arguments import argument, in_f_string, is_constant, maker, spread, text_of
from tests.rulecases import module_of


def first_call(source: str) -> ast.Call:
    return next(node for node in ast.walk(ast.parse(source)) if isinstance(node, ast.Call))


@pytest.mark.parametrize(
    ("source", "value"),
    [("f(1, 2)", 2), ("f(1, b=3)", 3), ("f(*a, 2)", None), ("f(1)", None), ("f(1, **k)", None), ("f(1, 2, *a)", 2)],
)
def test_argument(source: str, value: int | None) -> None:
    found = argument(first_call(source), "b", 1)
    assert (found.value if isinstance(found, ast.Constant) else None) == value


@pytest.mark.parametrize(("source", "hidden"), [("f(*a)", True), ("f(**k)", True), ("f(1, b=2)", False)])
def test_spread(source: str, hidden: bool) -> None:
    assert spread(first_call(source)) is hidden


def test_literals() -> None:
    call = first_call("f('a', None, 0, x)")
    assert [text_of(value) for value in call.args] == ["a", None, None, None]
    assert is_constant(call.args[1], None) and not is_constant(call.args[2], False) and not is_constant(None, None)


def test_maker_is_the_only_call_that_made_the_value() -> None:
    module = module_of(
        """
        a = f(1)
        b = f(2)
        b = f(3)
        class A:
            def __init__(self):
                self.c = None
                self.c = f(4)
            def use(self):
                use(a, b, self.c, other)
        """
    )
    use = next(n for n in module.nodes if isinstance(n, ast.Call) and getattr(n.func, "id", "") == "use")
    made = [maker(module, value) for value in use.args]
    assert [call and ast.unparse(call) for call in made] == ["f(1)", None, "f(4)", None]


def test_in_f_string() -> None:
    module = module_of("a(1)\nf'{b(2)}'\n")
    calls = [node for node in module.nodes if isinstance(node, ast.Call)]
    assert sorted((ast.unparse(call), in_f_string(module, call)) for call in calls) == [("a(1)", False), ("b(2)", True)]
