"""A test's code is seen to begin and to return, whichever way this Python observes it."""

import functools
import sys
from collections.abc import Callable, Iterator
from unittest import mock

import pytest

from checks.sandbox.reporter import evidence
from checks.sandbox.reporter.evidence import Monitored, Profiled, Watch, functions_of


def good() -> int:
    return 1


def bad() -> None:
    raise ValueError


def other() -> None:
    good()


async def slow() -> int:
    return 1


@pytest.fixture(params=[Monitored, Profiled])
def watch(request: pytest.FixtureRequest) -> Iterator[Watch]:
    made: Watch = request.param()
    yield made
    if isinstance(made, Monitored):
        sys.monitoring.free_tool_id(evidence.TOOL)


def seen(watch: Watch, armed: Callable[..., object], called: Callable[..., object] | None) -> tuple[bool, bool]:
    watch.arm([armed.__code__], [])
    try:
        if called is not None:
            called()
    except ValueError:
        pass
    return watch.disarm()


def run(coroutine: Callable[..., object]) -> None:
    with pytest.raises(StopIteration):
        coroutine().send(None)  # type: ignore[attr-defined]  # the coroutine of `slow`


def test_what_is_seen(watch: Watch) -> None:
    assert seen(watch, good, good) == (True, True)
    assert seen(watch, good, other) == (True, True)
    assert seen(watch, good, None) == (False, False)
    assert seen(watch, good, bad) == (False, False)
    assert seen(watch, bad, bad) == (True, not watch.sees_returns)
    assert seen(watch, slow, lambda: run(slow)) == (True, True)
    assert watch.intact()


def test_a_wrapper_may_expect_the_exception() -> None:
    watch = Monitored()
    try:
        watch.arm([bad.__code__], [expecting.__code__])
        expecting(bad)
        assert watch.disarm() == (True, True)
        watch.arm([bad.__code__], [expecting.__code__])
        expecting(good)
        assert watch.disarm() == (False, True)
    finally:
        sys.monitoring.free_tool_id(evidence.TOOL)


def expecting(function: Callable[[], object]) -> None:
    try:
        function()
    except ValueError:
        return


def test_an_observer_that_was_taken_away() -> None:
    watch = Monitored()
    sys.monitoring.register_callback(evidence.TOOL, sys.monitoring.events.PY_START, None)
    assert not watch.intact()
    sys.monitoring.free_tool_id(evidence.TOOL)
    assert not watch.intact()


class Called:
    def method(self) -> None:
        """Nothing."""

    def __call__(self) -> None:
        """Nothing."""


@functools.wraps(good)
def wrapping() -> int:
    return good()


def test_functions_of_callables() -> None:
    assert functions_of(good) == [good]
    assert functions_of(wrapping) == [wrapping, good]
    assert functions_of(functools.partial(good)) == [good]
    assert functions_of(Called().method) == [Called.method]
    assert functions_of(Called()) == [Called.__call__]
    assert functions_of(mock.patch("os.getcwd")(good))[-1] is good
    assert functions_of(print) == functions_of(None) == []
