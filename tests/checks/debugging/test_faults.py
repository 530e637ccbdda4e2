"""One walk for all rules, with two small rules of our own."""

import ast
from collections.abc import Iterator
from functools import partial

import pytest

from checks.debugging import faults as walk
from checks.debugging.rule import Fault, Rule
from checks.debugging.source.edits import Edit, Fix
from checks.debugging.source.module import Module
from checks.model.findings import Confidence, Severity
from tests.rulecases import module_of


def rule(name: str, **more: object) -> Rule:
    """Calls of `name(x)`, which are to be `x`."""

    def detect(node: ast.Call, module: Module) -> Iterator[Fault]:
        if isinstance(node.func, ast.Name) and node.func.id == name:
            yield Fault(node, name, partial(unwrapped, node, module))

    options: dict[str, object] = {
        "name": name,
        "topic": "t",
        "summary": "s",
        "severity": Severity.LOW,
        "confidence": Confidence.HIGH,
        "cwe": None,
        "nodes": (ast.Call,),
        "detect": detect,
        "documentation": "",
        "fixes": "always",
    }
    return Rule(**(options | more))  # type: ignore[arg-type]  # a table of options


def unwrapped(node: ast.Call, module: Module) -> Fix | None:
    if not node.args:
        return None
    start, end = module.span(node)
    return Fix((Edit(start, end, module.source(node.args[0])),))


OLD, ODD = rule("old"), rule("odd")


@pytest.mark.parametrize(
    ("source", "names"),
    [
        ("old(1)\nodd(2)\n", ["old", "odd"]),
        ("odd(old(1))\n", ["odd", "old"]),
        ("even(1)\nx.old(1)\n", []),
        ("", []),
    ],
)
def test_all_rules_in_the_order_of_the_source(source: str, names: list[str]) -> None:
    assert [found.rule.name for found in walk.faults(module_of(source), [OLD, ODD])] == names


def test_a_rule_that_does_not_hold_in_tests() -> None:
    strict = rule("old", tests=False)
    assert walk.faults(module_of("old(1)\n", path="tests/test_a.py"), [strict]) == []
    assert len(walk.faults(module_of("old(1)\n", path="a.py"), [strict])) == 1


def test_a_rule_is_not_asked_where_none_of_its_words_is() -> None:
    assert walk.faults(module_of("old(1)\n"), [rule("old", mentions=("new", "newer"))]) == []
    assert len(walk.faults(module_of("old(1)  # newer\n"), [rule("old", mentions=("new", "newer"))])) == 1
