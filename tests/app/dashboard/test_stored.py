"""What the pages read, from a real store."""

from collections.abc import Iterator
from pathlib import Path

import pytest
from sqlalchemy import event

from app.dashboard.reading import Health, Running
from app.dashboard.stored import Stored
from app.model.decision import Decision, Merge
from app.model.modification import Modification, Sort, Status
from app.model.stop import OPERATOR, Stop
from app.store import audit, records
from app.store.connect import Store
from app.store.proposed import modifications, stops
from app.views.gate_facts import KIND as GATE
from checks.model.safety import Level
from tests.app import stores
from tests.app.dashboard.samples import BASE, CONFIGURATION, HEAD, OLD, document

SUBJECT = "acme/orders#7"


@pytest.fixture
def store(tmp_path: Path) -> Iterator[Store]:
    made = stores.store(tmp_path)
    yield made
    made.close()


def put(store: Store, head: str = HEAD, number: int = 7) -> str:
    decision = Decision(Level.MEDIUM_RISK, Merge.BY_PERSON, 2, named=("@acme/rates",))
    record = records.Record(
        "acme/orders", number, BASE, head, CONFIGURATION, document(), decision=decision, who="bob", finished=2.0
    )
    return records.put(store, record)


@pytest.mark.parametrize("status", list(Status))
def test_only_what_is_merged_can_be_taken_back(store: Store, status: Status) -> None:
    record = Stored(store).record(put(store))
    assert record is not None
    assert Stored(store).undo(record) == ""
    made = Modification("acme/orders", Sort.FIX, "selfmod/fix/x", "main", "x", number=7, status=status)
    modifications.put(store, made)
    assert Stored(store).undo(record) == (f"/selfmod rollback {made.id}" if status is Status.APPLIED else "")


def gate(store: Store, record: str, stands: str, *, subject: str = SUBJECT) -> None:
    facts = {
        "record": record,
        "head": HEAD,
        "stands": stands,
        "said": "1 of 2 approvals",
        "remedy": "Somebody approves.",
        "mode": "enforce",
        "needed": 2,
        "counted": ["ann"],
        "seen": [{"login": "ann", "how": "review", "commit": HEAD, "counts": True, "why": "write access"}],
        "excluded": [{"login": "bob", "why": "author"}],
        "faults": [],
        "configuration": "main@a81d9c04a8",
        "values": [{"key": "mode", "value": "enforce", "origin": ".github/selfmod.yml:1"}],
    }
    audit.append(store, GATE, "acme/orders", subject, facts)


def test_a_record_comes_as_it_was_put(store):
    found = Stored(store).record(put(store))
    assert found is not None
    assert (found.repository, found.number, found.head, found.who) == ("acme/orders", 7, HEAD, "bob")
    assert found.decision["approvals"] == 2 and found.document == document()
    assert Stored(store).record("mod_ffffffffffff") is None


def test_records_of_a_pull_request_newest_first(store):
    old, other, new = put(store, OLD), put(store, HEAD, 8), put(store)
    reading = Stored(store)
    assert [each.id for each in reading.of_pull("ACME/Orders", 7)] == [new, old]
    assert [each.id for each in reading.newest(10)] == [new, other, old]
    assert [each.id for each in reading.newest(1)] == [new]
    assert reading.of_pull("acme/orders", 9) == []


def test_a_list_has_what_it_shows_and_reads_no_document(store):
    old, _, new = put(store, OLD), put(store, HEAD, 8), put(store)
    bare = records.put(store, records.Record("acme/orders", 7, BASE, "c" * 40, "", {}))
    statements: list[str] = []
    event.listen(store.main.engine, "before_cursor_execute", lambda *a: statements.append(a[2]))
    found = Stored(store).listed("ACME/Orders", 7)
    assert [(each.id, each.head, each.level, each.finished) for each in found] == [
        (bare, "c" * 40, "", 0.0),
        (new, HEAD, "MEDIUM_RISK", 2.0),
        (old, OLD, "MEDIUM_RISK", 2.0),
    ]
    read = [each for each in statements if each.startswith("SELECT")]
    assert len(read) == 1 and "document" not in read[0] and "findings" not in read[0]
    assert Stored(store).listed("acme/orders", 9) == []


def test_the_last_word_of_the_gate_counts(store):
    record, other = put(store), put(store, HEAD, 8)
    gate(store, record, "waits")
    gate(store, record, "passes")
    gate(store, other, "blocked", subject="acme/orders#8")
    reading = Stored(store)
    one, two = reading.of_pull("acme/orders", 7)[0], reading.of_pull("acme/orders", 8)[0]
    assert reading.stood((one,))[record].stands == "passes"
    both = reading.stood((one, two))
    assert {name: each.stands for name, each in both.items()} == {record: "passes", other: "blocked"}
    seen = both[record]
    assert (seen.given, seen.needed, seen.holds, seen.configuration) == (1, 2, True, "main@a81d9c04a8")
    assert seen.votes[0].login == "ann" and seen.excluded == (("bob", "author"),)
    assert seen.values == (("mode", "enforce", ".github/selfmod.yml:1"),)
    assert reading.stood(()) == {}


def test_a_gate_that_was_never_weighed(store):
    record = Stored(store).record(put(store))
    assert record is not None and Stored(store).stood((record,)) == {}


def test_history_is_of_the_pull_request_alone_and_oldest_first(store):
    record = Stored(store).record(put(store))
    assert record is not None
    audit.append(store, "judged", "acme/orders", SUBJECT, {"head": HEAD})
    audit.append(store, "judged", "acme/orders", "acme/orders#77", {"head": OLD})
    audit.append(store, "judged", "acme/web", "acme/web#7", {"head": OLD})
    gate(store, record.id, "waits")
    found = Stored(store).history(record)
    assert [each.kind for each in found] == ["judged", GATE]
    assert dict(found[0].facts) == {"head": HEAD} and "seen" not in found[1].facts


def test_jobs_and_health_are_asked_of_who_knows(store):
    job, part = Running("review", "acme/orders", 7, "running", 1.0), Health("Database", "healthy", "")
    reading = Stored(store, lambda: (job,), lambda: (part,))
    assert reading.running() == (job,) and reading.health() == (part,)
    assert Stored(store).running() == () and Stored(store).health() == ()


def test_what_is_stopped_is_told_with_who_ends_it(store):
    assert Stored(store).stopped() == []
    stops.put(store, Stop("ann", "4711", 5.0, repository="acme/shop", number=7))
    stops.put(store, Stop(OPERATOR, "all", 6.0))
    found = Stored(store).stopped()
    assert [(each.where, each.by, each.why, each.since) for each in found] == [
        ("this server", "the operator", "all", 6.0),
        ("acme/shop #7", "@ann", "4711", 5.0),
    ]
    assert "selfmod resume --server" in found[0].ends
    assert "/selfmod resume <why>" in found[1].ends
