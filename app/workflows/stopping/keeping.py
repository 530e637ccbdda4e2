"""Stopping and resuming, written down in the audit chain: what the command line and the comments share."""

import json
import time
from collections.abc import Mapping
from dataclasses import replace
from typing import Any

from app.model.stop import STOPPED, Stop
from app.store import audit
from app.store.connect import Store
from app.store.proposed import stops

RESUMED = "resumed"
"""The kind of the audit record of the end of a stop."""


def stop(store: Store, wanted: Stop, once: str = "") -> str:
    """Stops, and returns the words of the stop that was there already, which stands; empty where none was. Of several
    with the same `once` (not empty) the first alone does anything. Raises Unavailable."""
    if done := _done(store, once):
        return str(done["already"])
    asked = replace(wanted, at=time.time())
    made = stops.put(store, asked)
    # a try that ended before it was written down left just these words: they are this one's own
    own = made.at == asked.at or (bool(once) and (made.by, made.why) == (asked.by, asked.why))
    before = "" if own else made.said
    _write_down(store, STOPPED, wanted, {"already": before}, once)
    return before


def resume(store: Store, wanted: Stop, once: str = "") -> int:
    """Lifts what holds for just the place of `wanted`, by whom and why that says, and returns how many did. Of several
    with the same `once` (not empty) the first alone does anything. Raises Unavailable."""
    if done := _done(store, once):
        return int(done["lifted"])
    lifted = stops.lift(store, wanted, wanted.by, wanted.why)
    _write_down(store, RESUMED, wanted, {"lifted": lifted}, once)
    return lifted


def _done(store: Store, once: str) -> dict[str, Any]:
    """The facts that were written down by an earlier try, empty for none."""
    found = audit.written(store, once) if once else None
    return json.loads(found.facts) if found is not None else {}


def _write_down(store: Store, kind: str, wanted: Stop, more: Mapping[str, Any], once: str) -> None:
    facts = {"by": wanted.by, "why": wanted.why, "where": wanted.where, **more}
    audit.append(store, kind, wanted.repository, subject(wanted), facts, once=once)


def subject(stop: Stop) -> str:
    """What the audit record is about: that of a pull request is among the others about it."""
    return f"{stop.repository}#{stop.number}" if stop.number else stop.where
