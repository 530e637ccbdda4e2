"""Who must agree, and which approvals count."""

from typing import Any

from app.dashboard.parts.case import Case
from app.dashboard.plain import number, text, texts, truth
from app.dashboard.reading import Stood

NAME = "people"


def title(case: Case) -> str:
    """Of the part."""
    return "Who must agree"


def show(case: Case) -> dict[str, Any]:
    """What the decision asks for in sentences, and everybody's word with why it does not count."""
    decision = case.record.decision
    stood = case.stood or Stood("", "")
    return {
        "known": bool(decision),
        "needed": needed(case),
        "blocked": text(decision, "blocked"),
        "review": truth(decision, "review"),
        "reasons": [each for each in texts(decision, "reasons") if each != text(decision, "blocked")],
        "weighed": case.stood is not None,
        "stood": stood,
        "faults": [each for each in stood.faults if each not in (text(decision, "blocked"), stood.remedy)],
        "remedy": stood.remedy if stood.remedy != text(decision, "blocked") else "",
        "excluded": ", ".join(f"@{login} ({why})" for login, why in stood.excluded),
        "head": case.record.head,
    }


def needed(case: Case) -> str:
    """`2 approvals: maintainers or admins, among them @acme/rates`; empty where none is needed."""
    decision = case.record.decision
    approvals, owners, named = number(decision, "approvals"), number(decision, "code_owners"), texts(decision, "named")
    if not approvals:
        return ""
    who = " or ".join(texts(decision, "approvers")) or "anybody with write access"
    among = f", {owners} of them a code owner" if owners else ""
    besides = f", among them {' and '.join(named)}" if named else ""
    return f"{approvals} {'approval' if approvals == 1 else 'approvals'}: {who}{among}{besides}"
