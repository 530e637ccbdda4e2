"""Modes, approvals and merging."""

import pytest

from checks.configuration.approvals import AutoApply, Method, Mode
from tests.configurations import good, only, told


def test_without_a_file() -> None:
    read = good("")
    assert (read.mode, read.auto_apply_threshold) == (Mode.OBSERVE, AutoApply.LOW_RISK)
    assert (read.approvals.medium_risk, read.approvals.high_risk, read.approvals.critical) == (1, 2, 2)
    assert (read.approvals.solo, read.approvals.code_owners, read.approvals.merge_after_approval) == (
        False,
        True,
        False,
    )
    assert (read.merge.others, read.merge.method) == (False, Method.SQUASH)


@pytest.mark.parametrize("mode", Mode)
def test_modes(mode: Mode) -> None:
    assert good(f"mode: {mode}").mode is mode


@pytest.mark.parametrize("threshold", AutoApply)
def test_thresholds(threshold: AutoApply) -> None:
    assert good(f"auto_apply_threshold: {threshold}").auto_apply_threshold is threshold


def test_every_key_of_approvals_and_merge() -> None:
    read = good(
        "approvals: {solo: true, medium_risk: 2, high_risk: 3, critical: 10, critical_teams: ['@a/b', '@ann'],\n"
        "  code_owners: false, merge_after_approval: yes}\n"
        "merge: {others: true, method: rebase}\n"
    )
    assert (read.approvals.medium_risk, read.approvals.high_risk, read.approvals.critical) == (2, 3, 10)
    assert read.approvals.critical_teams == ("@a/b", "@ann")
    assert (read.approvals.solo, read.approvals.code_owners, read.approvals.merge_after_approval) == (True, False, True)
    assert (read.merge.others, read.merge.method) == (True, Method.REBASE)


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("mode: off", "1: mode: False is not valid (YAML reads off as false)."),
        ("mode: enforced", "1: mode: 'enforced' is not valid."),
        ("auto_apply_threshold: MEDIUM_RISK", "1: auto_apply_threshold: 'MEDIUM_RISK' is not valid."),
        ("auto_apply_threshold: null", "1: auto_apply_threshold: there is nothing here."),
        ("approvals:\n  medium_risk: 0", "2: approvals.medium_risk: 0 is not valid: 1 at least."),
        ("approvals:\n  high_risk: 1", "2: approvals.high_risk: 1 is not valid: 2 at least."),
        ("approvals:\n  critical: 1", "2: approvals.critical: 1 is not valid: 2 at least."),
        ("approvals:\n  critical: 11", "2: approvals.critical: 11 is not valid: 10 at most."),
        ("approvals:\n  solo: 1", "2: approvals.solo: this is to be true or false."),
        ("approvals:\n  solo: 'yes'", "2: approvals.solo: this is to be true or false."),
        ("approvals:\n  medium_risk: 3", "1: approvals: high_risk (2) is to be at least medium_risk (3)."),
        ("approvals: {high_risk: 3}", "1: approvals: critical (2) is to be at least high_risk (3)."),
        ("merge: {method: ff}", "1: merge.method: 'ff' is not valid."),
        ("merge: {others: forks}", "1: merge.others: this is to be true or false."),
        (
            "dependency_bots: renovate[bot]",
            "1: dependency_bots: this is to be a list, one entry a line, each with '- ' before it.",
        ),
    ],
)
def test_what_is_not_valid(text: str, said: str) -> None:
    assert only(text) == said


def test_all_faults_are_told_by_line() -> None:
    assert told("merge:\n  method: ff\nmode: of\nlimits:\n  jobs: 0\n  fils: 3\n") == [
        "2: merge.method: 'ff' is not valid.",
        "3: mode: 'of' is not valid.",
        "5: limits.jobs: 0 is not valid: 1 at least.",
        "6: unknown key 'limits.fils'.",
    ]
