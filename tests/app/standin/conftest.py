from collections.abc import Iterator
from pathlib import Path

import pytest

from app.standin.server import StandIn
from tests.app.standin.acting import Acting


@pytest.fixture
def acting(tmp_path: Path) -> Iterator[Acting]:
    """Persons at a running stand-in; nothing that it does not know was asked of it."""
    with StandIn(tmp_path / "github") as github:
        yield Acting.at(github)
        assert github.unknown == []
