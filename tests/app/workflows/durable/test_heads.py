import threading
import time
from collections.abc import Iterator
from pathlib import Path

import pytest

from app.model.job import Job, Kind
from app.model.trouble import Gone, Unavailable
from app.store import heads, locks
from app.store.connect import Store
from app.workflows.durable.heads import FRESH, Heads, Watch
from tests.app import stores
from tests.faults.crew import until

H1, H2, H3 = "1" * 40, "2" * 40, "3" * 40


@pytest.fixture
def store(tmp_path: Path) -> Iterator[Store]:
    store = stores.store(tmp_path)
    yield store
    store.close()


def review(head: str) -> Job:
    return Job(Kind.REVIEW, "o/n", 1, number=5, head=head)


def test_the_first_head_is_recorded_without_asking(store: Store) -> None:
    asked = Heads(store, lambda _: pytest.fail("asked"))
    assert asked.known(review(H1)) == (H1, 1)
    assert asked.settle(review(H1)) == (H1, 1)


@pytest.mark.parametrize(
    ("shown", "recorded"),
    [(H2, (H2, 2)), (H1, (H1, 1)), (H3, (H3, 2))],
    ids=["a newer push", "an older one that comes late", "a third head that nobody told of yet"],
)
def test_the_forge_decides_between_two_heads(store: Store, shown: str, recorded: tuple[str, int]) -> None:
    asked = Heads(store, lambda _: shown)
    asked.known(review(H1))
    assert asked.settle(review(H2)) == recorded
    assert heads.current(store, "o/n", 5) == recorded


def test_a_pull_request_that_is_gone_is_left_to_the_verb(store: Store) -> None:
    def ask(_: Job) -> str:
        raise Gone("pull request 5")

    asked = Heads(store, ask)
    asked.known(review(H1))
    assert asked.settle(review(H2)) == (H2, 1)
    assert heads.current(store, "o/n", 5) == (H1, 1)


def test_only_one_asks_at_a_time(store: Store) -> None:
    """An answer that was given before another is not recorded after it."""
    inside, go = threading.Event(), threading.Event()
    shown = [H2]

    def ask(_: Job) -> str:
        answer = shown[0]
        inside.set()
        assert go.wait(20)
        return answer

    asked = Heads(store, ask)
    asked.known(review(H1))
    first = threading.Thread(target=asked.settle, args=(review(H2),))
    first.start()
    assert inside.wait(20)
    shown[0] = H3
    second = threading.Thread(target=asked.settle, args=(review(H3),))
    second.start()
    assert locks.held(store, "head:o/n#5")
    go.set()
    first.join(30)
    second.join(30)
    assert heads.current(store, "o/n", 5) == (H3, 3)


def test_the_thread_outlives_what_goes_wrong(store: Store) -> None:
    answers: list[Exception | str] = [Unavailable("502"), ValueError("a bug"), H2]

    def ask(_: Job) -> str:
        answer = answers.pop(0)
        if isinstance(answer, Exception):
            raise answer
        return answer

    asked = Heads(store, ask)
    asked.known(review(H1))
    asked.start()
    for _ in range(3):
        asked.soon(review(H2))
    until(lambda: heads.current(store, "o/n", 5) == (H2, 2), "the third answer is recorded")
    asked.stop()


def test_a_running_job_is_told_of_a_head_that_was_recorded_later(store: Store) -> None:
    stopping = threading.Event()
    generation = heads.newest(store, "o/n", 5, H1)
    watch = Watch(store, review(H1), generation, stopping)
    assert not watch()
    heads.newest(store, "o/n", 5, H2)
    until(watch, "told", FRESH * 20)
    assert watch.told == "superseded"
    newer = Watch(store, review(H2), generation, stopping)
    assert not newer(), "recorded later, but it is its own"
    older = Watch(store, review(H1), generation + 1, stopping)
    assert not older(), "recorded before it was enqueued: that is for the forge to say"


def test_a_watch_is_cheap_and_survives_the_database(store: Store) -> None:
    watch = Watch(store, review(H1), 1, threading.Event())
    watch()
    store.close()
    store.main.engine.dispose()
    began = time.process_time()
    for _ in range(1000):
        assert not watch()
    assert time.process_time() - began < 1.0


def test_the_end_of_the_process_goes_before_a_newer_head(store: Store) -> None:
    stopping = threading.Event()
    stopping.set()
    watch = Watch(store, Job(Kind.GATE, "o/n", 1, number=5), 0, stopping)
    assert watch()
    assert watch.told == "stopping"
    assert not Heads.concerns(Job(Kind.GATE, "o/n", 1, number=5, head=H1))
    assert not Heads.concerns(Job(Kind.REVIEW, "o/n", 1, number=5))
