"""`selfmod sandbox probe`."""

import json
from collections.abc import Iterator
from typing import TYPE_CHECKING, Annotated

import typer

from app.cli.output import put
from app.cli.progress import steps
from checks.reports.safe import for_terminal

if TYPE_CHECKING:
    from checks.sandbox.choose import Probed

NONE = 2


def probe(as_json: Annotated[bool, typer.Option("--json", help="Print JSON.")] = False) -> None:
    """Say what sandbox this host can have, tried for real, and what to do where it cannot. Exit code 0 where tests can
    be run, 2 where they cannot.

    Example: selfmod sandbox probe
    """
    from checks.sandbox.choose import probed, strongest

    with steps("trying") as told:
        found = probed(told)
    chosen = strongest(found)
    put(json.dumps(_document(found, chosen), indent=2) if as_json else "\n".join(_table(found, chosen)))
    if chosen is None:
        raise typer.Exit(NONE)


def _document(found: "tuple[Probed, ...]", chosen: "Probed | None") -> dict[str, object]:
    return {
        "chosen": chosen.name if chosen else None,
        "weaker": chosen.weaker if chosen else "",
        "backends": [
            {
                "name": each.name,
                "holds": each.holds,
                "weaker": each.weaker,
                "abilities": [
                    {"name": one.name, "holds": one.holds, "seen": one.seen, "remedy": one.remedy}
                    for one in each.abilities
                ],
            }
            for each in found
        ],
    }


def _table(found: "tuple[Probed, ...]", chosen: "Probed | None") -> Iterator[str]:
    longest = max(len(one.name) for each in found for one in each.abilities)
    for each in found:
        yield f"{each.name}   {'holds' if each.holds else 'cannot be had here'}"
        for one in each.abilities:
            yield f"  {'yes' if one.holds else 'no':4} {one.name:{longest}}  {for_terminal(one.seen)}"
            if one.remedy:
                yield f"{'':{longest + 9}}{for_terminal(one.remedy)}"
    yield ""
    if chosen is None:
        yield "Tests cannot be run on this host."
    else:
        yield f"Tests are run in {chosen.name}." + (f" It is weaker: {chosen.weaker}." if chosen.weaker else "")
