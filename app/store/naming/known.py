"""What a repository is called, and was: a name can change, and become another repository's; GitHub's number cannot."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from sqlalchemy import ColumnElement, Connection, Executable, Select, String, case, func, literal, select, text
from sqlalchemy.orm import aliased
from sqlmodel import col

from app.store.connect import Store
from app.store.tables import RepositoryName
from app.store.text import kept, key

LOCK = 0x73656C666D6F6402
"""The number of PostgreSQL's advisory lock around renaming: "selfmod" and 2."""
NOWHERE = "#"
"""How the key begins of what belongs to a repository whose name another one has by now: it is no name."""


@dataclass(frozen=True, slots=True)
class Span:
    """A name that a repository has or had. Of the audit chain the records behind `since` up to `until` (None: all)
    with that name are about it: until another repository has the name, for what is under way writes the old one."""

    shown: str
    since: int
    until: int | None


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


def now(repository: str) -> ColumnElement[str]:
    """The key under which the rows of a name lie, as part of the statement that asks for them: that of the repository
    that is called so, or was so last, whatever it is called by now. Whoever writes under it holds the names (`hold`)
    in the same transaction."""
    name = literal(key(repository), String)
    return func.coalesce(_present(name).scalar_subquery(), name, type_=String)


def written(repository: str) -> ColumnElement[str]:
    """The same repository's name as it is written; as it is given where nobody knows better."""
    name = literal(key(repository), String)
    shown = _present(name, shown=True).scalar_subquery()
    return func.coalesce(shown, literal(kept(repository, 201), String), type_=String)


def _present(name: ColumnElement[str], shown: bool = False) -> Select[Any]:
    """The present name of whose this name is, or was last; none where it is nobody's."""
    table, has = aliased(RepositoryName), aliased(RepositoryName)
    newest = (case((col(has.until) == 0, 0), else_=1), col(has.number).desc())
    whose = select(col(has.id)).where(col(has.name) == name).order_by(*newest).limit(1).scalar_subquery()
    own = col(table.id) == whose, col(table.until) == 0
    if shown:
        return select(case((col(table.shown) == "", col(table.name)), else_=col(table.shown))).where(*own)
    return select(col(table.name)).where(*own)


def spans(connection: Connection, name: str) -> tuple[Span, ...]:
    """All names of the repository that is called so, the newest first; empty where none is known to be."""
    whose = select(col(RepositoryName.id)).where(col(RepositoryName.name) == now(name), col(RepositoryName.until) == 0)
    after = aliased(RepositoryName)
    others = (
        select(func.min(col(after.since)))
        .where(
            col(after.name) == col(RepositoryName.name),
            col(after.id) != col(RepositoryName.id),
            col(after.number) > col(RepositoryName.number),
        )
        .scalar_subquery()
    )
    wanted = (
        select(col(RepositoryName.shown), col(RepositoryName.since), others)
        .where(col(RepositoryName.id) == whose.scalar_subquery(), col(RepositoryName.shown) != "")
        .order_by(col(RepositoryName.number).desc())
    )
    return tuple(Span(*row) for row in connection.execute(wanted))


def hold(connection: Connection, store: Store, *, alone: bool = False) -> None:
    """Until the transaction ends no name changes; with `alone` no other process asks for that either. On SQLite one
    writes at a time anyhow."""
    if store.postgresql:
        function = "pg_advisory_xact_lock" if alone else "pg_advisory_xact_lock_shared"
        connection.execute(text(f"SELECT {function}(:key)"), {"key": LOCK})


def held(store: Store, statement: Executable) -> Callable[[Connection], Any]:
    """The work of a statement that writes under the key of a name (`now`), while no name changes: what it returns, or
    how many rows it changed."""

    def work(connection: Connection) -> Any:
        hold(connection, store)
        done = connection.execute(statement)
        return done.scalar() if done.returns_rows else done.rowcount

    return work
