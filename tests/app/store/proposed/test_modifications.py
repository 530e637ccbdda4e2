"""What was proposed, as it stands now."""

from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.model.modification import IDENTIFIER, Modification, Sort, Status, branch, identifier
from app.store.connect import Store
from app.store.proposed import modifications

FIX = Modification("Acme/Shop", Sort.FIX, "selfmod/fix/a-1", "main", "fix: a", "b" * 40, number=7, keys=("k2", "k1"))


def test_it_is_kept_as_it_is(store: Store) -> None:
    made = modifications.put(store, replace(FIX, requester="ann\ud800\0", reason="why" * 3))
    assert IDENTIFIER.fullmatch(made.id)
    found = modifications.get(store, made.id)
    assert found == replace(made, requester="ann\\ud800\\x00")
    assert modifications.of_pull(store, "acme/SHOP", 7) == found
    assert modifications.get(store, "mod_000000000000") is None
    assert modifications.of_pull(store, "acme/other", 7) is None


def test_put_again_changes_how_it_stands_and_not_when_it_was_made(store: Store) -> None:
    first = modifications.put(store, FIX)
    modifications.put(store, replace(FIX, status=Status.APPLIED, merged="c" * 40, created=first.created + 9))
    (found,) = modifications.recent(store, "acme/shop")
    assert (found.status, found.merged, found.created) == (Status.APPLIED, "c" * 40, first.created)
    assert modifications.recent(store, "acme/shop", (Status.PENDING_APPROVAL,)) == ()
    assert modifications.recent(store, statuses=(Status.APPLIED,), before=first.created) == ()


def test_a_word_on_what_was_seen_undoes_nothing_that_came_since(store: Store) -> None:
    seen = modifications.put(store, FIX)
    modifications.put(store, replace(seen, head="d" * 40, base="e" * 40))  # made anew meanwhile
    assert not modifications.settle(store, seen, Status.APPROVED)
    (now,) = modifications.recent(store)
    assert (now.status, now.head) == (Status.PENDING_APPROVAL, "d" * 40)
    assert modifications.settle(store, now, Status.APPROVED)
    (found,) = modifications.recent(store)
    assert found == replace(now, status=Status.APPROVED, changed=found.changed)
    assert not modifications.settle(store, now, Status.REJECTED)


def test_reverts_are_found_and_do_not_count_as_opened(store: Store) -> None:
    modifications.put(store, replace(FIX, created=100.0))
    undo = Modification("acme/shop", Sort.REVERT, "selfmod/revert/a-1", "main", "Revert", number=8, reverts=FIX.id)
    modifications.put(store, replace(undo, created=200.0))
    modifications.put(store, replace(FIX, branch="selfmod/fix/b-1", number=0, created=200.0))
    assert [each.number for each in modifications.taking_back(store, "ACME/shop", FIX.id)] == [8]
    assert modifications.opened_since(store, "acme/shop", 50.0) == 1
    assert modifications.opened_since(store, "acme/shop", 150.0) == 0


def test_what_is_open_or_is_not_to_be_proposed_again_is_never_pruned(store: Store) -> None:
    modifications.put(store, FIX)
    modifications.put(store, replace(FIX, branch="selfmod/fix/b-1", status=Status.REJECTED))
    for number, status in enumerate((Status.APPLIED, Status.ROLLED_BACK, Status.FAILED, Status.SUPERSEDED), 2):
        modifications.put(store, replace(FIX, branch=f"selfmod/fix/b-{number}", status=status))
    assert modifications.prune(store, 0.0) == 0
    assert modifications.prune(store, 1e12) == 2
    left = {each.status for each in modifications.recent(store)}
    assert left == {Status.PENDING_APPROVAL, Status.REJECTED, Status.APPLIED, Status.ROLLED_BACK}


@pytest.mark.parametrize(
    ("word", "starts"),
    [
        ("unused-import", "selfmod/fix/unused-import-"),
        ("SQL from Format!", "selfmod/fix/sql-from-format-"),
        ("..", "selfmod/fix/change-"),
        ("a..b.lock", "selfmod/fix/a-b-"),
        ("\N{SNOWMAN}" * 300, "selfmod/fix/change-"),
        ("x" * 300, f"selfmod/fix/{'x' * 40}-"),
    ],
)
def test_the_branch_says_what_it_is_about(word: str, starts: str) -> None:
    made = branch(Sort.FIX, word, "k1", "k2")
    assert made.startswith(starts)
    assert len(made) < 80
    assert made == branch(Sort.FIX, word, "k2", "k1", "k1") != branch(Sort.FIX, word, "k1")


@given(st.text(), st.lists(st.text(st.characters(exclude_categories=["Cs"]))))
def test_every_branch_is_a_name_that_git_takes(word: str, keys: list[str]) -> None:
    made = branch(Sort.MODIFY, word, *keys)
    assert ".." not in made
    assert not made.endswith((".lock", ".", "/"))
    assert made.isascii()
    assert not set(made) & set(" ~^:?*[\\\x7f")
    assert IDENTIFIER.fullmatch(identifier("o/r", made))
