"""A repository with a branch of selfmod's own to be, and a host over it."""

from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import pytest

from app.local.host import APP, OWN, REPOSITORY, LocalHost
from app.model.forge import FileEdit, Pull
from app.store.connect import Store, connect
from app.store.forge.kept import Kept
from tests.repositories import Repository, made

NAME = "selfmod/fix/one-12345678"
OLD, NEW = "one = 1\n\n\ntwo = 2\n\n\nthree = 3\n", "one = 11\n\n\ntwo = 2\n\n\nthree = 3\n"


@dataclass
class Local:
    """A host, and the repository as its owner uses it."""

    git: Repository
    store: Store
    host: LocalHost

    def tip(self, name: str = "main") -> str:
        return self.git.git("rev-parse", name).strip()

    def propose(self, **edits: str) -> Pull:
        """A proposal that changes modules."""
        files = [FileEdit(f"{name}.py", content.encode()) for name, content in (edits or {"a": NEW}).items()]
        self.host.commit_files(NAME, self.tip(), files, "fix: one\n")
        return self.host.open_pull(NAME, "main", "fix: one", "what and why")


@pytest.fixture
def local(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Local]:
    """On branch main, with one file."""
    monkeypatch.setenv("HOME", str(tmp_path))
    git = made(tmp_path / "work")
    git.git("config", "user.name", "Ann")
    git.git("config", "user.email", "ann@example.org")
    git.commit(a=OLD, b="b = 1\n")
    store = connect("sqlite:///selfmod.db", tmp_path / "data")
    yield Local(git, store, LocalHost(git.root, Kept(store, REPOSITORY, OWN, APP)))
    store.close()
