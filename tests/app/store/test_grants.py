"""What people said of a commit."""

import pytest

from app.store import grants
from app.store.connect import Store

A, B = "a" * 40, "b" * 40


def test_a_grant_is_for_one_commit_of_one_pull_request(store: Store) -> None:
    grants.grant(store, "Octo/Cat", 7, A, "ann")
    found = grants.granted(store, "octo/cat", 7, A)
    assert found is not None
    assert (found.head, found.by) == (A, "ann")
    assert grants.granted(store, "octo/cat", 7, B) is None
    assert grants.granted(store, "octo/cat", 8, A) is None
    assert grants.granted(store, "octo/dog", 7, A) is None


def test_the_first_grant_stands(store: Store) -> None:
    for by in ("ann", "bob"):
        grants.grant(store, "o/r", 7, A, by)
    found = grants.granted(store, "o/r", 7, A)
    assert found is not None
    assert found.by == "ann"


def test_approvals_are_counted_once_a_person_and_commit(store: Store) -> None:
    for login in ("Ann", "bob", "ANN"):
        grants.approve(store, "o/r", 7, A, login)
    grants.approve(store, "o/r", 7, B, "eve")
    assert [each.login for each in grants.approvals(store, "O/R", 7, A)] == ["Ann", "bob"]
    assert [each.login for each in grants.approvals(store, "o/r", 7, B)] == ["eve"]
    assert grants.approvals(store, "o/r", 8, A) == ()


def test_an_approval_can_be_taken_back(store: Store) -> None:
    grants.approve(store, "o/r", 7, A, "Ann")
    assert grants.withdraw(store, "o/r", 7, A, "ann")
    assert not grants.withdraw(store, "o/r", 7, A, "ann")
    assert grants.approvals(store, "o/r", 7, A) == ()


@pytest.mark.parametrize("login", ["a\0b", "\udcff", "'; DROP TABLE approval; --", "x" * 1000])
def test_hostile_logins_are_held(store: Store, login: str) -> None:
    grants.approve(store, "o/r", 7, A, login)
    grants.approve(store, "o/r", 7, A, login)
    assert len(grants.approvals(store, "o/r", 7, A)) == 1


def test_old_ones_are_pruned(store: Store) -> None:
    grants.grant(store, "o/r", 7, A, "ann")
    grants.approve(store, "o/r", 7, A, "ann")
    assert grants.prune(store, 1.0) == 0
    assert grants.prune(store, 4e9) == 2
    assert grants.granted(store, "o/r", 7, A) is None


def test_an_approval_of_before_a_time_is_renewed_and_a_later_one_stands(store: Store) -> None:
    grants.approve(store, "o/r", 7, A, "ann")
    (first,) = grants.approvals(store, "o/r", 7, A)
    grants.approve(store, "o/r", 7, A, "ann", since=first.when - 1)
    assert grants.approvals(store, "o/r", 7, A) == (first,)
    grants.approve(store, "o/r", 7, A, "ann", since=first.when)
    (second,) = grants.approvals(store, "o/r", 7, A)
    assert second.when > first.when


def test_what_was_said_before_keeps_its_time(store: Store) -> None:
    grants.grant(store, "o/r", 7, A, "ann", when=5.0)
    grants.approve(store, "o/r", 7, A, "ann", when=6.0)
    granted = grants.granted(store, "o/r", 7, A)
    assert granted is not None
    assert (granted.when, [each.when for each in grants.approvals(store, "o/r", 7, A)]) == (5.0, [6.0])
