"""Accepting deliveries and handing them out."""

import signal
import sqlite3
import subprocess
import sys
import threading
import time
import uuid
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest
from sqlalchemy import select
from sqlmodel import col

from app.model.delivery import Delivery
from app.model.trouble import Unavailable
from app.store import inbox
from app.store.connect import Store, connect
from app.store.inbox import Accepted, State
from app.store.tables import InboxBody

NEW, DUPLICATE = Accepted.NEW, Accepted.DUPLICATE
ACCEPTING = """
import sys, uuid
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from app.model.delivery import Delivery
from app.store import inbox
from app.store.connect import connect
store = connect(sys.argv[1], Path(sys.argv[2]))
def forever(number):
    while True:
        guid = str(uuid.uuid4())
        if inbox.accept(store, Delivery(guid, "push", guid.encode() * 50, 1.0)) is inbox.Accepted.NEW:
            sys.stdout.write(guid + "\\n"); sys.stdout.flush()
with ThreadPoolExecutor(8) as pool:
    list(pool.map(forever, range(8)))
"""


def made(text: str = "", guid: str = "", event: str = "push") -> Delivery:
    """A delivery; a new identifier and body where none is given."""
    guid = guid or str(uuid.uuid4())
    return Delivery(guid, event, (text or guid).encode(), 1000.0)


def state(store: Store, delivery: Delivery) -> State:
    """The state of a delivery that is there."""
    found = inbox.find(store, delivery.id)
    assert found is not None
    return found.state


def test_a_delivery_is_accepted_handed_out_and_done(store: Store) -> None:
    sent = Delivery("guid-1", "pull_request", b'{"action": "opened"}\0\xff', 1234.5)
    assert inbox.accept(store, sent) is NEW
    assert inbox.pending_count(store) == 1
    assert inbox.oldest(store) == 1234.5
    assert inbox.take(store, 10) == (sent,)
    assert inbox.take(store, 10) == ()
    inbox.done(store, sent.id, ["review:o/r#1"])
    assert inbox.pending_count(store) == 0
    assert inbox.oldest(store) is None
    assert inbox.find(store, sent.id) == inbox.Seen("guid-1", "pull_request", State.DONE, 1, 1, '["review:o/r#1"]', "")
    assert inbox.find(store, "another") is None


def test_the_same_delivery_from_ten_threads_is_accepted_once(store: Store) -> None:
    sent = made()
    together = threading.Barrier(10)

    def accept(_: int) -> Accepted:
        together.wait(10)
        return inbox.accept(store, sent)

    with ThreadPoolExecutor(10) as pool:
        found = list(pool.map(accept, range(10)))
    assert sorted(found) == [DUPLICATE] * 9 + [NEW]
    known = inbox.find(store, sent.id)
    assert known is not None
    assert known.seen == 10
    assert inbox.take(store, 10) == (sent,)


def test_the_same_content_under_another_identifier_is_a_duplicate_and_recorded(store: Store) -> None:
    first, second = made("body"), made("body")
    assert [inbox.accept(store, each) for each in (first, second, second)] == [NEW, DUPLICATE, DUPLICATE]
    assert state(store, second) is State.DUPLICATE
    assert inbox.take(store, 10) == (first,)


def test_the_same_bytes_of_another_event_are_no_duplicate(store: Store) -> None:
    assert inbox.accept(store, made("body", event="push")) is NEW
    assert inbox.accept(store, made("body", event="ping")) is NEW


@pytest.mark.parametrize("again", ["same", "of the duplicate", "another with its content"])
def test_what_failed_is_pending_again_when_it_is_redelivered(store: Store, again: str) -> None:
    first, second = made("body"), made("body")
    for each in (first, second):
        inbox.accept(store, each)
    assert inbox.take(store) == (first,)
    inbox.failed(store, first.id, "no such repository\0")
    assert state(store, first) is State.FAILED
    assert inbox.take(store) == ()
    redelivered = {"same": first, "of the duplicate": second, "another with its content": made("body")}[again]
    assert inbox.accept(store, redelivered) is NEW
    assert inbox.take(store) == (first,)
    assert inbox.accept(store, redelivered) is DUPLICATE


@pytest.mark.parametrize("again", ["same", "of the duplicate", "another with its content"])
def test_what_was_done_and_comes_again_has_its_jobs_looked_at_once(store: Store, again: str) -> None:
    first, second = made("body"), made("body")
    for each in (first, second):
        inbox.accept(store, each)
    inbox.take(store)
    inbox.done(store, first.id, ["one", "two"])
    assert inbox.take_repeated(store) == ()
    redelivered = {"same": first, "of the duplicate": second, "another with its content": made("body")}[again]
    with ThreadPoolExecutor(10) as pool:
        found = list(pool.map(lambda _: inbox.accept(store, redelivered), range(10)))
    assert sorted(found) == [Accepted.AGAIN] + [DUPLICATE] * 9
    assert inbox.pending_count(store) == 1
    assert inbox.oldest(store) is None, "it did not wait since it came first"
    (repeated,) = inbox.take_repeated(store, lease=0)
    assert (repeated.id, repeated.jobs) == (first.id, ("one", "two"))
    assert inbox.take(store) == (), "it is no new delivery"
    assert inbox.accept(store, redelivered) is DUPLICATE
    assert inbox.take_repeated(store) == (repeated,), "who took it died: the same asking"
    assert inbox.take_repeated(store) == ()
    assert inbox.prune(store, time.time() + 60) == 1 + (again == "another with its content"), "names only"
    inbox.looked_at(store, repeated, ["one", "two+1"])
    assert state(store, first) is State.DONE
    assert inbox.accept(store, first) is Accepted.AGAIN
    (next_time,) = inbox.take_repeated(store)
    assert next_time.jobs == ("one", "two+1")
    assert next_time.asked != repeated.asked


def test_what_led_to_no_job_or_waits_is_a_mere_duplicate(store: Store) -> None:
    idle, waits = made(), made()
    for each in (idle, waits):
        inbox.accept(store, each)
    inbox.done(store, idle.id, [])
    assert [inbox.accept(store, each) for each in (idle, waits)] == [DUPLICATE, DUPLICATE]
    assert inbox.take_repeated(store) == ()


def test_what_is_done_stays_done(store: Store) -> None:
    sent = made()
    inbox.accept(store, sent)
    inbox.take(store)
    inbox.done(store, sent.id, [])
    inbox.failed(store, sent.id, "a slow one that had lost its lease")
    assert state(store, sent) is State.DONE
    assert inbox.accept(store, sent) is DUPLICATE


def test_the_oldest_are_handed_out_first_and_no_more_than_wanted(store: Store) -> None:
    sent = [made() for _ in range(5)]
    for each in sent:
        inbox.accept(store, each)
    assert inbox.take(store, 2) == tuple(sent[:2])
    inbox.done(store, sent[1].id, [])
    assert inbox.take(store, 10) == tuple(sent[2:])


def test_what_a_crashed_one_took_comes_back_when_its_lease_ends(store: Store) -> None:
    sent = made()
    inbox.accept(store, sent)
    assert inbox.take(store, 1, lease=0) == (sent,)
    assert inbox.take(store, 1, lease=60) == (sent,)
    assert inbox.take(store, 1) == ()


def test_what_kills_everybody_who_takes_it_has_failed_in_the_end(store: Store) -> None:
    deadly, other = made(), made()
    inbox.accept(store, deadly)
    for _ in range(inbox.TAKEN):
        assert inbox.take(store, 1, lease=0) == (deadly,)
    inbox.accept(store, other)
    assert inbox.take(store, 5) == (other,)
    assert state(store, deadly) is State.FAILED


def test_what_is_given_back_was_not_taken(store: Store) -> None:
    waiting, handled = made(), made()
    for each in (waiting, handled):
        inbox.accept(store, each)
    for _ in range(inbox.TAKEN + 2):
        assert waiting in inbox.take(store, 5)
        inbox.done(store, handled.id, [])
        inbox.give_back(store, [waiting.id, handled.id, "nobody's"])
    assert state(store, waiting) is State.PENDING
    assert state(store, handled) is State.DONE
    inbox.take(store, 5)
    inbox.give_back(store, [waiting.id], later=60)
    assert inbox.take(store, 5) == ()


def test_of_what_is_done_no_body_is_kept(store: Store) -> None:
    handled, broken = made(), made()
    for each in (handled, broken):
        inbox.accept(store, each)
    inbox.take(store, 5)
    inbox.done(store, handled.id, [])
    inbox.failed(store, broken.id, "a bug")
    bodies = store.inbox.read(lambda connection: connection.execute(select(col(InboxBody.body))).scalars().all())
    assert bodies == [broken.body]
    assert inbox.accept(store, handled) is DUPLICATE


def test_bodies_that_are_too_much_together_are_handed_out_one_after_the_other(
    store: Store, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(inbox, "_TOGETHER", 100)
    large = [made(str(number) * 80) for number in range(3)]
    for each in large:
        inbox.accept(store, each)
    assert [inbox.take(store, 10) for _ in range(4)] == [(large[0],), (large[1],), (large[2],), ()]


def test_a_body_of_the_largest_size_survives(store: Store) -> None:
    sent = Delivery("large", "push", bytes(range(256)) * 4 * 1024 * 25, 1.0)
    assert inbox.accept(store, sent) is NEW
    assert inbox.take(store) == (sent,)


@pytest.mark.parametrize("guid", ["a\0b", "\udcff", "x" * 5000, "'; DROP TABLE inbox_delivery; --", ""])
def test_hostile_identifiers_are_held(store: Store, guid: str) -> None:
    sent = Delivery(guid, guid, b"body", 1.0)
    assert inbox.accept(store, sent) is NEW
    assert inbox.accept(store, sent) is DUPLICATE
    (found,) = inbox.take(store)
    inbox.done(store, found.id, [])
    assert state(store, sent) is State.DONE


def test_what_was_handled_long_ago_is_pruned_and_what_waits_is_not(store: Store) -> None:
    old, waiting = made("old"), made()
    for each in (old, waiting, made("old")):
        inbox.accept(store, each)
    inbox.done(store, old.id, [])
    assert inbox.prune(store, time.time() - 60) == 0
    assert inbox.prune(store, time.time() + 60) == 2
    assert inbox.find(store, old.id) is None
    assert inbox.take(store) == (waiting,)


def test_one_that_cannot_be_kept_does_not_harm_those_beside_it(store: Store) -> None:
    wrong = Delivery("wrong", "push", b"x", "no time")  # type: ignore[arg-type]  # on purpose
    with ThreadPoolExecutor(8) as pool:
        futures = [pool.submit(inbox.accept, store, made() if number % 5 else wrong) for number in range(40)]
        outcomes = [future.exception() is None for future in futures]
    # SQLite takes any value for a number; PostgreSQL refuses
    assert outcomes.count(True) >= 32
    assert inbox.pending_count(store) >= 32


def test_a_database_that_does_not_take_a_write_in_time_is_unavailable(tmp_path: Path) -> None:
    store = connect(f"sqlite:///{tmp_path}/selfmod.db", tmp_path)
    other = sqlite3.connect(tmp_path / "selfmod-inbox.db", isolation_level=None)
    other.execute("BEGIN IMMEDIATE")
    sent = made()
    with pytest.raises(Unavailable, match="within"):
        inbox.accept(store, sent, wait=0.05)
    other.rollback()
    # it may have been kept all the same: then the redelivery is a duplicate, and nothing is lost either way
    inbox.accept(store, sent)
    assert inbox.pending_count(store) == 1
    store.close()


def _killed(url: str, data: Path, many: int) -> Iterator[list[str]]:
    """Identifiers that processes answered NEW for, each killed after so many."""
    for _ in range(many):
        child = subprocess.Popen([sys.executable, "-c", ACCEPTING, url, str(data)], stdout=subprocess.PIPE, text=True)
        assert child.stdout is not None
        answered = [child.stdout.readline().strip() for _ in range(25)]
        child.send_signal(signal.SIGKILL)
        rest = child.stdout.read()
        child.wait(30)
        # the last line may be cut by the kill
        yield [guid for guid in answered + rest.split("\n") if len(guid) == 36]


@pytest.mark.complete
def test_everything_that_was_answered_survives_kill_9(url: str, tmp_path: Path) -> None:
    data = tmp_path / "data"
    kept = [guid for answered in _killed(url, data, 8) for guid in answered]
    assert len(kept) >= 8 * 25
    store = connect(url, data)
    assert all((found := inbox.find(store, guid)) and found.state is State.PENDING for guid in kept)
    bodies = {each.id: each.body for each in inbox.take(store, 100_000)}
    assert all(bodies[guid] == guid.encode() * 50 for guid in kept)
    store.close()


def test_two_who_take_at_the_same_time_get_different_ones(url: str, tmp_path: Path) -> None:
    stores = [connect(url, tmp_path / "data") for _ in range(2)]
    sent = [made() for _ in range(60)]
    with ThreadPoolExecutor(8) as pool:
        assert set(pool.map(lambda each: inbox.accept(stores[0], each), sent)) == {NEW}

    def taking(store: Store) -> list[str]:
        found = []
        while taken := inbox.take(store, 3):
            found += [each.id for each in taken]
        return found

    with ThreadPoolExecutor(4) as pool:
        shares = list(pool.map(taking, stores * 2))
    together = [guid for share in shares for guid in share]
    assert sorted(together) == sorted(each.id for each in sent)
    for store in stores:
        store.close()


@pytest.mark.complete
def test_rows_that_another_transaction_holds_are_passed_over(postgres_url: str, tmp_path: Path) -> None:
    store = connect(postgres_url, tmp_path)
    sent = [made() for _ in range(4)]
    for each in sent:
        inbox.accept(store, each)
    with store.inbox.engine.begin() as connection:
        connection.exec_driver_sql("SELECT 1 FROM inbox_delivery ORDER BY number LIMIT 2 FOR UPDATE")
        assert inbox.take(store, 10) == tuple(sent[2:])
    assert inbox.take(store, 10) == tuple(sent[:2])
    store.close()
