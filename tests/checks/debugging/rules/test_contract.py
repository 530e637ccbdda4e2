"""What every rule promises, held against its own documentation."""

import ast
import re
from pathlib import Path

import pytest

from checks.debugging.rule import Rule
from checks.debugging.rules import RULES
from checks.debugging.source.module import Surroundings
from tests.rulecases import fixed, found

SECTIONS = ("What it does", "Why it is bad", "Example", "Use instead")
EVERYTHING = Surroundings(python=(3, 12), distributions=frozenset({"defusedxml"}))
rules = pytest.mark.parametrize("rule", RULES, ids=lambda rule: rule.name)


def section(rule: Rule, title: str) -> str:
    match = re.search(rf"^## {title}\n(.*?)(?=^## |\Z)", rule.documentation, re.M | re.S)
    assert match, f"{rule.name}: no section {title!r}"
    return match.group(1)


def code(rule: Rule, title: str) -> str:
    match = re.search(r"```python\n(.*?)```", section(rule, title), re.S)
    assert match, f"{rule.name}: no code in {title!r}"
    return match.group(1)


def test_names_are_unique_and_an_alias_belongs_to_one_topic() -> None:
    names = [rule.name for rule in RULES]
    topics = {(alias, rule.topic) for rule in RULES for alias in rule.aliases}
    assert len(set(names)) == len(names)
    assert len({alias for alias, _ in topics}) == len(topics)


@rules
def test_documentation_has_all_sections_with_text(rule: Rule) -> None:
    for title in SECTIONS:
        assert section(rule, title).strip()
    assert re.fullmatch(r"[a-z0-9]+(-[a-z0-9]+)+", rule.name)
    assert rule.summary and not rule.summary.endswith(".")


@rules
def test_example_has_the_fault_and_use_instead_has_not(rule: Rule) -> None:
    assert found(rule, code(rule, "Example"), surroundings=EVERYTHING)
    assert not found(rule, code(rule, "Use instead"), surroundings=EVERYTHING)


@rules
def test_fix_of_the_example_keeps_comments_and_changes_nothing_the_second_time(rule: Rule) -> None:
    example = "# first comment\n" + code(rule, "Example") + "# last comment\n"
    offers = [f.fault.fix is not None for f in found(rule, example, surroundings=EVERYTHING)]
    if rule.fixes == "never":
        assert not any(offers)
        return
    if rule.fixes == "always":
        assert all(offers)
    result = fixed(rule, example, surroundings=EVERYTHING)
    ast.parse(result)
    assert result.startswith("# first comment\n") and result.endswith("# last comment\n")
    if any(offers):
        assert result != example
        assert not [f for f in found(rule, result, surroundings=EVERYTHING) if f.fault.fix]
    assert fixed(rule, result, surroundings=EVERYTHING) == result


@rules
def test_look_alikes_are_at_least_as_many_as_the_cases_that_are_fixed(rule: Rule) -> None:
    place = Path(__file__).parent / rule.topic / f"test_{rule.name.replace('-', '_')}.py"
    counts = {
        node.targets[0].id: len(node.value.elts)
        for node in ast.parse(place.read_text("utf-8")).body
        if isinstance(node, ast.Assign) and isinstance(node.targets[0], ast.Name) and isinstance(node.value, ast.List)
    }
    assert counts["SILENT"] >= counts.get("FIXED", 0)
