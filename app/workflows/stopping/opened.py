"""The pull requests that a stop is carried to, that a merge group is looked through for, and among which selfmod's own
are counted."""

from collections.abc import Sequence
from contextlib import suppress

from app.model.forge import Pull
from app.model.modification import Status
from app.model.trouble import Gone
from app.store.proposed import modifications
from app.workflows.steps import Tools

PULLS = 500
"""Open pull requests of a repository that are looked at, the newest first."""
PROPOSED = 500
"""Proposals that the store has as open among which others are looked for, the newest first."""
OPEN = (Status.PENDING_APPROVAL, Status.APPROVED)


def opened(tools: Tools, repository: str) -> Sequence[Pull]:
    """The newest that are open, and of the others what selfmod proposed: that is known by number. Raises
    Unavailable."""
    newest = tools.host.pulls("open", PULLS)
    return newest if len(newest) < PULLS else (*newest, *_proposed(tools, repository, {each.number for each in newest}))


def _proposed(tools: Tools, repository: str, seen: set[int]) -> list[Pull]:
    found = []
    for made in modifications.recent(tools.store, repository, OPEN, PROPOSED):
        if made.number and made.number not in seen:
            with suppress(Gone):
                found.append(tools.host.pull(made.number))
    return [each for each in found if each.open]
