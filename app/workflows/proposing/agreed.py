"""What the gate's word makes of a proposal: it may be applied, or waits for people."""

from app.model.forge import Pull
from app.model.modification import Status
from app.store.proposed import modifications
from app.workflows.steps import Tools

OPEN = (Status.PENDING_APPROVAL, Status.APPROVED)


def agreed(tools: Tools, pull: Pull, passes: bool) -> None:
    """Keeps it for selfmod's own, while it is open; how and by whom it was agreed is in the audit chain. One that is
    just made anew on another base has another head then, and a gate of its own."""
    if not (pull.own and pull.open):
        return
    made = modifications.of_pull(tools.store, pull.repository, pull.number)
    status = Status.APPROVED if passes else Status.PENDING_APPROVAL
    if made is not None and made.status in OPEN and made.status is not status:
        modifications.settle(tools.store, made, status)
