"""What people with write access said of one commit of a pull request. Whoever asks checks what they may do now."""

import time
from dataclasses import dataclass

from sqlalchemy import delete, select
from sqlalchemy.dialects import postgresql, sqlite
from sqlmodel import col

from app.store.connect import Store
from app.store.naming.known import held, now
from app.store.tables import ApprovalRow, OkToTest
from app.store.text import kept


@dataclass(frozen=True, slots=True)
class Grant:
    """The word that a commit's tests may run: of whom, and when (seconds since the epoch)."""

    head: str
    by: str
    when: float


@dataclass(frozen=True, slots=True)
class Approval:
    """An approval by button or command: of which commit, by whom, and when (seconds since the epoch)."""

    head: str
    login: str
    when: float


def grant(store: Store, repository: str, number: int, head: str, by: str, when: float = 0.0) -> None:
    """Keeps that the tests of a commit may run, said at a time (seconds since the epoch; 0: now); the first word
    stands. Raises Unavailable."""
    kind = postgresql if store.postgresql else sqlite
    row = {"repository": now(repository), "number": number, "head": head, "by": kept(by, 200)}
    row["granted"] = when or time.time()
    put = kind.insert(OkToTest).values(**row).on_conflict_do_nothing()
    store.main.write(held(store, put))


def granted(store: Store, repository: str, number: int, head: str) -> Grant | None:
    """The word for this commit of this pull request, None where nobody gave it. Raises Unavailable."""
    table = OkToTest
    wanted = select(col(table.head), col(table.by), col(table.granted)).where(
        col(table.repository) == now(repository), col(table.number) == number, col(table.head) == head
    )
    row = store.main.read(lambda connection: connection.execute(wanted).first())
    return None if row is None else Grant(row.head, row.by, row.granted)


def approve(
    store: Store, repository: str, number: int, head: str, login: str, since: float = 0.0, when: float = 0.0
) -> None:
    """Keeps somebody's approval of a commit, given at a time (0: now). The first one stands, unless it was given before
    a time (both seconds since the epoch) from which on approvals count. Raises Unavailable."""
    kind = postgresql if store.postgresql else sqlite
    row = {"repository": now(repository), "number": number, "head": head, "login": kept(login, 200).casefold()}
    put = kind.insert(ApprovalRow).values(**row, name=kept(login, 200), given=when or time.time())
    renewed = put.on_conflict_do_update(
        index_elements=list(row), set_={"given": put.excluded.given}, where=col(ApprovalRow.given) <= since
    )
    store.main.write(held(store, renewed))


def withdraw(store: Store, repository: str, number: int, head: str, login: str) -> bool:
    """Takes somebody's approval of a commit back, and returns whether there was one. Raises Unavailable."""
    table = ApprovalRow
    gone = delete(table).where(
        col(table.repository) == now(repository),
        col(table.number) == number,
        col(table.head) == head,
        col(table.login) == kept(login, 200).casefold(),
    )
    return bool(store.main.write(held(store, gone)))


def approvals(store: Store, repository: str, number: int, head: str) -> tuple[Approval, ...]:
    """The approvals of this commit of this pull request, in the order in which they were given. Raises Unavailable."""
    table = ApprovalRow
    wanted = (
        select(col(table.head), col(table.name), col(table.given))
        .where(col(table.repository) == now(repository), col(table.number) == number, col(table.head) == head)
        .order_by(col(table.given), col(table.login))
    )
    rows = store.main.read(lambda connection: connection.execute(wanted).all())
    return tuple(Approval(row.head, row.name, row.given) for row in rows)


def prune(store: Store, before: float) -> int:
    """Removes what was said before a time (seconds since the epoch), and returns how much."""
    old = (
        delete(OkToTest).where(col(OkToTest.granted) < before),
        delete(ApprovalRow).where(col(ApprovalRow.given) < before),
    )
    return store.main.write(lambda connection: sum(int(connection.execute(each).rowcount) for each in old))
