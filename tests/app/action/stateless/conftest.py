"""A forge in memory as the Action sees it: the account is that of all workflows."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import cast

import pytest

from app.action.stateless import markers, recall
from app.action.stateless.host import StatelessHost
from app.model.forge import Comment, Person, Pull
from app.model.modification import Modification, Sort
from app.store.connect import Store, connect
from app.workflows.host import Host
from tests.pulls.hosts import OWN
from tests.pulls.worlds import World, world

AT = "2026-01-01T00:00:00Z"


@dataclass
class Edited:
    """Pull requests whose descriptions another account edited last, comments that were edited, and pull requests that
    were opened again. `asked` are those of which that was asked, `silent` is raised in place of an answer."""

    world: World
    bodies: set[int] = field(default_factory=set)
    comments: set[int] = field(default_factory=set)
    again: set[int] = field(default_factory=set)
    asked: list[int] = field(default_factory=list)
    silent: Exception | None = None

    def by_others(self, numbers: Sequence[int]) -> set[int]:
        return self.bodies & set(numbers)

    def unedited(self, number: int) -> set[int]:
        self.world.host.pull(number)  # raises Gone for an issue
        return {each.id for each in self.world.host.comments(number)} - self.comments

    def reopened(self, number: int) -> bool:
        self.asked.append(number)
        if self.silent is not None:
            raise self.silent
        return number in self.again


@dataclass
class Runs:
    """`fresh` begins another run: with an empty store, on the same forge."""

    world: World
    place: Path
    stores: list[Store]
    edited: Edited

    def fresh(self, shared: bool = True) -> tuple[StatelessHost, Store]:
        folder = self.place / f"run-{len(self.stores)}"
        folder.mkdir()
        store = connect(f"sqlite:///{folder / 'selfmod.db'}", folder)
        self.stores.append(store)
        return StatelessHost(cast(Host, self.world.host), store, shared, self.edited), store

    def recalled(self, number: int) -> Store:
        """The store of a run that has read all about a pull request."""
        host, store = self.fresh()
        recall.pull(store, cast(Host, host), OWN.id, number)
        return store

    def say(self, number: int, by: Person, body: str, updated: str = AT) -> int:
        """Somebody comments; the number of the comment."""
        said = self.world.host.spoken.setdefault(number, [])
        made = 1_000 * number + len(said)
        said.append(Comment(made, by, body, AT, updated))
        return made

    def own(self, branch: str, body: str | None = None, **files: str) -> Pull:
        """A pull request that the workflow's account opened; without a body one that says what it proposes."""
        self.world.git.git("checkout", "-q", "-b", branch, "main")
        self.world.git.commit(**files)
        self.world.git.git("checkout", "-q", "main")
        if body is None:
            body = markers.line(Modification("acme/shop", Sort.FIX, branch, "main", "A change"))
        return self.world.host.open(branch, "main", OWN, title="A change", body=body, own=True)


@pytest.fixture
def runs(tmp_path: Path) -> Iterator[Runs]:
    there = world(tmp_path / "world")
    made = Runs(there, tmp_path, [], Edited(there))
    yield made
    for each in (made.world.store, *made.stores):
        each.close()
