"""A store on every kind of database."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from app.store.connect import Store, connect
from tests.app.stores import migrated, migrated_on
from tests.postgres import Cluster

KINDS = ("sqlite", pytest.param("postgresql", marks=pytest.mark.complete))


@pytest.fixture(params=KINDS)
def url(request: pytest.FixtureRequest, tmp_path: Path) -> str:
    """The address of a database of each kind that holds nothing but its tables."""
    if request.param == "sqlite":
        return migrated(tmp_path / "data")
    cluster: Cluster = request.getfixturevalue("postgresql")
    return migrated_on(cluster)


@pytest.fixture(params=KINDS)
def empty_url(request: pytest.FixtureRequest, tmp_path: Path) -> str:
    """The address of a database of each kind that nobody has migrated yet."""
    if request.param == "sqlite":
        return f"sqlite:///{tmp_path / 'data' / 'selfmod.db'}"
    return str(request.getfixturevalue("postgres_url"))


@pytest.fixture
def store(url: str, tmp_path: Path) -> Iterator[Store]:
    """A new store on each kind of database."""
    made = connect(url, tmp_path / "data")
    yield made
    made.close()
