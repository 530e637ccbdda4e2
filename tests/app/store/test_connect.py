"""Opening a database."""

import sqlite3
import stat
import subprocess
import sys
from pathlib import Path

import pytest

from app.model.trouble import Unavailable
from app.store import connect as connecting
from app.store import heads
from app.store.connect import Store, connect
from checks.model.errors import Refusal
from tests.postgres import Cluster, eventually, free_port


def test_files_are_for_the_owner_alone_and_written_ahead(tmp_path: Path) -> None:
    folder = tmp_path / "data"
    folder.mkdir(mode=0o755)
    folder.chmod(0o755)
    store = connect(f"sqlite:///{folder}/selfmod.db", folder)
    assert heads.newest(store, "o/r", 1, "a" * 40) == 1
    assert stat.S_IMODE(folder.stat().st_mode) == 0o700
    assert {path.name for path in folder.iterdir()} >= {"selfmod.db", "selfmod-inbox.db"}
    assert all(stat.S_IMODE(path.stat().st_mode) == 0o600 for path in folder.iterdir())
    for database in (store.main, store.inbox):
        with database.engine.connect() as connection:
            names = ("journal_mode", "synchronous", "busy_timeout")
            pragmas = {name: connection.exec_driver_sql(f"PRAGMA {name}").scalar() for name in names}
        assert pragmas == {"journal_mode": "wal", "synchronous": 2, "busy_timeout": 10_000}
    store.close()


@pytest.mark.parametrize(
    ("url", "said"),
    [
        ("", "cannot be read"),
        ("nonsense", "cannot be read"),
        ("sqlite://", "names no file"),
        ("sqlite:///:memory:", "names no file"),
        ("mysql://root@localhost/selfmod", "'mysql' are not known"),
        ("postgresql+asyncpg://localhost/selfmod", "not known"),
    ],
)
def test_an_address_that_cannot_be_is_refused_with_the_remedy(tmp_path: Path, url: str, said: str) -> None:
    with pytest.raises(Refusal, match=said) as refused:
        connect(url, tmp_path)
    assert "SELFMOD_DATABASE_URL" in refused.value.hint


def test_a_file_that_is_no_database_is_refused(tmp_path: Path) -> None:
    (tmp_path / "selfmod.db").write_bytes(b"not a database, but long enough to be read as the head of one" * 100)
    with pytest.raises(Refusal, match="not a database") as refused:
        connect(f"sqlite:///{tmp_path}/selfmod.db", tmp_path)
    assert "backup" in refused.value.hint


def test_a_folder_that_cannot_be_made_is_refused(tmp_path: Path) -> None:
    (tmp_path / "file").touch()
    with pytest.raises(Refusal, match="cannot be used"):
        connect(f"sqlite:///{tmp_path}/selfmod.db", tmp_path / "file" / "data")


@pytest.mark.complete
def test_a_server_that_is_not_there_is_refused_without_its_password(tmp_path: Path) -> None:
    with pytest.raises(Refusal, match="cannot be used") as refused:
        connect(f"postgresql://ann:opensesame@127.0.0.1:{free_port()}/selfmod", tmp_path)
    assert "opensesame" not in str(refused.value)
    assert "Start it" in refused.value.hint


def test_processes_that_start_together_migrate_once(empty_url: str, tmp_path: Path) -> None:
    program = (
        "import sys; from pathlib import Path; from app.store.connect import connect; from app.store import heads\n"
        "store = connect(sys.argv[1], Path(sys.argv[2])); heads.newest(store, 'o/r', 1, sys.argv[3]); store.close()"
    )
    children = [
        subprocess.Popen(
            [sys.executable, "-c", program, empty_url, str(tmp_path / "data"), f"{number:040x}"], stderr=subprocess.PIPE
        )
        for number in range(4)
    ]
    for child in children:
        _, said = child.communicate(timeout=60)
        assert child.returncode == 0, said.decode()
    store = connect(empty_url, tmp_path / "data")
    found = heads.current(store, "O/R", 1)
    assert found is not None
    assert found[1] == 4
    store.close()


def test_a_lock_of_sqlite_that_does_not_end_is_unavailable(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    store = connect(f"sqlite:///{tmp_path}/selfmod.db", tmp_path)
    other = sqlite3.connect(tmp_path / "selfmod.db", isolation_level=None)
    other.execute("BEGIN IMMEDIATE")
    monkeypatch.setattr(connecting, "BUSY", 50)
    with pytest.raises(Unavailable, match="locked"):
        heads.newest(store, "o/r", 1, "a" * 40)
    other.rollback()
    assert heads.newest(store, "o/r", 1, "a" * 40) == 1
    store.close()


@pytest.mark.complete
def test_a_cut_connection_is_not_noticed_above(postgresql: Cluster, postgres_url: str, tmp_path: Path) -> None:
    store = connect(postgres_url, tmp_path)
    for generation in range(1, 6):
        assert heads.newest(store, "o/r", 1, f"{generation:040x}") == generation
        postgresql.disconnect(postgres_url)
    store.close()


@pytest.mark.complete
def test_a_restart_of_the_server_is_survived(postgresql_alone: Cluster, tmp_path: Path) -> None:
    store = connect(postgresql_alone.database(), tmp_path)
    assert heads.newest(store, "o/r", 1, "a" * 40) == 1
    postgresql_alone.restart()
    assert heads.newest(store, "o/r", 1, "b" * 40) == 2
    postgresql_alone.stop()
    with pytest.raises(Unavailable, match="does not answer"):
        heads.newest(store, "o/r", 1, "c" * 40)
    postgresql_alone.start()
    assert heads.newest(store, "o/r", 1, "c" * 40) == 3
    eventually(lambda: heads.current(store, "o/r", 1) == ("c" * 40, 3))
    store.close()


def test_a_closed_store_says_so(store: Store) -> None:
    store.close()
    if not store.postgresql:
        with pytest.raises(Unavailable, match="closed"):
            heads.newest(store, "o/r", 1, "a" * 40)
