"""A decision in words: one line for a title, lines for a terminal, Markdown, JSON."""

from typing import Any

from app.model.decision import Decision, Merge
from checks.reports.safe import for_markdown, for_terminal


def title(decision: Decision) -> str:
    """What a check run's title says: `MEDIUM_RISK · needs 1 approval: anybody with write access`."""
    return f"{decision.level.value} · {_state(decision)}"


def _state(decision: Decision) -> str:
    if decision.blocked:
        return f"blocked: {_within(decision.blocked)}"
    if not decision.approvals:
        return "no approval needed" + (", merges by itself" if decision.merge is Merge.AUTOMATIC else "")
    return f"needs {_needed(decision)}"


def needs(decision: Decision) -> str:
    """Who must agree, for a cell of a table: `1 approval: anybody with write access`, `none`, `blocked`."""
    if decision.blocked:
        return "blocked"
    return _needed(decision) if decision.approvals else "none"


def _within(sentence: str) -> str:
    """A sentence as the end of another."""
    return sentence[:1].lower() + sentence[1:]


def _needed(decision: Decision) -> str:
    noun = "approval" if decision.approvals == 1 else "approvals"
    return f"{decision.approvals} {noun}: {_whom(decision)}"


def _whom(decision: Decision) -> str:
    who = " or ".join(decision.approvers) or "anybody with write access"
    owners = decision.code_owners
    named = f", among them {' and '.join(decision.named)}" if decision.named else ""
    return who + (f", {owners} of them a code owner" if owners else "") + named


def lines(decision: Decision) -> list[str]:
    """For a terminal, beneath the factors: the state, how it gets in, and nothing twice."""
    said = [f" {for_terminal(_state(decision))}"]
    return [*said, *(f"  {for_terminal(each)}" for each in _further(decision))]


def markdown(decision: Decision) -> str:
    """For a check run or a job's summary, beneath the factors."""
    further = "".join(f"\n- {for_markdown(each)}" for each in _further(decision))
    return f"**{for_markdown(_state(decision))}**{further}"


def _further(decision: Decision) -> list[str]:
    """What the state does not say: who must agree all the same, who comes first, how it gets in."""
    said = []
    if decision.blocked and decision.approvals:
        said.append(f"After that it needs {_needed(decision)}.")
    if decision.review:
        said.append("The orchestrator's review comes first.")
    return [*said, *(each for each in decision.reasons if each != decision.blocked)]


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
        "why": decision.why,
        "reasons": list(decision.reasons),
    }
