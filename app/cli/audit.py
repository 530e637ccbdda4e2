"""`selfmod audit`."""

import datetime
import json
import re
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from app.cli.group import Verbs
from app.cli.output import check, put
from checks.model.errors import Refusal

if TYPE_CHECKING:
    from app.store.chain import Broken, Head, Walk
    from app.store.connect import Store

BROKEN = 1

app = typer.Typer(
    cls=Verbs,
    help="The server's audit trail: a chain of records that can be proved. The environment names its database, as for "
    "selfmod serve.",
    no_args_is_help=True,
    rich_markup_mode=None,
)


@app.command()
def verify(
    as_json: Annotated[bool, typer.Option("--json", help="Print JSON.")] = False,
    head: Annotated[
        str | None,
        typer.Option(
            metavar="NUMBER:HASH",
            help="A head that an earlier verify printed and somebody kept: the chain must still go through it.",
        ),
    ] = None,
) -> None:
    """Go through the whole audit trail and name the first record that is not as it was written: changed, removed, put
    in, reordered, or cut off. Without SELFMOD_AUDIT_KEY this finds nothing where somebody with the whole database
    computed the chain anew; --head does. Exit code 0 where all is whole, 1 where it is not.

    Example: selfmod audit verify
    """
    known = _head(head)
    with _store() as store:
        from app.store import audit

        broken, walk = audit.looked(store, known)
        keyed = bool(store.audit_key)
    put(json.dumps(_document(broken, walk, keyed), indent=2) if as_json else _told(broken, walk, keyed))
    if broken is not None:
        raise typer.Exit(BROKEN)


@app.command()
def export(
    since: Annotated[
        datetime.datetime | None,
        typer.Option(
            metavar="DATE", formats=["%Y-%m-%d", "%Y-%m-%dT%H:%M:%S"], help="Only records from this time on (UTC)."
        ),
    ] = None,
    repository: Annotated[str, typer.Option(metavar="OWNER/NAME", help="Only records of this repository.")] = "",
    output: Annotated[
        Path | None, typer.Option("--output", "-o", metavar="FILE", help="Write to a file instead of standard output.")
    ] = None,
) -> None:
    """Print the audit trail as JSON Lines, the oldest record first. Every line has what its hash was computed from.

    Example: selfmod audit export --since 2026-01-31 --output audit.jsonl
    """
    if output is not None:
        check(output)
    first = since.replace(tzinfo=datetime.UTC) if since is not None else None
    with _store() as store:
        from app.store import audit

        lines = audit.export(store, first, repository)
        if output is None:
            for part in _parts(lines):
                put(part)
        elif text := "\n".join(lines):
            put(text, output)
        else:
            output.write_text("")


def _parts(lines: Iterable[str], size: int = 1000) -> Iterator[str]:
    """Many lines at a time, so that a long trail is never whole in memory."""
    part: list[str] = []
    for line in lines:
        part.append(line)
        if len(part) == size:
            yield "\n".join(part)
            part = []
    if part:
        yield "\n".join(part)


@contextmanager
def _store() -> "Iterator[Store]":
    try:
        from app.store import connect
    except ImportError:
        raise Refusal(
            "the libraries of the server are not installed.", "Install them: pip install 'selfmod[server]'"
        ) from None
    from app import settings
    from app.model.trouble import Unavailable

    read = settings.read()
    if not connect.is_there(read):
        raise Refusal(
            "there is no database yet, so nothing was recorded.",
            "Set SELFMOD_DATABASE_URL or SELFMOD_DATA_DIR as for selfmod serve.",
        )
    store = connect.opened(read)
    try:
        yield store
    except Unavailable as unavailable:
        raise Refusal(f"{unavailable}.", "Try again when it does.") from None
    finally:
        store.close()


def _head(text: str | None) -> "Head | None":
    from app.store.chain import Head

    if text is None:
        return None
    if not re.fullmatch(r"[1-9][0-9]{0,17}:[0-9a-f]{64}", text):
        raise Refusal(
            "--head is no head.", "Give it as verify printed it: a number, a colon and 64 hexadecimal digits."
        )
    number, _, found = text.partition(":")
    return Head(int(number), found)


def _document(broken: "Broken | None", walk: "Walk", keyed: bool) -> dict[str, object]:
    return {
        "whole": broken is None,
        "records": walk.count,
        "head": f"{walk.head.number}:{walk.head.hash}" if walk.head.number else None,
        "keyed": keyed,
        "broken": None if broken is None else {"number": broken.number, "why": broken.why},
        "head_pruned": walk.unproven,
    }


def _told(broken: "Broken | None", walk: "Walk", keyed: bool) -> str:
    if broken is not None:
        return f"broken at record {broken.number}: {broken.why} (before it: {walk.count} that are whole)"
    lines = [f"{walk.count} records, all as they were written{'' if keyed else ' (no key: see --help)'}"]
    if walk.head.number:
        lines.append(f"head {walk.head.number}:{walk.head.hash}")
    if walk.unproven:
        lines.append("the head that was given is of a record that was pruned since: it proves nothing any more")
    return "\n".join(lines)
