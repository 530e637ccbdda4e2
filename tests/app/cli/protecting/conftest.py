"""The App on the stand-in, with its settings in the environment."""

from tests.app.cli.doctor.conftest import scripted, settings, world

__all__ = ["scripted", "settings", "world"]
