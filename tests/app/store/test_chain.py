"""What a look at the audit chain finds when somebody with the database in his hands changed it."""

import dataclasses
import datetime
from collections.abc import Iterator
from pathlib import Path

import pytest
from sqlalchemy import Connection, insert

from app.store import audit
from app.store.chain import Broken, Head, Link, digest, seal
from app.store.connect import Store, connect
from app.store.tables import AuditRecord

KEY = b"a key that is kept outside of the database"
GUARDS = ("audit_record_is_not_changed", "audit_record_is_not_removed", "audit_record_is_not_emptied")


@pytest.fixture(params=[b"", KEY], ids=["without a key", "with a key"])
def key(request: pytest.FixtureRequest) -> bytes:
    """The chain with and without a key."""
    return bytes(request.param)


@pytest.fixture
def chained(url: str, key: bytes, tmp_path: Path) -> Iterator[Store]:
    """A store with six records, whose triggers somebody removed."""
    store = connect(url, tmp_path / "data", key)
    for number in range(1, 7):
        audit.append(store, "approved", "o/r", f"o/r#{number}", {"number": number})
    run(store, *(f"DROP TRIGGER IF EXISTS {name}{' ON audit_record' if store.postgresql else ''}" for name in GUARDS))
    yield store
    store.close()


def run(store: Store, *statements: str) -> None:
    """Runs statements as somebody who has the whole database."""
    store.main.write(lambda connection: [connection.exec_driver_sql(each) for each in statements])


def links(store: Store) -> list[Link]:
    """All records."""
    return store.main.read(lambda connection: list(audit._links(connection, audit._all())))


def replace(store: Store, records: list[Link]) -> None:
    """Puts these records in the place of all."""

    def work(connection: Connection) -> None:
        connection.exec_driver_sql("DELETE FROM audit_record")
        for each in records:
            connection.execute(insert(AuditRecord).values(**dataclasses.asdict(each)))

    store.main.write(work)


def forged(records: list[Link], key: bytes = b"") -> list[Link]:
    """A chain computed anew."""
    made: list[Link] = []
    for number, each in enumerate(records, 1):
        link = dataclasses.replace(each, number=number, previous=made[-1].hash if made else "", hash="")
        made.append(dataclasses.replace(link, hash=digest(link, key)))
    return made


def numbered(records: list[Link]) -> list[Link]:
    """The same records with numbers from 1."""
    return [dataclasses.replace(each, number=number) for number, each in enumerate(records, 1)]


def test_an_untouched_chain_is_whole(chained: Store) -> None:
    assert audit.verify(chained) is None


@pytest.mark.parametrize("column", ["time", "kind", "repository", "subject", "facts", "once", "previous", "hash"])
def test_a_changed_record_is_named(chained: Store, column: str) -> None:
    run(chained, f"UPDATE audit_record SET {column} = 'x' WHERE number = 3")
    assert audit.verify(chained) == Broken(3, "it was changed, or put in")


@pytest.mark.parametrize("facts", ['{"number": 3}', '{"number":3,"number":3}', "[]", "[" * 2000, '{"a":1e999}', "3"])
def test_facts_in_another_form_are_a_change(chained: Store, facts: str) -> None:
    run(chained, f"UPDATE audit_record SET facts = '{facts}' WHERE number = 3")
    assert audit.verify(chained) == Broken(3, "it was changed, or put in")
    assert len(list(audit.export(chained))) == 6


def test_a_removed_record_is_named(chained: Store) -> None:
    run(chained, "DELETE FROM audit_record WHERE number = 3")
    assert audit.verify(chained) == Broken(3, "it was removed")


def test_a_removed_record_whose_gap_was_closed_is_noticed(chained: Store) -> None:
    records = links(chained)
    replace(chained, numbered(records[:2] + records[3:]))
    assert audit.verify(chained) == Broken(3, "it is record 4, moved: records were removed before it")


def test_an_inserted_record_is_noticed(chained: Store, key: bytes) -> None:
    records = links(chained)
    false = Link(3, records[2].time, "approved", "o/r", "o/r#99", "{}", "x", records[1].hash)
    false = dataclasses.replace(false, hash=digest(false, b""))
    replace(chained, numbered([*records[:2], false, *records[2:]]))
    if key:  # its maker has no key
        assert audit.verify(chained) == Broken(3, "it was changed, or put in")
    else:
        assert audit.verify(chained) == Broken(4, "it is record 3, moved: records were put in before it")


def test_reordered_records_are_noticed(chained: Store) -> None:
    records = links(chained)
    records[2], records[3] = records[3], records[2]
    replace(chained, numbered(records))
    assert audit.verify(chained) == Broken(3, "it is record 4: records were reordered")


def test_a_record_that_was_computed_anew_does_not_fit_the_next(chained: Store, key: bytes) -> None:
    records = links(chained)
    changed = dataclasses.replace(records[2], subject="o/r#99")
    records[2] = dataclasses.replace(changed, hash=digest(changed, b""))
    replace(chained, records)
    broken = audit.verify(chained)
    assert broken is not None
    assert broken.number == (3 if key else 4)


@pytest.mark.parametrize("left", [0, 1, 5])
def test_a_cut_end_is_noticed(chained: Store, left: int) -> None:
    run(chained, f"DELETE FROM audit_record WHERE number > {left}")
    assert audit.verify(chained) == Broken(left + 1, f"the end was cut off: {6 - left} records are missing")


def test_a_cut_beginning_is_noticed(chained: Store) -> None:
    run(chained, "DELETE FROM audit_record WHERE number <= 3")
    assert audit.verify(chained) == Broken(3, "it and all before it were removed, and not by prune")


def test_a_record_behind_the_end_is_noticed(chained: Store, key: bytes) -> None:
    records = links(chained)
    false = Link(7, records[2].time, "approved", "o/r", "o/r#99", "{}", "x", records[5].hash)
    replace(chained, [*records, dataclasses.replace(false, hash=digest(false, key))])
    assert audit.verify(chained) == Broken(7, "it was added behind the end")


def test_who_computes_everything_anew_needs_the_key(chained: Store, key: bytes) -> None:
    kept = audit.head(chained)
    records = links(chained)
    records[2] = dataclasses.replace(records[2], subject="o/r#99")
    anew = forged(records)
    replace(chained, anew)
    end = Head(6, anew[-1].hash)
    run(chained, f"UPDATE audit_head SET hash = '{end.hash}', seal = '{seal(end, b'')}'")
    # honest: without a key this cannot be told from a true chain, but for a head that was kept elsewhere
    assert audit.verify(chained) == (Broken(1, "it was changed, or put in") if key else None)
    assert audit.verify(chained, kept) is not None


def test_the_key_is_needed_to_move_the_head(chained: Store, key: bytes) -> None:
    fourth = links(chained)[3]
    kept = audit.head(chained)
    end = Head(4, fourth.hash)
    run(
        chained,
        "DELETE FROM audit_record WHERE number > 4",
        f"UPDATE audit_head SET number = 4, hash = '{end.hash}', seal = '{seal(end, b'')}'",
    )
    changed = Broken(4, "the head of the chain was changed, or the key is another one")
    assert audit.verify(chained) == (changed if key else None)
    broken = audit.verify(chained, kept)
    assert broken == (changed if key else Broken(5, "the end was cut off: a head that was kept is further"))


@pytest.mark.parametrize("moved", [True, False], ids=["with its head", "without its head"])
def test_what_is_added_behind_an_end_that_was_cut_proves_nothing(chained: Store, key: bytes, moved: bool) -> None:
    end = Head(4, links(chained)[3].hash)
    run(chained, "DELETE FROM audit_record WHERE number > 4")
    if moved:
        run(chained, f"UPDATE audit_head SET number = 4, hash = '{end.hash}', seal = '{seal(end, b'')}'")
    for number in range(2):
        audit.append(chained, "approved", "o/r", "o/r#9", {"number": number})
        broken = audit.verify(chained)
        # honest: without a key who cuts the end can seal what is left
        assert (broken is None) == (moved and not key)


def test_a_database_that_was_put_back_is_noticed_by_a_head_that_was_kept(chained: Store) -> None:
    before, end = links(chained), audit.head(chained)
    audit.append(chained, "approved", "o/r", "o/r#7", {})
    kept = audit.head(chained)
    replace(chained, before)
    run(chained, f"UPDATE audit_head SET number = 6, hash = '{end.hash}', seal = '{end.seal}'")
    assert audit.verify(chained) is None
    assert audit.verify(chained, kept) == Broken(7, "the end was cut off: a head that was kept is further")
    assert audit.verify(chained, end) is None


def test_another_key_does_not_fit(chained: Store, key: bytes) -> None:
    other = dataclasses.replace(chained, audit_key=b"another")
    broken = audit.verify(other)
    assert broken is not None
    assert broken.number == 1


def test_a_removal_that_prune_did_not_make_does_not_pass_as_one(chained: Store) -> None:
    later = datetime.datetime.now(datetime.UTC) + datetime.timedelta(days=400)
    assert audit.prune(chained, 365, later) == 6
    audit.append(chained, "approved", "o/r", "o/r#8", {})
    assert audit.verify(chained) is None
    run(chained, "DELETE FROM audit_record WHERE number = 7")
    assert audit.verify(chained) == Broken(7, "it and all before it were removed, and not by prune")


def test_a_kept_head_that_was_pruned_proves_nothing_and_says_so(chained: Store) -> None:
    kept = audit.head(chained)
    later = datetime.datetime.now(datetime.UTC) + datetime.timedelta(days=400)
    audit.prune(chained, 365, later)
    broken, walk = audit.looked(chained, kept)
    assert broken is None
    assert walk.unproven


def test_a_number_that_is_text_is_found(chained: Store) -> None:
    if not chained.postgresql:  # SQLite keeps whatever it is given
        run(chained, "UPDATE audit_record SET kind = x'00ff' WHERE number = 2")
        assert audit.verify(chained) == Broken(2, "it was changed, or put in")
        assert len(list(audit.export(chained))) == 6
