"""Limits and schedules."""

import pytest

from tests.configurations import good, only

BOUNDS = [
    ("open_pull_requests", 1, 100),
    ("per_hour", 1, 100),
    ("files", 1, 1000),
    ("lines", 1, 100_000),
    ("jobs", 1, 10_000),
    ("minutes", 1, 10_000),
    ("model_tokens", 0, 1_000_000_000),
]


@pytest.mark.parametrize(("key", "least", "most"), BOUNDS)
def test_bounds(key: str, least: int, most: int) -> None:
    for value in (least, most):
        assert getattr(good(f"limits: {{{key}: {value}}}").limits, key) == value
    for value, said in ((least - 1, f"{least} at least"), (most + 1, f"{most} at most")):
        assert only(f"limits:\n  {key}: {value}") == f"2: limits.{key}: {value} is not valid: {said}."


def test_schedules() -> None:
    read = good('schedules:\n  fix: "30 4 * * mon"\n  test: 0 0 1 * *\n  health:\n').schedules
    assert (read.fix, read.test, read.health) == ("30 4 * * mon", "0 0 1 * *", None)


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("schedules:\n  fix: '* * * * *'", "2: schedules.fix: this is more often than every 5 minutes."),
        (
            "schedules:\n  fix: * * * * *",
            "2: YAML takes a word that begins with '*' for something of its own; put the whole value in quotes.",
        ),
        ("schedules:\n  health: 5", "2: schedules.health: this is to be text; put it in quotes."),
        (
            "schedules:\n  test: 04:30",
            "2: schedules.test: a schedule has 5 fields (minute hour day month weekday); here are 1.",
        ),
        ("schedules: {fixes: '0 0 1 * *'}", "1: unknown key 'schedules.fixes'."),
        (f"schedules: {{fix: '{' ' * 201}'}}", "1: schedules.fix: 200 characters at most."),
    ],
)
def test_schedules_that_are_none(text: str, said: str) -> None:
    assert only(text) == said
