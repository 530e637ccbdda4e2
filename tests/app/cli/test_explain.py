"""`selfmod explain`."""

import json
from pathlib import Path

import pytest

from app.cli.explain import names
from checks.debugging.rules import RULES
from tests.commands import selfmod

RULE = "mutable-default-argument"


def test_all_rules_in_a_table(tmp_path: Path) -> None:
    ran = selfmod("explain", at=tmp_path)
    assert ran.code == 0
    lines = ran.text.splitlines()
    assert [line.strip() for line in lines if not line.startswith(" ")] == list(dict.fromkeys(r.topic for r in RULES))
    assert sorted(line.split()[0] for line in lines if line.startswith(" ")) == sorted(rule.name for rule in RULES)


def test_all_rules_as_json(tmp_path: Path) -> None:
    rows = json.loads(selfmod("explain", "--json", at=tmp_path).out)
    assert [row["name"] for row in rows] == [rule.name for rule in RULES]
    assert set(rows[0]) == {"name", "topic", "summary", "severity", "confidence", "cwe", "fixes", "aliases"}


@pytest.mark.parametrize("name", [RULE, RULE.upper(), "B006", "b006"])
def test_a_rule_by_name_or_by_another_tools_code(tmp_path: Path, name: str) -> None:
    ran = selfmod("explain", name, at=tmp_path)
    rule = next(rule for rule in RULES if rule.name == RULE)
    assert ran.code == 0 and ran.text.startswith(f"# {rule.summary}\n\n{RULE} · medium")
    assert all(f"## {part}\n" in ran.text for part in ("What it does", "Why it is bad", "Example", "Use instead"))
    assert b"\x1b" not in ran.out
    document = json.loads(selfmod("explain", name, "--json", at=tmp_path).out)
    assert document["name"] == RULE and "## Example" in document["documentation"]


@pytest.mark.parametrize(
    ("code", "said"),
    [
        ("B404", "B404 is a test of bandit: https://bandit.readthedocs.io/"),
        ("f821", "F821 is a rule of ruff: https://docs.astral.sh/ruff/rules/"),
        ("unused-suppression", "Remove it."),
    ],
)
def test_what_is_of_another_tool(tmp_path: Path, code: str, said: str) -> None:
    ran = selfmod("explain", code, at=tmp_path)
    assert ran.code == 0 and said in ran.text
    document = json.loads(selfmod("explain", code, "--json", at=tmp_path).out)
    assert set(document) == {"name", "documentation"} and said in document["documentation"]


@pytest.mark.parametrize(
    ("name", "said"),
    [
        ("mutable-default", f"Did you mean {RULE}?"),
        ("unused-supression", "Did you mean unused-suppression?"),
        ("zzz", "All rules: selfmod explain"),
        ("B99999", "All rules: selfmod explain"),
        ("B999", "All rules: selfmod explain"),
        ("S999", "All rules: selfmod explain"),
        ("E501", "All rules: selfmod explain"),
        ("", "All rules: selfmod explain"),
    ],
)
def test_nonsense(tmp_path: Path, name: str, said: str) -> None:
    ran = selfmod("explain", name, at=tmp_path)
    assert ran.code == 2 and ran.out == b"" and ran.error == f"selfmod: there is no rule {name!r}.  {said}\n"


def test_what_a_shell_completes() -> None:
    assert names("mutable-d") == [RULE]
    assert set(names("")) > {rule.name for rule in RULES}
