"""Limits of the whole tree, each passed on purpose."""

import pytest

from checks.sandbox.port import MIB, Ended, Limits
from tests.checks.sandbox.bubblewrap.kinds import FEW, KINDS, QUICK, Kind, every, few

SMALL = Limits(seconds=20.0, memory=96 * MIB, processes=20, disk=32 * MIB)
HOLD = "\nimport time\ntime.sleep(15)"
TOUCHED = """
def touched(size):
    held = bytearray(size)
    held[::4096] = bytes([1]) * len(held[::4096])
    return held
"""


@every
@pytest.mark.parametrize(
    "script",
    [
        pytest.param(f"{TOUCHED}held = touched(300 << 20){HOLD}", id="one process"),
        pytest.param(
            f"{TOUCHED}import os\nheld = [touched(30 << 20) for _ in range(6) if os.fork() == 0]{HOLD}",
            id="many processes",
        ),
        pytest.param(
            f"import mmap\nheld = mmap.mmap(-1, 300 << 20)\nheld[::4096] = bytes([1]) * len(held[::4096]){HOLD}",
            id="shared anonymous",
        ),
    ],
)
def test_memory(kind: Kind, script):
    result = kind.python(script, limits=SMALL)
    assert (result.ended, result.status) == (Ended.MEMORY, -9)
    assert result.seconds < 15


@few
def test_memory_of_files_in_memory_counts(kind: Kind):
    limits = Limits(seconds=20.0, memory=64 * MIB, disk=1024 * MIB)
    script = f"""
for folder in ("/project", "/tmp", "/dev/shm"):
    with open(folder + "/x", "wb") as file:
        file.write(bytes(50 << 20))
{HOLD}"""
    assert kind.python(script, limits=limits).ended is Ended.MEMORY


@few
def test_inodes_count(kind: Kind):
    limits = Limits(seconds=60.0, memory=32 * MIB, disk=1024 * MIB)
    script = f"""
for number in range(60_000):
    open("/tmp/%d" % number, "w").close()
{HOLD}"""
    assert kind.python(script, limits=limits).ended is Ended.MEMORY


@every
def test_memory_of_no_process(kind: Kind):
    script = f"""
import os
held = os.memfd_create("x")
for _ in range(300):
    os.write(held, bytes(1 << 20))
{HOLD}"""
    result = kind.python(script, limits=Limits(seconds=20.0, memory=96 * MIB, disk=1024 * MIB))
    if kind.grouped:
        assert result.ended is Ended.MEMORY
    else:
        assert (result.ended, result.status) == (Ended.EXITED, 1)
        assert b"Function not implemented" in result.stderr


@every
def test_the_peak_is_seen(kind: Kind):
    result = kind.python(f"{TOUCHED}held = touched(64 << 20)\nimport time\ntime.sleep(0.4)")
    assert result.peak_memory is not None
    assert 64 * MIB < result.peak_memory < 200 * MIB


@every
def test_processes(kind: Kind):
    script = """
import os, time
made = 0
try:
    while made < 200:
        if os.fork() == 0:
            time.sleep(30)
        made += 1
except BlockingIOError:
    print(made)"""
    result = kind.python(script, limits=SMALL)
    assert result.ended is Ended.EXITED
    assert 15 <= int(result.stdout) <= 20


@every
def test_a_fork_bomb_is_ended(kind: Kind):
    limits = Limits(seconds=2.0, memory=256 * MIB, processes=40, disk=MIB)
    result = kind.run(("/bin/sh", "-c", "b() { b | b & }; b; while :; do :; done"), limits=limits)
    assert result.ended in {Ended.TIME, Ended.EXITED}
    assert result.seconds < 12


@every
def test_disk(kind: Kind):
    script = """
import errno, json, os
written = 0
why = set()
for folder in ("/project", "/tmp", "/dev/shm"):
    with open(folder + "/full", "wb", buffering=0) as file:
        try:
            while True:
                written += file.write(bytes(1 << 16))
        except OSError as error:
            why.add(errno.errorcode[error.errno])
print(json.dumps([written, sorted(why)]))"""
    seen = kind.tells(script, limits=SMALL)
    assert isinstance(seen, list)
    assert 28 * MIB < seen[0] <= 32 * MIB
    assert seen[1] == ["ENOSPC"]


@every
def test_a_sparse_file_is_no_larger_than_the_disk(kind: Kind):
    result = kind.python("open('/tmp/x', 'wb').truncate(1 << 30)", limits=SMALL)
    assert result.status == 1
    assert b"File too large" in result.stderr


@every
@pytest.mark.parametrize("stream", [1, 2])
def test_output_is_cut(kind: Kind, stream):
    limits = Limits(seconds=20.0, memory=256 * MIB, output=100_000)
    script = f"import os\nfor _ in range(20):\n    os.write({stream}, b'x' * 50_000)\nos.write(3, b'end')"
    result = kind.python(script, limits=limits)
    assert (result.ended, result.status, result.report) == (Ended.EXITED, 0, b"end")
    assert len(result.stdout) + len(result.stderr) == 100_000


@few
def test_a_flood_of_output_is_ended(kind: Kind):
    limits = Limits(seconds=20.0, memory=256 * MIB, output=10_000)
    result = kind.run(("/bin/sh", "-c", "exec cat /dev/zero"), limits=limits)
    assert (result.ended, len(result.stdout)) == (Ended.OUTPUT, 10_000)


@few
def test_a_report_that_is_too_long_is_ended(kind: Kind):
    limits = Limits(seconds=20.0, memory=256 * MIB, report=10_000)
    result = kind.run(("/bin/sh", "-c", "exec cat /dev/zero >&3"), limits=limits)
    assert (result.ended, len(result.report)) == (Ended.OUTPUT, 10_000)


@every
@pytest.mark.parametrize(
    "script",
    [
        "sleep 30",
        "trap '' TERM INT HUP; sleep 30; sleep 30",
        "setsid sleep 30 & setsid sh -c 'sleep 30 & sleep 30' & wait",
        "(trap '' TERM; (setsid sh -c 'sleep 30' &) &); sleep 30",
        "kill -STOP $$",
        "while :; do :; done",
        "exec >&- 2>&- 3>&-; sleep 30",
    ],
)
def test_time(kind: Kind, script):
    result = kind.run(("/bin/sh", "-c", script), limits=Limits(seconds=0.3))
    assert (result.ended, result.status) == (Ended.TIME, -9)
    assert 0.3 <= result.seconds < 10


@every
@pytest.mark.parametrize(
    "script", ["sleep 30 & echo out", "setsid sh -c 'sleep 30 &' & echo out", "(sleep 30 &) ; echo out"]
)
def test_what_is_left_running_ends_with_the_command(kind: Kind, script):
    result = kind.run(("/bin/sh", "-c", script))
    assert (result.ended, result.stdout) == (Ended.EXITED, b"out\n")
    assert result.seconds < 10


@pytest.mark.parametrize("kind", [KINDS[0], KINDS[2]], ids=str)
def test_processes_are_counted_for_each_sandbox(kind: Kind):
    sandbox = kind.made()
    # the bounds of each process are what it would still have beside sandboxes of the same user
    script = "import json, resource\nprint(json.dumps(resource.getrlimit(resource.RLIMIT_NPROC)))"
    assert kind.tells(script) == [QUICK.processes] * 2
    assert sandbox.root


@pytest.mark.parametrize("kind", FEW, ids=str)
def test_bounds_of_each_process(kind: Kind):
    script = """
import json, resource
names = ("RLIMIT_CORE", "RLIMIT_FSIZE", "RLIMIT_NOFILE", "RLIMIT_AS")
print(json.dumps([resource.getrlimit(getattr(resource, name))[1] for name in names]))"""
    address = QUICK.memory * (4 if kind.grouped else 2) + 512 * MIB
    assert kind.tells(script) == [0, QUICK.disk, 4096, address]
