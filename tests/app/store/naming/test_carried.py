"""A stop of an organisation does not end by a new name, of it or of a repository."""

import json

import pytest

from app.model.stop import STOPPED, Stop
from app.store import audit
from app.store.connect import Store
from app.store.naming import moving
from app.store.proposed import stops
from tests.app.store.naming.test_moving import A, B, C

OWNED = Stop("the operator", "incident 4711", owner="acme")


def carried(store: Store) -> list[dict[str, object]]:
    return [json.loads(each.facts) for each in audit.newest(store, STOPPED, 9)]


@pytest.mark.parametrize("through", [(), ("taken",)])
def test_who_comes_to_another_owner_stays_stopped(store: Store, through: tuple[str, ...]) -> None:
    moving.call(store, 1, A)
    stops.put(store, OWNED)
    if through:  # its new name is told only after another one took the old one
        moving.call(store, 2, A)
    moving.call(store, 1, "Zoe/C")
    held = stops.holding(store, C)
    assert held is not None and (held.by, held.why, held.where) == (OWNED.by, OWNED.why, C)
    assert carried(store) == [{"by": OWNED.by, "why": OWNED.why, "where": "Zoe/C", "already": "", "carried": "acme"}]
    stops.lift(store, OWNED, "the operator", "over")
    assert stops.holding(store, C) is not None  # somebody resumes it
    assert stops.lift(store, Stop("", "", repository=C), "ann", "over") == 1
    moving.call(store, 1, B)
    moving.call(store, 1, C)
    assert stops.holding(store, C) is None and len(carried(store)) == 1
    assert audit.verify(store) is None


def test_nothing_is_carried_where_nothing_ends(store: Store) -> None:
    moving.call(store, 1, A)
    stops.put(store, Stop("the operator", "x", owner="zoe"))
    stops.put(store, Stop("ann", "x", repository=A, number=7))
    moving.call(store, 1, C)
    assert carried(store) == []
    stops.lift(store, Stop("", "", owner="zoe"), "the operator", "over")
    assert stops.holding(store, C) is None  # not of what only was stopped once
    moving.call(store, 1, A)
    stops.put(store, OWNED)
    moving.call(store, 1, B)
    assert carried(store) == []
    stops.put(store, Stop("ann", "its own", repository=B))
    moving.call(store, 1, C)
    held = stops.holding(store, C)
    assert held is not None and held.why == "its own" and carried(store) == []
