"""From a module to the faults in it, and to its text with the faults mended."""

import ast
from collections.abc import Callable, Iterable
from dataclasses import dataclass

from checks.debugging.rule import Fault, Rule
from checks.debugging.source.edits import Edit, Fix, applied, fits
from checks.debugging.source.module import Module, Surroundings, parse
from checks.debugging.source.text import Text
from checks.model.findings import NotAnalysed

ROUNDS = 10
"""Fixes that overlap are applied one after the other: so often at most is a file looked at again."""


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


def mended(
    text: Text, surroundings: Surroundings, rules: Iterable[Rule], wanted: Callable[[Module, Found], bool]
) -> Text:
    """The text with the fixes of all wanted faults in, applied in rounds until none is left that can be built."""
    rules = tuple(rules)
    for _ in range(ROUNDS):
        module = parse(text, surroundings)
        if isinstance(module, NotAnalysed):
            return text
        taken: list[Edit] = []
        for found in faults(module, rules):
            if found.fault.fix is None or not wanted(module, found):
                continue
            fix: Fix | None = found.fault.fix()
            if fix is not None and fits(fix, taken):
                taken.extend(fix.edits)
        if not taken:
            return text
        text = Text(text.path, applied(text, taken), text.encoding, text.bom)
    return text
