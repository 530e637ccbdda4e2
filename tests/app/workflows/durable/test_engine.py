"""What DBOS is given, as far as no job shows it."""

import sqlite3
import stat
import time
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path

import pytest

from app.store.connect import Store
from app.workflows.durable import engine
from tests.app import stores


@pytest.fixture
def store(tmp_path: Path) -> Iterator[Store]:
    store = stores.store(tmp_path / "data")
    yield store
    store.close()


def test_the_file_of_jobs_is_the_servers_own_and_written_ahead(store: Store) -> None:
    address = engine.database_of(store)
    assert engine.database_of(store) == address, "it is there by now"
    place = Path(address.removeprefix("sqlite:///"))
    assert place.parent == store.data_dir
    assert stat.S_IMODE(place.stat().st_mode) == 0o600
    with closing(sqlite3.connect(place)) as connection:
        assert connection.execute("PRAGMA journal_mode").fetchone() == ("wal",)


@pytest.mark.parametrize(
    ("version", "number"), [("jobs-4", 4), ("jobs-", 0), ("jobs-1.2", 0), ("4", 4), ("9f3c", 0), ("jobs-²", 0), ("", 0)]
)
def test_the_number_of_a_version(version: str, number: int) -> None:
    assert engine._number(version) == number


def test_an_old_sqlite_knows_the_time_all_the_same(monkeypatch: pytest.MonkeyPatch) -> None:
    """Of Debian 12; what is newer has the function itself."""
    monkeypatch.setattr(sqlite3, "sqlite_version_info", (3, 40, 1))
    monkeypatch.setattr(time, "time", lambda: 1_700_000_000.12345)
    with closing(sqlite3.connect(":memory:", factory=engine.Clocked)) as connection:
        assert connection.execute("SELECT unixepoch('subsec')").fetchone() == (1_700_000_000.123,)
        with pytest.raises(sqlite3.OperationalError):
            connection.execute("SELECT unixepoch('auto')").fetchone()
