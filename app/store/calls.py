"""The log of outgoing calls: to GitHub, a model or another server, never with their secrets."""

import re
import time
from dataclasses import dataclass

from sqlalchemy import delete, insert, select
from sqlmodel import col

from app.model.call import Call
from app.store.connect import Store
from app.store.naming.known import now
from app.store.tables import OutgoingCall
from app.store.text import kept

_SECRET = re.compile(
    r"gh[a-z]_\w+|github_pat_\w+|eyJ[\w-]+\.[\w-]+(?:\.[\w-]*)?|(?<=[Bb]earer )\S+|(?<=[Bb]asic )\S+|sk-[\w-]{16,}"
)
_USER = re.compile(r"(?<=//)[^/@\s]*@")


@dataclass(frozen=True, slots=True)
class Logged:
    """One call: when (seconds since the epoch), what for, to where, how it ended and how many seconds it took."""

    time: float
    purpose: str
    target: str
    outcome: str
    seconds: float
    repository: str


def log(store: Store, purpose: str, target: str, outcome: str, seconds: float, repository: str = "") -> None:
    """Keeps a call, without waiting: what is logged at the same time is written together, and a crash can cost the
    last ones. The target's query, fragment and user are left out, and what looks like a token is masked."""
    row = {
        "time": time.time(),
        "purpose": kept(_masked(purpose), 200),
        "target": kept(_masked(_USER.sub("", re.split(r"[?#]", target, maxsplit=1)[0])), 500),
        "outcome": kept(_masked(outcome), 200),
        "seconds": seconds,
        "repository": now(repository),
    }
    store.main.post(lambda connection: connection.execute(insert(OutgoingCall).values(**row)))


def keep(store: Store, call: Call) -> None:
    """The same for a call as clients tell of it."""
    outcome = f"{call.outcome} {call.status}" if call.status else call.outcome
    log(store, call.purpose, call.target, outcome, call.seconds, call.repository)


def recent(store: Store, repository: str = "", most: int = 100) -> tuple[Logged, ...]:
    """The newest calls for a repository (empty: all), the newest first. Raises Unavailable."""
    rows = select(OutgoingCall).order_by(col(OutgoingCall.number).desc()).limit(most)
    if repository:
        rows = rows.where(col(OutgoingCall.repository) == now(repository))
    found = store.main.read(lambda connection: connection.execute(rows).all())
    return tuple(Logged(row.time, row.purpose, row.target, row.outcome, row.seconds, row.repository) for row in found)


def prune(store: Store, before: float) -> int:
    """Removes calls made before a time (seconds since the epoch), and returns how many."""
    old = delete(OutgoingCall).where(col(OutgoingCall.time) < before)
    return store.main.write(lambda connection: int(connection.execute(old).rowcount))


def _masked(text: str) -> str:
    return _SECRET.sub("***", text)
