"""Cases for a repository's rules: what passes, and what is said where one does not."""

from typing import Any

import pytest

from checks import settings
from checks.model.errors import Refusal
from checks.risk.cases import Case, run
from checks.settings import Settings
from tests.configurations import good

CONFIGURATION = """
risk:
  sensitive:
  - {paths: [src/billing/], level: CRITICAL, teams: ['@acme/billing']}
policy:
- name: sign-in
  if: {paths: [src/auth/**], not: {author_in_teams: ['@acme/security']}}
  then: {level: HIGH_RISK, approvers: ['@acme/security']}
- name: large
  if: {lines_over: 300}
  then: {level: MEDIUM_RISK}
"""
LOGIN = {"paths": ["src/auth/login.py"], "author": "@eve", "lines": 1}
SETTINGS = good(CONFIGURATION)


def faults(change: dict[str, Any], expect: dict[str, Any], within: Settings = SETTINGS) -> tuple[str, ...]:
    case = Case.model_validate({"name": "a", "change": change, "expect": expect})
    return run(case, within.policy, within.risk).faults


@pytest.mark.parametrize(
    ("change", "expect"),
    [
        (LOGIN, {"level": "HIGH_RISK", "approvers": ["@ACME/security"], "rules": ["sign-in"]}),
        (LOGIN | {"teams": ["@acme/security"]}, {"level": "SAFE", "approvers": [], "rules": []}),
        (LOGIN | {"lines": 301}, {"level": "HIGH_RISK", "rules": ["large", "sign-in"]}),
        (
            {"paths": ["src/billing/a.py"], "lines": 1},
            {"level": "CRITICAL", "approvers": ["@acme/billing"], "rules": []},
        ),
        ({"paths": ["a"]}, {"level": "MEDIUM_RISK"}),  # the lines are left out: unknown
    ],
)
def test_what_is_as_expected(change: dict[str, Any], expect: dict[str, Any]) -> None:
    assert faults(change, expect) == ()


@pytest.mark.parametrize(
    ("change", "expect", "said"),
    [
        (
            {"paths": ["a.md"], "author": "@eve", "lines": 1},
            {"level": "HIGH_RISK"},
            (
                "the level is SAFE, expected was HIGH_RISK",
                "rule 'sign-in' does not apply: paths: no changed path matches (changed: a.md)",
            ),
        ),
        (
            LOGIN | {"teams": ["@acme/security"]},
            {"rules": ["sign-in"]},
            ("rule 'sign-in' does not apply: not author_in_teams: the author is in @acme/security",),
        ),
        (
            LOGIN | {"lines": 400},
            {"level": "SAFE"},
            (
                "the level is HIGH_RISK, expected was SAFE",
                "'sign-in' demands HIGH_RISK: paths: src/auth/login.py matches; "
                "not author_in_teams: the author is in none of them",
                "'large' demands MEDIUM_RISK: lines_over: 400 lines are changed, more than 300",
            ),
        ),
        (LOGIN, {"level": "CRITICAL"}, ("the level is HIGH_RISK, expected was CRITICAL", "no rule demands CRITICAL")),
        (
            {"paths": ["a"], "lines": 400},
            {"rules": ["sing-in"]},
            ("there is no rule 'sing-in'", "rule 'large' applies: lines_over: 400 lines are changed, more than 300"),
        ),
        (
            {"paths": ["src/billing/a.py"], "lines": 1},
            {"approvers": ["@acme/security", "@ann"]},
            (
                "@acme/billing is asked for by 'sensitive: src/billing/': src/billing/a.py matches src/billing/",
                "@acme/security is not asked for: rule 'sign-in' does not apply: paths: no changed path matches "
                "(changed: src/billing/a.py)",
                "@ann is not asked for: no rule names them",
            ),
        ),
    ],
)
def test_what_made_the_difference(change: dict[str, Any], expect: dict[str, Any], said: tuple[str, ...]) -> None:
    assert faults(change, expect) == said


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("", "line 1: cases: this is required.  "),
        ("cases: []", "line 1: cases: 1 entry at least.  "),
        ("case: []", "line 1: cases: this is required.  "),
        ("- a", "holds no keys.  Begin with one of: cases."),
        ("cases:\n- name: a\n  chnge: {}", "line 2: cases.0.change: this is required.  "),
        (
            "cases:\n- name: a\n  change: {path: [a]}\n  expect: {level: SAFE}",
            "line 3: unknown key 'cases.0.change.path'.  Did you mean 'paths'?",
        ),
        (
            "cases:\n- name: a\n  change: {paths: [a]}\n  expect: {}",
            "line 4: cases.0.expect: this expects nothing: give a level, approvers or rules.  ",
        ),
        (
            "cases:\n- name: a\n  change: {author: eve}\n  expect: {level: SAFE}",
            "line 3: cases.0.change.author: a person is written with '@' before it: '@eve'.  ",
        ),
    ],
)
def test_files_of_cases_that_are_not_valid(text: str, said: str) -> None:
    with pytest.raises(Refusal) as refused:
        settings.read_cases(text.encode())
    assert said in str(refused.value)
    assert str(refused.value).startswith(".github/selfmod-tests.yml")
