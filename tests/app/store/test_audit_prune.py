"""What is verified before audit records are removed, and what is found then and what later."""

import datetime
import time
from collections.abc import Iterator
from pathlib import Path

import pytest

from app.store import audit
from app.store.chain import Broken
from app.store.connect import Store, connect
from checks.model.errors import Refusal
from tests.app.store.test_chain import GUARDS, KEY, run

OLD, DAYS = 500, 365


@pytest.fixture(params=[b"", KEY], ids=["without a key", "with a key"])
def chained(request: pytest.FixtureRequest, url: str, tmp_path: Path) -> Iterator[Store]:
    """Records 4 to 6 are old, 7 says that 1 to 3 were removed (and the whole chain verified), 8 to 10 are young; the
    triggers are gone."""
    store = connect(url, tmp_path / "data", request.param)
    with pytest.MonkeyPatch.context() as patch:
        aged(patch, OLD + 2)
        filled(store, 3)
        aged(patch, OLD - 2)
        filled(store, 3)
    assert audit.prune(store, OLD) == 3
    filled(store, 3)
    run(store, *(f"DROP TRIGGER IF EXISTS {name}{' ON audit_record' if store.postgresql else ''}" for name in GUARDS))
    yield store
    store.close()


def aged(patch: pytest.MonkeyPatch, days: int) -> None:
    """Records are made so many days ago."""
    form = "%Y-%m-%dT%H:%M:%S.%fZ"
    patch.setattr(audit, "_told", lambda time: (time - datetime.timedelta(days=days)).strftime(form))


def filled(store: Store, count: int) -> None:
    for number in range(count):
        audit.append(store, "approved", "o/r", f"o/r#{number}", {"number": number})


@pytest.fixture
def looks(monkeypatch: pytest.MonkeyPatch) -> list[Broken | None]:
    """What each look at the whole chain found."""
    found: list[Broken | None] = []
    verify = audit.verify

    def look(store: Store) -> Broken | None:
        found.append(verify(store))
        return found[-1]

    monkeypatch.setattr(audit, "verify", look)
    return found


def test_the_whole_chain_is_verified_once_a_day(
    chained: Store, looks: list[Broken | None], monkeypatch: pytest.MonkeyPatch
) -> None:
    assert audit.prune(chained, DAYS) == 3
    assert looks == []
    later = time.time() + audit.WHOLE
    monkeypatch.setattr(time, "time", lambda: later)
    soon = datetime.datetime.now(datetime.UTC) + datetime.timedelta(days=DAYS + 1)
    assert audit.prune(chained, DAYS, soon) == 5
    assert looks == [None]
    assert audit.prune(chained, DAYS, soon) == 0
    assert looks == [None]


@pytest.mark.parametrize(
    ("statement", "number"),
    [
        ("UPDATE audit_record SET facts = '{}' WHERE number = 5", 5),
        ("DELETE FROM audit_record WHERE number = 5", 5),
        ("DELETE FROM audit_record WHERE number = 4", 4),
        ("DELETE FROM audit_record WHERE number = 6", 6),
        ("UPDATE audit_record SET previous = 'x' WHERE number = 7", 7),
        ("UPDATE audit_record SET facts = '{}' WHERE number = 7", 7),
        ("UPDATE audit_record SET facts = '{}' WHERE number = 9", 9),
        ("DELETE FROM audit_record WHERE number = 10", 10),
        ("UPDATE audit_head SET hash = 'x'", 10),
        ("UPDATE audit_head SET seal = 'x'", 10),
    ],
)
def test_what_would_go_and_the_end_are_verified_each_time(
    chained: Store, looks: list[Broken | None], statement: str, number: int
) -> None:
    run(chained, statement)
    before = len(list(audit.export(chained)))
    for _ in range(2):
        with pytest.raises(Refusal, match=f"broken at record {number}:"):
            audit.prune(chained, DAYS)
    assert len(looks) == 2
    assert len(list(audit.export(chained))) == before


def test_what_is_changed_in_between_stays_and_is_found(
    chained: Store, looks: list[Broken | None], monkeypatch: pytest.MonkeyPatch
) -> None:
    """Records 7 and 8 go, 9 and 10 lie between them and the newest removal, which is 11."""
    assert audit.prune(chained, DAYS) == 3
    filled(chained, 2)
    run(chained, "UPDATE audit_record SET facts = '{}' WHERE number = 10")
    cut = made_at(chained, 8) + datetime.timedelta(days=DAYS, microseconds=1)
    assert audit.prune(chained, DAYS, cut) == 2
    assert looks == []
    found = audit.verify(chained)
    assert found is not None and found.number == 10
    later = time.time() + audit.WHOLE
    monkeypatch.setattr(time, "time", lambda: later)
    filled(chained, 1)
    with pytest.raises(Refusal, match="broken at record 10"):
        audit.prune(chained, DAYS, cut + datetime.timedelta(days=1))


def made_at(store: Store, number: int) -> datetime.datetime:
    query = f"SELECT time FROM audit_record WHERE number = {number}"
    text = store.main.read(lambda connection: connection.exec_driver_sql(query).scalar())
    return datetime.datetime.fromisoformat(str(text))
