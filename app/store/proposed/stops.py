"""Emergency stops: kept until somebody lifts them, and after that for the audit. A name that a repository had once, and
that is nobody's now, means that repository."""

import time
from collections.abc import Callable, Sequence
from dataclasses import replace
from typing import Any

from sqlalchemy import ColumnElement, Connection, Row, Select, and_, delete, func, insert, or_, select, update
from sqlmodel import col

from app.model.stop import Stop
from app.store.connect import Store
from app.store.naming.known import hold, now
from app.store.tables import StopRow
from app.store.text import kept, key


def put(store: Store, stop: Stop) -> Stop:
    """Stops, and returns the stop that holds there now: the one that is there already stands. Raises Unavailable."""
    made = replace(stop, at=stop.at or time.time(), lifted=0.0)
    row = {
        "owner": kept(made.owner, 100).casefold(),
        "pull": made.number,
        "by": kept(made.by, 200),
        "why": kept(made.why, 2_000),
        "at": made.at,
        "lifted": 0.0,
        "lifted_by": "",
        "lifted_why": "",
    }

    def write(connection: Connection) -> Stop:
        hold(connection, store)
        here = row | {"repository": now(made.repository)}
        there = connection.execute(select(StopRow).where(*_just(made), col(StopRow.lifted) == 0)).first()
        if there is None:
            connection.execute(insert(StopRow).values(**here))
            return made
        return _of(there)

    return store.main.write(write)


def restore(store: Store, stop: Stop) -> None:
    """Keeps a stop as it is, one that was lifted too: what was kept elsewhere. Raises Unavailable."""
    row = {
        "owner": kept(stop.owner, 100).casefold(),
        "repository": key(stop.repository),
        "pull": stop.number,
        "by": kept(stop.by, 200),
        "why": kept(stop.why, 2_000),
        "at": stop.at,
        "lifted": stop.lifted,
        "lifted_by": kept(stop.lifted_by, 200),
        "lifted_why": kept(stop.lifted_why, 2_000),
    }
    store.main.write(lambda connection: connection.execute(insert(StopRow).values(**row)))


def clear(store: Store, repository: str) -> None:
    """Forgets every stop of a repository and its pull requests, before they are restored. Raises Unavailable."""
    gone = delete(StopRow).where(col(StopRow.repository) == key(repository))
    store.main.write(lambda connection: connection.execute(gone))


def lift(store: Store, stop: Stop, by: str, why: str) -> int:
    """Lifts what holds for just this server, organisation, repository or pull request, and returns how many did. Raises
    Unavailable."""
    values = {"lifted": time.time(), "lifted_by": kept(by, 200), "lifted_why": kept(why, 2_000)}

    def write(connection: Connection) -> int:
        hold(connection, store)
        held = update(StopRow).where(*_just(stop), col(StopRow.lifted) == 0)
        return int(connection.execute(held.values(**values)).rowcount)

    return store.main.write(write)


def holding(store: Store, repository: str = "", number: int = 0) -> Stop | None:
    """What stops a pull request (or, without a number, all of a repository; without both, the server): the widest stop.
    Raises Unavailable."""

    over = _over(repository, number), col(StopRow.lifted) == 0
    wanted = select(StopRow).where(*over).order_by(col(StopRow.number))
    return min((_of(row) for row in store.main.read(_all_of(wanted))), key=_width, default=None)


def last_lifted(store: Store, repository: str, number: int = 0) -> float:
    """When a stop over this pull request was lifted last (seconds since the epoch), 0 for never: what was decided
    before that does not merge without a fresh approval. Raises Unavailable."""
    wanted = select(func.max(col(StopRow.lifted))).where(_over(repository, number))
    return float(store.main.read(lambda connection: connection.execute(wanted).scalar()) or 0.0)


def over(store: Store, repository: str, since: float) -> tuple[Stop, ...]:
    """What stops a repository or a pull request of it now, or did and was lifted since a time (seconds since the
    epoch); without a repository all such stops. Raises Unavailable."""
    table, name = StopRow, key(repository)
    wanted = select(table).where(or_(col(table.lifted) == 0, col(table.lifted) >= since)).order_by(col(table.number))
    if repository:
        owners = col(table.owner).in_(("", name.partition("/")[0]))
        here = col(table.repository) == now(name)
        wanted = wanted.where(or_(here, and_(col(table.repository) == "", owners)))
    found = (_of(row) for row in store.main.read(_all_of(wanted)))
    # as the caller knows it: `reaches` compares names
    return tuple(replace(each, repository=name) if each.repository and name else each for each in found)


def changed(store: Store) -> float:
    """When anything was stopped or resumed last (seconds since the epoch), 0 for never. Raises Unavailable."""
    wanted = select(func.max(col(StopRow.at)), func.max(col(StopRow.lifted)))
    row = store.main.read(lambda connection: connection.execute(wanted).one())
    return max(0.0, *(float(each or 0.0) for each in row))


def all_holding(store: Store) -> tuple[Stop, ...]:
    """Everything that is stopped now, the newest first. Raises Unavailable."""
    wanted = select(StopRow).where(col(StopRow.lifted) == 0).order_by(col(StopRow.number).desc())
    return tuple(_of(row) for row in store.main.read(lambda connection: connection.execute(wanted).all()))


def _all_of(wanted: Select[Any]) -> Callable[[Connection], Sequence[Row[Any]]]:
    """One statement: no name changes between the look at the names and that at the stops."""
    return lambda connection: connection.execute(wanted).all()


def _width(stop: Stop) -> int:
    return 3 if stop.number else 2 if stop.repository else 1 if stop.owner else 0


def _just(stop: Stop) -> tuple[ColumnElement[bool], ...]:
    return (
        col(StopRow.owner) == kept(stop.owner, 100).casefold(),
        col(StopRow.repository) == now(stop.repository),
        col(StopRow.pull) == stop.number,
    )


def _over(repository: str, number: int) -> ColumnElement[bool]:
    """Stops that reach a pull request of a repository; under a name that is nobody's by now, of whose it was."""
    table, name = StopRow, key(repository)
    nowhere = and_(col(table.owner) == "", col(table.repository) == "")
    if not repository:
        return nowhere
    owner = and_(col(table.owner) == name.partition("/")[0], col(table.repository) == "")
    here = and_(col(table.repository) == now(name), col(table.pull).in_((0, number)))
    return or_(nowhere, owner, here)


def _of(row: Row[Any]) -> Stop:
    return Stop(
        by=row.by,
        why=row.why,
        at=row.at,
        owner=row.owner,
        repository=row.repository,
        number=row.pull,
        lifted=row.lifted,
        lifted_by=row.lifted_by,
        lifted_why=row.lifted_why,
    )
