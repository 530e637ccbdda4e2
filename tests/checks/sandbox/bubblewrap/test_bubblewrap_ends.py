"""Runs that are cut short leave no process, group, mount or folder."""

import contextlib
import itertools
import os
import signal
import subprocess
import sys
import tempfile
import threading
import time
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from checks.model.errors import Refusal
from checks.model.trees import File
from checks.sandbox import binary
from checks.sandbox.bubblewrap import Bubblewrap
from checks.sandbox.limits import groups, tree
from checks.sandbox.port import Command, Ended, Limits
from tests.checks.sandbox.bubblewrap.kinds import FEW, KINDS, QUICK, ROOT, Kind, every, open_folder
from tests.forks import forked

HERE = Path(__file__).parents[3]
FOREVER = "trap '' TERM INT; setsid sh -c 'trap \"\" TERM; sleep 600 & sleep 600' & sleep 600"


def left(since: set[str]) -> set[str]:
    """What there is of ours on this host beside what there was: processes below this one, groups, mounts, folders. What
    a process that was there has started since is not ours: the database of other tests starts some now and then."""
    found = traces() - since
    others = (int(trace.split()[1]) for trace in since if trace.startswith("process "))
    theirs = {f"process {pid}" for other in others if other != os.getpid() for pid in tree.members(other)}
    gone = {trace for trace in found if trace.startswith("process ") and not Path("/proc", trace.split()[1]).exists()}
    return found - theirs - gone


def traces() -> set[str]:
    found = {f"process {pid}" for pid in tree.members(os.getpid())}
    place = groups.place()
    for folder in {place.memory, place.processes or place.memory} if place else ():
        found |= {f"group {each}" for each in folder.glob(f"selfmod-{os.getpid()}-*")}
    found |= {f"mount {line}" for line in Path("/proc/self/mountinfo").read_text().splitlines()}
    found |= {f"folder {each}" for each in Path(tempfile.gettempdir()).iterdir()}
    return found | {f"descriptor {name}" for name in Path("/proc/self/fd").iterdir()}


@pytest.fixture(autouse=True)
def temporary_folder_of_its_own(monkeypatch):
    with open_folder() as folder:
        monkeypatch.setattr(tempfile, "tempdir", str(folder))
        monkeypatch.setenv("TMPDIR", str(folder))
        yield


@contextlib.contextmanager
def nothing_left() -> Iterator[None]:
    """Fails where the body leaves anything behind."""
    before = traces()
    yield
    assert left(before) == set()


def watched(kind: Kind, function: Callable[[Bubblewrap], None]) -> None:
    """Calls the function, as the kind's user, and looks for what it leaves."""

    def inner(sandbox: Bubblewrap) -> None:
        with nothing_left():
            function(sandbox)

    kind.call(inner)


def endless(sandbox: Bubblewrap, cancelled: Callable[[], bool] = lambda: False, seconds: float = 30.0) -> Ended:
    command = Command(("/bin/sh", "-c", FOREVER))
    return sandbox.run(command, (File("a", b"x"),), Limits(seconds=seconds), cancelled).ended


@every
def test_after_an_ordinary_run(kind: Kind):
    def run(sandbox: Bubblewrap) -> None:
        for _ in range(3):
            assert sandbox.run(Command(("/bin/true",)), (), QUICK).status == 0

    watched(kind, run)


@every
def test_after_a_run_that_passed_its_time(kind: Kind):
    def run(sandbox: Bubblewrap) -> None:
        assert endless(sandbox, seconds=0.2) is Ended.TIME

    watched(kind, run)


@every
def test_after_a_run_that_was_cancelled(kind: Kind):
    def run(sandbox: Bubblewrap) -> None:
        asked = itertools.count()
        assert endless(sandbox, lambda: next(asked) > 3) is Ended.CANCELLED

    watched(kind, run)


@every
def test_cancelled_before_it_began(kind: Kind):
    def run(sandbox: Bubblewrap) -> None:
        assert endless(sandbox, lambda: True) is Ended.CANCELLED

    watched(kind, run)


@every
def test_after_a_refusal(kind: Kind):
    def run(sandbox: Bubblewrap) -> None:
        for files in ((File("../x", b""),), (File("a", b""), File("a", b""))):
            with pytest.raises(Refusal):
                sandbox.run(Command(("/bin/true",)), files, QUICK)
        with pytest.raises(Refusal):
            sandbox.run(Command(("/not/there",)), (), QUICK)

    watched(kind, run)


@every
def test_files_that_cannot_be_had(kind: Kind):
    def files() -> Iterator[File]:
        yield File("a", bytes(1 << 20))
        raise KeyError("gone")

    def run(sandbox: Bubblewrap) -> None:
        with pytest.raises(KeyError):
            sandbox.run(Command(("/bin/true",)), files(), QUICK)

    watched(kind, run)


class Terminated(BaseException):
    """What a SIGTERM is made into here."""


def terminated(*_: object) -> None:
    raise Terminated


@pytest.mark.complete
@every
@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM], ids=lambda number: number.name)
@pytest.mark.parametrize("delay", [0.0, 0.002, 0.005, 0.01, 0.02, 0.3])
def test_after_an_interrupt(kind: Kind, number, delay):
    def run(sandbox: Bubblewrap) -> None:
        old = signal.signal(signal.SIGTERM, terminated)
        timer = threading.Timer(delay, os.kill, (os.getpid(), number))
        try:
            with pytest.raises((KeyboardInterrupt, Terminated)):
                timer.start()
                endless(sandbox)
        finally:
            timer.join()
            signal.signal(signal.SIGTERM, old)

    forked(lambda: watched(kind, run))


PARENT = """
import sys
from pathlib import Path
from checks.sandbox.bubblewrap import Bubblewrap
from checks.sandbox.port import Command, Limits
sandbox = Bubblewrap(Path(sys.argv[1]), grouped=sys.argv[2] == "True")
told = []
def cancelled():
    if not told:
        print("running", flush=True)
        told.append(1)
    return False
print("made", flush=True)
sandbox.run(Command(("/bin/sh", "-c", sys.argv[3])), (), Limits(), cancelled)
"""


@pytest.mark.parametrize("kind", [each for each in KINDS if each.root == ROOT], ids=str)
@pytest.mark.parametrize("until", [b"made\n", b"running\n"])
def test_a_killed_parent_takes_everything_with_it_or_the_next_run_does(kind: Kind, until):
    kind.made()
    program = binary.packaged() if kind.packaged else binary.system()
    before = traces()
    argv = (sys.executable, "-c", PARENT, str(program), str(kind.grouped), FOREVER)
    with subprocess.Popen(argv, stdout=subprocess.PIPE, cwd=HERE) as parent:
        assert parent.stdout is not None
        for line in parent.stdout:
            if line == until:
                break
        below = set(tree.members(parent.pid)) - {parent.pid}
        parent.kill()
    end = time.monotonic() + 10
    place = groups.place()
    kind.run(("/bin/true",))
    while (alive := {each for each in below if mine(each, parent.pid)}) and time.monotonic() < end:
        kind.made()
    assert alive == set()
    folders = {place.memory, place.processes or place.memory} if place else set()
    assert [each for folder in folders for each in folder.glob(f"selfmod-{parent.pid}-*")] == []
    assert {each for each in left(before) if each.startswith(("mount", "folder"))} == set()


def mine(process: int, parent: int) -> bool:
    """Whether a process is still there and was started for that parent."""
    try:
        state = Path(f"/proc/{process}/stat").read_bytes().rpartition(b")")[2].split()[0]
        return (
            state not in {b"Z", b"X"}
            and f"SELFMOD_RUN={parent}-".encode() in Path(f"/proc/{process}/environ").read_bytes()
        )
    except OSError:
        return False


@pytest.mark.parametrize("kind", FEW, ids=str)
def test_sandboxes_beside_each_other(kind: Kind):
    def run(sandbox: Bubblewrap) -> None:
        seen: list[bytes] = []

        def one(number: int) -> None:
            command = Command(("/bin/sh", "-c", "cat name; id -u; sleep 0.2"))
            seen.append(sandbox.run(command, (File("name", b"%d " % number),), QUICK).stdout)

        threads = [threading.Thread(target=one, args=(number,)) for number in range(4)]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()
        assert sorted(each.split()[0] for each in seen) == [b"0", b"1", b"2", b"3"]
        assert len({each.split()[1] for each in seen}) == (4 if kind.root else 1)

    watched(kind, run)


@pytest.mark.parametrize("failing", ["/bin/false", "/bin/echo"])
def test_a_bubblewrap_that_fails_is_a_refusal(failing):
    kind = KINDS[0 if ROOT else 3]

    def run(sandbox: Bubblewrap) -> None:
        sandbox.binary = binary.Binary(Path(failing).resolve(), (0, 8, 0), "for the test")
        with pytest.raises(Refusal, match="no sandbox on this host"):
            sandbox.run(Command(("/bin/true",)), (), QUICK)

    watched(kind, run)
