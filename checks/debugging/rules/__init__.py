"""The rules: one file each, one line each in the tuple of its topic."""

from checks.debugging.rule import Rule
from checks.debugging.rules import arguments, network

RULES: tuple[Rule, ...] = (*arguments.RULES, *network.RULES)

BY_NAME: dict[str, Rule] = {rule.name: rule for rule in RULES}
