"""What was judged: one record for each commit of a pull request that was."""

import hashlib
import json
import time
from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass, replace
from typing import Any

from sqlalchemy import Row, Select, and_, delete, select
from sqlalchemy.dialects import postgresql, sqlite
from sqlmodel import col

from app.model.decision import Decision, Merge
from app.store.connect import Store
from app.store.naming.known import held, now, written
from app.store.tables import RecordRow
from app.store.text import canonical, kept, key
from checks.model.errors import Refusal
from checks.model.safety import Level


@dataclass(frozen=True, slots=True)
class Record:
    """`repository` is `owner/name` as it was asked for, `base` and `head` the two commits that were compared and
    `configuration` the commit that the settings are from (empty: there are none). `attempt` tells judging the same
    again apart. `document` is what `selfmod validate --json` prints, `findings` its findings with what the details page
    shows besides. `started` and `finished` are seconds since the epoch, `who` the login that caused it, `delivery` the
    delivery that it came with. `first` is the identifier that it was kept under first, where its repository was called
    something else then (empty: it was not)."""

    repository: str
    number: int
    base: str
    head: str
    configuration: str
    document: Mapping[str, Any]
    findings: Sequence[Mapping[str, Any]] = ()
    decision: Decision | None = None
    attempt: str = ""
    started: float = 0.0
    finished: float = 0.0
    who: str = ""
    delivery: str = ""
    first: str = ""

    @property
    def id(self) -> str:
        """`mod_` and twelve hexadecimal digits, the same for the same work."""
        return self.first or identifier(
            self.repository, self.number, self.base, self.head, self.configuration, self.attempt
        )


def identifier(repository: str, number: int, base: str, head: str, configuration: str, attempt: str = "") -> str:
    """The identifier that the record of this work has or will have."""
    parts = (key(repository), str(number), base, head, configuration, kept(attempt, 200))
    return f"mod_{hashlib.sha256('\0'.join(parts).encode()).hexdigest()[:12]}"


@dataclass(frozen=True, slots=True)
class Listed:
    """What a list shows of a record: `level` is empty where nothing was decided."""

    id: str
    head: str
    level: str
    finished: float
    number: int = 0


def put(store: Store, record: Record) -> str:
    """Keeps a record and returns its identifier; the record of the same work is replaced. Raises Unavailable, and
    Refusal where other work has this identifier: it is short enough for somebody to search for two such commits."""
    row = {
        "id": record.id,
        "repository": now(record.repository),
        "name": written(record.repository),
        "number": record.number,
        "base": record.base,
        "head": record.head,
        "configuration": record.configuration,
        "attempt": kept(record.attempt, 200),
        "document": json.dumps(record.document, separators=(",", ":")),  # in its own order
        "findings": json.dumps(list(record.findings), separators=(",", ":")),
        "decision": _plain(record.decision),
        "who": kept(record.who, 200),
        "delivery": kept(record.delivery, 200),
        "started": record.started,
        "finished": record.finished,
        "created": time.time(),
    }
    same = ("repository", "number", "base", "head", "configuration", "attempt")
    kind = postgresql if store.postgresql else sqlite
    insert = kind.insert(RecordRow).values(**row)
    conditions = [getattr(RecordRow, name) == insert.excluded[name] for name in same]
    replaced = {name: insert.excluded[name] for name in row if name not in {*same, "id", "created"}}
    statement = insert.on_conflict_do_update(index_elements=["id"], set_=replaced, where=and_(*conditions))
    returned = statement.returning(col(RecordRow.id))
    if store.main.write(held(store, returned)) is None:
        raise Refusal(f"the identifier {record.id} belongs to another change.", "Push another commit.")
    return record.id


def get(store: Store, id: str) -> Record | None:
    """The record of an identifier, None where there is none (or it was pruned). Raises Unavailable."""
    return _first(store, _rows().where(col(RecordRow.id) == kept(id, 16)))


def here(store: Store, record: Record) -> tuple[Record, bool]:
    """The record with the identifier that its work has in its repository, and whether it is kept. The usual one may be
    of the same work in another repository, that was called so before: then it is the next that is not. Raises
    Unavailable."""
    own, of = record, record.id
    while True:
        wanted = select(col(RecordRow.repository) == now(record.repository)).where(col(RecordRow.id) == own.id)
        found = store.main.read(lambda connection, wanted=wanted: connection.execute(wanted).scalar())  # type: ignore[misc]  # a lambda's default has no type
        if found is None or found:
            return own, bool(found)
        of = identifier(of, record.number, record.base, record.head, record.configuration, record.attempt)
        own = replace(record, first=of)


def latest(store: Store, repository: str, number: int) -> Record | None:
    """The newest record of a pull request. Raises Unavailable."""
    own = col(RecordRow.repository) == now(repository), col(RecordRow.number) == number
    return _first(store, _rows().where(*own))


def of_pull(store: Store, repository: str, number: int, most: int = 20) -> tuple[Record, ...]:
    """The records of a pull request, the newest first. Raises Unavailable."""
    own = col(RecordRow.repository) == now(repository), col(RecordRow.number) == number
    return _found(store, _rows().where(*own).limit(most))


def listed(store: Store, repository: str, number: int, most: int = 20) -> tuple[Listed, ...]:
    """The same, of each what a list shows: a document can have megabytes. Raises Unavailable."""
    columns = [getattr(RecordRow, name) for name in ("id", "head", "decision", "finished")]
    rows = select(*columns).order_by(col(RecordRow.created).desc()).limit(most)
    own = rows.where(col(RecordRow.repository) == now(repository), col(RecordRow.number) == number)
    found = store.main.read(lambda connection: connection.execute(own).all())
    return tuple(Listed(row.id, row.head, _level(row.decision), row.finished) for row in found)


def levels(store: Store, repository: str, most: int) -> tuple[Listed, ...]:
    """What was judged last in a repository, of any pull request, the newest first. Raises Unavailable."""
    columns = [getattr(RecordRow, name) for name in ("id", "head", "decision", "finished", "number")]
    own = col(RecordRow.repository) == now(repository), col(RecordRow.number) > 0
    rows = select(*columns).where(*own).order_by(col(RecordRow.created).desc()).limit(most)
    found = store.main.read(lambda connection: connection.execute(rows).all())
    return tuple(Listed(row.id, row.head, _level(row.decision), row.finished, row.number) for row in found)


def of_head(store: Store, repository: str, head: str) -> tuple[Record, ...]:
    """All records of a commit, the newest first: it may be the head of several pull requests. Raises Unavailable."""
    own = col(RecordRow.repository) == now(repository), col(RecordRow.head) == head
    return _found(store, _rows().where(*own))


def recent(store: Store, repository: str = "", most: int = 50, before: float | None = None) -> tuple[Record, ...]:
    """The newest records of a repository (empty: of all), or those that finished before a time. Raises Unavailable."""
    rows = _rows()
    if repository:
        rows = rows.where(col(RecordRow.repository) == now(repository))
    if before is not None:
        rows = rows.where(col(RecordRow.created) < before)
    return _found(store, rows.limit(most))


def prune(store: Store, before: float) -> int:
    """Removes records made before a time (seconds since the epoch), and returns how many."""
    old = delete(RecordRow).where(col(RecordRow.created) < before)
    return store.main.write(lambda connection: int(connection.execute(old).rowcount))


def _rows() -> Select[Any]:
    return select(RecordRow).order_by(col(RecordRow.created).desc())


def _first(store: Store, rows: Select[Any]) -> Record | None:
    return next(iter(_found(store, rows.limit(1))), None)


def _found(store: Store, rows: Select[Any]) -> tuple[Record, ...]:
    return tuple(_record(row) for row in store.main.read(lambda connection: connection.execute(rows).all()))


def _record(row: Row[Any]) -> Record:
    own = identifier(row.name, row.number, row.base, row.head, row.configuration, row.attempt)
    return Record(
        repository=row.name,
        number=row.number,
        base=row.base,
        head=row.head,
        configuration=row.configuration,
        document=json.loads(row.document),
        findings=tuple(json.loads(row.findings)),
        decision=_decision(row.decision),
        attempt=row.attempt,
        started=row.started,
        finished=row.finished,
        who=row.who,
        delivery=row.delivery,
        first="" if row.id == own else row.id,
    )


def _plain(decision: Decision | None) -> str:
    return canonical(None if decision is None else asdict(decision))


def _level(plain: str) -> str:
    decision = _decision(plain)
    return "" if decision is None else decision.level.value


def _decision(plain: str) -> Decision | None:
    """Of its JSON; what a later version added is ignored."""
    read = json.loads(plain)
    if read is None:
        return None
    known = {name: read[name] for name in Decision.__dataclass_fields__ if name in read}
    lists = {name: tuple(value) for name, value in known.items() if isinstance(value, list)}
    return Decision(**known | lists | {"level": Level(read["level"]), "merge": Merge(read["merge"])})
