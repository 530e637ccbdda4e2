"""Results by content, in the user's cache folder: what was analysed once is not analysed again."""

import contextlib
import hashlib
import json
import os
import sqlite3
import stat
import sys
import time
from collections.abc import Iterable, Iterator, Mapping
from functools import cache
from pathlib import Path
from typing import Any

DAYS = 30
"""Results that nobody asked for in so many days are dropped."""
LARGEST = 200 * 1024 * 1024
"""Bytes of results that are kept; beyond that the oldest half goes. The file itself keeps the size that it had."""
LAYOUT = 1
"""Number of the table's layout: a file with another one is begun anew."""

_DAMAGED = frozenset({sqlite3.SQLITE_CORRUPT, sqlite3.SQLITE_NOTADB, sqlite3.SQLITE_FORMAT})


def folder() -> Path | None:
    """`$XDG_CACHE_HOME/selfmod`, else `~/.cache/selfmod` (XDG Base Directory Specification, which says that a relative
    path is no path). None where there is no home either."""
    base = os.environ.get("XDG_CACHE_HOME", "")
    if base.startswith("/"):
        return Path(base) / "selfmod"
    try:
        return Path.home() / ".cache" / "selfmod"
    except RuntimeError:
        return None


@cache
def engine() -> str:
    """What a result depends on besides the file: our own sources, the tools' versions, the Python that parses."""
    from importlib.metadata import version

    seen = hashlib.sha256()
    for part in (sys.version, version("bandit"), version("ruff")):
        seen.update(part.encode() + b"\0")
    here = Path(__file__).parent
    for room in (here, here.parent / "model"):
        for source in sorted(room.rglob("*.py")):
            seen.update(source.read_bytes())
    return seen.hexdigest()


def key(path: str, content: bytes, surroundings: str) -> bytes:
    """The key of a file's result: its path and bytes, what its rules may know of the repository, and the engine."""
    seen = hashlib.sha256(f"{engine()}\0{surroundings}\0{path}\0".encode("utf-8", "surrogatepass"))
    seen.update(content)
    return seen.digest()


class Cache:
    """JSON values by key in one SQLite file. A cache that cannot be used is no cache: nothing ever fails for it.

    Whoever may write to its folder may make up results: a folder that belongs to somebody else is not used.
    """

    def __init__(self, place: Path | None = None, largest: int = LARGEST) -> None:
        self._database: sqlite3.Connection | None = None
        self._largest = largest
        where = place or folder()
        if where is None or not _private(where):
            return
        self._path = where / "findings.sqlite"
        self._open()

    def _open(self) -> None:
        try:
            self._database = _opened(self._path)
        except sqlite3.Error as error:
            if not _damaged(error):
                return  # read-only, or busy
            _removed(self._path)
            with contextlib.suppress(sqlite3.Error):
                self._database = _opened(self._path)

    @contextlib.contextmanager
    def _forgiving(self) -> Iterator[None]:
        """What goes wrong in the file is not seen outside; a damaged file is begun anew."""
        try:
            yield
        except sqlite3.Error as error:
            if _damaged(error):
                self.close()
                _removed(self._path)
                self._open()

    def get(self, keys: Iterable[bytes]) -> dict[bytes, Any]:
        """The values that are there."""
        wanted = list(keys)
        found: dict[bytes, Any] = {}
        if self._database is None:
            return found
        with self._forgiving():
            for start in range(0, len(wanted), 500):
                part = wanted[start : start + 500]
                marks = ",".join("?" * len(part))
                rows = self._database.execute(f"SELECT key, value FROM results WHERE key IN ({marks})", part)  # noqa: S608  # marks only
                for name, value in rows:
                    with contextlib.suppress(ValueError, TypeError, RecursionError):  # not what we wrote
                        found[bytes(name)] = json.loads(value)
        return found

    def put(self, values: Mapping[bytes, Any]) -> None:
        """Keeps values, and drops what is old or too much."""
        if self._database is None or not values:
            return
        today = int(time.time() // 86400)
        rows = [(name, json.dumps(value), today) for name, value in values.items()]
        with self._forgiving(), self._database as database:
            database.executemany("INSERT OR REPLACE INTO results VALUES (?, ?, ?)", rows)
            database.execute("DELETE FROM results WHERE day < ?", (today - DAYS,))
            if self.size() > self._largest:
                half = "SELECT key FROM results ORDER BY day LIMIT (SELECT (count(*) + 1) / 2 FROM results)"
                database.execute(f"DELETE FROM results WHERE key IN ({half})")  # noqa: S608  # a constant

    def used(self, keys: Iterable[bytes]) -> None:
        """Notes that results are still asked for; at most once a day each."""
        if self._database is None:
            return
        today = int(time.time() // 86400)
        rows = [(today, name, today) for name in keys]
        with self._forgiving(), self._database as database:
            database.executemany("UPDATE results SET day = ? WHERE key = ? AND day < ?", rows)

    def size(self) -> int:
        """Bytes of the pages that hold something; 0 where there is no cache."""
        if self._database is None:
            return 0
        pages, free, each = (
            self._database.execute(f"PRAGMA {name}").fetchone()[0]
            for name in ("page_count", "freelist_count", "page_size")
        )
        return int((pages - free) * each)

    def close(self) -> None:
        """Closes the file."""
        if self._database is not None:
            with contextlib.suppress(sqlite3.Error):
                self._database.close()
            self._database = None


def _private(place: Path) -> bool:
    """Makes the folder, for nobody but us; whether it is there and ours."""
    try:
        place.mkdir(mode=0o700, parents=True, exist_ok=True)
        status = place.stat()
        if status.st_uid != os.geteuid():
            return False
        if stat.S_IMODE(status.st_mode) & 0o022:
            place.chmod(0o700)
    except OSError:
        return False
    return True


def _damaged(error: sqlite3.Error) -> bool:
    return (getattr(error, "sqlite_errorcode", 0) & 0xFF) in _DAMAGED


def _removed(path: Path) -> None:
    for end in ("", "-wal", "-shm", "-journal"):
        with contextlib.suppress(OSError):
            path.with_name(path.name + end).unlink()


def _opened(path: Path) -> sqlite3.Connection:
    database = sqlite3.connect(path, timeout=2.0)
    try:
        database.execute("PRAGMA journal_mode = WAL")
        database.execute("PRAGMA synchronous = OFF")
        if database.execute("PRAGMA user_version").fetchone()[0] != LAYOUT:
            with database:
                database.execute("DROP TABLE IF EXISTS results")
                database.execute(f"PRAGMA user_version = {LAYOUT}")
        database.execute(
            "CREATE TABLE IF NOT EXISTS results (key BLOB PRIMARY KEY, value TEXT, day INTEGER) WITHOUT ROWID"
        )
        database.execute("CREATE INDEX IF NOT EXISTS results_day ON results (day)")
    except sqlite3.Error:
        database.close()
        raise
    return database
