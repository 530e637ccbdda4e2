"""`selfmod reject`."""

import json
from pathlib import Path
from typing import Annotated

import typer

from app.cli.deciding import shown
from app.cli.deciding.here import Identifier, Json, here
from app.cli.output import put
from checks.model.errors import Refusal

MOST = 1_000
"""Characters of a reason."""


def reject(
    identifier: Identifier,
    why: Annotated[str, typer.Option("--why", "-m", metavar="WHY", help="Why, for who proposes the same again.")] = "",
    as_json: Json = False,
) -> None:
    """Refuse a proposal. What it is about is not proposed again; its branch stays, and selfmod approve takes the
    refusal back. It is written down in the audit trail.

    Exit code 0: done. 2: usage or environment.

    Example: selfmod reject mod_4be1 -m "the timeout is meant to be infinite"
    """
    said = " ".join(why.split())
    if not said or len(said) > MOST:
        raise Refusal("nobody said why.", f"Add -m with a few words, at most {MOST} characters.")
    with here(Path()) as local, local.alone():
        from app.model.job import Kind
        from app.model.modification import Status
        from app.workflows.proposing import rejecting

        made, pull = local.named(identifier)
        if not pull.open:
            hint = (
                f"Take it back: selfmod rollback {made.id}" if made.status is Status.APPLIED else "See selfmod status."
            )
            raise Refusal(f"{made.id} is {made.status.value}: there is nothing to refuse.", hint)
        job = local.job(Kind.REJECT, pull, words=said)
        rejecting.reject(local.tools_for(job, []), job, {})
        made, _ = local.named(made.id)
        found = shown.row(local, *local.seen(made))
        if as_json:
            put(json.dumps(shown.document(found), indent=2))
        else:
            put("\n".join([*shown.lines(found), f"    its branch stays: git branch -D {made.branch}"]))
