"""Running something as an ordinary user, where the tests themselves are run by root."""

import os
import re
import subprocess
import sys
from collections.abc import Callable
from functools import cache

import pytest

from tests.checks.sandbox.reach import skip_where_closed
from tests.forks import forked

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
    return forked(does, _ordinary)


def _ordinary() -> None:
    os.setgroups([])
    os.setresgid(USER, USER, USER)
    os.setresuid(USER, USER, USER)
    os.environ["TMPDIR"] = "/tmp"  # whatever root's is, this one is everybody's
