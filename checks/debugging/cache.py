"""Results by content, in the user's cache folder: what was analysed once is not analysed again."""

import contextlib
import hashlib
import json
import os
import sqlite3
import sys
import time
from collections.abc import Iterable, Mapping
from functools import cache
from pathlib import Path
from typing import Any

DAYS = 30
"""Results that nobody asked for in so many days are dropped."""


def folder() -> Path:
    """`$XDG_CACHE_HOME/selfmod`, else `~/.cache/selfmod` (XDG Base Directory Specification)."""
    base = os.environ.get("XDG_CACHE_HOME", "")
    return (Path(base) if base.startswith("/") else Path.home() / ".cache") / "selfmod"


@cache
def engine() -> str:
    """What a result depends on besides the file: our own sources, the tools' versions, the Python that parses."""
    from importlib.metadata import version

    seen = hashlib.sha256()
    for part in (sys.version, version("bandit"), version("ruff")):
        seen.update(part.encode() + b"\0")
    for source in sorted(Path(__file__).parent.rglob("*.py")):
        seen.update(source.read_bytes())
    return seen.hexdigest()


def key(path: str, content: bytes, surroundings: str) -> bytes:
    """The key of a file's result: its path and bytes, what its rules may know of the repository, and the engine."""
    seen = hashlib.sha256(f"{engine()}\0{surroundings}\0{path}\0".encode("utf-8", "surrogatepass"))
    seen.update(content)
    return seen.digest()


class Cache:
    """JSON values by key in one SQLite file. A cache that cannot be used is no cache: nothing ever fails for it."""

    def __init__(self, place: Path | None = None) -> None:
        self._database: sqlite3.Connection | None = None
        path = (place or folder()) / "findings.sqlite"
        for attempt in (1, 2):
            try:
                path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
                self._database = _opened(path)
                return
            except sqlite3.DatabaseError:
                if attempt == 1:
                    with contextlib.suppress(OSError):
                        path.unlink()  # damaged: begin anew
            except OSError:
                return

    def get(self, keys: Iterable[bytes]) -> dict[bytes, Any]:
        """The values that are there."""
        wanted = list(keys)
        found: dict[bytes, Any] = {}
        if self._database is None:
            return found
        with contextlib.suppress(sqlite3.Error, ValueError):
            for start in range(0, len(wanted), 500):
                part = wanted[start : start + 500]
                marks = ",".join("?" * len(part))
                rows = self._database.execute(f"SELECT key, value FROM results WHERE key IN ({marks})", part)  # noqa: S608  # marks only
                found.update((bytes(row[0]), json.loads(row[1])) for row in rows)
        return found

    def put(self, values: Mapping[bytes, Any]) -> None:
        """Keeps values, and drops what is old."""
        if self._database is None or not values:
            return
        today = int(time.time() // 86400)
        rows = [(name, json.dumps(value), today) for name, value in values.items()]
        with contextlib.suppress(sqlite3.Error), self._database:
            self._database.executemany("INSERT OR REPLACE INTO results VALUES (?, ?, ?)", rows)
            self._database.execute("DELETE FROM results WHERE day < ?", (today - DAYS,))

    def used(self, keys: Iterable[bytes]) -> None:
        """Notes that results are still asked for; at most once a day each."""
        if self._database is None:
            return
        today = int(time.time() // 86400)
        rows = [(today, name, today) for name in keys]
        with contextlib.suppress(sqlite3.Error), self._database:
            self._database.executemany("UPDATE results SET day = ? WHERE key = ? AND day < ?", rows)

    def close(self) -> None:
        """Closes the file."""
        if self._database is not None:
            with contextlib.suppress(sqlite3.Error):
                self._database.close()
            self._database = None


def _opened(path: Path) -> sqlite3.Connection:
    database = sqlite3.connect(path, timeout=2.0)
    database.execute("PRAGMA journal_mode = WAL")
    database.execute("PRAGMA synchronous = OFF")
    database.execute("CREATE TABLE IF NOT EXISTS results (key BLOB PRIMARY KEY, value TEXT, day INTEGER) WITHOUT ROWID")
    return database
