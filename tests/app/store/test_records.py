"""Records of judged commits."""

import dataclasses
from typing import Any

import pytest

from app.model.decision import Decision, Merge
from app.store import records
from app.store.connect import Store
from app.store.records import Record
from checks.model.errors import Refusal
from checks.model.safety import Level

A, B, C = "a" * 40, "b" * 40, "c" * 40
DOCUMENT: dict[str, Any] = {"stages": [{"name": "syntax", "state": "passed"}], "a": None, "text": "ü\0\udcff '; --"}
DECISION = Decision(
    Level.MEDIUM_RISK, Merge.BY_PERSON, 1, approvers=("@o/t",), reasons=("One approval.",), named=("ann", "bob")
)


def made(head: str = B, **changed: Any) -> Record:
    """A record of one commit."""
    base: dict[str, Any] = {
        "repository": "Octo/Cat",
        "number": 7,
        "base": A,
        "head": head,
        "configuration": C,
        "document": DOCUMENT,
        "findings": ({"rule": "eval", "line": 3},),
        "decision": DECISION,
        "started": 1.5,
        "finished": 2.5,
        "who": "ann",
        "delivery": "guid",
    }
    return Record(**base | changed)


def test_a_record_comes_back_as_it_was_put(store: Store) -> None:
    record = made()
    assert records.put(store, record) == record.id
    found = records.get(store, record.id)
    assert found == record
    assert found is not None
    assert list(found.document) == list(DOCUMENT)
    assert records.get(store, "mod_000000000000") is None
    assert records.get(store, "x" * 1000) is None


def test_the_identifier_is_that_of_the_work(store: Store) -> None:
    record = made()
    assert record.id.startswith("mod_")
    assert len(record.id) == 16
    same = [made(repository="octo/cat"), made(document={}), made(who="bob", started=9.0, decision=None)]
    assert {each.id for each in same} == {record.id}
    other = [made(C), made(base=B), made(number=8), made(configuration=""), made(attempt="2"), made(repository="o/c")]
    assert len({each.id for each in [record, *other]}) == len(other) + 1


def test_putting_again_replaces(store: Store) -> None:
    records.put(store, made())
    records.put(store, made(document={"again": True}, decision=None))
    assert records.of_head(store, "octo/cat", B) == (made(document={"again": True}, decision=None),)


def test_the_latest_and_those_of_a_head(store: Store) -> None:
    first, second, other = made(B), made(C), made(B, number=8)
    for each in (first, second, other):
        records.put(store, each)
    assert records.latest(store, "OCTO/cat", 7) == second
    assert records.latest(store, "octo/cat", 9) is None
    assert records.of_head(store, "octo/cat", B) == (other, first)
    assert records.recent(store) == (other, second, first)
    assert records.recent(store, "octo/cat", 1) == (other,)
    assert records.recent(store, "octo/dog") == ()


def test_those_of_a_pull_request(store: Store) -> None:
    first, second = records.put(store, made(A)), records.put(store, made(B))
    records.put(store, made(B, number=8))
    assert [each.id for each in records.of_pull(store, "octo/CAT", 7)] == [second, first]
    assert [each.id for each in records.of_pull(store, "octo/cat", 7, 1)] == [second]


def test_other_work_never_takes_an_identifier(store: Store, monkeypatch: pytest.MonkeyPatch) -> None:
    record = made()
    records.put(store, record)
    taken = record.id
    monkeypatch.setattr(records, "identifier", lambda *_: taken)
    with pytest.raises(Refusal, match="belongs to another"):
        records.put(store, made(C))
    assert records.get(store, taken) == record


def test_a_decision_of_a_later_version_is_read(store: Store) -> None:
    records.put(store, made())
    change = "UPDATE record SET decision = REPLACE(decision, '{', '{\"later\":1,')"
    store.main.write(lambda connection: connection.exec_driver_sql(change))
    assert records.get(store, made().id) == made()


def test_old_records_are_pruned(store: Store) -> None:
    records.put(store, made())
    assert records.prune(store, 1.0) == 0
    assert records.prune(store, 4e9) == 1
    assert records.get(store, made().id) is None


def test_a_record_cannot_be_changed() -> None:
    with pytest.raises(dataclasses.FrozenInstanceError):
        made().who = "eve"  # type: ignore[misc]  # frozen
