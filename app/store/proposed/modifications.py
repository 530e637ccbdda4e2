"""What selfmod proposed: one row for each modification, as it stands now; how it got there is in the audit chain."""

import json
import time
from collections.abc import Collection
from dataclasses import replace
from typing import Any

from sqlalchemy import Row, Select, delete, func, select, update
from sqlalchemy.dialects import postgresql, sqlite
from sqlmodel import col

from app.model.modification import Modification, Sort, Status, identifier
from app.store.connect import Store
from app.store.naming.known import held, now, written
from app.store.tables import ModificationRow
from app.store.text import canonical, kept
from checks.model.errors import Refusal

_FIXED = ("id", "repository", "name", "created")
"""Columns that putting it again leaves as they are."""


def put(store: Store, modification: Modification) -> Modification:
    """Keeps it as it stands now, and returns it with its times. Raises Unavailable, and Refusal where a proposal of
    another repository has this identifier: one that was called so before."""
    now = time.time()
    made = replace(modification, created=modification.created or now, changed=now)
    row = _row(made)
    kind = postgresql if store.postgresql else sqlite
    insert = kind.insert(ModificationRow).values(**row)
    replaced = {name: insert.excluded[name] for name in row if name not in _FIXED}
    own = col(ModificationRow.repository) == insert.excluded["repository"]
    statement = insert.on_conflict_do_update(index_elements=["id"], set_=replaced, where=own)
    returned = statement.returning(col(ModificationRow.id))
    if store.main.write(held(store, returned)) is None:
        raise Refusal(f"the identifier {made.id} belongs to a proposal of another repository.", "Propose it by hand.")
    return made


def settle(store: Store, seen: Modification, status: Status) -> bool:
    """Gives it another status and leaves the rest as it is, where status and head are still as they were seen; returns
    whether they were: what moves it at the same time is not undone by it. Raises Unavailable."""
    table = ModificationRow
    as_seen = col(table.id) == seen.id, col(table.status) == seen.status.value, col(table.head) == seen.head
    change = update(table).where(*as_seen).values(status=status.value, changed=time.time())
    return store.main.write(lambda connection: bool(connection.execute(change).rowcount))


def get(store: Store, id: str) -> Modification | None:
    """The modification of an identifier, None where there is none. Raises Unavailable."""
    return _first(store, _rows().where(col(ModificationRow.id) == kept(id, 16)))


def of_pull(store: Store, repository: str, number: int) -> Modification | None:
    """The one that a pull request proposes. Raises Unavailable."""
    own = col(ModificationRow.repository) == now(repository), col(ModificationRow.number) == number
    return _first(store, _rows().where(*own))


def on_branch(store: Store, repository: str, branch: str) -> Modification | None:
    """The newest that is, or was, proposed on a branch. Raises Unavailable."""
    own = col(ModificationRow.repository) == now(repository), col(ModificationRow.branch) == kept(branch, 255)
    return _first(store, _rows().where(*own))


def taking_back(store: Store, repository: str, reverts: str) -> tuple[Modification, ...]:
    """Those that take back a modification, by its identifier or `#` and a pull request's number; the newest first.
    Raises Unavailable."""
    own = col(ModificationRow.repository) == now(repository), col(ModificationRow.reverts) == kept(reverts, 40)
    return _found(store, _rows().where(*own))


def recent(
    store: Store,
    repository: str = "",
    statuses: Collection[Status] = (),
    most: int = 50,
    before: float | None = None,
) -> tuple[Modification, ...]:
    """The newest of a repository (empty: of all), of these statuses (none: any), made before a time (seconds since the
    epoch). Raises Unavailable."""
    rows = _rows()
    if repository:
        rows = rows.where(col(ModificationRow.repository) == now(repository))
    if statuses:
        rows = rows.where(col(ModificationRow.status).in_([each.value for each in statuses]))
    if before is not None:
        rows = rows.where(col(ModificationRow.created) < before)
    return _found(store, rows.limit(most))


def opened_since(store: Store, repository: str, since: float) -> int:
    """How many pull requests were opened for modifications made since a time (seconds since the epoch). Raises
    Unavailable."""
    table = ModificationRow
    wanted = (
        select(func.count())
        .select_from(table)
        .where(
            col(table.repository) == now(repository),
            col(table.created) >= since,
            col(table.number) > 0,
            col(table.sort) != Sort.REVERT.value,
        )
    )
    return int(store.main.read(lambda connection: connection.execute(wanted).scalar_one()))


def prune(store: Store, before: float) -> int:
    """Removes what was changed last before a time and came to nothing, and returns how many. What was merged, rejected
    or taken back stays: it may still be taken back, and by that it is known that it is not proposed again."""
    table = ModificationRow
    ended = (Status.FAILED, Status.SUPERSEDED)
    old = delete(table).where(col(table.changed) < before, col(table.status).in_([each.value for each in ended]))
    return store.main.write(lambda connection: int(connection.execute(old).rowcount))


def _rows() -> Select[Any]:
    return select(ModificationRow).order_by(col(ModificationRow.created).desc(), col(ModificationRow.id))


def _first(store: Store, rows: Select[Any]) -> Modification | None:
    return next(iter(_found(store, rows.limit(1))), None)


def _found(store: Store, rows: Select[Any]) -> tuple[Modification, ...]:
    return tuple(_of(row) for row in store.main.read(lambda connection: connection.execute(rows).all()))


def _row(made: Modification) -> dict[str, Any]:
    return {
        "id": made.id,
        "repository": now(made.repository),
        "name": written(made.repository),
        "sort": made.sort.value,
        "branch": kept(made.branch, 255),
        "base_ref": kept(made.base_ref, 255),
        "title": kept(made.title, 500),
        "base": made.base,
        "head": made.head,
        "number": made.number,
        "requester": kept(made.requester, 200),
        "keys": canonical(list(made.keys)),
        "reverts": kept(made.reverts, 40),
        "status": made.status.value,
        "merged": made.merged,
        "reason": kept(made.reason, 2_000),
        "created": made.created,
        "changed": made.changed,
    }


def _of(row: Row[Any]) -> Modification:
    return Modification(
        repository=row.name,
        sort=Sort(row.sort),
        branch=row.branch,
        base_ref=row.base_ref,
        title=row.title,
        base=row.base,
        head=row.head,
        number=row.number,
        requester=row.requester,
        keys=tuple(json.loads(row.keys)),
        reverts=row.reverts,
        status=Status(row.status),
        merged=row.merged,
        reason=row.reason,
        created=row.created,
        changed=row.changed,
        first="" if row.id == identifier(row.name, row.branch) else row.id,
    )
