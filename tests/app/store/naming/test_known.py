"""A name that a repository had means that repository until another one has it: what is under way knows no other."""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from typing import Any

import pytest
from sqlalchemy import Connection, event
from sqlalchemy.exc import IntegrityError

from app.model.modification import Status
from app.store import audit, heads, records
from app.store.connect import Store
from app.store.naming import moving
from app.store.proposed import modifications, stops
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


@contextmanager
def said(store: Store) -> Iterator[list[str]]:
    """What the database is asked meanwhile."""
    heard: list[str] = []

    def hear(connection: Connection, cursor: object, statement: str, *_: Any) -> None:
        heard.append(statement)

    event.listen(store.engine, "before_cursor_execute", hear)
    try:
        yield heard
    finally:
        event.remove(store.engine, "before_cursor_execute", hear)


def test_a_stop_is_looked_for_in_one_statement(store: Store) -> None:
    """In two a name could change in between, and the stop would be there under neither."""
    moving.call(store, 5, A)
    moving.call(store, 5, B)
    for look in (
        lambda: stops.holding(store, A, 7), lambda: stops.over(store, A, 0.0), lambda: stops.last_lifted(store, A, 7)
    ):  # fmt: skip
        with said(store) as heard:
            look()
        (statement,) = [each for each in heard if each.startswith("SELECT") and "pg_catalog" not in each]
        assert "FROM stop" in statement and "repository_name" in statement


@pytest.mark.parametrize("kind", [each for each in KINDS if each not in ("audit", "outgoing_call")])
def test_no_name_changes_while_something_is_kept_by_it(store: Store, kind: str) -> None:
    keep, _ = KINDS[kind]
    with said(store) as heard:
        keep(store, A)
    assert any("pg_advisory_xact_lock_shared" in each for each in heard) is store.postgresql


def test_what_was_kept_under_the_new_name_meanwhile_is_in_nobodys_way(
    store: Store, monkeypatch: pytest.MonkeyPatch
) -> None:
    moving.call(store, 5, A)
    tries: list[str] = []
    work = moving._call

    def once_in_vain(connection: Connection, store: Store, id: int, name: str) -> bool:
        tries.append(name)
        if len(tries) == 1:
            raise IntegrityError("UPDATE approval", {}, Exception("duplicate key"))
        return work(connection, store, id, name)

    monkeypatch.setattr(moving, "_call", once_in_vain)
    assert moving.call(store, 5, B)
    assert tries == [B, B]
