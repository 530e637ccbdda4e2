"""What the gate's word makes of a proposal: it may be applied, or waits for people; and what becomes of one that was
declined and is opened again."""

from dataclasses import replace

from app.model.forge import Pull
from app.model.modification import Modification, Status
from app.store import audit
from app.store.proposed import modifications
from app.workflows.steps import Tools

OPEN = (Status.PENDING_APPROVAL, Status.APPROVED)
REOPENED = "reopened"
"""The kind of the audit record of a declined proposal that somebody opened again."""


def agreed(tools: Tools, pull: Pull, passes: bool) -> None:
    """Keeps it for selfmod's own, while it is open; how and by whom it was agreed is in the audit chain. One that is
    just made anew on another base has another head then, and a gate of its own."""
    if not (pull.own and pull.open):
        return
    made = modifications.of_pull(tools.store, pull.repository, pull.number)
    status = Status.APPROVED if passes else Status.PENDING_APPROVAL
    if made is not None and made.status in OPEN and made.status is not status:
        modifications.settle(tools.store, made, status)


def reopened(tools: Tools, made: Modification) -> Modification:
    """A declined proposal waits once more. That it was declined is written down first: its status tells no more."""
    facts = {"modification": made.id, "was": made.status.value, "why": made.reason}
    about = f"{made.repository}#{made.number}"
    audit.append(tools.store, REOPENED, made.repository, about, facts, once=_once(made))
    return modifications.put(tools.store, replace(made, status=Status.PENDING_APPROVAL, reason=""))


def declined(tools: Tools, pull: Pull) -> bool:
    """Whether a proposal of selfmod's came to an end before, and somebody opened it again."""
    made = modifications.of_pull(tools.store, pull.repository, pull.number)
    if made is None or not pull.own:
        return False
    return made.status in (Status.REJECTED, Status.ROLLED_BACK) or audit.written(tools.store, _once(made)) is not None


def _once(made: Modification) -> str:
    return f"{REOPENED}:{made.id}:{made.number}"
