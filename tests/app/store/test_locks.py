"""Locks that end with their process."""

import signal
import subprocess
import sys
import threading
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest

from app.model.trouble import Unavailable
from app.store.connect import Store, connect
from app.store.locks import Busy, exclusive, held
from tests.postgres import Cluster, eventually

HOLDING = """
import sys, time
from pathlib import Path
from app.store.connect import connect
from app.store.locks import exclusive
store = connect(sys.argv[1], Path(sys.argv[2]))
with exclusive(store, sys.argv[3]):
    print("held", flush=True)
    time.sleep(600)
"""


def test_a_lock_is_held_by_one_and_free_afterwards(store: Store) -> None:
    assert not held(store, "a")
    with exclusive(store, "a") as lock:
        assert lock.alive()
        assert held(store, "a")
        assert not held(store, "b")
        with pytest.raises(Busy, match="a"), exclusive(store, "a"):
            pass
        with exclusive(store, "b"):
            pass
    assert not held(store, "a")
    with exclusive(store, "a"):
        pass


@pytest.mark.parametrize("name", ["Octo/cat#1", "../../etc/passwd", "x" * 5000, "", "\udcff", "ü\0"])
def test_any_name_will_do(store: Store, name: str) -> None:
    with exclusive(store, name):
        assert held(store, name)
    assert not held(store, name)


def test_a_fault_within_frees_it(store: Store) -> None:
    with pytest.raises(ZeroDivisionError), exclusive(store, "a"):
        _ = 1 / 0
    assert not held(store, "a")


def test_who_waits_gets_it_when_it_is_freed(store: Store) -> None:
    inside, waiting = threading.Event(), threading.Event()

    def second() -> bool:
        inside.wait(10)
        waiting.set()
        with exclusive(store, "a", 20):
            return True

    with ThreadPoolExecutor(1) as pool:
        got = pool.submit(second)
        with exclusive(store, "a"):
            inside.set()
            waiting.wait(10)
            assert not got.done()
        assert got.result(20)


def test_who_waits_too_long_is_told(store: Store) -> None:
    with exclusive(store, "a"), pytest.raises(Busy), exclusive(store, "a", 0.1):
        pass


def test_many_who_want_it_have_it_one_after_the_other(store: Store) -> None:
    inside, most = 0, 0

    def once(_: int) -> None:
        nonlocal inside, most
        with exclusive(store, "a", 60):
            inside += 1
            most = max(most, inside)
            inside -= 1

    with ThreadPoolExecutor(6) as pool:
        list(pool.map(once, range(30)))
    assert most == 1


def test_no_files_are_left(store: Store) -> None:
    for number in range(20):
        with exclusive(store, f"o/r#{number}"):
            pass
    assert not list(store.data_dir.glob("locks/*"))


def test_it_is_free_when_its_process_is_killed(store: Store, url: str, tmp_path: Path) -> None:
    child = subprocess.Popen(
        [sys.executable, "-c", HOLDING, url, str(tmp_path / "data"), "a"], stdout=subprocess.PIPE, text=True
    )
    assert child.stdout is not None
    assert child.stdout.readline() == "held\n"
    assert held(store, "a")
    with pytest.raises(Busy), exclusive(store, "a"):
        pass
    child.send_signal(signal.SIGKILL)
    child.wait(20)
    child.stdout.close()
    eventually(lambda: not held(store, "a"))
    with exclusive(store, "a", 20):
        pass


@pytest.mark.complete
def test_a_lost_connection_is_a_lost_lock(postgresql: Cluster, postgres_url: str, tmp_path: Path) -> None:
    store = connect(postgres_url, tmp_path)
    with exclusive(store, "a") as lock:
        assert lock.alive()
        assert postgresql.disconnect(postgres_url) >= 1
        assert [lock.alive() for _ in range(3)] == [False] * 3
        assert not held(store, "a")
    store.close()


@pytest.mark.complete
def test_a_server_that_is_down_is_unavailable(postgresql_alone: Cluster, tmp_path: Path) -> None:
    store = connect(postgresql_alone.database(), tmp_path)
    with exclusive(store, "a") as lock:
        postgresql_alone.stop()
        assert not lock.alive()
        with pytest.raises(Unavailable), exclusive(store, "b"):
            pass
    with pytest.raises(Unavailable):
        held(store, "a")
    store.close()
