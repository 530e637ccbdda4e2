"""What becomes of a modification when its pull request is merged or closed."""

from contextlib import suppress
from dataclasses import replace

from app.model.forge import Pull
from app.model.modification import Modification, Status
from app.model.trouble import Gone
from app.store import audit
from app.store.connect import Store
from app.store.proposed import modifications
from app.workflows.proposing import prior
from app.workflows.reviewing.merged import show
from app.workflows.steps import Tools
from app.workflows.stopping import arming
from checks.model.errors import Refusal


def ended(tools: Tools, pull: Pull, actor: str) -> None:
    """Keeps it: merged is applied, and what it takes back is rolled back; closed is rejected, by whom. `actor` merged
    or closed it (empty: not known). selfmod's own branch goes once it is merged."""
    arming.closed(tools, pull)
    made = modifications.of_pull(tools.store, pull.repository, pull.number)
    if made is not None:
        now = after(made, pull, actor)
        if now != made:
            _keep(tools.store, now, pull, actor)
        if pull.merged and made.reverts.startswith("mod_"):
            _take_back(tools.store, made.reverts, pull, actor)
            _show_taken(tools, made.reverts)
        show(tools, pull)
    if pull.merged and prior.own(pull) and tools.host.branch(pull.head_ref) == pull.head:
        with suppress(Refusal):  # a rule of the repository keeps it: then it stays
            tools.host.delete_branch(pull.head_ref)


def _take_back(store: Store, id: str, pull: Pull, actor: str) -> None:
    """What was taken back by what is taken back now holds again."""
    taken = modifications.get(store, id)
    if taken is None or taken.status is Status.ROLLED_BACK:
        return
    before = modifications.get(store, taken.reverts) if taken.reverts.startswith("mod_") else None
    if before is not None and before.status is Status.ROLLED_BACK:
        why = f"brought back by pull request {pull.number}"
        _keep(store, replace(before, status=Status.APPLIED, reason=why), pull, actor)
    why = f"taken back by pull request {pull.number}"  # last: by this it is known that all was done
    _keep(store, replace(taken, status=Status.ROLLED_BACK, reason=why), pull, actor)


def _show_taken(tools: Tools, id: str) -> None:
    """What was taken back is not offered to be taken back any more."""
    taken = modifications.get(tools.store, id)
    if taken is not None and taken.number:
        with suppress(Gone):
            show(tools, tools.host.pull(taken.number))


def after(made: Modification, pull: Pull, actor: str) -> Modification:
    """The modification of a pull request that is not open any more. Pure. What ended for another reason stays so,
    unless it is merged all the same."""
    if pull.merged:
        if made.status is Status.ROLLED_BACK:
            return made
        return replace(made, status=Status.APPLIED, merged=pull.merge_commit, head=pull.head, reason="")
    if made.status not in (Status.PENDING_APPROVAL, Status.APPROVED):
        return made
    return replace(made, status=Status.REJECTED, reason=f"closed by @{actor}" if actor else "closed")


def _keep(store: Store, made: Modification, pull: Pull, actor: str) -> None:
    subject = f"{made.repository}#{made.number}"
    facts = {
        "modification": made.id,
        "status": made.status.value,
        "by": actor,
        "pull": str(pull.number),
        "merged": made.merged,
    }
    once = f"modification:{made.id}:{made.status}:{pull.number}:{made.head}"
    audit.append(store, "modification", made.repository, subject, facts, once)  # once, however often it is kept
    modifications.put(store, made)
