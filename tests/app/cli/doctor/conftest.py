"""The App on the stand-in, with its settings in the environment."""

from pathlib import Path

import pytest

from tests.app.github.conftest import World, scripted, world

__all__ = ["scripted", "settings", "world"]


@pytest.fixture
def settings(world: World, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> World:
    """The App's credentials and addresses as the server's environment has them."""
    for name, value in {
        "SELFMOD_APP_ID": str(world.credentials.app_id),
        "SELFMOD_PRIVATE_KEY": world.credentials.private_key,
        "SELFMOD_WEBHOOK_SECRET": world.credentials.webhook_secret,
        "SELFMOD_GITHUB_API_URL": world.github.url,
        "SELFMOD_GITHUB_URL": world.github.web_url,
        "SELFMOD_DATA_DIR": str(tmp_path / "data"),
    }.items():
        monkeypatch.setenv(name, value)
    return world
