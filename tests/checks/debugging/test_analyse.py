import ast
import base64
import json
from typing import Any

import pytest

from checks.debugging.analyse import analyse, packed_surroundings, place, surroundings_of
from checks.debugging.source.module import Surroundings
from tests.rulecases import module_of


def run(source: bytes, path: str = "package/module.py") -> dict[str, Any]:
    """The answer as it comes through a pipe."""
    task = {
        "path": path,
        "content": base64.b64encode(source).decode(),
        "surroundings": packed_surroundings(Surroundings()),
    }
    answer: dict[str, Any] = json.loads(json.dumps(analyse(json.loads(json.dumps(task)))))
    return answer


@pytest.mark.parametrize(
    "surroundings",
    [
        Surroundings(),
        Surroundings((3, 8), frozenset(), frozenset({"a", "b"})),
        Surroundings((3, 14), frozenset({"requests", "yaml"}), frozenset()),
    ],
)
def test_surroundings_travel(surroundings: Surroundings) -> None:
    packed = json.dumps(packed_surroundings(surroundings))
    assert surroundings_of(json.loads(packed)) == surroundings


def test_surroundings_have_one_text() -> None:
    names = [f"n{number}" for number in range(50)]
    one = Surroundings(distributions=frozenset(names), own=frozenset(names))
    other = Surroundings(distributions=frozenset(reversed(names)), own=frozenset(reversed(names)))
    assert json.dumps(packed_surroundings(one)) == json.dumps(packed_surroundings(other))


def test_findings_scopes_and_comments() -> None:
    answer = run(b"class C:\n    def f(self):\n        eval(x)\n\nassert x  # nosec B101\nasync def g(): pass\n")
    assert [(row["rule"], row["line"], row["column"]) for row in answer["findings"] if row["tool"] == "bandit"] == [
        ("B307", 3, 9)
    ]
    assert answer["scopes"] == [[1, 3, "C"], [2, 3, "C.f"], [6, 6, "g"]]
    assert answer["nosec"] == [[5, ["B101"]]]
    assert (answer["notes"], answer["lasting"]) == ([], True)


def test_an_assertion_in_a_test_says_nothing() -> None:
    assert run(b"assert x\n", "tests/test_x.py")["findings"] == []


@pytest.mark.parametrize(
    ("source", "reason"), [(b"\0", "NUL"), (b"(", "syntax error"), (b"# coding: no\n", "encoding")]
)
def test_what_cannot_be_read_has_a_reason(source: bytes, reason: str) -> None:
    answer = run(source)
    assert answer.keys() == {"reason"}
    assert reason in answer["reason"]


@pytest.mark.parametrize(
    ("source", "expected"),
    [
        ("x = 1", (1, 1, 1, 6)),
        ("é; ü = 1", (1, 1, 1, 2)),
        ("f(\n  'é'\n)", (1, 1, 3, 2)),
        ("def f(\n    a,\n):\n    pass", (1, 1, 1, 7)),
        ("class C: pass", (1, 1, 1, 14)),
        ("if x:\n    y\nelse:\n    z", (1, 1, 1, 6)),
        ("with a as b:  # why\n    y", (1, 1, 1, 20)),
        ("@d\ndef f(): pass", (2, 1, 2, 14)),
        ("try:\n    x\nfinally:\n    y", (1, 1, 1, 5)),
    ],
)
def test_the_place_of_a_statement(source: str, expected: tuple[int, int, int, int]) -> None:
    module = module_of(source.encode())
    assert place(module.text, module.tree.body[0]) == expected


def test_the_place_of_other_nodes() -> None:
    module = module_of("try:\n    x\nexcept  E  as e:\n    lambda: 'é'\n".encode())
    (handler,) = (node for node in module.nodes if isinstance(node, ast.ExceptHandler))
    (function,) = (node for node in module.nodes if isinstance(node, ast.Lambda))
    assert place(module.text, handler) == (3, 1, 3, 17)
    assert place(module.text, function) == (4, 5, 4, 16)
    assert place(module.text, module.tree) == (1, 1, 1, 1)
