"""A project with two faults that can be fixed for sure, in files of their own; its tests pass before and after."""

import json
import shutil
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest

from tests.commands import Ran, selfmod
from tests.repositories import Repository, made

KINDS = 'def kind(x):\n    # of what\n    return "a" if x is "a" else "b"\n'
LISTS = "def listed(seen=[]):\n    found = list(seen)\n    return found\n"
TEST = (
    'from kinds import kind\nfrom lists import listed\n\n\ndef test_both():\n    assert kind("b") == "b"\n'
    "    assert listed([1]) == [1] and listed() == []\n"
)


@dataclass(frozen=True)
class Project:
    """A repository, and selfmod as it is used in it, without the sandbox where that is not the point."""

    git: Repository

    def run(self, *arguments: str) -> Ran:
        return selfmod(*arguments, at=self.git.root)

    def json(self, *arguments: str) -> Any:
        ran = self.run(*arguments, "--json")
        assert ran.out, ran.error
        return json.loads(ran.out)

    def propose(self, *arguments: str) -> list[Any]:
        """The proposals, newest last."""
        return list(self.json("fix", "--propose", "--no-sandbox", *arguments)["proposals"])

    def one(self) -> str:
        """The identifier of the one in kinds.py, which is open then."""
        there = self.json("status")["proposals"] if self.place.exists() else []
        return str((there or self.propose("kinds.py"))[0]["modification_id"])

    def status(self, identifier: str) -> Any:
        return self.json("status", identifier)["proposals"][0]

    def tip(self, name: str = "main") -> str:
        return self.git.git("rev-parse", name).strip()

    def tree(self, name: str = "main") -> str:
        return self.git.git("rev-parse", f"{name}^{{tree}}").strip()

    @property
    def clean(self) -> bool:
        return self.git.git("status", "--porcelain") == ""

    @property
    def place(self) -> Path:
        """Where the store lies."""
        return self.git.root / ".git" / "selfmod"


def _made(place: Path) -> Project:
    """On main, committed."""
    git = made(place)
    git.git("config", "user.name", "Ann")
    git.git("config", "user.email", "ann@example.org")
    git.put("pyproject.toml", '[project]\nname = "shop"\nrequires-python = ">=3.12"\n')
    git.commit(kinds=KINDS, lists=LISTS, test_shop=TEST)
    return Project(git)


@pytest.fixture
def project(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Project:
    """Nothing is proposed yet."""
    for name in ("XDG_STATE_HOME", "VIRTUAL_ENV"):
        monkeypatch.delenv(name, raising=False)
    return _made(tmp_path / "shop")


@pytest.fixture(scope="session")
def template(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A home with a key, and a project in it where one proposal is open: made once, since judging takes its time."""
    home = tmp_path_factory.mktemp("template")
    with pytest.MonkeyPatch.context() as patched:
        patched.setenv("HOME", str(home))
        patched.setenv("XDG_CACHE_HOME", str(home / "cache"))
        patched.delenv("XDG_STATE_HOME", raising=False)
        _made(home / "shop").one()
    return home


@pytest.fixture
def proposed(template: Path, home: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Project:
    """One proposal is open, in kinds.py."""
    monkeypatch.delenv("XDG_STATE_HOME", raising=False)
    shutil.copytree(template / ".local", home / ".local")
    shutil.copytree(template / "shop", tmp_path / "shop", symlinks=True)
    return Project(Repository(tmp_path / "shop"))
