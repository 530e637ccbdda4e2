"""Runs of the Action on a forge in memory."""

from tests.app.action.stateless.conftest import runs

__all__ = ["runs"]
