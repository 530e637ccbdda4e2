"""What several rooms' tests need."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from app.standin.server import StandIn
from tests.forges import Forge, connected


@pytest.fixture
def forge(tmp_path: Path) -> Iterator[Forge]:
    """The App connected to a stand-in that knew every request in the end."""
    with StandIn(tmp_path / "github") as github:
        made = connected(github, tmp_path)
        yield made
        made.app.close()
        made.store.close()
        assert github.unknown == []
