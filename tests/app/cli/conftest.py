"""A home of its own for every test, so that no cache or configuration of the machine plays a part."""

from pathlib import Path

import pytest

from tests.repositories import Repository, made


@pytest.fixture(autouse=True)
def home(tmp_path_factory: pytest.TempPathFactory, monkeypatch: pytest.MonkeyPatch) -> Path:
    """An empty home, and a temporary folder of its own to look for leftovers in."""
    place = tmp_path_factory.mktemp("home")
    (place / "tmp").mkdir()
    for name, value in {"HOME": place, "XDG_CACHE_HOME": place / "cache", "TMPDIR": place / "tmp"}.items():
        monkeypatch.setenv(name, str(value))
    for name in ("CI", "NO_COLOR", "FORCE_COLOR", "XDG_CONFIG_HOME", "GIT_INDEX_FILE", "GIT_DIR", "GIT_WORK_TREE"):
        monkeypatch.delenv(name, raising=False)
    monkeypatch.setenv("TERM", "xterm")
    return place


@pytest.fixture
def repository(tmp_path: Path) -> Repository:
    """An empty repository on branch main."""
    return made(tmp_path / "work")
