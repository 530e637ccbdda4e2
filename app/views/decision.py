"""A decision in words: one line for a title, lines for a terminal, Markdown, JSON."""

from typing import Any

from app.model.decision import Decision, Merge
from checks.reports.safe import for_markdown, for_terminal


def title(decision: Decision) -> str:
    """What a check run's title says: `MEDIUM_RISK · needs 1 approval: anybody with write access`."""
    return f"{decision.level.value} · {_state(decision)}"


def _state(decision: Decision) -> str:
    if decision.blocked:
        return f"blocked: {decision.blocked}"
    if not decision.approvals:
        return "no approval needed" + (", merges by itself" if decision.merge is Merge.AUTOMATIC else "")
    noun = "approval" if decision.approvals == 1 else "approvals"
    return f"needs {decision.approvals} {noun}: {_whom(decision)}"


def _whom(decision: Decision) -> str:
    who = " or ".join(decision.approvers) or "anybody with write access"
    owners = decision.code_owners
    named = f", among them {' and '.join(decision.named)}" if decision.named else ""
    return who + (f", {owners} of them a code owner" if owners else "") + named


_MERGE = {
    Merge.AUTOMATIC: "merged by itself once that is there",
    Merge.BY_PERSON: "merged by a person",
    Merge.NEVER: "not to be merged",
}


def lines(decision: Decision) -> list[str]:
    """For a terminal: the state, who merges, and the reasons."""
    said = [f" {for_terminal(_state(decision))}; {_MERGE[decision.merge]}"]
    if decision.review:
        said.append("  the orchestrator's review comes first")
    return [*said, *(f"  {for_terminal(reason)}" for reason in decision.reasons)]


def markdown(decision: Decision) -> str:
    """For a check run or a job's summary."""
    reasons = "".join(f"\n- {for_markdown(reason)}" for reason in decision.reasons)
    review = " The orchestrator's review comes first." if decision.review else ""
    return f"**{for_markdown(_state(decision))}**; {_MERGE[decision.merge]}.{review}{reasons}"


def document(decision: Decision) -> dict[str, Any]:
    """As plain values."""
    return {
        "level": decision.level.value,
        "merge": decision.merge.value,
        "approvals": decision.approvals,
        "code_owners": decision.code_owners,
        "approvers": list(decision.approvers),
        "named": list(decision.named),
        "review": decision.review,
        "blocked": decision.blocked,
        "reasons": list(decision.reasons),
    }
