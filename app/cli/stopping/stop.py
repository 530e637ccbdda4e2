"""`selfmod stop`."""

from typing import Annotated

import typer

from app.cli.audit.opening import opened
from app.cli.output import put
from app.cli.stopping import reach
from app.model.stop import LOCAL, Stop


def stop(
    server: reach.Server = False,
    organisation: reach.Organisation = "",
    repository: reach.Repository = "",
    pull: reach.Pull = 0,
    local: reach.Local = False,
    why: Annotated[str, typer.Option("--why", metavar="TEXT", help="Why, for who sees it.")] = "",
    listed: Annotated[bool, typer.Option("--list", help="Only show what is stopped.")] = False,
    as_json: reach.Json = False,
) -> None:
    """Emergency stop: from now on selfmod writes no code there and merges nothing. Every server and worker on this
    database asks before each write; within half a minute they disarm auto-merge, take its proposals out of merge
    queues, and the gates say so. Reverts, judging and reports go on. The environment names the database, as for selfmod
    serve; with --local it is the proposals of the repository that you are in that are neither made nor applied.

    Example: selfmod stop --organisation acme --why "incident 4711"
    """
    asked = None if listed else reach.wanted(server, organisation, repository, pull, why, local)
    with opened(local, make=True) as store:
        from app.store.proposed import stops
        from app.workflows.stopping import keeping

        before = keeping.stop(store, asked) if asked else ""
        holding = stops.all_holding(store)
    if as_json:
        put(reach.document(holding))
        return
    if asked is not None:
        put(f"{reach.place(asked)}: " + (f"{before} already" if before else asked.said))
        put(f"It ends with: selfmod resume{_options(asked)} --why TEXT")
        return
    put("\n".join(map(reach.line, holding)) or "Nothing is stopped.")


def _options(stop: Stop) -> str:
    if stop.repository == LOCAL:
        return " --local"
    where = f" --organisation {stop.owner}" if stop.owner else ""
    where = f" --repository {stop.repository}" if stop.repository else where
    return where + (f" --pull {stop.number}" if stop.number else "")
