"""What GraphQL shows of what became of a pull request: that it was closed, and opened again.

GitHub's timeline has some sixty kinds of items. Here it has these two alone, so a query should name what it wants."""

from collections.abc import Callable
from typing import Any

from app.standin.graphql.words import Page, page
from app.standin.routing import Call
from app.standin.state import Closed, Pull, Reopened, iso

KINDS = {"CLOSED_EVENT": Closed, "REOPENED_EVENT": Reopened}


def _items(
    one: Pull,
    call: Call,
    after: str | None = None,
    first: int | None = None,
    itemTypes: list[str] | None = None,
    last: int | None = None,
) -> Page:
    wanted: tuple[type, ...] = tuple(kind for name, kind in KINDS.items() if itemTypes is None or name in itemTypes)
    return page("timelineItems", [each for each in one.turns if isinstance(each, wanted)], first, last, after)


EVENT: dict[str, Callable[..., Any]] = {
    "createdAt": lambda one, call: iso(one.at),
    "id": lambda one, call: one.node_id,
}
PULL: dict[str, Callable[..., Any]] = {"timelineItems": _items}
"""What a pull request has beside all else."""
