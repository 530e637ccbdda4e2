"""Stopping and resuming, written down in the audit chain: what the command line and the comments share."""

import uuid

from app.model.stop import Stop
from app.store import audit
from app.store.connect import Store
from app.store.proposed import stops

STOPPED, RESUMED = "stopped", "resumed"
"""Kinds of audit records."""


def stop(store: Store, wanted: Stop, once: str = "") -> Stop | None:
    """Stops, and returns what holds there now: the stop that was there already stands. Of several with the same `once`
    (not empty) the first alone does anything; None where somebody lifted its stop since. Raises Unavailable."""
    once = once or uuid.uuid4().hex
    if audit.written(store, once):
        return stops.holding(store, wanted.repository, wanted.number)
    made = stops.put(store, wanted)
    facts = {
        "by": wanted.by,
        "why": wanted.why,
        "where": wanted.where,
        "already": made.at if already(made, wanted) else 0,
    }
    audit.append(store, STOPPED, wanted.repository, subject(wanted), facts, once=once)
    return made


def already(made: Stop, wanted: Stop) -> bool:
    """Whether what holds is another one than was asked for."""
    return (made.by, made.why) != (wanted.by, wanted.why)


def resume(store: Store, wanted: Stop, once: str = "") -> int:
    """Lifts what holds for just the place of `wanted`, by whom and why that says, and returns how many did. Raises
    Unavailable."""
    once = once or uuid.uuid4().hex
    if audit.written(store, once):
        return 0
    lifted = stops.lift(store, wanted, wanted.by, wanted.why)
    facts = {"by": wanted.by, "why": wanted.why, "where": wanted.where, "lifted": lifted}
    audit.append(store, RESUMED, wanted.repository, subject(wanted), facts, once=once)
    return lifted


def subject(stop: Stop) -> str:
    """What the audit record is about: that of a pull request is among the others about it."""
    return f"{stop.repository}#{stop.number}" if stop.number else stop.where
