"""The rules: one file each, one line each in the tuple of its topic."""

from checks.debugging.rule import Rule
from checks.debugging.rules import (
    arguments,
    collections,
    comparison,
    concurrency,
    exceptions,
    files,
    injection,
    leftovers,
    network,
    removed,
    resources,
    secrets,
    time,
)

RULES: tuple[Rule, ...] = (
    *arguments.RULES,
    *collections.RULES,
    *comparison.RULES,
    *concurrency.RULES,
    *exceptions.RULES,
    *files.RULES,
    *injection.RULES,
    *leftovers.RULES,
    *network.RULES,
    *removed.RULES,
    *resources.RULES,
    *secrets.RULES,
    *time.RULES,
)

BY_NAME: dict[str, Rule] = {rule.name: rule for rule in RULES}
