import ast

import pytest

from checks.debugging.source.gaps import builtin, has_comment, operator, pieces
from tests.rulecases import module_of


@pytest.mark.parametrize(
    ("source", "expected"),
    [
        ("a is b\n", "is"),
        ("(a)is  not(b)\n", "is  not"),
        ("x = (a  # is\n    not in  # in\n    b)\n", "not in"),
        ("é == b\n", "=="),
        ("(a\n is # why\n not b)\n", None),
    ],
)
def test_operator_is_found_between_comments_and_parentheses(source: str, expected: str | None) -> None:
    module = module_of(source)
    node = next(node for node in module.nodes if isinstance(node, ast.Compare))
    place = operator(module, node.left, node.comparators[0])
    assert (place and module.text.data[slice(*place)].decode()) == expected


def test_pieces_keep_a_comment_whole() -> None:
    module = module_of("x = (a,  # b, c\n    d)\n")
    name = next(node for node in module.nodes if isinstance(node, ast.Tuple))
    start, end = module.span(name.elts[0])[1], module.span(name.elts[1])[0]
    assert [piece[2] for piece in pieces(module, start, end)] == [",", "# b, c"]
    assert has_comment(module, name)


@pytest.mark.parametrize(
    ("source", "expected"),
    [("list(x)\n", True), ("list = 1\nlist(x)\n", False), ("from a import *\nlist(x)\n", False)],
)
def test_builtin(source: str, expected: bool) -> None:
    module = module_of(source)
    call = next(node for node in module.nodes if isinstance(node, ast.Call))
    assert builtin(module, "list", call) is expected
