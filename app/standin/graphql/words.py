"""What resolvers share: refusals in GitHub's form, who may do what, and pages of a connection."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from app.standin.routing import Call
from app.standin.serving.application import visible
from app.standin.state import ROLES, Repository


class Told(Exception):
    """An error of GitHub's: `kind` is its `type` (`NOT_FOUND`, `FORBIDDEN`, `UNPROCESSABLE`, …)."""

    def __init__(self, message: str, kind: str) -> None:
        super().__init__(message)
        self.kind = kind


def missing(number: str) -> Told:
    return Told(f"Could not resolve to a node with the global id of '{number}'.", "NOT_FOUND")


def refused(message: str) -> Told:
    return Told(message, "UNPROCESSABLE")


def sees(call: Call, repository: Repository) -> bool:
    return visible(call.world, repository, call.caller)


def writes(call: Call, repository: Repository, mutation: str, *resources: str) -> None:
    """Raises FORBIDDEN where the caller may not write these (`contents`, `pull_requests`) of a repository."""
    if call.caller.kind == "installation":
        if not call.caller.reaches(repository) or not all(call.caller.has(each, "write") for each in resources):
            raise Told("Resource not accessible by integration", "FORBIDDEN")
    elif ROLES.index(call.world.role(repository, call.login)) < ROLES.index("write"):
        text = f"{call.login} does not have the correct permissions to execute `{mutation}`"
        raise Told(text, "FORBIDDEN")


@dataclass(frozen=True)
class Page:
    """Some of the items of a connection."""

    nodes: Sequence[Any]
    total: int
    start: int

    @property
    def end(self) -> int:
        return self.start + len(self.nodes)


def page(name: str, items: Sequence[Any], first: int | None, last: int | None, after: str | None) -> Page:
    """As GitHub pages: one of `first` and `last` must be given, 100 at most. A cursor is the number of items before."""
    if first is None and last is None:
        text = f"You must provide a `first` or `last` value to properly paginate the `{name}` connection."
        raise Told(text, "MISSING_PAGINATION_BOUNDARIES")
    size = first if first is not None else last or 0
    if not 0 <= size <= 100:
        text = f"Requesting {size} records on the `{name}` connection exceeds the `first` limit of 100 records."
        raise Told(text, "EXCESSIVE_PAGINATION")
    if after is not None and not after.isdecimal():
        raise Told(f"`{after}` does not appear to be a valid cursor.", "INVALID_CURSOR_ARGUMENTS")
    start = int(after) if after is not None else 0
    if first is None:
        start = max(start, len(items) - size)
    return Page(items[start : start + size], len(items), start)
