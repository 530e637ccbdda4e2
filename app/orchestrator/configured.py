"""From a repository's configuration, and what is known here of its people, to the policy for one change."""

from app.model.decision import Decision
from app.orchestrator.decide import decide
from app.orchestrator.policy import TEAM, Policy
from checks.model.judged import Judged
from checks.model.safety import Level, Proposer
from checks.settings import Settings


def decided(judged: Judged, settings: Settings, proposer: Proposer) -> Decision:
    """The decision where nobody looks up people: on a checkout, in the Action."""
    return decide(judged.assessment, judged.verdict, policy_of(judged, settings, proposer))


def policy_of(judged: Judged, settings: Settings, proposer: Proposer) -> Policy:
    """What the configuration says; people are unknown here, but for whether the repository names code owners at all."""
    approvals = settings.approvals
    asked = {
        Level.MEDIUM_RISK: approvals.medium_risk,
        Level.HIGH_RISK: approvals.high_risk,
        Level.CRITICAL: approvals.critical,
    }
    # a rule's number holds whatever the level
    numbers = {level: max(asked.get(level, 0), judged.approvals) for level in Level}
    return Policy(
        proposer=proposer,
        from_fork=proposer is Proposer.FORK,
        mode=settings.mode,
        auto_apply_threshold=settings.auto_apply_threshold,
        approvals=numbers,
        critical_approvers=approvals.critical_teams or TEAM,
        code_owners=None if judged.owned and approvals.code_owners else (),
        named=judged.approvers,
        solo=approvals.solo,
        merge_after_approval=approvals.merge_after_approval,
        merge_others=settings.merge.others,
        sandbox_required=settings.sandbox.required,
    )
