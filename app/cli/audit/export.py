"""`selfmod audit export`."""

import datetime
from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import Annotated

import typer

from app.cli.audit.opening import Local, opened
from app.cli.output import check, put


def export(
    since: Annotated[
        datetime.datetime | None,
        typer.Option(
            metavar="DATE", formats=["%Y-%m-%d", "%Y-%m-%dT%H:%M:%S"], help="Only records from this time on (UTC)."
        ),
    ] = None,
    repository: Annotated[str, typer.Option(metavar="OWNER/NAME", help="Only records of this repository.")] = "",
    local: Local = False,
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
    with opened(local, proved=False) as store:
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
