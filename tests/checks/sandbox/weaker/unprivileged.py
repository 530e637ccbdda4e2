"""Running something as an ordinary user, where the tests themselves are run by root."""

import os
import pickle
import re
import subprocess
import sys
import traceback
from collections.abc import Callable
from functools import cache

import pytest

from tests.checks.sandbox.reach import skip_where_closed

USER = 61234 + int(re.sub(r"\D", "", os.environ.get("PYTEST_XDIST_WORKER", "")) or 0)
"""Nobody's: nothing else of the host runs as it, another process with tests neither."""
_OLD = "import sys; sys.exit(sys.version_info < (3, 11))"


@cache
def interpreter() -> str:
    """An interpreter that an ordinary user may run, this one where that may be. Skips the test where there is none."""
    if os.geteuid() != 0:
        return sys.executable
    for python in (sys.executable, "/usr/local/bin/python3", "/usr/bin/python3"):
        try:
            tried = subprocess.run(
                [python, "-I", "-c", _OLD], user=USER, group=USER, extra_groups=[], capture_output=True, check=False
            )
        except OSError:
            continue
        if tried.returncode == 0:
            return python
    pytest.skip("no interpreter that an ordinary user may run")


def as_user[T](does: Callable[[], T]) -> T:
    """What `does` gives or raises, done by an ordinary user: in a fork, where this process is root's. What it gives
    must be picklable."""
    if os.geteuid() != 0:
        return does()
    skip_where_closed()
    read_end, write_end = os.pipe()
    child = os.fork()
    if child == 0:
        os.close(read_end)
        try:
            os.setgroups([])
            os.setresgid(USER, USER, USER)
            os.setresuid(USER, USER, USER)
            os.environ["TMPDIR"] = "/tmp"  # whatever root's is, this one is everybody's
            given = pickle.dumps((True, does()))
        except BaseException as error:
            error.add_note(traceback.format_exc())
            given = pickle.dumps((False, error))
        with os.fdopen(write_end, "wb") as file:
            file.write(given)
        os._exit(0)
    os.close(write_end)
    with os.fdopen(read_end, "rb") as file:
        holds, value = pickle.loads(file.read())  # our own fork wrote it
    os.waitpid(child, 0)
    if not holds:
        raise value
    result: T = value
    return result
