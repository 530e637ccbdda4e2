"""The project's names come from the project; those of the language and of the runner never do."""

import sys
from pathlib import Path
from types import ModuleType

import pytest

from checks.sandbox.reporter import finder


@pytest.fixture
def roots(tmp_path: Path) -> list[str]:
    for name in (
        "src/mine/__init__.py",
        "json.py",
        "pytest/__init__.py",
        "one.py",
        "space/inner/deep.py",
        "no-name.py",
    ):
        path = tmp_path / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.touch()
    return [str(tmp_path / "src"), str(tmp_path), str(tmp_path / "gone")]


def test_names(roots: list[str]) -> None:
    assert set(finder.names(roots)) == {"mine", "src", "json", "pytest", "one", "space"}


def test_specifications(roots: list[str], tmp_path: Path) -> None:
    found = finder.ProjectFirst(roots, finder.standard() | frozenset(finder.RUNNER))
    one, mine = found.find_spec("one"), found.find_spec("mine")
    assert one and one.origin == str(tmp_path / "one.py")
    assert mine and mine.origin == str(tmp_path / "src/mine/__init__.py")
    assert [found.find_spec(each) for each in ("json", "pytest", "absent")] == [None, None, None]


def test_namespaces_are_joined_the_projects_part_first(
    roots: list[str], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    space = ModuleType("space")
    space.__path__ = []
    monkeypatch.setitem(sys.modules, "space", space)
    elsewhere = tmp_path / "installed"
    (elsewhere / "space" / "inner").mkdir(parents=True)
    (elsewhere / "space" / "inner" / "deep.py").touch()
    found = finder.ProjectFirst(roots, frozenset())
    path = [str(elsewhere / "space"), str(tmp_path / "space")]
    inner = found.find_spec("space.inner", path)
    assert inner and inner.submodule_search_locations is not None
    assert next(iter(inner.submodule_search_locations)) == str(tmp_path / "space" / "inner")
    path = [str(elsewhere / "space" / "inner"), str(tmp_path / "space" / "inner")]
    deep = found.find_spec("space.inner.deep", path)
    assert deep and deep.origin == str(tmp_path / "space" / "inner" / "deep.py")
