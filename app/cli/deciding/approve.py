"""`selfmod approve`."""

import json
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING

import typer

from app.cli.deciding import shown
from app.cli.deciding.here import Here, Identifier, Json, NoSandbox, Python, here
from app.cli.output import put
from checks.model.errors import Refusal

if TYPE_CHECKING:
    from app.model.forge import Pull
    from app.model.modification import Modification


def approve(
    identifier: Identifier, python: Python = None, no_sandbox: NoSandbox = False, as_json: Json = False
) -> None:
    """Agree to a proposal, just as it is now: an approval counts for one commit, and another commit on its branch voids
    it. It is written down in the audit trail. What was rejected is proposed again by it.

    The person at the keyboard agrees alone to what selfmod proposed at that person's request, as with approvals.solo on
    GitHub, unless the configuration says approvals.solo: false; never to what is CRITICAL. A commit that nobody judged
    yet is judged first.

    Exit code 0: it may be applied, or was before. 1: the approval does not count, or is not enough. 2: usage or
    environment.

    Example: selfmod approve mod_4be1
    """
    with here(Path(), python=python, no_sandbox=no_sandbox) as local, local.alone():
        from app.model.modification import Status

        made, pull = local.named(identifier)
        if made.status is Status.REJECTED and not pull.merged:
            made, pull = _reopened(local, made)
        if not pull.open:
            raise Refusal(f"{made.id} is {made.status.value}: there is nothing to agree to.", "See selfmod status.")
        found = _agreed(local, made.id)
        counts = found.status is Status.APPROVED
        put(json.dumps(shown.document(found), indent=2) if as_json else "\n".join(shown.details(found)))
    raise typer.Exit(0 if counts else 1)


def _agreed(local: Here, id: str) -> shown.Row:
    """Gives the approval where one is needed."""
    from app.model.job import Kind
    from app.views.gate import APPROVE

    _, pull = local.named(id)
    gated = local.standing(pull, judge=True)
    if gated is not None and gated.gate.decision.approvals:
        local.run(local.job(Kind.GATE, pull, reason=APPROVE.identifier, needs="write"))
    return shown.row(local, *local.named(id))


def _reopened(local: Here, made: "Modification") -> "tuple[Modification, Pull]":
    """A proposal that was rejected is open again. Raises Refusal where its branch is gone."""
    from app.model.modification import Status
    from app.store import audit
    from app.store.proposed import modifications

    pull = local.host.reopen_pull(made.number)
    now = modifications.put(local.store, replace(made, status=Status.PENDING_APPROVAL, reason=""))
    facts = {"modification": made.id, "by": local.actor, "head": pull.head}
    audit.append(local.store, "reopened", made.repository, f"{made.repository}#{made.number}", facts)
    return now, pull
