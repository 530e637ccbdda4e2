"""From the configuration to the policy: every key that decides something arrives."""

from dataclasses import replace

import pytest

from app.model.decision import Merge
from app.orchestrator.configured import decided, policy_of
from checks.model.judged import Judged
from checks.model.safety import Assessment, Level, Proposer
from checks.model.verdicts import StageResult, State, Verdict
from checks.settings import Settings, read


def judged(state: State = State.PASSED, level: Level = Level.LOW_RISK) -> Judged:
    verdict = Verdict((StageResult("sandbox", state, "" if state is State.PASSED else "there are no tests"),))
    return Judged("x", None, None, ("a.py",), 1, 0, verdict, Assessment(level, 1, ()), 0.1)


def settings(text: str) -> Settings:
    return read(text.encode())


@pytest.mark.parametrize(
    ("text", "field", "value"),
    [
        ("mode: enforce", "mode", "enforce"),
        ("auto_apply_threshold: NONE", "auto_apply_threshold", "NONE"),
        ("approvals: {solo: true}", "solo", True),
        ("approvals: {merge_after_approval: true}", "merge_after_approval", True),
        ('approvals: {critical_teams: ["@acme/security"]}', "critical_approvers", ("@acme/security",)),
        ("merge: {others: true}", "merge_others", True),
        ("sandbox: {required: true}", "sandbox_required", True),
    ],
)
def test_a_key_reaches_the_policy(text: str, field: str, value: object) -> None:
    assert getattr(policy_of(judged(), settings(text), Proposer.PERSON), field) == value
    assert getattr(policy_of(judged(), Settings(), Proposer.PERSON), field) != value


def test_more_approvals_of_the_configuration_or_of_a_rule_count() -> None:
    asked = settings("approvals: {high_risk: 3, critical: 4}")
    assert decided(judged(level=Level.HIGH_RISK), asked, Proposer.PERSON).approvals == 3
    ruled = replace(judged(level=Level.LOW_RISK), approvals=2, approvers=("@ann",))
    decision = decided(ruled, Settings(), Proposer.PERSON)
    assert (decision.approvals, decision.named) == (2, ("@ann",))


@pytest.mark.parametrize(
    ("state", "text", "blocked"),
    [
        (State.SKIPPED, "sandbox: {required: true}", True),
        (State.SKIPPED, "", False),
        (State.PASSED, "sandbox: {required: true}", False),
    ],
)
def test_what_was_not_tried_is_blocked_where_the_sandbox_is_required(state: State, text: str, blocked: bool) -> None:
    decision = decided(judged(state), settings(text), Proposer.PERSON)
    assert ("`sandbox.required`" in decision.blocked, decision.merge is Merge.NEVER) == (blocked, blocked)
