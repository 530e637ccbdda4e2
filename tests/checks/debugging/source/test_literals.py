import ast

import pytest

from checks.debugging.source.literals import continued, literals
from tests.rulecases import module_of

LITERALS = [
    ("x = 'a'", [("'a'", "", "'")]),
    ("x = rb'a'", [("rb'a'", "rb", "'")]),
    ("x = 'a' R\"b\"", [("'a'", "", "'"), ('R"b"', "R", '"')]),
    ("x = ('é'  # c\n     u'''b\nc''')", [("'é'", "", "'"), ("u'''b\nc'''", "u", "'''")]),
    ("x = 'a' f'{b!r:>{c}}' 'd'", [("'a'", "", "'"), ("f'{b!r:>{c}}'", "f", "'"), ("'d'", "", "'")]),
    ("x = f'{\"a\"}'", [("f'{\"a\"}'", "f", "'")]),
    ("x = 'a' \\\n  'b'", [("'a'", "", "'"), ("'b'", "", "'")]),
    ("x = 'a\\\r\nb' 'c'\r\n", [("'a\\\r\nb'", "", "'"), ("'c'", "", "'")]),
    ("x = '''a\rb''' 'c'\r", [("'''a\rb'''", "", "'''"), ("'c'", "", "'")]),
    ("x = ('a'\r\n   'b')\r\n", [("'a'", "", "'"), ("'b'", "", "'")]),
]


@pytest.mark.parametrize(("source", "expected"), LITERALS)
def test_literals(source: str, expected: list[tuple[str, str, str]]) -> None:
    module = module_of(source.encode())
    node = next(n.value for n in module.nodes if isinstance(n, ast.Assign))
    assert isinstance(node, ast.Constant | ast.JoinedStr)
    data = module.text.data
    assert [(data[p.start : p.end].decode(), p.prefix, p.quotes) for p in literals(module, node)] == expected


CONTINUED = [
    ("x = 'a'", set()),
    ("x = ('a'\n 'b')", set()),
    ("x = '''a\nb\n'''", {2, 3}),
    ("x = ('''a\nb'''\n 'c'\n f'''{\nd}\n''')", {2, 5, 6}),
    ("x = 'a\\\nb'", {2}),
]


@pytest.mark.parametrize(("source", "expected"), CONTINUED)
def test_lines_that_begin_inside_of_a_literal(source: str, expected: set[int]) -> None:
    module = module_of(source)
    node = next(n.value for n in module.nodes if isinstance(n, ast.Assign))
    assert isinstance(node, ast.Constant | ast.JoinedStr)
    assert continued(module, node) == expected


def test_a_string_inside_an_f_string_is_not_told() -> None:
    module = module_of("x = f'a{b:c}'")
    inner = next(n for n in module.nodes if isinstance(n, ast.Constant) and n.value == "c")
    assert literals(module, inner) == ()
