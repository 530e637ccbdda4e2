"""What is kept for how long."""

import time
from dataclasses import dataclass

from app.store import audit, calls, grants, inbox, records
from app.store.connect import Store
from app.store.proposed import modifications

DAY = 86_400


@dataclass(frozen=True, slots=True)
class Pruned:
    """How many of each were removed."""

    deliveries: int = 0
    records: int = 0
    grants: int = 0
    calls: int = 0
    audit: int = 0
    modifications: int = 0


def prune(store: Store, days: int) -> Pruned:
    """Removes what is older than so many days (0 or less: nothing). The heads of pull requests stay: their generations
    must never begin again. Raises Unavailable, and Refusal where the audit chain is broken (all else is removed)."""
    if days <= 0:
        return Pruned()
    before = time.time() - days * DAY
    return Pruned(
        deliveries=inbox.prune(store, before),
        records=records.prune(store, before),
        grants=grants.prune(store, before),
        calls=calls.prune(store, before),
        modifications=modifications.prune(store, before),
        audit=audit.prune(store, days),
    )
