"""What project code replaces in pytest, unittest and the words of the language is seen."""

import unittest
from collections.abc import Callable

import pytest

from checks.sandbox.reporter.machinery import Machinery


def nothing(*given: object) -> None:
    """Stands for anything."""


@pytest.fixture(scope="module")
def machinery() -> Machinery:
    return Machinery(("/nowhere",))


def patched(name: str) -> Callable[[pytest.MonkeyPatch], None]:
    return lambda patch: patch.setattr(unittest.TestCase, name, nothing)


def changed(machinery: Machinery) -> list[str]:
    """Of unittest only: the session that runs this test sets some of pytest's own for each test."""
    return [each for each in machinery.changed() if each.startswith("unittest.")]


@pytest.mark.parametrize("name", ["assertEqual", "run", "assertRaises", "fail"])
def test_replaced_methods(machinery: Machinery, monkeypatch: pytest.MonkeyPatch, name: str) -> None:
    assert changed(machinery) == []
    patched(name)(monkeypatch)
    assert changed(machinery) == [f"unittest.case.TestCase.{name}"]
    monkeypatch.undo()
    assert changed(machinery) == [] and machinery.quick() == ""


def test_code_within_and_another_function_of_the_same_module(
    machinery: Machinery, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(unittest.TestCase.assertTrue, "__code__", nothing.__code__)
    assert machinery.quick() == "unittest.case.TestCase.assertTrue"
    monkeypatch.undo()
    monkeypatch.setattr(unittest.TestCase, "assertEqual", unittest.TestCase.assertTrue)
    assert machinery.quick() == "unittest.case.TestCase.assertEqual"


def test_words_of_the_language(machinery: Machinery, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("builtins.AssertionError", ValueError)
    assert machinery.quick() == "builtins.AssertionError"
