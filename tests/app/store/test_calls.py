"""The log of outgoing calls."""

import pytest

from app.model.call import Call
from app.store import calls
from app.store.connect import Store
from tests.postgres import eventually


def logged(store: Store, target: str, outcome: str = "200") -> calls.Logged:
    """The one call that was logged."""
    calls.log(store, "read pull request", target, outcome, 0.25, "Octo/Cat")
    eventually(lambda: calls.recent(store))
    return calls.recent(store, "octo/cat")[0]


def test_a_call_is_kept(store: Store) -> None:
    call = logged(store, "GET /repos/octo/cat/pulls/7")
    assert (call.purpose, call.target) == ("read pull request", "GET /repos/octo/cat/pulls/7")
    assert (call.outcome, call.seconds, call.repository) == ("200", 0.25, "octo/cat")
    assert calls.recent(store, "octo/dog") == ()


def test_a_call_as_clients_tell_of_it_is_kept(store: Store) -> None:
    calls.keep(store, Call("pull request: read", "GET /repos/o/r/pulls/1", "o/r", "ok", 200, 0.5))
    calls.keep(store, Call("pull request: read", "GET /repos/o/r/pulls/1", "o/r", "unreachable", 0, 5.0))
    eventually(lambda: len(calls.recent(store)) == 2)
    assert [each.outcome for each in calls.recent(store, "o/r")] == ["unreachable", "ok 200"]


@pytest.mark.parametrize(
    "target",
    [
        "https://api.example.org/x?token=hunter2",
        "https://x-access-token:hunter2@example.org/x",
        "https://example.org/x#hunter2",
        "git ghs_hunter2hunter2_x",
        "github_pat_hunter2",
        "Authorization: Bearer hunter2",
        "eyJhbGciOi.eyJhunter2.hunter2",
    ],
)
def test_secrets_are_left_out(store: Store, target: str) -> None:
    call = logged(
        store, target, f"failed: {target}" if "?" not in target and "@" not in target and "#" not in target else "x"
    )
    assert "hunter2" not in repr(call)


def test_many_calls_are_all_there_in_their_order(store: Store) -> None:
    for number in range(500):
        calls.log(store, "test", f"GET /{number}", "200", 0.0)
    eventually(lambda: len(calls.recent(store, most=1000)) == 500)
    assert [each.target for each in calls.recent(store, most=3)] == ["GET /499", "GET /498", "GET /497"]


def test_what_waits_is_written_when_the_store_is_closed(store: Store, url: str) -> None:
    from app.store.connect import connect

    calls.log(store, "test", "GET /", "200", 0.0)
    store.close()
    again = connect(url, store.data_dir)
    assert len(calls.recent(again)) == 1
    again.close()


def test_hostile_text_is_held(store: Store) -> None:
    calls.log(store, "a\0b" * 1000, "\udcff" * 1000, "'; --", 0.0)
    eventually(lambda: len(calls.recent(store)) == 1)


def test_old_calls_are_pruned(store: Store) -> None:
    logged(store, "GET /")
    assert calls.prune(store, 1.0) == 0
    assert calls.prune(store, 4e9) == 1
