"""The branch of a proposal: a former one's end, or another repository's of the same name, gives it another."""

from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest

from app.model.modification import Modification, Sort, Status, branch
from app.store.connect import Store
from app.store.naming import moving
from app.store.proposed import modifications
from app.workflows.proposing.prior import place
from tests.app import stores

A, B = "acme/a", "acme/b"


@pytest.fixture
def store(tmp_path: Path) -> Iterator[Store]:
    made = stores.store(tmp_path / "data")
    yield made
    made.close()


def proposed(repository: str, name: str) -> Modification:
    return Modification(repository, Sort.FIX, name, "main", "t", number=7)


def test_a_repository_under_anothers_old_name_proposes_the_same_for_itself(store: Store) -> None:
    moving.call(store, 1, A)
    first = place(store, A, "it", ("k",))
    assert first.branch == branch(Sort.FIX, "it", "k") and first.before is None
    theirs = modifications.put(store, proposed(A, first.branch))
    moving.call(store, 1, B)
    found = place(store, B, "it", ("k",))
    assert found.branch == first.branch and found.before is not None and found.before.id == theirs.id
    moving.call(store, 2, A)
    other = place(store, A, "it", ("k",))
    assert other.branch != first.branch and other.before is None
    assert modifications.put(store, proposed(A, other.branch)).id != theirs.id
    assert place(store, A, "it", ("k",)).branch == other.branch


def test_what_has_ended_is_proposed_once_more_under_another_name(store: Store) -> None:
    first = place(store, A, "it", ("k",))
    made = modifications.put(store, proposed(A, first.branch))
    modifications.put(store, replace(made, status=Status.APPLIED))
    again = place(store, A, "it", ("k",))
    assert again.branch != first.branch and again.before is None
