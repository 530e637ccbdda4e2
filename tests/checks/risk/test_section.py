"""Thresholds, sensitive paths, and the form of a repository's own rules."""

import pytest

from checks.model.safety import Level, Proposer
from checks.risk.evidence import THRESHOLDS
from checks.risk.predicates import PREDICATES
from checks.risk.section import DEEPEST_CONDITION, Condition
from tests.configurations import good, only, told


def test_without_a_file_the_thresholds_are_those_of_the_assessment() -> None:
    assert good("").risk.thresholds.by_level() == THRESHOLDS


def test_thresholds_are_lowered_freely_and_raised_by_half_at_most() -> None:
    low = good(
        "risk: {thresholds: {LOW_RISK: 0, MEDIUM_RISK: 1, HIGH_RISK: 2, CRITICAL: 3}}"
    ).risk.thresholds.by_level()
    assert [low[level] for level in Level if level is not Level.SAFE] == [0, 1, 2, 3]
    high = good("risk: {thresholds: {MEDIUM_RISK: 6, HIGH_RISK: 13, CRITICAL: 24}}").risk.thresholds.by_level()
    assert all(high[level] <= 1.5 * THRESHOLDS[level] for level in THRESHOLDS)


KEYS = "risk: {thresholds: {%s}}"
RULE = "policy: [{name: a, if: %s, then: %s}]"


@pytest.mark.parametrize(
    ("text", "said"),
    [
        (KEYS % "LOW_RISK: 2", "1: risk.thresholds.LOW_RISK: 2 is not valid: 1 at most."),
        (KEYS % "MEDIUM_RISK: 7", "1: risk.thresholds.MEDIUM_RISK: 7 is not valid: 6 at most."),
        (KEYS % "HIGH_RISK: 14", "1: risk.thresholds.HIGH_RISK: 14 is not valid: 13 at most."),
        (KEYS % "CRITICAL: 37", "1: risk.thresholds.CRITICAL: 37 is not valid: 36 at most."),
        (KEYS % "CRITICAL: -1", "1: risk.thresholds.CRITICAL: -1 is not valid: 3 at least."),
        (KEYS % "HIGH_RISK: 4", "1: risk.thresholds: HIGH_RISK (4) is to be more than MEDIUM_RISK (4)."),
        (KEYS % "CRITICAL: 8", "1: risk.thresholds: CRITICAL (8) is to be more than HIGH_RISK (9)."),
        (KEYS % "SAFE: 0", "1: unknown key 'risk.thresholds.SAFE'."),
        ("risk: {sensitive: [{level: CRITICAL}]}", "1: risk.sensitive.0.paths: this is required."),
        ("risk: {sensitive: [{paths: []}]}", "1: risk.sensitive.0.paths: 1 entry at least."),
        (
            "risk: {sensitive: [{paths: [a], level: SAFE}]}",
            "1: risk.sensitive.0.level: a rule only ever raises a level, and nothing is below SAFE.",
        ),
        ("risk: {sensitive: [{paths: [a], level: HIGH}]}", "1: risk.sensitive.0.level: 'HIGH' is not valid."),
        (
            "risk: {sensitive: [{paths: [a], teams: [x]}]}",
            "1: risk.sensitive.0.teams.0: a person or a team is written with '@' before it: '@x'.",
        ),
        (
            RULE % ("{}", "{approvals: 1}"),
            '1: policy.0.if: a condition without a predicate would always hold; for that write paths: ["**"].',
        ),
        (
            RULE % ("{paths: []}", "{approvals: 1}"),
            '1: policy.0.if: a condition without a predicate would always hold; for that write paths: ["**"].',
        ),
        (
            RULE % ("{paths: [a]}", "{}"),
            "1: policy.0.then: this demands nothing: give a level, approvers or approvals.",
        ),
        (
            RULE % ("{paths: [a]}", "{reason: x}"),
            "1: policy.0.then: this demands nothing: give a level, approvers or approvals.",
        ),
        (
            RULE % ("{paths: [a]}", "{level: SAFE}"),
            "1: policy.0.then.level: a rule only ever raises a level, and nothing is below SAFE.",
        ),
        (RULE % ("{paths: [a]}", "{approvals: 0}"), "1: policy.0.then.approvals: 0 is not valid: 1 at least."),
        (RULE % ("{paths: [a]}", "{approvals: 11}"), "1: policy.0.then.approvals: 11 is not valid: 10 at most."),
        (RULE % ("{lines_over: -1}", "{approvals: 1}"), "1: policy.0.if.lines_over: -1 is not valid: 0 at least."),
        (RULE % ("{files_over: '1'}", "{approvals: 1}"), "1: policy.0.if.files_over: this is to be a whole number."),
        (RULE % ("{touches_tests: 1}", "{approvals: 1}"), "1: policy.0.if.touches_tests: this is to be true or false."),
        (RULE % ("{proposer: [robot]}", "{approvals: 1}"), "1: policy.0.if.proposer.0: 'robot' is not valid."),
        (
            RULE % ("{authors: ['@a/b']}", "{approvals: 1}"),
            "1: policy.0.if.authors.0: this is not a person as GitHub writes it, such as '@ann'.",
        ),
        (
            RULE % ("{author_in_teams: ['@ann']}", "{approvals: 1}"),
            "1: policy.0.if.author_in_teams.0: this is not a team as GitHub writes it, such as '@acme/security'.",
        ),
        (
            "policy:" + 2 * "\n- {name: a, if: {paths: [a]}, then: {approvals: 1}}",
            "1: policy: two rules are called 'a'.",
        ),
        ("policy: {name: a}", "1: policy: this is to be a list, one entry a line, each with '- ' before it."),
    ],
)
def test_what_is_not_valid(text: str, said: str) -> None:
    assert only(text) == said


def nested(depth: int) -> str:
    return "{not: " * (depth - 1) + "{paths: [a]}" + "}" * (depth - 1)


def test_conditions_are_nested_to_a_bound() -> None:
    (rule,) = good(RULE % (nested(DEEPEST_CONDITION), "{approvals: 1}")).policy
    assert rule.if_.depth() == DEEPEST_CONDITION
    assert told(RULE % (nested(DEEPEST_CONDITION + 1), "{approvals: 1}")) == [
        f"1: policy.0.if: conditions are nested deeper than {DEEPEST_CONDITION} levels."
    ]
    assert told(RULE % (nested(40), "{approvals: 1}")) == ["1: it is nested deeper than 20 levels."]


def test_every_key_of_a_rule() -> None:
    (rule,) = good(
        "policy:\n- name: all of it\n  if:\n    paths: [a]\n    only_paths: ['**']\n    authors: ['@ann', '@x[bot]']\n"
        "    not_authors: ['@bob']\n    author_in_teams: ['@a/b']\n    lines_over: 0\n    files_over: 3\n"
        "    proposer: [fork, selfmod]\n    touches_tests: false\n    changed_dependencies: true\n"
        "    all: [{lines_over: 1}]\n    any: [{lines_over: 2}]\n    not: {lines_over: 4}\n"
        "  then: {level: CRITICAL, approvers: ['@ann', '@a/b'], approvals: 3, reason: Because.}\n"
    ).policy
    assert rule.if_.said() == tuple(Condition.model_fields)
    assert rule.if_.proposer == (Proposer.FORK, Proposer.SELFMOD)
    assert (rule.then.level, rule.then.approvals, rule.then.reason) == (Level.CRITICAL, 3, "Because.")


def test_every_key_of_a_condition_has_somebody_who_answers() -> None:
    assert list(PREDICATES) == list(Condition.model_fields)
