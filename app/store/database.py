"""One database: transactions, group commit, and what goes wrong there as values of ours."""

import sqlite3
import threading
import time
from collections.abc import Callable, Sequence
from concurrent.futures import CancelledError, Future
from contextlib import suppress
from queue import Empty, SimpleQueue
from typing import Any

from sqlalchemy import Connection, Engine
from sqlalchemy.exc import DBAPIError
from sqlalchemy.exc import TimeoutError as PoolTimeout

from app.model.trouble import Unavailable

GROUP = 200
"""Pieces of work that share one transaction at most."""
MOST = 10_000
"""Pieces of work that wait at most without anybody waiting for them."""
_PAUSE = 0.05
"""Seconds before the one retry after a lost connection or a conflict between transactions."""
_SQLITE_ERROR = 1
"""The code of SQLite for a statement that is wrong (https://sqlite.org/rescode.html): a bug of ours."""
_CONFLICTS = frozenset({"40001", "40P01"})
"""SQLSTATE of a transaction that PostgreSQL ended in favour of another one: serialization failure and deadlock."""

type Work[T] = Callable[[Connection], T]
"""Statements of one transaction. It may run twice, so it changes nothing outside the database."""


class Database:
    """An engine and its writer. On SQLite all writing goes through one thread, and what waits together is committed
    together: a write costs a fraction of a disk flush, and threads never wait for SQLite's lock in turns. On PostgreSQL
    only `grouped` and `post` do. Use it in the process that made it, not in a forked child."""

    def __init__(self, engine: Engine) -> None:
        self.engine = engine
        self.postgresql = engine.dialect.name == "postgresql"
        self._queue: SimpleQueue[tuple[Work[Any], Future[Any]] | None] = SimpleQueue()
        self._thread: threading.Thread | None = None
        self._starting = threading.Lock()
        self._closed = False

    def read[T](self, work: Work[T], isolation: str = "") -> T:
        """Runs statements that change nothing, all on one state of the database where `isolation` asks for it."""
        options = {"isolation_level": isolation} if isolation and self.postgresql else {}
        return _retried(self.engine, work, options)

    def write[T](self, work: Work[T]) -> T:
        """Runs statements in one transaction and returns when they are durable. Raises Unavailable."""
        return _retried(self.engine, work, {}) if self.postgresql else self.grouped(work)

    def grouped[T](self, work: Work[T], wait: float | None = None) -> T:
        """The same, in one transaction with what others ask for at this moment. Raises Unavailable also where it is not
        done after `wait` seconds; it may have been done all the same."""
        future = self._put(work)
        try:
            result: T = future.result(wait)
        except TimeoutError:
            future.cancel()
            raise Unavailable(f"the database has not taken a write within {wait} s") from None
        except CancelledError:
            raise Unavailable("the database is being closed") from None
        return result

    def post(self, work: Work[Any]) -> None:
        """The same without waiting. What fails is forgotten, and what comes while too much waits."""
        if self._queue.qsize() < MOST:
            with suppress(Unavailable):
                self._put(work)

    def close(self) -> None:
        """Writes what waits, and gives the connections back."""
        with self._starting:
            self._closed, thread = True, self._thread
        if thread is not None:
            self._queue.put(None)
            thread.join()
        self.engine.dispose()

    def _put(self, work: Work[Any]) -> Future[Any]:
        future: Future[Any] = Future()
        with self._starting:
            if self._closed:
                raise Unavailable("the database is closed")
            if self._thread is None:
                self._thread = threading.Thread(target=self._write_all, name="selfmod-store", daemon=True)
                self._thread.start()
            self._queue.put((work, future))
        return future

    def _write_all(self) -> None:
        while (first := self._queue.get()) is not None:
            group, ending = [first], False
            with suppress(Empty):
                while len(group) < GROUP and not ending:
                    following = self._queue.get_nowait()
                    if following is None:
                        ending = True
                    else:
                        group.append(following)
            wanted = [(work, future) for work, future in group if future.set_running_or_notify_cancel()]
            if wanted:
                _write_together(self.engine, wanted)
            if ending:
                return


def _write_together(engine: Engine, group: Sequence[tuple[Work[Any], Future[Any]]]) -> None:
    """All in one transaction; where one is at fault each in its own, so that the others do not suffer from it."""

    def everything(connection: Connection) -> list[Any]:
        return [work(connection) for work, _ in group]

    try:
        results = _retried(engine, everything, {"immediate": True})
    except BaseException as error:
        if len(group) == 1 or isinstance(error, Unavailable):
            for _, future in group:
                future.set_exception(error)
        else:
            for each in group:
                _write_together(engine, [each])
    else:
        for (_, future), result in zip(group, results, strict=True):
            future.set_result(result)


def _retried[T](engine: Engine, work: Work[T], options: dict[str, Any]) -> T:
    """In one transaction, once more where the connection was lost or another transaction was preferred."""
    try:
        return _once(engine, work, options)
    except DBAPIError as error:
        if not (error.connection_invalidated or getattr(error.orig, "sqlstate", None) in _CONFLICTS):
            raise _told(error) from error
    except PoolTimeout as error:
        raise Unavailable("all connections to the database are in use") from error
    time.sleep(_PAUSE)
    try:
        return _once(engine, work, options)
    except DBAPIError as error:
        raise _told(error) from error


def _once[T](engine: Engine, work: Work[T], options: dict[str, Any]) -> T:
    with engine.connect().execution_options(**options) as connection, connection.begin():
        return work(connection)


def _told(error: DBAPIError) -> Exception:
    """Unavailable for what may go better later, the error itself for what is a bug."""
    kind = type(error.orig).__name__
    code = getattr(error.orig, "sqlite_errorcode", None)
    operational = isinstance(error.orig, sqlite3.OperationalError) or any(
        each.__name__ == "OperationalError" for each in type(error.orig).__mro__
    )
    if error.connection_invalidated or (operational and (code is None or code & 0xFF != _SQLITE_ERROR)):
        return Unavailable(f"the database does not answer: {kind}: {str(error.orig).strip().splitlines()[0][:200]}")
    return error
