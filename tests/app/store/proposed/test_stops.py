"""Emergency stops reach what they are for, hold until they are lifted, and leave when that was."""

from pathlib import Path

import pytest

from app.model.stop import Stop
from app.store.connect import Store, connect
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


@pytest.mark.parametrize(
    ("repository", "found"),
    [
        ("ACME/shop", ["this server", "acme", "acme/shop", "pull request 7"]),
        ("acme/other", ["this server", "acme"]),
        ("other/one", ["this server"]),
        ("", ["this server", "acme", "acme/shop", "pull request 7"]),
    ],
)
def test_all_that_is_over_a_repository(store: Store, repository: str, found: list[str]) -> None:
    for each in (SERVER, OWNER, HERE, PULL):
        stops.put(store, each)
    assert [each.where for each in stops.over(store, repository, 0.0)] == found
    for each in (SERVER, OWNER, HERE, PULL):
        stops.lift(store, each, "ann", "over")
    assert [each.where for each in stops.over(store, repository, 5.0)] == found
    assert stops.over(store, repository, 9e9) == ()


def test_when_anything_changed_last(store: Store) -> None:
    assert stops.changed(store) == 0.0
    stops.put(store, OWNER)
    stops.put(store, PULL)
    assert stops.changed(store) == 4.0
    stops.lift(store, OWNER, "ann", "over")
    assert stops.changed(store) > 4.0


def test_a_stop_survives_a_restart(tmp_path: Path) -> None:
    for began in (True, False):
        store = connect(f"sqlite:///{tmp_path / 'selfmod.db'}", tmp_path)
        if began:
            stops.put(store, HERE)
        held = stops.holding(store, "acme/shop", 7)
        assert held is not None and held.why == "tests"
        store.close()


def test_what_was_kept_elsewhere_comes_back_as_it_was(store: Store) -> None:
    over = Stop("bob", "odd", 3.0, repository="acme/shop", lifted=4.0, lifted_by="mia", lifted_why="mended")
    for _ in range(2):
        stops.clear(store, "Acme/Shop")
        for each in (over, PULL):
            stops.restore(store, each)
    stops.put(store, OWNER)
    assert stops.over(store, "acme/shop", 0.0)[:2] == (over, PULL)
    assert (stops.holding(store, "acme/shop", 7), stops.last_lifted(store, "acme/shop")) == (
        stops.all_holding(store)[0],
        4.0,
    )
    stops.clear(store, "acme/shop")
    assert [each.owner for each in stops.all_holding(store)] == ["acme"]
