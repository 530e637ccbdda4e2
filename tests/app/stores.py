"""Databases that are migrated already: most tests want a store, and not to wait until its tables are made once more."""

import atexit
import shutil
import tempfile
from functools import cache
from pathlib import Path

from app.store.connect import Store, connect, private
from tests.postgres import Cluster

NAME = "selfmod.db"
"""The file in the data folder."""


@cache
def _migrated() -> Path:
    """A data folder with an empty database of the newest form, made once in a process."""
    folder = Path(tempfile.mkdtemp(prefix="selfmod-store-"))
    atexit.register(shutil.rmtree, folder, ignore_errors=True)
    connect(f"sqlite:///{folder / NAME}", folder).close()
    return folder


def migrated(data: Path) -> str:
    """Puts an empty database into a data folder, and returns its address."""
    private(data)
    for each in _migrated().glob("*.db"):
        shutil.copy(each, data / each.name)
    return f"sqlite:///{data / NAME}"


def migrated_on(cluster: Cluster) -> str:
    """Makes an empty database on a server, and returns its address."""
    return cluster.database(template=_template(cluster))


@cache
def _template(cluster: Cluster) -> str:
    """A database of the newest form that nobody is connected to: its name."""
    url = cluster.database()
    with tempfile.TemporaryDirectory() as folder:
        connect(url, Path(folder)).close()
    return url.rpartition("/")[2]


def store(data: Path, key: bytes = b"") -> Store:
    """An empty store in a data folder."""
    return connect(migrated(data), data, key)
