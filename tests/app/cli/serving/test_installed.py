"""A library that is missing, and a module of ours that is."""

import importlib

import pytest

from app.cli.serving.installed import server_libraries
from checks.model.errors import Refusal


def test_a_missing_library_is_told_of() -> None:
    with (
        pytest.raises(Refusal, match=r"there is no nowhere_at_all\..*pip install 'selfmod\[server\]'"),
        server_libraries(),
    ):
        importlib.import_module("nowhere_at_all.part")


def test_a_bug_of_ours_is_one() -> None:
    with pytest.raises(ModuleNotFoundError), server_libraries():
        importlib.import_module("app.nowhere_at_all")
