"""A name that a repository had means that repository until another one has it: what is under way knows no other."""

from dataclasses import replace

import pytest

from app.model.modification import Status
from app.store import audit, heads, records
from app.store.connect import Store
from app.store.naming import moving
from app.store.proposed import modifications
from tests.app.store.naming.test_moving import HEAD, KINDS, A, B, C, judged, made, settled


@pytest.mark.parametrize("kind", KINDS)
def test_what_a_step_under_way_keeps_under_the_old_name_is_its_own(store: Store, kind: str) -> None:
    """It was begun before the repository was renamed, and knows no other name."""
    keep, found = KINDS[kind]
    moving.call(store, 5, A)
    moving.call(store, 5, B)
    keep(store, A)
    settled(store)
    assert found(store, B) and found(store, A)
    moving.call(store, 9, A)
    assert not found(store, A)
    moving.call(store, 5, C)
    assert found(store, C)


def test_what_is_kept_late_is_written_as_the_repository_is_called(store: Store) -> None:
    moving.call(store, 5, A)
    mine, record = modifications.put(store, made(A)), records.put(store, judged(A))
    heads.newest(store, A, 7, "c" * 40)
    moving.call(store, 5, "Acme/B")
    modifications.put(store, replace(mine, status=Status.APPLIED))
    records.put(store, replace(judged(A), document={"a": 2}))
    assert heads.newest(store, A, 7, HEAD) == 2
    moved, kept = modifications.get(store, mine.id), records.get(store, record)
    assert moved is not None and kept is not None
    assert (moved.repository, moved.status, kept.repository) == ("Acme/B", Status.APPLIED, "Acme/B")
    assert kept.document == {"a": 2}


def test_a_chain_that_is_empty_has_nothing_of_the_one_before(store: Store) -> None:
    moving.call(store, 1, A)
    moving.call(store, 2, A)
    audit.append(store, "pushed", A, f"{A}#7", {"actor": "two"})
    assert audit.about(store, A, f"{A}#7", 9)
    moving.call(store, 1, B)
    assert not audit.about(store, B, f"{B}#7", 9)
