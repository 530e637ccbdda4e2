from app.store import marks
from app.store.connect import Store


def test_a_mark_is_what_was_put_last(store: Store) -> None:
    assert marks.read(store, "a") is None
    for at in (1_700_000_000.25, 1_700_000_100.5, 1_600_000_000.0):
        marks.put(store, "a", at)
        assert marks.read(store, "a") == at
    assert marks.read(store, "b") is None
