"""`selfmod audit verify`."""

import json
import re
from typing import TYPE_CHECKING, Annotated

import typer

from app.cli.audit.opening import Local, opened
from app.cli.output import put
from checks.model.errors import Refusal

if TYPE_CHECKING:
    from app.store.chain import Broken, Head, Walk

BROKEN = 1


def verify(
    local: Local = False,
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
    with opened(local, proved=False) as store:
        from app.store import audit

        broken, walk = audit.looked(store, known)
        keyed = bool(store.audit_key)
    put(json.dumps(_document(broken, walk, keyed), indent=2) if as_json else _told(broken, walk, keyed))
    if broken is not None:
        raise typer.Exit(BROKEN)


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
