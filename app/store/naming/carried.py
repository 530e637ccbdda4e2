"""A stop of an organisation does not end with a name: what comes to another owner stays stopped, until somebody resumes
just that repository. An organisation that is renamed is told by nothing but its repositories' new names."""

import time

from sqlalchemy import Connection, insert, select
from sqlmodel import col

from app.model.stop import STOPPED, Stop
from app.store import audit
from app.store.connect import Store
from app.store.tables import StopRow
from app.store.text import kept, key


def carry(connection: Connection, store: Store, before: str, name: str) -> None:
    """Stops a repository that was called `before` by the words, and in the name, of who stopped its former owner, and
    writes that down; nothing where the owner stayed, none is stopped, or the repository is stopped itself."""
    former, owner = (key(each).partition("/")[0] for each in (before, name))
    if not former or former == owner:
        return
    holds, table = col(StopRow.lifted) == 0, StopRow
    own = col(table.repository) == key(name), col(table.pull) == 0
    if connection.execute(select(col(table.number)).where(holds, *own)).first() is not None:
        return
    of_owner = col(table.repository) == "", col(table.owner) == kept(former, 100)
    found = connection.execute(select(table).where(holds, *of_owner).order_by(col(table.number)).limit(1)).first()
    if found is None:
        return
    row = {"owner": "", "repository": key(name), "pull": 0, "by": found.by, "why": found.why, "at": time.time()}
    connection.execute(insert(table).values(**row, lifted=0.0, lifted_by="", lifted_why=""))
    made = Stop(found.by, found.why, repository=name)
    facts = {"by": made.by, "why": made.why, "where": made.where, "already": "", "carried": former}
    audit.append_within(connection, store, STOPPED, name, made.where, facts)
