"""Emergency stops reach what they are for, hold until they are lifted, and leave when that was."""

import pytest

from app.model.stop import Stop
from app.store.connect import Store
from app.store.proposed import stops

SERVER = Stop("root", "all", 1.0)
OWNER = Stop("ann", "incident", 2.0, owner="Acme")
HERE = Stop("bob", "tests", 3.0, repository="Acme/Shop")
PULL = Stop("eve", "odd", 4.0, repository="acme/shop", number=7)


@pytest.mark.parametrize(
    ("stop", "reached", "not_reached"),
    [
        (SERVER, [("", 0), ("acme/shop", 7), ("other/one", 0)], []),
        (OWNER, [("ACME/shop", 0), ("acme/other", 3)], [("", 0), ("acme2/shop", 0)]),
        (HERE, [("acme/SHOP", 0), ("acme/shop", 7)], [("", 0), ("acme/other", 0)]),
        (PULL, [("acme/shop", 7)], [("", 0), ("acme/shop", 0), ("acme/shop", 8), ("acme/other", 7)]),
    ],
)
def test_how_far_it_reaches(
    store: Store, stop: Stop, reached: list[tuple[str, int]], not_reached: list[tuple[str, int]]
) -> None:
    stops.put(store, stop)
    for repository, number in reached:
        found = stops.holding(store, repository, number)
        assert found is not None
        assert (found.by, found.why) == (stop.by, stop.why)
    assert [each for each in not_reached if stops.holding(store, *each)] == []
    assert stops.lift(store, stop, "ann", "over") == 1
    assert [each for each in reached if stops.holding(store, *each)] == []
    assert all(stops.last_lifted(store, *each) > 4.0 for each in reached)
    assert [each for each in not_reached if stops.last_lifted(store, *each)] == []


def test_the_widest_is_told_and_lifting_it_leaves_the_others(store: Store) -> None:
    for each in (PULL, HERE, OWNER, SERVER):
        stops.put(store, each)
    told = []
    for each in (SERVER, OWNER, HERE, PULL):
        found = stops.holding(store, "acme/shop", 7)
        assert found is not None
        told.append(found.where)
        stops.lift(store, each, "ann", "over")
    assert told == ["this server", "acme", "acme/shop", "pull request 7"]
    assert stops.holding(store, "acme/shop", 7) is None


def test_the_first_stop_stands_and_all_that_hold_are_listed(store: Store) -> None:
    assert stops.put(store, HERE).by == "bob"
    assert stops.put(store, Stop("eve", "mine", repository="acme/shop")).by == "bob"
    stops.put(store, SERVER)
    assert [each.where for each in stops.all_holding(store)] == ["this server", "acme/shop"]
    assert stops.lift(store, OWNER, "ann", "nothing there") == 0
    assert stops.lift(store, HERE, "ann", "over") == 1
    stops.put(store, Stop("eve", "mine", repository="acme/shop"))
    assert [each.by for each in stops.all_holding(store)] == ["eve", "root"]
