"""Stopping and resuming, written down in the audit chain: what the command line and the comments share."""

import time
import uuid
from dataclasses import replace

from app.model.stop import Stop
from app.store import audit
from app.store.connect import Store
from app.store.proposed import stops

STOPPED, RESUMED = "stopped", "resumed"
"""Kinds of audit records."""


def stop(store: Store, wanted: Stop, once: str = "") -> Stop | None:
    """Stops, and returns the stop that was there already, which stands, None where none was. Of several with the same
    `once` (not empty) the first alone does anything. Raises Unavailable."""
    once = once or uuid.uuid4().hex
    if audit.written(store, once):
        return None
    asked = replace(wanted, at=time.time())
    made = stops.put(store, asked)
    before = made if made.at != asked.at else None
    facts = {"by": wanted.by, "why": wanted.why, "where": wanted.where, "already": before.said if before else ""}
    audit.append(store, STOPPED, wanted.repository, subject(wanted), facts, once=once)
    return before


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
