"""A world for each test, its store closed at the end."""

from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from tests.pulls.worlds import World, world


@pytest.fixture
def make(tmp_path: Path) -> Iterator[Callable[..., World]]:
    """Makes a world with a configuration and further modules on main."""
    made: list[World] = []

    def build(configuration: str = "", **files: str) -> World:
        made.append(world(tmp_path / str(len(made)), configuration, **files))
        return made[-1]

    yield build
    for each in made:
        each.store.close()
