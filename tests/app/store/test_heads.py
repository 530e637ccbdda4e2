"""The newest head of a pull request."""

from concurrent.futures import ThreadPoolExecutor

from app.store import heads
from app.store.connect import Store


def test_another_head_is_a_new_generation_and_the_same_is_not(store: Store) -> None:
    a, b = "a" * 40, "b" * 40
    assert heads.current(store, "o/r", 7) is None
    assert [heads.newest(store, "o/r", 7, head) for head in (a, a, b, b, a)] == [1, 1, 2, 2, 3]
    assert heads.current(store, "o/r", 7) == (a, 3)


def test_capitals_of_a_repository_do_not_matter_and_numbers_do(store: Store) -> None:
    heads.newest(store, "Octo/Cat", 1, "a" * 40)
    assert heads.current(store, "octo/CAT", 1) == ("a" * 40, 1)
    assert heads.current(store, "octo/cat", 2) is None


def test_every_head_that_comes_at_the_same_time_counts_once(store: Store) -> None:
    with ThreadPoolExecutor(8) as pool:
        found = list(pool.map(lambda number: heads.newest(store, "o/r", 1, f"{number:040x}"), range(40)))
    assert sorted(found) == list(range(1, 41))


def test_a_store_that_begins_empty_goes_on_from_a_generation(store: Store) -> None:
    for generation in (1_000, 5):
        heads.start(store, "o/r", 7, generation)
    assert [heads.newest(store, "o/r", 7, head * 40) for head in "aab"] == [1_001, 1_001, 1_002]
    heads.start(store, "o/r", 7, 9_000)
    assert heads.current(store, "o/r", 7) == ("b" * 40, 1_002)
