"""A data folder that the environment names."""

from pathlib import Path

import pytest

from app import settings
from app.store import audit, connect
from app.store.connect import Store


@pytest.fixture
def data(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """The data folder that the environment names."""
    monkeypatch.setenv("SELFMOD_DATA_DIR", str(tmp_path / "data"))
    monkeypatch.delenv("SELFMOD_DATABASE_URL", raising=False)
    monkeypatch.delenv("SELFMOD_AUDIT_KEY", raising=False)
    return tmp_path / "data"


@pytest.fixture
def filled(data: Path) -> Store:
    """The store of that folder with three records, closed."""
    store = connect.opened(settings.read())
    for number, repository in enumerate(("o/r", "o/other", "O/R"), 1):
        audit.append(store, "approved", repository, f"{repository}#{number}", {"by": "ann\u202e\x1b[31m"})
    store.close()
    return store
