"""A repository is called something else: all that is kept by its name goes with it, in one transaction.

Records of the audit chain stay as they were written; one that tells both names is added, and by the names that are kept
here the older ones are found (`app.store.audit.about`). Identifiers of what was proposed and judged stay too."""

from sqlalchemy import Connection, Delete, Table, and_, delete, exists, func, insert, select, update
from sqlalchemy.exc import IntegrityError
from sqlmodel import col

from app.store import audit
from app.store.connect import Store
from app.store.naming.carried import carry
from app.store.naming.known import NOWHERE, current, hold, holder
from app.store.tables import AuditHead, MainTable, ModificationRow, RecordRow, RepositoryName, StopRow
from app.store.text import kept, key

RENAMED = "renamed"
"""The kind of the audit record."""
LEFT = f"{NOWHERE}0 "
"""How the key begins of what was kept by a name of which nobody knows whose it was then."""
_CHAIN = "audit_record"
_SHOWN = (RecordRow.__tablename__, ModificationRow.__tablename__)
"""Tables whose column `name` has the repository's name as it is written."""


def tables() -> tuple[Table, ...]:
    """Those whose rows are kept by a repository's name."""
    every = MainTable.metadata.sorted_tables
    return tuple(each for each in every if "repository" in each.columns and each.name != _CHAIN)


def call(store: Store, id: int, name: str) -> bool:
    """From now on the repository of this number is called so, and nothing else is. Returns whether that is new: of
    several who say the same at once one does it. Raises Unavailable."""

    def work(connection: Connection) -> bool:
        return _call(connection, store, id, kept(name, 201))

    try:
        return store.main.write(work)
    except IntegrityError:  # a process of before, which holds no names, kept something there meanwhile
        return store.main.write(work)


def _call(connection: Connection, store: Store, id: int, name: str) -> bool:
    hold(connection, store, alone=True)
    before, to = current(connection, id), key(name)
    if before is not None and before.shown == name:
        return False
    end, other = _end_of_chain(connection), holder(connection, to)
    taken = _any(connection, name=to)
    if other not in (0, id):
        _leave(connection, other, end)
        _move(connection, to, f"{NOWHERE}{other}", f"{NOWHERE}{other}")
        _begin(connection, other, f"{NOWHERE}{other}", "", end)
    elif not other and (before is not None or taken):
        # what whoever had this name once left under it. A stop stays: somebody may have meant this one
        _move(connection, to, f"{LEFT}{to}"[:201], f"{LEFT}{to}"[:201], apart=StopRow.__tablename__)
    first = not taken and not _any(connection, id=id)  # then what is kept by the name is this one's
    _leave(connection, id, end)
    if before is not None and before.name != to:
        _move(connection, before.name, to, name)
    _begin(connection, id, to, name, 0 if first else end)
    if before is not None:
        last = _last_shown(connection, id, name)
        facts = {"id": id, "before": last, "now": name}
        audit.append_within(connection, store, RENAMED, name, name, facts)
        carry(connection, store, last, name)
    return True


def _any(connection: Connection, **having: object) -> bool:
    """Whether any name of these values is kept, of now or before."""
    same = [getattr(RepositoryName, column) == value for column, value in having.items()]
    return connection.execute(select(col(RepositoryName.number)).where(*same).limit(1)).first() is not None


def _leave(connection: Connection, id: int, end: int) -> None:
    own = update(RepositoryName).where(col(RepositoryName.id) == id, col(RepositoryName.until) == 0)
    connection.execute(own.values(until=max(end, 1)))


def _begin(connection: Connection, id: int, name: str, shown: str, since: int) -> None:
    connection.execute(insert(RepositoryName).values(id=id, name=name, shown=shown, since=since, until=0))


def _last_shown(connection: Connection, id: int, now: str) -> str:
    """The name that it had before this one."""
    own = col(RepositoryName.id) == id, col(RepositoryName.shown).not_in(("", now)), col(RepositoryName.until) > 0
    wanted = select(col(RepositoryName.shown)).where(*own).order_by(col(RepositoryName.number).desc()).limit(1)
    return str(connection.execute(wanted).scalar() or "")


def _end_of_chain(connection: Connection) -> int:
    """The number of the audit chain's last record."""
    return int(connection.execute(select(func.max(col(AuditHead.number)))).scalar() or 0)


def _move(connection: Connection, before: str, to: str, shown: str, apart: str = "") -> None:
    """Gives every row of a name another one; of what would be there twice the moved one stays. `shown` is how that name
    is written, also where it is none: else what is found by its identifier would be taken for the other one's."""
    for table in tables():
        if table.name == apart:
            continue
        column = table.columns["repository"]
        if column.primary_key:
            connection.execute(_twice(table, before, to))
        named = {"name": shown} if table.name in _SHOWN else {}
        connection.execute(update(table).where(column == before).values(repository=to, **named))


def _twice(table: Table, before: str, to: str) -> Delete:
    """Removes rows of the new name that a moved one has the same key as."""
    moved = table.alias()
    rest = [each.name for each in table.primary_key.columns if each.name != "repository"]
    same = and_(*(moved.columns[name] == table.columns[name] for name in rest))
    return delete(table).where(
        table.columns["repository"] == to, exists().where(same, moved.columns["repository"] == before)
    )
