"""How far a stop reaches, from the options of the command line; and stops for a terminal and for programs."""

import datetime
import json
import re
from dataclasses import asdict
from typing import Annotated

import typer

from app.model import stop as stopping
from app.model.stop import LOCAL, OPERATOR, Stop
from checks.model.errors import Refusal
from checks.reports.safe import for_terminal

_OWNER = re.compile(r"[A-Za-z0-9_-]{1,100}")
_REPOSITORY = re.compile(r"[A-Za-z0-9_-]{1,100}/(?!\.{1,2}$)[A-Za-z0-9._-]{1,100}")
MOST = 1_000
"""Characters of a reason."""

Server = Annotated[bool, typer.Option("--server", help="All of this server, which is meant without the others.")]
Organisation = Annotated[
    str, typer.Option("--organisation", metavar="OWNER", help="All repositories of an organisation or person.")
]
Repository = Annotated[str, typer.Option("--repository", metavar="OWNER/NAME", help="One repository.")]
Pull = Annotated[
    int, typer.Option("--pull", metavar="N", help="One pull request of --repository.", min=0, max=2**31 - 1)
]
Local = Annotated[bool, typer.Option("--local", help="The repository that you are in, and no server.")]
Json = Annotated[bool, typer.Option("--json", help="Print JSON.")]


def wanted(server: bool, organisation: str, repository: str, pull: int, why: str, local: bool = False) -> Stop:
    """What is asked for. Raises Refusal where the options contradict each other, or nothing says why."""
    if sum((server, bool(organisation), bool(repository), local)) > 1:
        raise Refusal("--server, --organisation, --repository and --local exclude each other.", "Name one of them.")
    if pull and not repository:
        raise Refusal("--pull needs --repository.", "Name the repository that the pull request is in.")
    if organisation and not _OWNER.fullmatch(organisation):
        raise Refusal(f"{organisation[:100]!r} is no account.", "Write it as in the address of its page.")
    if repository and not _REPOSITORY.fullmatch(repository):
        raise Refusal(f"{repository[:100]!r} is no repository.", "Write it as OWNER/NAME.")
    if not why.strip() or len(why) > MOST:
        raise Refusal("nobody said why.", f"Add --why with a few words, at most {MOST} characters.")
    if local:
        from app.local.host import account

        return Stop(account(), " ".join(why.split()), repository=LOCAL)
    return Stop(OPERATOR, " ".join(why.split()), owner=organisation, repository=repository, number=pull)


def line(stop: Stop) -> str:
    """`acme/shop, pull request 7  stopped by @ann: incident 4711  since 2026-01-31 12:00 UTC`."""
    at = datetime.datetime.fromtimestamp(stop.at, datetime.UTC)
    return f"{for_terminal(place(stop))}  {for_terminal(stop.said)}  since {at:%Y-%m-%d %H:%M} UTC"


def place(stop: Stop) -> str:
    """Where it holds, in words that say all of it."""
    return f"{stop.repository}, {stop.where}" if stop.number else stop.where


def document(stops: tuple[Stop, ...], **more: object) -> str:
    """As JSON; `by` is an account (`@ann`) or the operator, times are seconds since the epoch."""
    listed = [asdict(each) | {"by": stopping.account(each.by), "where": place(each)} for each in stops]
    return json.dumps({"version": 1, **more, "stops": listed}, indent=2)
