"""A private PostgreSQL, started with the binaries of the system as an ordinary user, and ended with the tests."""

import ctypes
import getpass
import os
import pwd
import shutil
import signal
import socket
import subprocess
import tempfile
import time
import uuid
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import psycopg
import pytest

REMEDY = "PostgreSQL is not installed.  Install it: apt-get install postgresql (make test-all does so as root)"
START = 30.0
"""Seconds within which it answers."""


@dataclass(eq=False)
class Cluster:
    """A server on a free port of this machine. It can be stopped, killed and started again on the same port; tests
    that do so use one of their own (`started`), and all others the one of the session (`postgresql`)."""

    binaries: Path
    folder: Path
    user: str
    port: int
    process: "subprocess.Popen[bytes] | None" = None
    settings: dict[str, str] = field(default_factory=dict)

    def url(self, database: str = "postgres") -> str:
        """The address of a database."""
        return f"postgresql+psycopg://{self.user}@127.0.0.1:{self.port}/{database}"

    def database(self, template: str = "template1") -> str:
        """Makes a database that holds what another holds, and returns its address."""
        name = f"t{uuid.uuid4().hex[:16]}"
        self.execute(f"CREATE DATABASE {name} TEMPLATE {template}")
        return self.url(name)

    def execute(self, statement: str, database: str = "postgres") -> list[tuple[Any, ...]]:
        """Runs one statement as the superuser, outside of a transaction."""
        with psycopg.connect(
            host="127.0.0.1", port=self.port, user=self.user, dbname=database, autocommit=True
        ) as connection:
            found = connection.execute(statement)
            return found.fetchall() if found.description else []

    def start(self) -> None:
        """Starts it and waits until it answers."""
        options = [word for name, value in self.settings.items() for word in ("-c", f"{name}={value}")]
        line = [f"{self.binaries}/postgres", "-D", f"{self.folder}/data", "-p", str(self.port), *options]
        with (self.folder / "log").open("ab") as log:
            self.process = subprocess.Popen(
                line, stdin=subprocess.DEVNULL, stdout=log, stderr=log, preexec_fn=_die_with_parent, **_as(self.user)
            )
        self.wait()

    def wait(self) -> None:
        """Waits until it answers."""
        until = time.monotonic() + START
        while True:
            try:
                self.execute("SELECT 1")
                return
            except psycopg.OperationalError:
                assert self.process is not None
                if self.process.poll() is not None or time.monotonic() > until:
                    pytest.fail(f"PostgreSQL does not start: {(self.folder / 'log').read_text()[-2000:]}")
                time.sleep(0.05)

    def stop(self, number: int = signal.SIGINT) -> None:
        """Ends it: SIGINT throws everybody out and writes everything, SIGQUIT is a crash."""
        assert self.process is not None
        self.process.send_signal(number)
        self.process.wait(START)

    def restart(self, number: int = signal.SIGINT) -> None:
        """Ends it and starts it again."""
        self.stop(number)
        self.start()

    def disconnect(self, database: str) -> int:
        """Cuts all connections to a database (its name or address), and returns how many there were."""
        name = database.rpartition("/")[2]
        return len(
            self.execute(
                f"SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE datname = '{name}' "
                "AND pid <> pg_backend_pid()"
            )
        )


def _die_with_parent() -> None:
    ctypes.CDLL(None).prctl(1, signal.SIGINT)  # PR_SET_PDEATHSIG: a killed test leaves no server behind


def _as(user: str) -> dict[str, Any]:
    """For subprocess: PostgreSQL does not run as root."""
    if os.geteuid() != 0:
        return {}
    entry = pwd.getpwnam(user)
    return {"user": entry.pw_uid, "group": entry.pw_gid, "extra_groups": []}


def _binaries() -> Path:
    found = [Path(place).parent for place in [shutil.which("initdb")] if place]
    found += sorted(Path("/usr/lib/postgresql").glob("*/bin"), key=lambda place: float(place.parent.name))
    if not found:
        pytest.fail(REMEDY)
    return found[-1]


def free_port() -> int:
    """A port that nobody listens on now."""
    with socket.socket() as listening:
        listening.bind(("127.0.0.1", 0))
        return int(listening.getsockname()[1])


def started(**settings: str) -> Cluster:
    """A new server, with settings of postgresql.conf; what it writes survives its own crash, and not the machine's
    unless `fsync="on"`. The caller ends it with `ended`."""
    binaries = _binaries()
    user = getpass.getuser()
    if os.geteuid() == 0:
        names = {entry.pw_name for entry in pwd.getpwall()}
        user = "postgres" if "postgres" in names else "nobody"
    # not below the test's own folder: that is root's, and names of sockets are short
    folder = Path(tempfile.mkdtemp(prefix="selfmod-pg-", dir="/tmp"))
    if os.geteuid() == 0:
        shutil.chown(folder, user)
    line = [f"{binaries}/initdb", "-D", f"{folder}/data", "-U", user, "-A", "trust", "-E", "UTF8", "--locale=C", "-N"]
    made = subprocess.run(line, capture_output=True, text=True, check=False, cwd="/", **_as(user))
    assert made.returncode == 0, made.stderr
    quiet = {
        "autovacuum": "off",
        "listen_addresses": "127.0.0.1",
        "unix_socket_directories": "",
        "fsync": "off",
        "shared_buffers": "32MB",
    }
    cluster = Cluster(binaries, folder, user, free_port(), settings=quiet | settings)
    cluster.start()
    return cluster


def ended(cluster: Cluster) -> None:
    """Ends a server and removes its files."""
    if cluster.process is not None and cluster.process.poll() is None:
        cluster.stop()
    shutil.rmtree(cluster.folder, ignore_errors=True)


@pytest.fixture(scope="session")
def postgresql() -> Iterator[Cluster]:
    """The server of this session; nobody stops it."""
    cluster = started()
    yield cluster
    ended(cluster)


@pytest.fixture
def postgres_url(postgresql: Cluster) -> str:
    """The address of an empty database."""
    return postgresql.database()


@pytest.fixture
def postgresql_alone() -> Iterator[Cluster]:
    """A server of this test alone, to stop, kill and restart."""
    cluster = started()
    yield cluster
    ended(cluster)


def eventually(holds: Callable[[], object], seconds: float = 20.0) -> None:
    """Waits until something holds, and fails where it does not within the time."""
    until = time.monotonic() + seconds
    while not holds():
        assert time.monotonic() < until, "it did not come to hold"
        time.sleep(0.02)
