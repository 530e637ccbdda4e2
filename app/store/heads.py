"""The newest head of each pull request that was seen, so that older work never overwrites newer work."""

import time

from sqlalchemy import case, select
from sqlalchemy.dialects import postgresql, sqlite
from sqlmodel import col

from app.store.connect import Store
from app.store.naming.known import held, now
from app.store.tables import PullHead


def newest(store: Store, repository: str, number: int, head: str) -> int:
    """Keeps the head that was seen last and returns its generation: the same head has the same one, another head the
    next. A branch that goes back to a former commit is a new generation too. Raises Unavailable."""
    kind = postgresql if store.postgresql else sqlite
    first = {"repository": now(repository), "number": number, "head": head, "generation": 1, "seen": time.time()}
    insert = kind.insert(PullHead).values(**first)
    new = insert.excluded
    put = insert.on_conflict_do_update(
        index_elements=["repository", "number"],
        set_={
            "generation": col(PullHead.generation) + case((col(PullHead.head) == new.head, 0), else_=1),
            "head": new.head,
            "seen": new.seen,
        },
    ).returning(col(PullHead.generation))
    return int(store.main.write(held(store, put)))


def start(store: Store, repository: str, number: int, generation: int) -> None:
    """The next head that is seen has a generation after this one: where a store begins empty, and what earlier ones led
    to is still on the forge. What is kept already stands. Raises Unavailable."""
    kind = postgresql if store.postgresql else sqlite
    row = {"repository": now(repository), "number": number, "head": "", "generation": generation, "seen": time.time()}
    put = kind.insert(PullHead).values(**row).on_conflict_do_nothing()
    store.main.write(held(store, put))


def current(store: Store, repository: str, number: int) -> tuple[str, int] | None:
    """The head that was seen last and its generation, None where none was seen. Raises Unavailable."""
    wanted = select(col(PullHead.head), col(PullHead.generation)).where(
        col(PullHead.repository) == now(repository), col(PullHead.number) == number
    )
    row = store.main.read(lambda connection: connection.execute(wanted).first())
    return None if row is None else (row.head, row.generation)
