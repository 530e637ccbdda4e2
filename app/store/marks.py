"""How far something has come that is done again and again, by whichever process: the next goes on from there."""

from sqlalchemy import select
from sqlalchemy.dialects import postgresql, sqlite
from sqlmodel import col

from app.store.connect import Store
from app.store.tables import Mark


def read(store: Store, name: str) -> float | None:
    """Seconds since the epoch, None where it was never done. Raises Unavailable."""
    wanted = select(col(Mark.at)).where(col(Mark.name) == name)
    return store.main.read(lambda connection: connection.execute(wanted).scalar())


def put(store: Store, name: str, at: float) -> None:
    """It has come to this time (seconds since the epoch), later or earlier than before. Raises Unavailable."""
    kind = postgresql if store.postgresql else sqlite
    made = kind.insert(Mark).values(name=name, at=at)
    set_ = made.on_conflict_do_update(index_elements=["name"], set_={"at": made.excluded.at})
    store.main.write(lambda connection: connection.execute(set_))
