"""The App beside the embedded GitHub ends with what started it, whatever ended that."""

import os
import signal
import subprocess
import sys
from pathlib import Path

import pytest

from tests.app.servers import until
from tests.commands import environment

HOST = """
import sys, time
from pathlib import Path
from app.cli.showing.grounds import sample
from app.cli.showing.hosting import hosted

with hosted(sample(), Path(sys.argv[1]), None):
    print("here", flush=True)
    time.sleep(600)
"""


def serving(folder: Path) -> list[int]:
    """The processes that serve in a folder."""
    told = subprocess.run(["ps", "-wweo", "pid,args"], capture_output=True, text=True, check=True).stdout
    numbers = [int(line.split()[0]) for line in told.splitlines() if " serve --port " in line]
    return [number for number in numbers if _at(number) == folder]


def _at(number: int) -> Path | None:
    try:
        return Path(f"/proc/{number}/cwd").readlink()
    except OSError:
        return None


@pytest.mark.complete
@pytest.mark.timeout(120)
@pytest.mark.parametrize("number", [signal.SIGKILL, signal.SIGTERM])
def test_nothing_is_left(home: Path, tmp_path: Path, number: signal.Signals) -> None:
    host = subprocess.Popen(
        (sys.executable, "-c", HOST, str(tmp_path)), env=environment(), stdout=subprocess.PIPE, start_new_session=True
    )
    try:
        assert host.stdout is not None and host.stdout.readline() == b"here\n"
        assert len(serving(tmp_path)) == 1
        host.send_signal(number)
        host.wait()
        until(lambda: serving(tmp_path) == [])
    finally:
        host.kill()
        for each in serving(tmp_path):
            os.kill(each, signal.SIGKILL)
        host.communicate()
