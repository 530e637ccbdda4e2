"""The files that the demonstration is about."""

import ast
from pathlib import Path

import pytest
import yaml

from app.cli.showing import grounds
from checks.model.errors import Refusal
from checks.settings import PLACE
from tests.repositories import Repository


def test_the_sample_is_a_project_of_python() -> None:
    ground = grounds.sample()
    assert {"pyproject.toml", "orders/store.py", "tests/test_orders.py", PLACE} <= set(ground.files)
    for path, text in {**ground.files, **ground.fault.files}.items():
        if path.endswith(".py"):
            ast.parse(text)
    assert ground.fault.path not in ground.files


def test_a_copy_of_somebodys_project(repository: Repository) -> None:
    repository.put("b.py", "def f(a=[]):\n    return a\n")
    repository.put(PLACE, "mode: observe\nlimits: {files: 2}  # few\n")
    before = {path: path.read_bytes() for path in repository.root.rglob("*") if path.is_file()}
    ground = grounds.own(repository.root)
    assert ground.name == "acme/work" and ground.files["b.py"] == b"def f(a=[]):\n    return a\n"
    assert yaml.safe_load(ground.files[PLACE]) == {"mode": "enforce", "limits": {"files": 2}}
    assert {path: path.read_bytes() for path in repository.root.rglob("*") if path.is_file()} == before


@pytest.mark.parametrize(
    ("content", "said"),
    [("a: [", "is no YAML"), ("- 1\n", "is no mapping"), ("mode: observe\nbogus: 1\n", "line 2: unknown key 'bogus'")],
)
def test_a_configuration_that_is_none(content: str, said: str) -> None:
    with pytest.raises(Refusal, match=said):
        grounds.enforcing(content)


def test_no_folder(tmp_path: Path) -> None:
    with pytest.raises(Refusal):
        grounds.own(tmp_path / "none")
