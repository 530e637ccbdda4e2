"""`selfmod stop`."""

from typing import Annotated

import typer

from app.cli.audit.opening import opened
from app.cli.output import put
from app.cli.stopping import reach


def stop(
    server: reach.Server = False,
    organisation: reach.Organisation = "",
    repository: reach.Repository = "",
    pull: reach.Pull = 0,
    why: Annotated[str, typer.Option("--why", metavar="TEXT", help="Why, for who sees it.")] = "",
    listed: Annotated[bool, typer.Option("--list", help="Only show what is stopped.")] = False,
    as_json: reach.Json = False,
) -> None:
    """Emergency stop: from now on selfmod writes no code there and merges nothing. Every server and worker on this
    database asks before each write; within half a minute they disarm auto-merge and the gates say so. Reverts, judging
    and reports go on. The environment names the database, as for selfmod serve.

    Example: selfmod stop --organisation acme --why "incident 4711"
    """
    asked = None if listed else reach.wanted(server, organisation, repository, pull, why)
    with opened() as store:
        from app.store.proposed import stops
        from app.workflows.stopping import keeping

        before = keeping.stop(store, asked) if asked else ""
        holding = stops.all_holding(store)
    if as_json:
        put(reach.document(holding))
        return
    if asked is not None:
        put(f"{reach.place(asked)}: " + (f"{before} already" if before else asked.said))
        put(f"It ends with: selfmod resume{_options(asked.owner, asked.repository, asked.number)} --why TEXT")
        return
    put("\n".join(map(reach.line, holding)) or "Nothing is stopped.")


def _options(owner: str, repository: str, number: int) -> str:
    where = f" --organisation {owner}" if owner else f" --repository {repository}" if repository else ""
    return where + (f" --pull {number}" if number else "")
