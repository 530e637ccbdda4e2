"""Locks that a process holds while it lives: files in the data folder, or PostgreSQL's advisory locks."""

import fcntl
import hashlib
import os
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from pathlib import Path

from sqlalchemy import Connection, create_engine, text
from sqlalchemy.exc import DBAPIError, InvalidRequestError, OperationalError
from sqlalchemy.pool import NullPool

from app.model.trouble import Unavailable
from app.store.connect import Store, private, server_arguments

_TRIES = 0.02
"""Seconds between two tries of a file's lock, and the least time that is tried: `held` takes it for a moment too."""
_LOCKED = "55P03"
"""SQLSTATE of PostgreSQL for a lock that was not given in time."""


class Busy(Exception):
    """Somebody else holds the lock."""


@dataclass(frozen=True, slots=True)
class Lock:
    """A lock that is held. On PostgreSQL it hangs on a connection, and ends with that."""

    name: str
    _connection: Connection | None = None
    _one: threading.Lock = field(default_factory=threading.Lock)

    def alive(self) -> bool:
        """Whether it is still held: asked before what must not be done by two. May be asked from any thread."""
        if self._connection is None:
            return True
        with self._one:
            try:
                # a lost connection is never replaced by another: that one would not have the lock
                if not self._connection.invalidated:
                    self._connection.execute(text("SELECT 1"))
            except (DBAPIError, InvalidRequestError):
                return False
            return not self._connection.invalidated


@contextmanager
def exclusive(store: Store, name: str, wait: float = 0.0) -> Iterator[Lock]:
    """Holds the lock of a name against every other thread and process of this data folder or database. Raises Busy
    where somebody has it for longer than `wait` seconds, Unavailable where the database does not answer. It is freed
    when the process dies, however it dies. A thread that asks again for what it holds waits for itself."""
    if store.postgresql:
        with _advisory(store, name, wait) as lock:
            yield lock
    else:
        handle = _file(_place(store, name), wait, name)
        try:
            yield Lock(name)
        finally:
            # removed while it is held: who opened it before sees that it is another file by now
            with suppress(OSError):
                _place(store, name).unlink()
            # not by closing alone: a forked child may have the file open as well
            fcntl.flock(handle, fcntl.LOCK_UN)
            os.close(handle)


def held(store: Store, name: str) -> bool:
    """Whether somebody holds the lock of a name, this process included. Raises Unavailable."""
    if store.postgresql:
        high, low = divmod(_key(name) & 0xFFFF_FFFF_FFFF_FFFF, 1 << 32)
        wanted = text(
            "SELECT count(*) FROM pg_locks WHERE locktype = 'advisory' AND granted AND classid = :high "
            "AND objid = :low AND objsubid = 1 "
            "AND database = (SELECT oid FROM pg_database WHERE datname = current_database())"
        )
        return bool(store.main.read(lambda found: found.execute(wanted, {"high": high, "low": low}).scalar()))
    try:
        handle = os.open(_place(store, name), os.O_RDWR | os.O_CLOEXEC)
    except FileNotFoundError:
        return False
    try:
        fcntl.flock(handle, fcntl.LOCK_SH | fcntl.LOCK_NB)
    except BlockingIOError:
        return True
    finally:
        os.close(handle)
    return False


def _place(store: Store, name: str) -> Path:
    """The file of a lock: names hold slashes, and may be long."""
    return store.data_dir / "locks" / f"{hashlib.sha256(name.encode('utf-8', 'surrogatepass')).hexdigest()[:32]}.lock"


def _file(place: Path, wait: float, name: str) -> int:
    private(place.parent)
    until = time.monotonic() + max(wait, 2 * _TRIES)
    while True:
        handle = os.open(place, os.O_RDWR | os.O_CREAT | os.O_CLOEXEC, 0o600)
        try:
            fcntl.flock(handle, fcntl.LOCK_EX | fcntl.LOCK_NB)
            if _same(place, handle):
                return handle
            os.close(handle)
            continue
        except BlockingIOError:
            os.close(handle)
        except BaseException:
            os.close(handle)
            raise
        if time.monotonic() >= until:
            raise Busy(name)
        time.sleep(_TRIES)


def _same(place: Path, handle: int) -> bool:
    try:
        return os.path.samestat(place.stat(), os.fstat(handle))
    except FileNotFoundError:
        return False


def _key(name: str) -> int:
    """A lock's number in PostgreSQL: 64 bits with a sign."""
    return int.from_bytes(
        hashlib.sha256(b"selfmod\0" + name.encode("utf-8", "surrogatepass")).digest()[:8], signed=True
    )


@contextmanager
def _advisory(store: Store, name: str, wait: float) -> Iterator[Lock]:
    """On a connection of its own, so that nothing else can end it. A pooler between us must pool whole sessions."""
    address = store.engine.url
    arguments = server_arguments(address)
    engine = create_engine(address, poolclass=NullPool, isolation_level="AUTOCOMMIT", connect_args=arguments)
    try:
        connection = engine.connect()
    except OperationalError as error:
        raise Unavailable("the database does not answer") from error
    try:
        _lock(connection, name, wait)
        yield Lock(name, connection)
    finally:
        # the lock ends with the connection, but only when the server has noticed: so it is told first
        with suppress(DBAPIError, InvalidRequestError):
            connection.execute(text("SELECT pg_advisory_unlock_all()"))
        with suppress(DBAPIError, InvalidRequestError):
            connection.invalidate()
        connection.close()


def _lock(connection: Connection, name: str, wait: float) -> None:
    try:
        # the server notices within half a minute when our machine is gone, and never ends us for being idle
        for setting in ("tcp_keepalives_idle = 10", "tcp_keepalives_interval = 5", "tcp_keepalives_count = 3"):
            connection.execute(text(f"SET {setting}"))
        connection.execute(text("SET idle_session_timeout = 0"))
        if wait > 0:
            connection.execute(text(f"SET lock_timeout = {max(1, int(wait * 1000))}"))
            connection.execute(text("SELECT pg_advisory_lock(:key)"), {"key": _key(name)})
            connection.execute(text("SET lock_timeout = 0"))
        elif not connection.execute(text("SELECT pg_try_advisory_lock(:key)"), {"key": _key(name)}).scalar():
            raise Busy(name)
    except DBAPIError as error:
        if getattr(error.orig, "sqlstate", None) == _LOCKED:
            raise Busy(name) from None
        raise Unavailable("the database does not answer") from error
