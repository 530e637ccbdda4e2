"""Times of a schedule."""

from datetime import UTC, datetime, timedelta, timezone

import pytest
from hypothesis import given
from hypothesis import strategies as st

from checks.configuration import cron


@pytest.mark.parametrize(
    ("text", "field", "numbers"),
    [
        ("*/15 * * * *", "minutes", {0, 15, 30, 45}),
        ("5/20 * * * *", "minutes", {5, 25, 45}),
        ("0 1-5/2,22 * * *", "hours", {1, 3, 5, 22}),
        ("0 0 * jan,DEC *", "months", {1, 12}),
        ("0 0 * * 7", "weekdays", {0}),
        ("0 0 * * mon-fri", "weekdays", {1, 2, 3, 4, 5}),
        ("0 0 * * 5-7", "weekdays", {5, 6, 0}),
        ("  0   0 1 * * ", "days", {1}),
    ],
)
def test_fields(text: str, field: str, numbers: set[int]) -> None:
    assert getattr(cron.read(text), field) == numbers


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("", "a schedule has 5 fields (minute hour day month weekday); here are 0"),
        ("0 0 * *", "a schedule has 5 fields (minute hour day month weekday); here are 4"),
        ("0 0 * * * *", "a schedule has 5 fields (minute hour day month weekday); here are 6"),
        ("@daily", "write the five fields, such as '0 4 * * *' for every day at 4:00"),
        ("60 * * * *", "minute: '60' is not from 0 to 59"),
        ("0 24 * * *", "hour: '24' is not from 0 to 23"),
        ("0 0 0 * *", "day: '0' is not from 1 to 31"),
        ("0 0 * 13 *", "month: '13' is not from 1 to 12"),
        ("0 0 * foo *", "month: 'foo' is not from 1 to 12"),
        ("0 0 * * 8", "weekday: '8' is not from 0 to 7"),
        ("x * * * *", "minute: 'x' is not a number, a range such as 1-5, a list or '*'"),
        ("0 1,, * * *", "hour: '' is not a number, a range such as 1-5, a list or '*'"),
        ("-1 * * * *", "minute: '-1' is not a number, a range such as 1-5, a list or '*'"),
        ("٣ * * * *", "minute: '٣' is not a number, a range such as 1-5, a list or '*'"),
        ("0 5-1 * * *", "hour: the range '5-1' ends before it begins"),
        ("*/0 * * * *", "minute: a step is from 1 to 59"),
        ("0 0 * * sun-mon/9", "weekday: a step is from 1 to 7"),
        ("0 0 30 2 *", "no month of these has a day 30"),
        ("0 0 31 4,6,9,11 *", "no month of these has a day 31"),
        ("* * * * *", "this is more often than every 5 minutes"),
        ("0,4 3 * * *", "this is more often than every 5 minutes"),
        ("0,58 * * * *", "this is more often than every 5 minutes"),
    ],
)
def test_what_is_no_schedule(text: str, said: str) -> None:
    with pytest.raises(ValueError, match=r"\w") as refused:
        cron.read(text)
    assert str(refused.value) == said


NOW = datetime(2026, 1, 31, 23, 59, 30, tzinfo=UTC)


@pytest.mark.parametrize(
    ("text", "then"),
    [
        ("*/5 * * * *", "2026-02-01 00:00"),
        ("30 4 * * *", "2026-02-01 04:30"),
        ("30 4 * * mon", "2026-02-02 04:30"),
        ("0 0 31 * *", "2026-03-31 00:00"),
        ("0 0 29 2 *", "2028-02-29 00:00"),
        ("0 0 15 * mon", "2026-02-02 00:00"),  # both restricted: either one
        ("0 0 30 2 fri", "2026-02-06 00:00"),
        ("59 23 * * *", "2026-02-01 23:59"),
        ("0,58 3 * * *", "2026-02-01 03:00"),
    ],
)
def test_the_next_time(text: str, then: str) -> None:
    found = cron.read(text).after(NOW)
    assert found is not None
    assert f"{found:%Y-%m-%d %H:%M}" == then


def test_times_are_in_utc() -> None:
    east = timezone(timedelta(hours=3))
    assert cron.read("30 4 * * *").fits(datetime(2026, 5, 1, 7, 30, tzinfo=east))
    assert not cron.read("30 4 * * *").fits(datetime(2026, 5, 1, 4, 30, tzinfo=east))


PARTS = [
    st.sampled_from(["*/5", "0", "7,37", "10-50/10"]),
    st.sampled_from(["*", "3", "1-4", "0,12", "*/7"]),
    st.sampled_from(["*", "1", "28-30", "*/10"]),
    st.sampled_from(["*", "2", "jan-mar", "5,11"]),
    st.sampled_from(["*", "sun", "1-5", "7"]),
]


@given(st.tuples(*PARTS).map(" ".join), st.integers(10**9, 3 * 10**9))
def test_the_next_time_fits_and_is_later(text: str, second: int) -> None:
    schedule, now = cron.read(text), datetime.fromtimestamp(second, UTC)
    found = schedule.after(now)
    assert found is not None
    assert found > now
    assert schedule.fits(found)
