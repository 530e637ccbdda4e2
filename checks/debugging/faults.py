"""From a module to the faults in it."""

import ast
from collections.abc import Iterable
from dataclasses import dataclass

from checks.debugging.rule import Fault, Rule
from checks.debugging.source.module import Module


@dataclass(frozen=True, slots=True)
class Found:
    """A fault with the rule that it breaks."""

    rule: Rule
    fault: Fault


def faults(module: Module, rules: Iterable[Rule]) -> list[Found]:
    """All faults of a module, in one walk for all rules."""
    table: dict[type[ast.AST], list[Rule]] = {}
    for rule in rules:
        if not rule.tests and module.is_test:
            continue
        if rule.mentions and not any(word.encode() in module.text.data for word in rule.mentions):
            continue
        for kind in rule.nodes:
            table.setdefault(kind, []).append(rule)
    if not table:
        return []
    return [
        Found(rule, fault)
        for node in module.nodes
        for rule in table.get(type(node), ())
        for fault in rule.detect(node, module)
    ]
