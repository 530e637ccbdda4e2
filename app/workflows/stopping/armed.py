"""What the audit chain tells of auto-merge: that selfmod had the forge merge a pull request, and that this is over.

One record says that it began and is written before, another that it ended and is written after: a crash between leaves
what is still taken for selfmod's, and is taken back once more."""

import json
from dataclasses import dataclass
from typing import Final

from app.model.forge import Pull
from app.store import audit
from app.store.connect import Store

ARMED: Final = "auto-merge"
"""The kind of the audit record of a pull request that selfmod has GitHub merge: a stop disarms it. It is written first,
so that none is armed without."""
DISARMED: Final = "disarmed"
"""The kind of the record that this is over; `through` is the number of the last record of the other kind that it is
for. What a person has GitHub do from then on is that person's."""
MOST_LOOKED = 1_000
"""Audit records of a pull request among which it is looked for who armed it."""


@dataclass(frozen=True, slots=True)
class Standing:
    """`heads` are the commits that selfmod has the forge merge, none where that is over; `last` is the number of the
    newest record that says so and `ended` that of the newest whose arming is over (0: none)."""

    heads: frozenset[str] = frozenset()
    last: int = 0
    ended: int = 0


def standing(store: Store, repository: str, number: int) -> Standing:
    """What of selfmod's arming of a pull request still counts. Raises Unavailable."""
    about = audit.about(store, repository, f"{repository}#{number}", MOST_LOOKED)
    ended = max((int(json.loads(each.facts)["through"]) for each in about if each.kind == DISARMED), default=0)
    made = [each for each in about if each.kind == ARMED and each.number > ended]
    heads = frozenset(str(json.loads(each.facts).get("head")) for each in made)
    return Standing(heads, max((each.number for each in made), default=0), ended)


def begin(store: Store, repository: str, number: int, head: str, method: str = "") -> None:
    """Writes down that selfmod has the forge merge this head: once, until it is over. Raises Unavailable."""
    about, ended = f"{repository}#{number}", standing(store, repository, number).ended
    once = f"{ARMED}:{ended}:{about}:{head}" if ended else f"{ARMED}:{about}:{head}"
    audit.append(store, ARMED, repository, about, {"head": head, "method": method}, once=once)


def end(store: Store, repository: str, number: int, seen: Standing, why: str) -> None:
    """Writes down that what stood when it was `seen` is over, if anything did: what began since is not. Raises
    Unavailable."""
    if seen.heads:
        about = f"{repository}#{number}"
        facts = {"heads": sorted(seen.heads), "through": seen.last, "why": why}
        audit.append(store, DISARMED, repository, about, facts, once=f"{DISARMED}:{seen.last}:{about}")


def by_another(pull: Pull) -> bool:
    """Whether GitHub says that it was armed by somebody who is not selfmod. What opened selfmod's own is its account;
    of others' only that a person armed it can be told."""
    by = pull.armed_by
    if not pull.armed or by is None:
        return False
    return by.id != pull.author.id if pull.own else not by.bot
