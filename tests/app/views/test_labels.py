"""Labels: what is painted, and that nothing but ours is taken away."""

import pytest

from app.views.labels import LABELS, painted
from checks.model.safety import Level


@pytest.mark.parametrize("level", Level)
@pytest.mark.parametrize("review", [True, False])
def test_one_level_and_what_waits(level: Level, review: bool) -> None:
    add, remove = painted(level, review)
    assert add == ((f"selfmod: {level.value}", "review required") if review else (f"selfmod: {level.value}",))
    assert set(add) | set(remove) == set(LABELS)
    assert not set(add) & set(remove)


def test_every_label_has_a_colour_of_its_own_and_a_word() -> None:
    assert len({colour for colour, _ in LABELS.values()}) == len(LABELS)
    assert all(len(colour) == 6 and 0 < len(text) <= 100 for colour, text in LABELS.values())
