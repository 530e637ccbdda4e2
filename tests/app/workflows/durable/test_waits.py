import pytest

from app.workflows.durable import waits


def test_eight_tries_take_a_quarter_of_an_hour() -> None:
    delays = [waits.backoff(tries) for tries in range(1, waits.TRIES + 1)]
    assert delays[-1] is None
    waited = [delay for delay in delays if delay is not None]
    assert len(waited) == 7
    assert waited == sorted(waited)
    assert 15 * 60 <= sum(waited) <= 18 * 60 + 1


@pytest.mark.parametrize(
    ("after", "least", "most"),
    [(None, 5, 6), (0.0, 5, 6), (1.0, 5, 6), (60.0, 60, 72), (-5.0, 5, 6), (1e9, 3600, 4320)],
)
def test_what_the_other_side_asks_for_is_honoured_within_bounds(after: float | None, least: int, most: int) -> None:
    delay = waits.backoff(1, after)
    assert delay is not None
    assert least <= delay <= most


def test_looks_at_a_taken_subject_become_rarer_and_do_not_end() -> None:
    assert [waits.busy(count) for count in (1, 2, 3, 4, 5, 100)] == [1.0, 2.0, 4.0, 8.0, 8.0, 8.0]
