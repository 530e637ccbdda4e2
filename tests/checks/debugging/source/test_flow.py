import ast

import pytest

from checks.debugging.source.flow import always_reraises, leaving, run_by


def test_what_nested_functions_hold_is_run_at_another_time() -> None:
    block = ast.parse("a\ndef f():\n    b\nif c:\n    lambda: d\n    e\n").body
    assert [node.id for node in run_by(block) if isinstance(node, ast.Name)] == ["a", "c", "e"]


@pytest.mark.parametrize(
    ("source", "kinds"),
    [
        ("while a:\n    break\nelse:\n    continue\n", ["Continue"]),
        ("for x in y:\n    return\n", ["Return"]),
        ("try:\n    break\nexcept E:\n    return\n", ["Break", "Return"]),
        ("match x:\n    case 1:\n        break\n", ["Break"]),
        ("def f():\n    return\n", []),
    ],
)
def test_leaving(source: str, kinds: list[str]) -> None:
    assert [type(node).__name__ for node in leaving(ast.parse(source).body)] == kinds


@pytest.mark.parametrize(
    ("source", "expected"),
    [
        ("log()\nraise\n", True),
        ("if a:\n    raise\nelse:\n    raise\n", True),
        ("if a:\n    raise\n", False),
        ("if a:\n    return\nraise\n", False),
        ("raise E\n", False),
        ("raise\nlog()\n", False),
    ],
)
def test_reraising(source: str, expected: bool) -> None:
    assert always_reraises(ast.parse(source).body) is expected
