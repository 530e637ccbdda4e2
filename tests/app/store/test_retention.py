"""What is kept for how long."""

import time

import pytest

from app.model.delivery import Delivery
from app.model.modification import Modification, Sort, Status
from app.store import audit, calls, grants, heads, inbox, records, retention
from app.store.connect import Store
from app.store.proposed import modifications
from app.store.records import Record
from tests.postgres import eventually

A, B = "a" * 40, "b" * 40


def filled(store: Store) -> None:
    """One of everything, and one delivery that waits."""
    for guid in ("handled", "waits"):
        inbox.accept(store, Delivery(guid, "push", guid.encode(), 1.0))
    inbox.done(store, "handled", [])
    heads.newest(store, "o/r", 1, A)
    heads.newest(store, "o/r", 1, B)
    records.put(store, Record("o/r", 1, A, B, "", {}))
    grants.grant(store, "o/r", 1, A, "ann")
    grants.approve(store, "o/r", 1, A, "ann")
    calls.log(store, "test", "GET /", "200", 0.1)
    audit.append(store, "kind", "o/r", "s", {})
    for status in Status:
        modifications.put(store, Modification("o/r", Sort.FIX, f"selfmod/fix/{status}", "main", "x", status=status))
    eventually(lambda: calls.recent(store))


def test_what_is_old_goes_and_what_waits_or_counts_stays(store: Store, monkeypatch: pytest.MonkeyPatch) -> None:
    filled(store)
    assert retention.prune(store, 0) == retention.Pruned()
    assert retention.prune(store, 30) == retention.Pruned()
    soon = time.time() + 31 * retention.DAY
    monkeypatch.setattr(time, "time", lambda: soon)
    assert retention.prune(store, 30) == retention.Pruned(deliveries=1, records=1, grants=2, calls=1, modifications=2)
    left = {each.status for each in modifications.recent(store)}
    assert left == set(Status) - {Status.FAILED, Status.SUPERSEDED}
    assert inbox.pending_count(store) == 1
    assert heads.current(store, "o/r", 1) == (B, 2)
    assert audit.verify(store) is None
