"""`selfmod status`."""

import json
from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from app.cli.deciding import opening, shown
from app.cli.deciding.here import Json, here
from app.cli.output import put
from checks.reports.text import counted

if TYPE_CHECKING:
    from app.model.stop import Stop


def status(
    identifier: Annotated[
        str | None, typer.Argument(metavar="ID", help="One proposal: mod_… or its beginning, or its branch.")
    ] = None,
    everything: Annotated[bool, typer.Option("--all", help="Also what was applied, rejected or taken back.")] = False,
    as_json: Json = False,
) -> None:
    """Show the proposals of this repository that are open, how each stands and what comes next, and what is stopped.
    Nothing is run, and nothing leaves this machine.

    Exit code 0: done. 2: usage or environment.

    Examples:

        selfmod status                  what is open

        selfmod status mod_4be1         one proposal: stages, factors, who must agree

        selfmod status --all --json     everything that was ever proposed here, for programs
    """
    root = opening.root_of(Path())
    if identifier is None and not opening.is_there(root):
        put(_document([], ()) if as_json else " nothing was proposed here yet: selfmod fix --propose")
        return
    with here(root) as local:
        from app.local.host import REPOSITORY
        from app.store.proposed import modifications, stops

        if identifier is not None:
            found = [shown.row(local, *local.named(identifier))]
        else:
            known = [each for each in modifications.recent(local.store, REPOSITORY, most=1_000) if each.number]
            rows = [shown.row(local, *local.seen(each)) for each in known]
            found = [each for each in rows if everything or each.pull.open]
        stopped = stops.all_holding(local.store)
        if as_json:
            put(_document(found, stopped))
            return
        if identifier is not None:
            put("\n".join(shown.details(found[0])))
            return
        lines = [f" {counted(len(found), 'proposal')}{'' if everything else ' open'}"]
        lines += [line for each in found for line in shown.lines(each)]
        if stopped:
            lines += [" stopped:", *shown.stops(stopped)]
        put("\n".join(lines))


def _document(found: "Sequence[shown.Row]", stopped: "tuple[Stop, ...]") -> str:
    """Of the same form whether or not anything was proposed yet."""
    from app.cli.stopping import reach

    value = {"proposals": [shown.document(each) for each in found]} | json.loads(reach.document(stopped))
    return json.dumps(value, indent=2)
