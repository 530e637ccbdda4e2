"""The watch over plain processes, which nothing isolates."""

import sys
from collections.abc import Callable
from pathlib import Path

import pytest

from checks.model.errors import Refusal
from checks.sandbox.limits import tree
from checks.sandbox.limits.watch import Seen, Watch
from checks.sandbox.port import MIB, Command, Ended, Limits
from checks.sandbox.spawn import spawn
from checks.sandbox.stream import START, stream


def followed(
    script: str,
    limits: Limits,
    cancelled: Callable[[], bool] = lambda: False,
    over: Callable[[], Ended | None] = lambda: None,
    stdin: bytes = b"",
    folder: str = "/",
) -> Seen:
    """What is seen of a shell script."""
    sent = stream(Command(("/bin/sh", "-c", script)), (), settings={"folder": folder}, limits={})
    process, ends = spawn(
        lambda *numbers: (sys.executable, "-I", "-S", str(START), *map(str, numbers)), (), tree.mark()
    )
    with Watch(ends, sent, stdin, limits) as seen:
        try:
            seen.follow(cancelled, over)
        finally:
            tree.kill(process.pid)
            process.wait()
        seen.drain()
        return seen.seen


SOON = Limits(seconds=20.0, output=100_000, report=1000)


@pytest.mark.parametrize(
    ("script", "limits", "ended"),
    [
        ("exit 3", SOON, None),
        ("sleep 60", Limits(seconds=0.1), Ended.TIME),
        ("exec cat /dev/zero", SOON, Ended.OUTPUT),
        ("exec cat /dev/zero >&2", SOON, Ended.OUTPUT),
        ("exec cat /dev/zero >&3", SOON, Ended.OUTPUT),
        ("head -c 1001 /dev/zero >&3", SOON, Ended.OUTPUT),
        ("head -c 1000 /dev/zero >&3", SOON, None),
        ("head -c 200000 /dev/zero", SOON, None),
    ],
)
def test_ends(script, limits, ended):
    seen = followed(script, limits)
    assert seen.ended is ended
    assert seen.began is not None
    assert len(seen.stdout) + len(seen.stderr) <= limits.output
    assert len(seen.report) <= limits.report


@pytest.mark.parametrize("ended", [Ended.MEMORY, Ended.DISK])
def test_limits_that_the_caller_looks_at(ended):
    assert followed("sleep 60", SOON, over=lambda: ended).ended is ended


def test_cancelled():
    assert followed("sleep 60", SOON, cancelled=lambda: True).ended is Ended.CANCELLED


def test_input_that_nobody_reads_hinders_nothing():
    assert followed("exec <&-; echo out", SOON, stdin=bytes(4 * MIB)).stdout == b"out\n"


def test_input_and_output_at_once():
    given = bytes(range(256)) * 4000
    assert followed("exec cat", Limits(seconds=20.0, output=2 * MIB), stdin=given).stdout == given


def test_a_start_that_is_refused():
    with pytest.raises(Refusal, match="not/there"):
        followed("true", SOON, folder="/not/there")


def test_descriptors_are_closed():
    folder = Path("/proc/self/fd")
    before = sorted(each.name for each in folder.iterdir())
    followed("true", SOON)
    with pytest.raises(Refusal):
        followed("true", SOON, folder="/not/there")
    assert sorted(each.name for each in folder.iterdir()) == before
