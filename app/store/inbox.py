"""Deliveries that were accepted: written before they are answered, handled afterwards, once. One that is sent again
after it was handled is not handled anew: it only asks whether its jobs failed, and those are run again."""

import json
import time
from collections.abc import Sequence
from dataclasses import dataclass
from enum import StrEnum

from sqlalchemy import Connection, delete, func, insert, select, update
from sqlalchemy.dialects import postgresql, sqlite
from sqlmodel import col

from app.model.delivery import Delivery
from app.store.connect import Store
from app.store.tables import InboxBody, InboxDelivery
from app.store.text import canonical, kept

ANSWER = 8.0
"""Seconds within which a delivery is accepted or not: GitHub gives up after 10."""
LEASE = 60.0
"""Seconds until what was taken and not ended is there to be taken again."""
PICKED = 5.0
"""Seconds within which what may be taken again is, where anybody takes anything."""
TAKEN = 5
"""Times that a delivery is taken: it has failed when nobody ended it even then, as it may be what kills them."""
_TOGETHER = 32 * 1024 * 1024
"""Bytes of bodies that are taken together at most, if it is more than one."""


class Accepted(StrEnum):
    """What became of a delivery."""

    NEW = "new"
    AGAIN = "again"
    """It is a duplicate that led to jobs: those that failed are to be run again."""
    DUPLICATE = "duplicate"


class State(StrEnum):
    """How far an accepted delivery is."""

    PENDING = "pending"
    DONE = "done"
    FAILED = "failed"
    AGAIN = "again"
    """It was done and came again, and nobody has looked at its jobs yet."""
    DUPLICATE = "duplicate"


@dataclass(frozen=True, slots=True)
class Seen:
    """What is known of a delivery. `seen` and `taken` count how often it came and was taken, `jobs` are the identities
    of the jobs that it led to."""

    id: str
    event: str
    state: State
    seen: int
    taken: int
    jobs: str
    why: str


@dataclass(frozen=True, slots=True)
class Repeated:
    """A delivery that was done and came again. `jobs` are the identities of its jobs, `asked` is the same however often
    this asking is taken, and another the next time that it comes after it was looked at."""

    id: str
    jobs: tuple[str, ...]
    asked: str


def accept(store: Store, delivery: Delivery, wait: float = ANSWER) -> Accepted:
    """Keeps a delivery so that it survives a crash and a loss of power, together with what comes at the same moment.
    One whose identifier or content is there already is a duplicate; where that one failed, it is to be handled anew,
    and where it was done and led to jobs, those are to be looked at. Raises Unavailable."""
    digest = delivery.digest  # here and not in the writer's thread
    return store.inbox.grouped(lambda connection: _accept(connection, store, delivery, digest), wait)


def _accept(connection: Connection, store: Store, delivery: Delivery, digest: str) -> Accepted:
    guid = kept(delivery.id, 200)
    row = {
        "guid": guid,
        "event": kept(delivery.event, 100),
        "digest": digest,
        "size": len(delivery.body),
        "received": delivery.received,
        "state": State.PENDING,
    } | {"seen": 1, "taken": 0, "lease": 0.0, "jobs": "[]", "why": ""}
    # both columns are unique: of several processes with the same delivery one inserts it
    kind = postgresql if store.postgresql else sqlite
    new = kind.insert(InboxDelivery).values(**row).on_conflict_do_nothing().returning(col(InboxDelivery.number))
    if (number := connection.execute(new).scalar()) is not None:
        connection.execute(insert(InboxBody).values(number=number, body=delivery.body))
        return Accepted.NEW
    return _again(connection, store, row)


def _again(connection: Connection, store: Store, row: dict[str, object]) -> Accepted:
    columns = col(InboxDelivery.number), col(InboxDelivery.state), col(InboxDelivery.duplicate_of)
    known = connection.execute(select(*columns).where(col(InboxDelivery.guid) == row["guid"])).first()
    if known is None:
        first = select(col(InboxDelivery.number)).where(
            col(InboxDelivery.digest) == row["digest"], col(InboxDelivery.duplicate_of).is_(None)
        )
        original = connection.execute(first).scalar_one()
        kind = postgresql if store.postgresql else sqlite
        repeated = row | {"state": State.DUPLICATE, "duplicate_of": original, "handled": time.time()}
        connection.execute(kind.insert(InboxDelivery).values(**repeated).on_conflict_do_nothing())
    else:
        original = known.duplicate_of or known.number
        counted = update(InboxDelivery).where(col(InboxDelivery.number) == known.number)
        connection.execute(counted.values(seen=col(InboxDelivery.seen) + 1))
    revived = update(InboxDelivery).where(
        col(InboxDelivery.number) == original, col(InboxDelivery.state) == State.FAILED
    )
    fresh = {"state": State.PENDING, "taken": 0, "lease": 0.0, "handled": None, "why": ""}
    if connection.execute(revived.values(**fresh)).rowcount:
        return Accepted.NEW
    came_again = update(InboxDelivery).where(
        col(InboxDelivery.number) == original, col(InboxDelivery.state) == State.DONE, col(InboxDelivery.jobs) != "[]"
    )
    # `handled` stays: it tells this asking from the next
    asked = connection.execute(came_again.values(state=State.AGAIN, lease=0.0)).rowcount
    return Accepted.AGAIN if asked else Accepted.DUPLICATE


def take(store: Store, most: int = 10, lease: float = LEASE) -> tuple[Delivery, ...]:
    """The oldest deliveries that wait, for the caller alone during `lease` seconds. Several may take at the same time
    and get different ones. Raises Unavailable."""

    def work(connection: Connection) -> tuple[Delivery, ...]:
        now = time.time()
        table = InboxDelivery
        waiting = (
            select(col(table.number), col(table.guid), col(table.event), col(table.received))
            .add_columns(col(table.size), col(table.taken))
            .where(col(table.state) == State.PENDING, col(table.lease) <= now)
            .order_by(col(table.number))
            .limit(most)
            .with_for_update(skip_locked=True)
        )
        taken: list[Delivery] = []
        size = 0
        for row in connection.execute(waiting).all():
            if row.taken >= TAKEN:
                why = f"taken {TAKEN} times, and each time nobody ended it"
                _end(connection, row.guid, {"state": State.FAILED, "why": why})
                continue
            size += row.size
            if taken and size > _TOGETHER:
                break
            leased = update(table).where(col(table.number) == row.number)
            connection.execute(leased.values(taken=col(table.taken) + 1, lease=now + lease))
            body = connection.execute(select(col(InboxBody.body)).where(col(InboxBody.number) == row.number))
            taken.append(Delivery(row.guid, row.event, bytes(body.scalar_one()), row.received))
        return tuple(taken)

    # asked often and mostly for nothing: a look does not wait for those that write
    waits = select(col(InboxDelivery.number)).where(col(InboxDelivery.state) == State.PENDING).limit(1)
    if store.inbox.read(lambda connection: connection.execute(waits).first()) is None:
        return ()
    return store.inbox.write(work)


def done(store: Store, id: str, jobs: Sequence[str]) -> None:
    """A delivery is handled; `jobs` are the identities of what it led to. Its body is removed: nobody reads it again,
    and it may hold what people wrote in a private repository. Raises Unavailable."""
    facts = {"state": State.DONE, "jobs": canonical(list(jobs)), "why": ""}
    its = select(col(InboxDelivery.number)).where(col(InboxDelivery.guid) == kept(id, 200))

    def work(connection: Connection) -> None:
        _end(connection, id, facts)
        connection.execute(delete(InboxBody).where(col(InboxBody.number).in_(its)))

    store.inbox.write(work)


def take_repeated(store: Store, most: int = 10, lease: float = LEASE) -> tuple[Repeated, ...]:
    """The oldest deliveries that came again, for the caller alone during `lease` seconds; those that nobody ended come
    back. Raises Unavailable."""
    table = InboxDelivery

    def work(connection: Connection) -> tuple[Repeated, ...]:
        now = time.time()
        waiting = (
            select(col(table.number), col(table.guid), col(table.jobs), col(table.handled))
            .where(col(table.state) == State.AGAIN, col(table.lease) <= now)
            .order_by(col(table.number))
            .limit(most)
            .with_for_update(skip_locked=True)
        )
        rows = connection.execute(waiting).all()
        leased = update(table).where(col(table.number).in_([row.number for row in rows]))
        connection.execute(leased.values(lease=now + lease))
        return tuple(Repeated(row.guid, tuple(json.loads(row.jobs)), f"{row.guid} {row.handled}") for row in rows)

    waits = select(col(table.number)).where(col(table.state) == State.AGAIN).limit(1)
    if store.inbox.read(lambda connection: connection.execute(waits).first()) is None:
        return ()
    return store.inbox.write(work)


def looked_at(store: Store, repeated: Repeated, jobs: Sequence[str]) -> None:
    """The jobs of a delivery that came again were looked at; `jobs` are what they are by now. Raises Unavailable."""
    ended = update(InboxDelivery).where(col(InboxDelivery.guid) == repeated.id, col(InboxDelivery.state) == State.AGAIN)
    facts = {"state": State.DONE, "jobs": canonical(list(jobs)), "handled": time.time(), "lease": 0.0}
    store.inbox.write(lambda connection: connection.execute(ended.values(**facts)))


def give_back(store: Store, ids: Sequence[str], later: float = 0.0) -> None:
    """What was taken is not handled, and not for a reason of its own: it may be taken again, after `later` seconds, and
    this time does not count. Raises Unavailable."""
    back = update(InboxDelivery).where(
        col(InboxDelivery.guid).in_([kept(each, 200) for each in ids]),
        col(InboxDelivery.state) == State.PENDING,
        col(InboxDelivery.taken) > 0,
    )
    values = {"taken": col(InboxDelivery.taken) - 1, "lease": time.time() + later if later else 0.0}
    store.inbox.write(lambda connection: connection.execute(back.values(**values)))


def failed(store: Store, id: str, why: str) -> None:
    """A delivery could not be handled, and waits for its redelivery. Raises Unavailable."""
    facts = {"state": State.FAILED, "why": kept(why, 2000)}
    store.inbox.write(lambda connection: _end(connection, id, facts))


def _end(connection: Connection, guid: str, facts: dict[str, str]) -> None:
    # what is done stays done: a slow one who lost its lease may still come and say that it failed
    ended = update(InboxDelivery).where(
        col(InboxDelivery.guid) == kept(guid, 200),
        col(InboxDelivery.state).in_((State.PENDING, State.FAILED)),
    )
    connection.execute(ended.values(handled=time.time(), lease=0.0, **facts))


def pending_count(store: Store) -> int:
    """Deliveries that wait or are being handled, and those that came again."""
    waiting = col(InboxDelivery.state).in_((State.PENDING, State.AGAIN))
    count = select(func.count()).select_from(InboxDelivery).where(waiting)
    return store.inbox.read(lambda connection: connection.execute(count).scalar_one())


def oldest(store: Store) -> float | None:
    """When the oldest delivery came that nobody handles (seconds since the epoch), None where there is none. One that
    somebody has, or gave back for later, is not without anybody."""
    left = col(InboxDelivery.lease) <= time.time() - PICKED
    first = select(func.min(col(InboxDelivery.received))).where(col(InboxDelivery.state) == State.PENDING, left)
    return store.inbox.read(lambda connection: connection.execute(first).scalar())


def find(store: Store, id: str) -> Seen | None:
    """What is known of a delivery, None where it never came (or was pruned)."""
    table = InboxDelivery
    wanted = select(col(table.event), col(table.state), col(table.seen), col(table.taken), col(table.jobs))
    wanted = wanted.add_columns(col(table.why)).where(col(table.guid) == kept(id, 200))
    row = store.inbox.read(lambda connection: connection.execute(wanted).first())
    return row and Seen(id, row.event, State(row.state), row.seen, row.taken, row.jobs, row.why)


def prune(store: Store, before: float) -> int:
    """Removes what was handled before a time (seconds since the epoch), and returns how many deliveries that were."""

    def work(connection: Connection) -> int:
        ended = col(InboxDelivery.state).not_in((State.PENDING, State.AGAIN))
        old = col(InboxDelivery.handled) < before, ended
        connection.execute(
            delete(InboxBody).where(col(InboxBody.number).in_(select(col(InboxDelivery.number)).where(*old)))
        )
        return connection.execute(delete(InboxDelivery).where(*old)).rowcount

    return store.inbox.write(work)
