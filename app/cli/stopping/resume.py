"""`selfmod resume`."""

from typing import Annotated

import typer

from app.cli.audit.opening import opened
from app.cli.output import put
from app.cli.stopping import reach
from checks.model.errors import Refusal


def resume(
    server: reach.Server = False,
    organisation: reach.Organisation = "",
    repository: reach.Repository = "",
    pull: reach.Pull = 0,
    local: reach.Local = False,
    why: Annotated[str, typer.Option("--why", metavar="TEXT", help="Why, for who sees it.")] = "",
    as_json: reach.Json = False,
) -> None:
    """End an emergency stop, just the one of the place that is named. What selfmod proposed or was approved before it
    ended is merged only after a fresh approval.

    Example: selfmod resume --organisation acme --why "mended in 4712"
    """
    asked = reach.wanted(server, organisation, repository, pull, why, local)
    with opened(local) as store:
        from app.store.proposed import stops
        from app.workflows.stopping import keeping

        lifted = keeping.resume(store, asked)
        holding = stops.all_holding(store)
    if not lifted:
        others = "; ".join(map(reach.place, holding))
        hint = f"What is stopped: {others}." if others else "Nothing else is stopped either."
        raise Refusal(f"nothing stopped {reach.place(asked)}.", hint)
    if as_json:
        put(reach.document(holding, lifted=lifted))
        return
    put(f"{reach.place(asked)} goes on. What was decided before is merged only after a fresh approval.")
    if holding:
        put("\n".join(["Still stopped:", *(f"  {reach.line(each)}" for each in holding)]))
