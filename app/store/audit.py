"""The audit chain: who did what to which repository, written once. Its form and what it proves: `app.store.chain`."""

import datetime
import hmac
import logging
import time
import uuid
from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from sqlalchemy import ColumnElement, Connection, Select, and_, delete, func, insert, or_, select, update
from sqlmodel import col

from app.store import marks
from app.store.chain import PRUNED, Broken, Head, Link, Walk, digest, seal
from app.store.connect import Store
from app.store.naming.known import Span, spans
from app.store.tables import AuditHead, AuditRecord
from app.store.text import canonical, kept
from checks.model.errors import Refusal

_GONE = Head(0, "", "gone")
BROKEN_OFF = "the end before was not as it was left"
"""In the place of a seal."""
WHOLE = 86_400.0
"""Seconds after which `prune` verifies the whole chain again."""
_LOOKED = "audit verified"
"""The mark of the store that says when it did."""
_PAGE = 1000
"""Records that are in memory at the same time while many are read."""
_LOG = logging.getLogger(__name__)


def append(store: Store, kind: str, repository: str, subject: str, facts: Mapping[str, Any], once: str = "") -> int:
    """Adds a record and returns its number. `subject` says what it is about (`o/r#7`, an identifier), `facts` are JSON
    values. Of several with the same `once` (not empty) the first stands: a step that runs twice leaves one. Raises
    Unavailable, and ValueError or TypeError for facts that are no JSON."""
    made = _made(kind, repository, subject, facts, once)
    return store.main.write(lambda connection: _append(connection, store, *made))


def append_within(
    connection: Connection, store: Store, kind: str, repository: str, subject: str, facts: Mapping[str, Any]
) -> int:
    """The same in a transaction with something else."""
    return _append(connection, store, *_made(kind, repository, subject, facts, ""))


def _made(
    kind: str, repository: str, subject: str, facts: Mapping[str, Any], once: str
) -> tuple[str, str, str, str, str, str]:
    if kind == PRUNED:
        raise ValueError("prune alone says that something was removed")
    text = canonical(dict(facts))
    unique = kept(once, 200) or uuid.uuid4().hex
    now = _told(datetime.datetime.now(datetime.UTC))
    return now, kept(kind, 100), kept(repository, 201), kept(subject), text, unique


def written(store: Store, once: str) -> Link | None:
    """The record with this `once`, None where there is none. Raises Unavailable."""
    wanted = _all().where(col(AuditRecord.once) == kept(once, 200))
    return store.main.read(lambda connection: next(_links(connection, wanted), None))


def genuine(store: Store, link: Link) -> bool:
    """Whether a record has its own hash: who has the key of the chain wrote it, as it is. Whether it is in its place,
    and none is missing, only `verify` tells."""
    made = digest(link, store.audit_key)  # empty for what was never written so
    return bool(made) and hmac.compare_digest(link.hash.encode(), made.encode())


def _append(
    connection: Connection,
    store: Store,
    now: str,
    kind: str,
    repository: str,
    subject: str,
    facts: str,
    once: str,
) -> int:
    # locks the row: one appends at a time, in all processes
    head = _head(connection, lock=True)
    if head == _GONE:
        raise Refusal("the head of the audit chain is gone.", "See selfmod audit verify, and restore a backup.")
    known = select(col(AuditRecord.number)).where(col(AuditRecord.once) == once)
    if (number := connection.execute(known).scalar()) is not None:
        return int(number)
    link = Link(head.number + 1, now, kind, repository, subject, facts, once, head.hash)
    hashed = digest(link, store.audit_key)
    row = {name: getattr(link, name) for name in Link.__dataclass_fields__} | {"hash": hashed}
    connection.execute(insert(AuditRecord).values(**row))
    end = Head(link.number, hashed)
    # what is behind an end that somebody changed is never sealed: verify goes on to name it
    proof = seal(end, store.audit_key) if _sound(connection, head, store.audit_key) else BROKEN_OFF
    moved = {"number": end.number, "hash": end.hash, "seal": proof}
    connection.execute(update(AuditHead).where(col(AuditHead.id) == 1).values(**moved))
    return end.number


def _sound(connection: Connection, head: Head, key: bytes) -> bool:
    """Whether the chain ends as it was left: the head has its seal, and the record that it names is there."""
    if head.number == 0:
        return not head.seal
    last = select(col(AuditRecord.hash)).where(col(AuditRecord.number) == head.number)
    if hmac.compare_digest(head.seal, seal(head, key)) and connection.execute(last).scalar() == head.hash:
        return True
    _LOG.error("the end of the audit chain is not as it was left: see selfmod audit verify")
    return False


def head(store: Store) -> Head:
    """Where the chain ends: worth keeping elsewhere. Raises Unavailable."""
    return store.main.read(_head)


def verify(store: Store, known: Head | None = None) -> Broken | None:
    """Goes through the whole chain and names the first record that is not as it was written, None where there is none.
    `known` is a head that was kept elsewhere. Raises Unavailable."""
    return looked(store, known)[0]


def looked(store: Store, known: Head | None = None) -> tuple[Broken | None, Walk]:
    """The same, with the walk that led there: how many records it saw, and the head."""

    def work(connection: Connection) -> tuple[Broken | None, Walk]:
        walk = Walk(store.audit_key, _head(connection), known)
        return walk.run(_links(connection, _all())), walk

    # one state of the database throughout, whatever is appended meanwhile
    return store.main.read(work, "REPEATABLE READ")


def export(store: Store, since: datetime.datetime | None = None, repository: str = "") -> Iterator[str]:
    """All records as lines of JSON, the oldest first; those from a time on, of one repository. Raises Unavailable."""
    wanted = _all()
    if since is not None:
        wanted = wanted.where(col(AuditRecord.time) >= _told(since))
    if repository:
        wanted = wanted.where(func.lower(col(AuditRecord.repository)) == kept(repository, 201).lower())
    after = 0
    while True:
        page = wanted.where(col(AuditRecord.number) > after).limit(_PAGE)
        links = store.main.read(lambda connection, page=page: list(_links(connection, page)))  # type: ignore[misc]  # a lambda's default has no type
        for link in links:
            yield link.line()
        if not links:
            return
        after = links[-1].number


def about(store: Store, repository: str, subject: str, most: int) -> tuple[Link, ...]:
    """The newest records about a subject of a repository, both as they were appended; the oldest of them first. What
    the repository was called before counts too, until another one was called so. Raises Unavailable."""

    def work(connection: Connection) -> list[Link]:
        wanted = _newest(most).where(_of_names(spans(connection, repository), repository, subject))
        return list(_links(connection, wanted))

    return tuple(reversed(store.main.read(work)))


def _of_names(names: Sequence[Span], repository: str, subject: str) -> ColumnElement[bool]:
    """Records about a subject under each name that its repository has or had."""
    table, rest = AuditRecord, subject.removeprefix(repository)
    found = []
    for each in names or (Span(repository, 0, None),):
        about = each.shown + rest if rest != subject else subject
        own = [col(table.repository) == kept(each.shown, 201), col(table.subject) == kept(about)]
        own += [col(table.number) > each.since] if each.since else []
        found.append(and_(*own, *([] if each.until is None else [col(table.number) <= each.until])))
    return or_(*found)


def newest(store: Store, kind: str, most: int) -> tuple[Link, ...]:
    """The newest records of a kind, the newest first. Raises Unavailable."""
    wanted = _newest(most).where(col(AuditRecord.kind) == kind)
    return tuple(store.main.read(lambda connection: list(_links(connection, wanted))))


def _newest(most: int) -> Select[Any]:
    return _all().order_by(None).order_by(col(AuditRecord.number).desc()).limit(most)


def prune(store: Store, days: int, now: datetime.datetime | None = None) -> int:
    """Removes records older than so many days (0: none) and returns how many. A record of the removal is added to the
    chain, so that the rest still proves itself. Raises Unavailable, and Refusal where the chain is found broken: what
    is to be removed would be the evidence.

    What is verified before anything is removed: all that is to go, that the first record that stays follows it, and the
    end of the chain from the newest removal on, with the head and its seal. So nothing that was changed is ever removed
    as if it had not been, and the new record is added to an end that is right. What lies between stays, with whatever
    somebody did to it, for `verify` to find. That whole look is taken here too, once in `WHOLE` seconds and until it
    finds nothing: not each hour, for it takes as long as the chain is. When it was taken last stands in the database,
    and who writes there can put it off; `selfmod audit verify` asks nobody."""
    if days <= 0:
        return 0
    limit = _told((now or datetime.datetime.now(datetime.UTC)) - datetime.timedelta(days=days))
    through = _prunable(store, limit)
    if through is None:
        return 0
    began, looked = time.time(), marks.read(store, _LOOKED)
    whole = looked is None or not 0 <= began - looked < WHOLE
    broken = None if whole else _ends(store, through[0])
    if whole or broken:  # the whole look names the right record
        broken = verify(store) or broken
    if broken:
        raise Refusal(f"the audit chain is broken at record {broken.number}: {broken.why}.", "Nothing was removed.")
    if whole:
        marks.put(store, _LOOKED, began)

    def work(connection: Connection) -> int:
        _head(connection, lock=True)
        last = _last_prunable(connection, limit)
        if last != through:  # what would go is not what was verified: the next time
            return 0
        number, facts = through
        told, once = _told(datetime.datetime.now(datetime.UTC)), uuid.uuid4().hex
        _append(connection, store, told, PRUNED, "", f"records up to {number}", canonical(facts), once)
        marked = update(AuditHead).where(col(AuditHead.id) == 1)
        connection.execute(marked.values(prunable=number))
        connection.execute(delete(AuditRecord).where(col(AuditRecord.number) <= number))
        connection.execute(marked.values(prunable=0))
        return int(facts["removed"])

    return store.main.write(work)


def _ends(store: Store, through: int) -> Broken | None:
    """Verifies the records up to this one with the one that comes next, and those from the newest removal on."""
    number = col(AuditRecord.number)

    def work(connection: Connection) -> Broken | None:
        head = _head(connection)
        removals = select(func.max(number)).where(col(AuditRecord.kind) == PRUNED)
        removed = connection.execute(removals).scalar()
        # the next that there is: one that was taken out in between would else be missed by nobody
        following = connection.execute(select(func.min(number)).where(number > through)).scalar()
        beginning = _links(connection, _all().where(number <= (through if following is None else following)))
        end = _links(connection, _all().where(number >= (head.number if removed is None else removed)))
        return Walk(store.audit_key, head).run_ends(beginning, end)

    return store.main.read(work, "REPEATABLE READ")


def _prunable(store: Store, limit: str) -> tuple[int, dict[str, Any]] | None:
    return store.main.read(lambda connection: _last_prunable(connection, limit))


def _last_prunable(connection: Connection, limit: str) -> tuple[int, dict[str, Any]] | None:
    """The last record that may go, and the facts of its removal; None where none may. The chain is cut before the first
    record that is to stay: a clock that was set back tears no hole. Records of removals go with others, never alone, or
    each removal would be the reason for the next."""
    table = AuditRecord
    first_kept = connection.execute(select(func.min(col(table.number))).where(col(table.time) >= limit)).scalar()
    before = [] if first_kept is None else [col(table.number) < first_kept]
    last = select(col(table.number), col(table.hash)).where(*before).order_by(col(table.number).desc()).limit(1)
    row = connection.execute(last).first()
    counts = select(func.count()).select_from(table).where(*before)
    if row is None or not connection.execute(counts.where(col(table.kind) != PRUNED)).scalar_one():
        return None
    removed = int(connection.execute(counts).scalar_one())
    return row.number, {"through": row.number, "hash": row.hash, "removed": removed, "before": limit}


def _all() -> Select[Any]:
    columns = [getattr(AuditRecord, name) for name in Link.__dataclass_fields__]
    return select(*columns).order_by(col(AuditRecord.number))


def _links(connection: Connection, wanted: Select[Any]) -> Iterator[Link]:
    found = connection.execution_options(yield_per=_PAGE).execute(wanted)
    for row in found:
        yield Link(*row)


def _head(connection: Connection, lock: bool = False) -> Head:
    wanted = select(col(AuditHead.number), col(AuditHead.hash), col(AuditHead.seal)).where(col(AuditHead.id) == 1)
    row = connection.execute(wanted.with_for_update() if lock else wanted).first()
    if row is None:
        # somebody removed it: the records are there, and verify says so
        return _GONE
    return Head(row.number, row.hash, row.seal)


def _told(time: datetime.datetime) -> str:
    """ISO 8601 in UTC, always as long: sorted as text it is sorted by time."""
    return time.astimezone(datetime.UTC).strftime("%Y-%m-%dT%H:%M:%S.%fZ")
