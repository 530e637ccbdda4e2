"""`selfmod apply`."""

import json
from pathlib import Path
from typing import TYPE_CHECKING

import typer

from app.cli.deciding import shown
from app.cli.deciding.here import Here, Identifier, Json, NoSandbox, Python, here
from app.cli.output import put
from app.cli.progress import steps
from checks.model.errors import Refusal
from checks.reports.safe import for_terminal

if TYPE_CHECKING:
    from app.model.forge import Pull
    from app.model.modification import Modification
    from app.workflows.proposing.applying import Applied

WAITS = 1
"""The exit code where its gate does not let it in."""


def apply(identifier: Identifier, python: Python = None, no_sandbox: NoSandbox = False, as_json: Json = False) -> None:
    """Merge a proposal into the branch that it goes into, by a merge commit on a clean working tree, which follows.

    Only the commit that was judged and agreed to is merged. Where the branch went on since, the merge itself goes
    through the stages first, and nothing is written where one fails. No hook runs, and nothing is signed. The branch of
    the proposal goes; selfmod rollback takes the merge back.

    Exit code 0: it is in. 1: it waits for an approval, does not pass, or is stopped. 2: usage or environment: a working
    tree that is not clean, a conflict.

    Example: selfmod apply mod_4be1
    """
    with here(Path(), python=python, no_sandbox=no_sandbox) as local, local.alone():
        from app.model.modification import Status

        made, pull = local.named(identifier)
        if not pull.open and made.status is not Status.APPLIED:
            raise Refusal(f"{made.id} is {made.status.value}: there is nothing to apply.", "See selfmod status.")
        with steps(f"applying {made.id}") as began:
            done = _applied(local, made, pull, began)
        found = shown.row(local, *local.named(made.id))
        if as_json:
            more = {"commit": done.commit, "why": done.why, "remedy": done.remedy}
            put(json.dumps(shown.document(found) | more, indent=2))
        elif done.commit:
            put(_text(found, done.commit))
        else:
            said = f" nothing was written: {made.id}: {for_terminal(done.why)}"
            put("\n".join([said, *([f"  {for_terminal(done.remedy)}"] if done.remedy else []), *shown.details(found)]))
    raise typer.Exit(0 if done.commit else WAITS)


def _applied(local: Here, made: "Modification", pull: "Pull", began: object) -> "Applied":
    from app.model.job import Kind
    from app.model.trouble import Superseded
    from app.workflows.proposing import applying

    if not pull.open:
        return applying.Applied(made.merged)  # as it was before
    local.standing(pull, judge=True)
    job = local.job(Kind.GATE, pull)
    try:
        return applying.apply(
            local.tools_for(job, []), job, lambda: local.host.prepare(pull.number, pull.head, pull.title)
        )
    except Superseded:
        raise Refusal(f"{made.id} moved meanwhile, or its branch did: nothing was written.", "Try again.") from None


def _text(found: shown.Row, commit: str) -> str:
    made = found.made
    return "\n".join(
        [
            f" {made.id} applied   {for_terminal(made.title)}",
            f" committed: {for_terminal(made.base_ref)} at {commit[:10]}",
            f" to take it back: selfmod rollback {made.id}",
        ]
    )
