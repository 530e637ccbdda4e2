"""Appending to the audit chain, exporting it and pruning it."""

import datetime
import hashlib
import json
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy.exc import DBAPIError

from app.store import audit
from app.store.connect import Store, connect
from checks.model.errors import Refusal

LATER = datetime.datetime.now(datetime.UTC) + datetime.timedelta(days=400)


def filled(store: Store, count: int = 5) -> None:
    """Adds records."""
    for number in range(1, count + 1):
        audit.append(store, "approved", "Octo/Cat", f"octo/cat#{number}", {"by": "ann", "number": number})


def lines(store: Store, **how: Any) -> list[dict[str, Any]]:
    """The exported records."""
    return [json.loads(line) for line in audit.export(store, **how)]


def test_records_are_numbered_and_chained_and_verify(store: Store) -> None:
    assert audit.verify(store) is None
    filled(store, 3)
    assert audit.verify(store) is None
    found = lines(store)
    assert [each["number"] for each in found] == [1, 2, 3]
    assert [each["previous"] for each in found] == ["", found[0]["hash"], found[1]["hash"]]
    assert audit.head(store).hash == found[2]["hash"]
    assert found[1]["facts"] == {"by": "ann", "number": 2}


def test_the_hash_is_the_documented_one(store: Store) -> None:
    audit.append(store, "kind", "o/r", "süß", {"z": [1, None, 0.5], "a": "\u202e\0"}, once="step 1")
    (found,) = lines(store)
    names = ("number", "time", "kind", "repository", "subject", "facts", "once", "previous")
    parts = ["selfmod-audit-1", *(found[name] for name in names)]
    text = json.dumps(parts, sort_keys=True, separators=(",", ":"))
    assert hashlib.sha256(text.encode("ascii")).hexdigest() == found["hash"]


def test_concurrent_appenders_make_one_chain(url: str, tmp_path: Path) -> None:
    stores = [connect(url, tmp_path / "data") for _ in range(2)]

    def add(number: int) -> int:
        return audit.append(stores[number % 2], "kind", "o/r", str(number), {})

    with ThreadPoolExecutor(8) as pool:
        numbers = list(pool.map(add, range(60)))
    assert sorted(numbers) == list(range(1, 61))
    assert audit.verify(stores[0]) is None
    for store in stores:
        store.close()


def test_a_step_that_runs_twice_leaves_one_record(store: Store) -> None:
    first = audit.append(store, "kind", "o/r", "s", {"a": 1}, once="job:step")
    assert audit.append(store, "kind", "o/r", "s", {"a": 2}, once="job:step") == first
    assert [each["facts"] for each in lines(store)] == [{"a": 1}]
    assert audit.verify(store) is None


@pytest.mark.parametrize("facts", [{"a": float("nan")}, {"a": {1}}, {"a": b"x"}])
def test_facts_that_are_no_json_are_a_bug(store: Store, facts: dict[str, Any]) -> None:
    with pytest.raises((ValueError, TypeError)):
        audit.append(store, "kind", "o/r", "s", facts)
    with pytest.raises(ValueError, match="prune alone"):
        audit.append(store, "audit.pruned", "o/r", "s", {"through": 3})
    assert lines(store) == []


def test_hostile_text_is_held(store: Store) -> None:
    audit.append(store, "k\0" * 500, "o/\udcff", "'; DROP TABLE audit_record; --\0", {"\udcff": "\0"})
    assert audit.verify(store) is None
    assert len(lines(store)) == 1


def test_records_about_a_subject_and_of_a_kind(store: Store) -> None:
    filled(store, 3)
    audit.append(store, "judged", "Octo/Cat", "octo/cat#2", {})
    audit.append(store, "judged", "Octo/Dog", "octo/cat#2", {})
    assert [each.number for each in audit.about(store, "Octo/Cat", "octo/cat#2", 9)] == [2, 4]
    assert [each.number for each in audit.about(store, "Octo/Cat", "octo/cat#2", 1)] == [4]
    assert [each.number for each in audit.newest(store, "judged", 9)] == [5, 4]


def test_an_export_can_be_narrowed(store: Store, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(audit, "_PAGE", 2)
    filled(store, 5)
    audit.append(store, "kind", "o/other", "s", {})
    assert [each["number"] for each in lines(store)] == [1, 2, 3, 4, 5, 6]
    assert [each["number"] for each in lines(store, repository="octo/CAT")] == [1, 2, 3, 4, 5]
    third = datetime.datetime.fromisoformat(lines(store)[2]["time"])
    assert [each["number"] for each in lines(store, since=third)] == [3, 4, 5, 6]
    assert lines(store, since=LATER) == []


@pytest.mark.parametrize(
    "statement",
    [
        "UPDATE audit_record SET facts = '{}' WHERE number = 2",
        "DELETE FROM audit_record WHERE number = 2",
        "DELETE FROM audit_record",
    ],
)
def test_the_database_itself_refuses_changes(store: Store, statement: str) -> None:
    filled(store, 3)
    with pytest.raises(DBAPIError, match="append-only"):
        store.main.write(lambda connection: connection.exec_driver_sql(statement))
    assert audit.verify(store) is None


@pytest.mark.complete
def test_postgresql_refuses_to_empty_the_table(postgres_url: str, tmp_path: Path) -> None:
    store = connect(postgres_url, tmp_path)
    filled(store, 3)
    with pytest.raises(DBAPIError, match="append-only"):
        store.main.write(lambda connection: connection.exec_driver_sql("TRUNCATE audit_record"))
    assert len(lines(store)) == 3
    store.close()


def test_what_remains_after_pruning_still_proves_itself(store: Store) -> None:
    filled(store, 4)
    before = lines(store)
    assert audit.prune(store, 365) == 0
    assert audit.prune(store, 365, LATER) == 4
    (checkpoint,) = lines(store)
    assert checkpoint["kind"] == "audit.pruned"
    assert checkpoint["number"] == 5
    assert checkpoint["facts"]["through"] == 4
    assert checkpoint["facts"]["hash"] == before[3]["hash"]
    assert audit.verify(store) is None
    filled(store, 2)
    assert audit.verify(store) is None
    with pytest.raises(DBAPIError, match="append-only"):
        store.main.write(lambda connection: connection.exec_driver_sql("DELETE FROM audit_record WHERE number = 5"))


def test_pruning_twice_keeps_the_chain_and_a_removal_is_no_reason_for_the_next(store: Store) -> None:
    filled(store, 3)
    assert audit.prune(store, 365, LATER) == 3
    assert audit.prune(store, 365, LATER) == 0
    filled(store, 2)
    assert audit.prune(store, 365, LATER) == 3
    assert [each["number"] for each in lines(store)] == [7]
    assert audit.verify(store) is None


def test_only_the_old_ones_are_pruned(store: Store, monkeypatch: pytest.MonkeyPatch) -> None:
    told = audit._told
    monkeypatch.setattr(audit, "_told", lambda time: told(time - datetime.timedelta(days=500)))
    filled(store, 3)
    monkeypatch.setattr(audit, "_told", told)
    filled(store, 2)
    assert audit.prune(store, 0) == 0
    assert audit.prune(store, 365) == 3
    assert [each["number"] for each in lines(store)] == [4, 5, 6]
    assert audit.verify(store) is None


def test_a_broken_chain_is_not_pruned(store: Store) -> None:
    filled(store, 3)
    store.main.write(lambda connection: connection.exec_driver_sql("UPDATE audit_head SET hash = 'x'"))
    with pytest.raises(Refusal, match="broken at record 3"):
        audit.prune(store, 365, LATER)
    assert len(lines(store)) == 3


def test_a_chain_without_its_head_takes_nothing_more(store: Store) -> None:
    filled(store, 2)
    store.main.write(lambda connection: connection.exec_driver_sql("DELETE FROM audit_head"))
    with pytest.raises(Refusal, match="head of the audit chain is gone"):
        filled(store, 1)
    broken = audit.verify(store)
    assert broken is not None
    assert "head" in broken.why


def test_whether_something_was_written_is_known_by_its_name(store: Store) -> None:
    number = audit.append(store, "stopped", "o/r", "o/r#7", {}, once="here")
    found = audit.written(store, "here")
    assert found is not None and (found.number, found.kind) == (number, "stopped")
    assert audit.written(store, "there") is None
