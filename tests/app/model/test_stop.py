"""How far a stop reaches, and its words."""

import pytest

from app.model.stop import OPERATOR, Stop

SERVER = Stop(OPERATOR, "all")
OWNER = Stop(OPERATOR, "incident", owner="Acme")
HERE = Stop("bob", "tests", repository="Acme/Shop")
PULL = Stop("ann", "incident 4711", repository="acme/shop", number=7)


@pytest.mark.parametrize(
    ("stop", "reached", "not_reached"),
    [
        (SERVER, [("", 0), ("acme/shop", 7), ("other/one", 0)], []),
        (OWNER, [("ACME/shop", 0), ("acme/other", 3)], [("", 0), ("acme2/shop", 0)]),
        (HERE, [("acme/SHOP", 0), ("acme/shop", 7)], [("", 0), ("acme/other", 0)]),
        (PULL, [("acme/shop", 7)], [("", 0), ("acme/shop", 0), ("acme/shop", 8), ("acme/other", 7)]),
    ],
)
def test_how_far_it_reaches(stop: Stop, reached: list[tuple[str, int]], not_reached: list[tuple[str, int]]) -> None:
    """The same as the store's (tests/app/store/proposed/test_stops.py)."""
    assert all(stop.reaches(*each) for each in reached)
    assert not any(stop.reaches(*each) for each in not_reached)


@pytest.mark.parametrize(
    ("stop", "said", "ends"),
    [
        (SERVER, "stopped by the operator: all", "`selfmod resume --server --why TEXT`"),
        (OWNER, "stopped by the operator: incident", "`selfmod resume --organisation Acme --why TEXT`"),
        (HERE, "stopped by @bob: tests", "maintain access ends it with `/selfmod resume repository <why>`"),
        (PULL, "stopped by @ann: incident 4711", "write access ends it with `/selfmod resume <why>`"),
        (Stop("ann", "a\nb\t c " + "x" * 999), "stopped by @ann: a b c " + "x" * 144, "--server"),
    ],
)
def test_the_words(stop: Stop, said: str, ends: str) -> None:
    assert stop.said == said
    assert ends in stop.remedy
