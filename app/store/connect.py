"""The database: SQLite in the data folder with nothing to set up, or PostgreSQL."""

import os
import sqlite3
import time
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path
from typing import Any, cast

from sqlalchemy import URL, Connection, Engine, create_engine, event, make_url
from sqlalchemy.exc import ArgumentError, DBAPIError

from app.settings import ServerSettings
from app.store import migrate
from app.store.database import Database
from checks.model.errors import Refusal

BUSY = 10_000
"""Milliseconds that a connection of SQLite waits for another process's transaction."""
_LOOK = 0.002
"""Seconds between two looks whether it has ended."""
CONNECTIONS = 8
"""Connections to PostgreSQL that stay open in a process; three times as many at once."""
ANSWER = 10
"""Seconds to wait for PostgreSQL to accept a connection."""
_SETTING = "Correct SELFMOD_DATABASE_URL, such as sqlite:////var/lib/selfmod/selfmod.db or postgresql://user@host/name."


@dataclass(frozen=True, slots=True, eq=False)
class Store:
    """A migrated database, and the folder where locks lie when it is SQLite. `inbox` is a file of its own on SQLite, so
    that accepting a delivery never waits for anything else that is written; on PostgreSQL it is the same database.
    `audit_key` keys the audit chain (empty: nothing keys it)."""

    main: Database
    inbox: Database
    data_dir: Path
    audit_key: bytes = b""

    @property
    def engine(self) -> Engine:
        """Of everything but the inbox."""
        return self.main.engine

    @property
    def postgresql(self) -> bool:
        """Whether several machines may share it."""
        return self.main.postgresql

    def close(self) -> None:
        """Writes what waits, and gives the connections back."""
        self.inbox.close()
        self.main.close()


def connect(url: str, data_dir: Path, audit_key: bytes = b"") -> Store:
    """Opens the database that an SQLAlchemy address names, makes it where it is a file, and migrates it. Raises Refusal
    where that cannot be."""
    address = _address(url)
    try:
        private(data_dir)
        if address.get_backend_name() == "sqlite":
            main, inbox = (_file(place) for place in _places(address, data_dir))
        else:
            main = inbox = _server(address)
    except OSError as error:
        raise Refusal(f"{data_dir} cannot be used: {error.strerror}.", "Set SELFMOD_DATA_DIR to a folder.") from None
    try:
        migrate.run(main, migrate.MAIN, data_dir)
        migrate.run(inbox, migrate.INBOX, data_dir)
    except DBAPIError as error:
        for each in {main, inbox}:
            each.dispose()
        why = str(error.orig).strip().splitlines()[0][:300]
        raise Refusal(f"the database {_shown(address)} cannot be used: {why}", _remedy(error)) from None
    first = Database(main)
    return Store(first, first if inbox is main else Database(inbox), data_dir, audit_key)


def opened(settings: ServerSettings) -> Store:
    """The store that an operator's settings name, with the key of its audit chain. Raises Refusal."""
    return connect(settings.database_url, settings.data_dir, settings.audit_key.get_secret_value().encode())


def is_there(settings: ServerSettings) -> bool:
    """False where the settings name a file that nobody has made yet. Raises Refusal."""
    address = _address(settings.database_url)
    return address.get_backend_name() != "sqlite" or _places(address, settings.data_dir, make=False)[0].is_file()


def private(folder: Path) -> None:
    """Makes a folder that only its owner may enter; an existing one of ours is closed to others."""
    folder.mkdir(mode=0o700, parents=True, exist_ok=True)
    if folder.stat().st_uid == os.geteuid() and folder.stat().st_mode & 0o077:
        folder.chmod(0o700)


def _address(url: str) -> URL:
    try:
        address = make_url(url)
    except ArgumentError:
        raise Refusal("the address of the database cannot be read.", _SETTING) from None
    if address.drivername in ("postgres", "postgresql", "postgresql+psycopg"):
        return address.set(drivername="postgresql+psycopg")
    if address.drivername in ("sqlite", "sqlite+pysqlite"):
        if address.database in (None, "", ":memory:") or str(address.database).startswith("file:"):
            raise Refusal("the address of the database names no file.", _SETTING)
        return address.set(drivername="sqlite+pysqlite")
    raise Refusal(f"databases of the kind {address.drivername[:50]!r} are not known.", _SETTING)


def _shown(address: URL) -> str:
    """Without user and password."""
    place = (
        f"at {address.host or 'the local socket'}:{address.port or 5432}/" if "postgres" in address.drivername else ""
    )
    return f"{place}{address.database or ''}"


def _remedy(error: DBAPIError) -> str:
    if isinstance(error.orig, sqlite3.Error):
        return "Move the file away, or restore it from a backup; see that there is room and that it may be written."
    return "Start it, or correct SELFMOD_DATABASE_URL; the user needs the right to create tables."


def _places(address: URL, data_dir: Path, make: bool = True) -> tuple[Path, Path]:
    """The files of everything and of the inbox. A relative name is meant from the data folder."""
    place = data_dir / str(address.database)
    if make and not place.parent.exists():
        private(place.parent)
    return place, place.with_name(f"{place.stem}-inbox{place.suffix}")


def _file(place: Path) -> Engine:
    # made here, so that nobody else may read it from its first moment on; SQLite gives its other files the same mode
    with suppress(FileExistsError):
        os.close(os.open(place, os.O_CREAT | os.O_EXCL | os.O_RDWR | os.O_CLOEXEC, 0o600))
    engine = create_engine(
        URL.create("sqlite+pysqlite", database=os.fspath(place)),
        hide_parameters=True,
        pool_size=CONNECTIONS,
        max_overflow=2 * CONNECTIONS,
        connect_args={"timeout": BUSY / 1000, "isolation_level": None},
    )

    @event.listens_for(engine, "connect")
    def prepare(connection: Any, _: object) -> None:
        # NORMAL would lose the last commits with the power; the mode WAL itself is kept in the file
        for pragma in (f"busy_timeout = {BUSY}", "synchronous = FULL", "foreign_keys = ON", "trusted_schema = OFF"):
            connection.execute(f"PRAGMA {pragma}")

    @event.listens_for(engine, "begin")
    def begin(connection: Connection) -> None:
        # a transaction that begins as a reader and then writes may be refused at once, whatever the timeout says
        if connection.get_execution_options().get("immediate"):
            _begin_to_write(connection)
        else:
            connection.exec_driver_sql("BEGIN")

    return engine


def _begin_to_write(connection: Connection) -> None:
    """Waits for another process's transaction; more often than SQLite looks itself, whose pauses grow to 0.1 s."""
    driven = cast(sqlite3.Connection, connection.connection.driver_connection)
    until = time.monotonic() + BUSY / 1000
    driven.execute("PRAGMA busy_timeout = 0")
    try:
        while time.monotonic() < until:
            try:
                driven.execute("BEGIN IMMEDIATE")
                return
            except sqlite3.OperationalError as error:
                if error.sqlite_errorcode & 0xFF != sqlite3.SQLITE_BUSY:
                    break
            time.sleep(_LOOK)
        connection.exec_driver_sql("BEGIN IMMEDIATE")  # once more, for the error as everything else's is
    finally:
        driven.execute(f"PRAGMA busy_timeout = {BUSY}")


def server_arguments(address: URL) -> dict[str, str | int]:
    """What every connection to PostgreSQL is opened with, as far as its address does not say otherwise: how long to
    wait, and how soon a server that is gone is noticed (seconds)."""
    defaults: dict[str, str | int] = {
        "application_name": "selfmod",
        "connect_timeout": ANSWER,
        "keepalives_idle": 10,
        "keepalives_interval": 5,
        "keepalives_count": 3,
    }
    return {name: value for name, value in defaults.items() if name not in address.query}


def _server(address: URL) -> Engine:
    return create_engine(
        address,
        hide_parameters=True,
        pool_pre_ping=True,
        pool_size=CONNECTIONS,
        max_overflow=2 * CONNECTIONS,
        pool_timeout=ANSWER,
        connect_args=server_arguments(address),
    )
