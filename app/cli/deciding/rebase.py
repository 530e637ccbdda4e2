"""`selfmod rebase`."""

import json
from pathlib import Path
from typing import TYPE_CHECKING

import typer

from app.cli.deciding import shown
from app.cli.deciding.here import Identifier, Json, NoSandbox, Python, here
from app.cli.output import put
from app.cli.progress import steps
from checks.model.errors import Refusal
from checks.reports.safe import for_terminal

if TYPE_CHECKING:
    from app.model.forge import Pull
    from app.model.modification import Modification


def rebase(identifier: Identifier, python: Python = None, no_sandbox: NoSandbox = False, as_json: Json = False) -> None:
    """Make a proposal anew on the tip of the branch that it goes into, from the findings that are still there; never
    over a commit of somebody's. It is judged anew, and what was agreed to before does not count for it.

    Exit code 0: done, or it is on the tip already. 1: nothing of it is left, or somebody else committed to its branch.
    2: usage or environment.

    Example: selfmod rebase mod_4be1
    """
    with here(Path(), python=python, no_sandbox=no_sandbox) as local, local.alone():
        from app.model.job import Kind
        from app.workflows.proposing import rebasing

        made, pull = local.named(identifier)
        if not pull.open:
            raise Refusal(f"{made.id} is {made.status.value}: there is nothing to make anew.", "See selfmod status.")
        local.host.into(made.base_ref)
        job = local.job(Kind.PROPOSE, pull, reason=rebasing.REBASE)
        with steps(f"making {made.id} anew") as began:
            began("trying")
            rebasing.made_anew(local.tools_for(job, []), job, pull)
            (now, after) = local.named(made.id)
            began("judging")
            local.standing(after, judge=True)
        said = _said(pull, after, now)
        found = shown.row(local, now, after)
        if as_json:
            put(json.dumps(shown.document(found) | {"told": said}, indent=2))
        else:
            put("\n".join([f" {for_terminal(said)}", *shown.lines(found)]))
    raise typer.Exit(0 if after.open and after.head == now.head else 1)


def _said(before: "Pull", after: "Pull", now: "Modification") -> str:
    """What became of it."""
    if not after.open:
        return f"nothing of it is left to mend at {after.base_sha[:10]}: closed"
    if after.head != now.head:
        return f"somebody committed to {now.branch}: it is left to who did"
    if after.head == before.head:
        return f"it is on the tip of {after.base_ref} already"
    return f"made anew on {now.base[:10]}"
