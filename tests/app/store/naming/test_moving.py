"""What is kept by a repository's name follows it, whatever it is called, and never another one."""

import json
import threading
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from sqlalchemy import Connection, insert, select

from app.model.modification import Modification, Sort, Status
from app.model.stop import Stop
from app.store import audit, calls, grants, heads, records
from app.store.connect import Store, connect
from app.store.naming import known, moving
from app.store.proposed import modifications, stops
from app.store.records import Record
from app.store.tables import MainTable
from checks.model.errors import Refusal
from tests.app.stores import store as new_store

A, B, C = "acme/a", "acme/b", "zoe/c"
HEAD = "a" * 40

type Keep = Callable[[Store, str], object]
type Found = Callable[[Store, str], Any]
KINDS: dict[str, tuple[Keep, Found]] = {
    "stop": (
        lambda store, name: stops.put(store, Stop("ann", "x", repository=name)),
        lambda store, name: stops.holding(store, name),
    ),
    "stop of a pull request": (
        lambda store, name: stops.put(store, Stop("ann", "x", repository=name, number=7)),
        lambda store, name: stops.holding(store, name, 7),
    ),
    "approval": (
        lambda store, name: grants.approve(store, name, 7, HEAD, "ann"),
        lambda store, name: grants.approvals(store, name, 7, HEAD),
    ),
    "ok_to_test": (
        lambda store, name: grants.grant(store, name, 7, HEAD, "ann"),
        lambda store, name: grants.granted(store, name, 7, HEAD),
    ),
    "pull_head": (
        lambda store, name: heads.newest(store, name, 7, HEAD),
        lambda store, name: heads.current(store, name, 7),
    ),
    "modification": (
        lambda store, name: modifications.put(store, made(name)),
        lambda store, name: modifications.of_pull(store, name, 7),
    ),
    "modification by its branch": (
        lambda store, name: modifications.put(store, made(name)),
        lambda store, name: modifications.on_branch(store, name, "selfmod/fix/x"),
    ),
    "record": (
        lambda store, name: records.put(store, judged(name)),
        lambda store, name: records.of_head(store, name, HEAD),
    ),
    "outgoing_call": (
        lambda store, name: calls.log(store, "p", "t", "ok", 1.0, name),
        lambda store, name: calls.recent(store, name),
    ),
    "audit": (
        lambda store, name: audit.append(store, "pushed", name, f"{name}#7", {"actor": "bob"}),
        lambda store, name: audit.about(store, name, f"{name}#7", 9),
    ),
}


SAME = ("modification", "modification by its branch", "record")
"""What has an identifier of the name and of what it is about: the very same under the old name has the same."""


def made(name: str) -> Modification:
    return Modification(name, Sort.FIX, "selfmod/fix/x", "main", "t", head=HEAD, number=7)


def judged(name: str) -> Record:
    return Record(name, 7, "b" * 40, HEAD, "b" * 40, {"a": 1})


def settled(store: Store) -> None:
    """What is written without waiting for it is there."""
    store.main.grouped(lambda connection: None)


@pytest.mark.parametrize("kind", KINDS)
@pytest.mark.parametrize("to", [B, "acme/A", C])
def test_it_follows_and_nothing_is_left(store: Store, kind: str, to: str) -> None:
    keep, found = KINDS[kind]
    keep(store, A)  # before anybody knew its number
    settled(store)
    assert moving.call(store, 5, A)
    assert found(store, A)
    assert moving.call(store, 5, to)
    assert found(store, to)
    # another one that is made under the old name begins with nothing
    if to != "acme/A":
        assert moving.call(store, 9, A)
        assert not found(store, A)
        assert found(store, to)
        if kind in SAME:
            with pytest.raises(Refusal, match="belongs to"):
                keep(store, A)
            return
        keep(store, A)
        settled(store)
        assert found(store, A)
    assert audit.verify(store) is None


def test_no_table_is_forgotten() -> None:
    kept_by_name = {each.name for each in moving.tables()}
    tried = {"stop", "approval", "ok_to_test", "pull_head", "modification", "record", "outgoing_call"}
    assert kept_by_name == tried <= {*KINDS}
    others = {each.name for each in MainTable.metadata.sorted_tables} - kept_by_name
    assert others == {
        "account_login", "audit_head", "audit_record", "local_comment", "local_pull", "local_run", "mark",
        "repository_name",
    }  # fmt: skip


def test_it_is_written_down_once_with_both_names(store: Store) -> None:
    moving.call(store, 5, A)
    assert moving.call(store, 5, B)
    assert not moving.call(store, 5, B)
    (link,) = audit.newest(store, moving.RENAMED, 9)
    assert json.loads(link.facts) == {"id": 5, "before": A, "now": B}
    assert (link.repository, link.subject) == (B, B)


@pytest.mark.parametrize("kind", KINDS)
def test_two_that_swap_their_names_swap_nothing_else(store: Store, kind: str) -> None:
    keep, found = KINDS[kind]
    moving.call(store, 1, A)
    moving.call(store, 2, B)
    keep(store, A)
    settled(store)
    moving.call(store, 1, B)
    assert known.name_of(store, 2) == ""
    assert found(store, B)
    moving.call(store, 2, A)
    assert found(store, B) and not found(store, A)
    facts = [json.loads(each.facts) for each in audit.newest(store, moving.RENAMED, 9)]
    assert facts == [{"id": 2, "before": B, "now": A}, {"id": 1, "before": A, "now": B}]


def test_what_belongs_to_the_one_that_lost_its_name_waits_for_it(store: Store) -> None:
    moving.call(store, 2, B)
    stops.put(store, Stop("ann", "x", repository=B))
    moving.call(store, 1, B)  # another one, made after that was deleted or renamed
    assert stops.holding(store, B) is None
    moving.call(store, 2, C)
    assert stops.holding(store, C) and stops.holding(store, B) is None


@pytest.mark.parametrize("known_before", [True, False])
def test_what_lost_its_name_is_not_found_by_it_either(store: Store, known_before: bool) -> None:
    """An identifier finds it, and says that it belongs to none that is called so."""
    if known_before:
        moving.call(store, 2, B)
    mine, record = modifications.put(store, made(B)), records.put(store, judged(B))
    moving.call(store, 1, A)
    moving.call(store, 1, B)
    moved, kept = modifications.get(store, mine.id), records.get(store, record)
    assert moved is not None and kept is not None
    assert (moved.id, kept.id) == (mine.id, record)
    assert moved.repository == kept.repository == ("#2" if known_before else f"#0 {B}")
    if known_before:
        moving.call(store, 2, C)
        assert [each.repository for each in modifications.recent(store, C)] == [C]
        assert [each.repository for each in records.recent(store, C)] == [C]


def test_what_strangers_left_under_a_name_is_not_inherited_but_a_stop_is(store: Store) -> None:
    grants.approve(store, B, 7, HEAD, "eve")
    stops.put(store, Stop("the operator", "before its first delivery", repository=B))
    moving.call(store, 1, A)
    moving.call(store, 1, B)
    assert grants.approvals(store, B, 7, HEAD) == ()
    assert stops.holding(store, B) is not None


def test_a_name_that_is_nobodys_means_whose_it_was(store: Store) -> None:
    """A job that is under way has the old name still, and an operator may write it."""
    moving.call(store, 1, A)
    stops.put(store, Stop("ann", "x", repository=A))
    moving.call(store, 1, B)
    assert stops.holding(store, A) and stops.over(store, A, 0.0)[0].reaches(A)
    assert stops.lift(store, Stop("", "", repository=A), "ann", "over") == 1
    assert stops.holding(store, B) is None
    assert stops.last_lifted(store, A) == stops.last_lifted(store, B) > 0
    stops.put(store, Stop("ann", "again", repository=A))
    assert stops.holding(store, B) is not None
    moving.call(store, 9, A)
    assert stops.holding(store, A) is None


def test_identifiers_stay_and_what_is_put_again_is_the_same(store: Store) -> None:
    mine, record = modifications.put(store, made(A)), records.put(store, judged(A))
    moving.call(store, 1, A)
    moving.call(store, 1, B)
    moved, kept = modifications.get(store, mine.id), records.get(store, record)
    assert moved is not None and kept is not None
    assert (moved.repository, moved.id, kept.repository, kept.id) == (B, mine.id, B, record)
    modifications.put(store, replace(moved, status=Status.APPLIED))
    assert records.put(store, replace(kept, document={"a": 2})) == record
    assert [each.status for each in modifications.recent(store, B)] == [Status.APPLIED]
    assert [each.document for each in records.of_pull(store, B, 7)] == [{"a": 2}]
    moving.call(store, 9, A)
    with pytest.raises(Refusal, match="another repository"):  # the same branch there would have the same identifier
        modifications.put(store, made(A))
    assert modifications.of_pull(store, B, 7) is not None


def test_the_chain_is_followed_only_as_far_as_it_is_its_own(store: Store) -> None:
    def say(name: str, word: str) -> None:
        audit.append(store, "pushed", name, f"{name}#7", {"actor": word})

    def heard(name: str) -> list[str]:
        return [json.loads(each.facts)["actor"] for each in audit.about(store, name, f"{name}#7", 9)]

    moving.call(store, 1, A)
    say(A, "one as a")
    say(B, "nobody knows whose")
    moving.call(store, 1, B)
    say(B, "one as b")
    moving.call(store, 2, A)
    say(A, "two as a")
    assert (heard(A), heard(B)) == (["two as a"], ["one as a", "one as b"])
    moving.call(store, 1, C)
    moving.call(store, 2, B)
    say(B, "two as b")
    assert (heard(C), heard(B)) == (["one as a", "one as b"], ["two as a", "two as b"])
    assert heard("acme/never") == []


def test_of_several_who_say_it_at_once_one_does_it(store: Store, url: str, tmp_path: Path) -> None:
    moving.call(store, 1, A)
    stops.put(store, Stop("ann", "x", repository=A))
    other = connect(url, tmp_path / "data")
    try:
        told: list[bool] = []
        begin = threading.Barrier(8)

        def say(one: Store) -> None:
            begin.wait(30)
            told.append(moving.call(one, 1, B))

        threads = [threading.Thread(target=say, args=(each,)) for each in (store, other) * 4]
        for each in threads:
            each.start()
        for each in threads:
            each.join(60)
        assert sorted(told) == [False] * 7 + [True]
        assert len(audit.newest(store, moving.RENAMED, 9)) == 1
        assert stops.holding(other, B)
    finally:
        other.close()


def test_a_crash_between_leaves_all_or_nothing(store: Store, monkeypatch: pytest.MonkeyPatch) -> None:
    moving.call(store, 1, A)
    for keep, _ in KINDS.values():
        keep(store, A)
    settled(store)

    def broken(*_: object) -> int:
        raise RuntimeError("the power went")

    with monkeypatch.context() as patched:
        patched.setattr(audit, "append_within", broken)  # the last thing that it does
        with pytest.raises(RuntimeError):
            moving.call(store, 1, B)
    assert known.name_of(store, 1) == A
    assert all(found(store, A) for _, found in KINDS.values())
    moving.call(store, 1, B)
    assert all(found(store, B) for _, found in KINDS.values())


def test_rows_of_the_same_key_are_there_once(store: Store) -> None:
    for name in (A, B):
        grants.approve(store, name, 7, HEAD, "ann", when=1.0 if name == A else 2.0)
        heads.newest(store, name, 7, HEAD)
    moving.call(store, 1, A)
    moving.call(store, 1, B)
    assert [each.when for each in grants.approvals(store, B, 7, HEAD)] == [1.0]
    grants.approve(store, C, 7, HEAD, "ann")
    moving.call(store, 1, C)
    assert [each.when for each in grants.approvals(store, C, 7, HEAD)] == [1.0]


NAMES = ("o/a", "o/b", "p/a")
STEPS = st.lists(
    st.one_of(
        st.tuples(st.just("call"), st.integers(1, 3), st.sampled_from(NAMES)),
        st.tuples(st.just("delivery"), st.integers(1, 3), st.just("")),
        st.tuples(st.just("stop"), st.integers(1, 3), st.just("")),
        st.tuples(st.just("approve"), st.integers(1, 3), st.just("")),
    ),
    max_size=25,
)


@pytest.fixture(scope="module")
def one_store(tmp_path_factory: pytest.TempPathFactory) -> Any:
    made = new_store(tmp_path_factory.mktemp("names"))
    yield made
    made.close()


def _emptied(connection: Connection) -> None:
    for each in (*moving.tables(), MainTable.metadata.tables["repository_name"]):
        connection.execute(each.delete())


@pytest.mark.complete
@settings(max_examples=60, deadline=None)
@given(STEPS)
def test_whatever_they_are_called_each_keeps_its_own(one_store: Store, steps: list[tuple[str, int, str]]) -> None:
    """Against a model that knows repositories by their number alone: GitHub's names change, and a delivery of one
    settles its name before anything is done for it."""
    store, names = one_store, {1: "o/x1", 2: "o/x2", 3: "o/x3"}
    store.main.write(_emptied)
    stopped: set[int] = set()
    approved: set[int] = set()
    for word, id, name in steps:
        if word == "call" and name not in names.values():
            names[id] = name
        if word == "call":
            continue
        moving.call(store, id, names[id])
        if word == "stop":
            stops.put(store, Stop("ann", "x", repository=names[id]))
            stopped.add(id)
        if word == "approve":
            grants.approve(store, names[id], 7, HEAD, "ann")
            approved.add(id)
        assert (stops.holding(store, names[id]) is not None) is (id in stopped)
        assert bool(grants.approvals(store, names[id], 7, HEAD)) is (id in approved)
    for id in names:
        moving.call(store, id, names[id])
    for id in names:
        assert (stops.holding(store, names[id]) is not None) is (id in stopped)
        assert bool(grants.approvals(store, names[id], 7, HEAD)) is (id in approved)


def test_a_database_of_before_has_the_table_and_keeps_its_rows(store: Store) -> None:
    """What the migration leaves belongs to whoever is seen first with the name."""
    row = {"repository": "acme/a", "number": 7, "head": HEAD, "login": "ann", "name": "ann", "given": 1.0}
    approval = MainTable.metadata.tables["approval"]
    store.main.write(lambda connection: connection.execute(insert(approval).values(**row)))
    moving.call(store, 5, "Acme/A")
    moving.call(store, 5, B)
    found = store.main.read(lambda connection: connection.execute(select(approval.c.repository)).scalars().all())
    assert found == [B]
