"""What a repository is called, and was: a name can change, and become another repository's; GitHub's number cannot."""

from dataclasses import dataclass
from typing import Any

from sqlalchemy import Connection, select, text
from sqlmodel import col

from app.store.connect import Store
from app.store.tables import RepositoryName
from app.store.text import key

LOCK = 0x73656C666D6F6402
"""The number of PostgreSQL's advisory lock around renaming: "selfmod" and 2."""
NOWHERE = "#"
"""How the key begins of what belongs to a repository whose name another one has by now: it is no name."""


@dataclass(frozen=True, slots=True)
class Span:
    """A name that a repository has or had. Of the audit chain the records behind `since` up to `until` (0: all) with
    that name are about it."""

    shown: str
    since: int
    until: int


def name_of(store: Store, id: int) -> str | None:
    """What a repository is called, as it is written: empty where another one has its name and its own is not known,
    None where it was never seen. Raises Unavailable."""
    row = store.main.read(lambda connection: current(connection, id))
    return None if row is None else str(row.shown)


def has_name(store: Store, name: str) -> int:
    """The number of the repository that has a name, 0 where none is known to. Raises Unavailable."""
    return store.main.read(lambda connection: holder(connection, key(name)))


def current(connection: Connection, id: int) -> Any:
    """The row of a repository's present name."""
    wanted = select(RepositoryName).where(col(RepositoryName.id) == id, col(RepositoryName.until) == 0)
    return connection.execute(wanted).first()


def holder(connection: Connection, name: str) -> int:
    """The number of the repository that has a name, by its key; 0 for none."""
    wanted = select(col(RepositoryName.id)).where(col(RepositoryName.name) == name, col(RepositoryName.until) == 0)
    return int(connection.execute(wanted).scalar() or 0)


def now(connection: Connection, name: str) -> str:
    """The key under which the rows of a name lie: that of the repository that was called so last, where none is now."""
    if not name or holder(connection, name):
        return name
    table = RepositoryName
    wanted = select(col(table.id)).where(col(table.name) == name).order_by(col(table.number).desc()).limit(1)
    last = connection.execute(wanted).scalar()
    row = current(connection, int(last)) if last is not None else None
    return name if row is None else str(row.name)


def spans(connection: Connection, name: str) -> tuple[Span, ...]:
    """All names of the repository that is called so, the newest first; empty where none is known to be."""
    id = holder(connection, now(connection, key(name)))
    wanted = (
        select(RepositoryName)
        .where(col(RepositoryName.id) == id, col(RepositoryName.shown) != "")
        .order_by(col(RepositoryName.number).desc())
    )
    return tuple(Span(row.shown, row.since, row.until) for row in connection.execute(wanted)) if id else ()


def hold(connection: Connection, store: Store, *, alone: bool = False) -> None:
    """Until the transaction ends no name changes; with `alone` no other process asks for that either. On SQLite one
    writes at a time anyhow."""
    if store.postgresql:
        function = "pg_advisory_xact_lock" if alone else "pg_advisory_xact_lock_shared"
        connection.execute(text(f"SELECT {function}(:key)"), {"key": LOCK})
