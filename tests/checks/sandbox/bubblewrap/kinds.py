"""Real bubblewrap sandboxes of every kind that this host can make: as root and as an ordinary user, with both binaries,
with control groups and without."""

import contextlib
import encodings.idna  # noqa: F401 (loaded while it can be read: the ordinary user may not read our interpreter)
import json
import os
import sysconfig
import tempfile
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path

import pytest

from checks.model.trees import File
from checks.sandbox import binary
from checks.sandbox.bubblewrap import Bubblewrap
from checks.sandbox.port import MIB, Command, Limits, Result
from tests.checks.sandbox.reach import skip_where_closed
from tests.forks import forked

NOBODY = 65534
ROOT = os.geteuid() == 0
PYTHON = Path("/usr/bin/python3")
QUICK = Limits(seconds=20.0, memory=512 * MIB, processes=64, disk=64 * MIB)
sysconfig.get_paths()


@dataclass(frozen=True, slots=True)
class Kind:
    """As root or not, with the system's binary or the package's, with control groups or without."""

    root: bool
    packaged: bool
    grouped: bool

    def __str__(self) -> str:
        binary = "package" if self.packaged else "system"
        return f"{'root' if self.root else 'user'}-{binary}-{'grouped' if self.grouped else 'sampled'}"

    def made(self) -> Bubblewrap:
        """The sandbox; skips the test where this host has no such kind."""
        if self.root and not ROOT:
            pytest.skip("NOT TRIED: the sandbox as root needs root")
        program = binary.packaged() if self.packaged else binary.system()
        if program is None:
            pytest.skip(f"NOT TRIED: this host has no bubblewrap for {self}")
        if not self.root and ROOT and not PYTHON.exists():
            pytest.skip(f"NOT TRIED: the ordinary user has no {PYTHON}")
        sandbox = Bubblewrap(program, PYTHON if not self.root and ROOT else None, grouped=self.grouped)
        if sandbox.groups is None and self.grouped:
            pytest.skip("NOT TRIED: no control group can be made here")
        return sandbox

    def call[T](self, function: Callable[[Bubblewrap], T]) -> T:
        """What the function gives with such a sandbox, called as the user that the kind says."""
        return function(self.made()) if self.root or not ROOT else as_nobody(lambda: function(self.made()))

    def run(
        self,
        argv: Iterable[str],
        files: Iterable[File] = (),
        limits: Limits = QUICK,
        *,
        environment: dict[str, str] | None = None,
        stdin: bytes = b"",
        cancelled: Callable[[], bool] = lambda: False,
    ) -> Result:
        """Runs a command line in it."""
        command = Command(tuple(argv), environment=environment or {}, stdin=stdin)
        return self.call(lambda sandbox: sandbox.run(command, files, limits, cancelled))

    def python(self, script: str, files: Iterable[File] = (), limits: Limits = QUICK) -> Result:
        """Runs a script with the interpreter that is bound."""

        def run(sandbox: Bubblewrap) -> Result:
            return sandbox.run(Command((str(sandbox.python), "-I", "-c", script)), files, limits)

        return self.call(run)

    def tells(self, script: str, files: Iterable[File] = (), limits: Limits = QUICK) -> object:
        """What a script prints as JSON; it must end well."""
        result = self.python(script, files, limits)
        assert result.status == 0, (result.ended, result.stderr.decode())
        return json.loads(result.stdout)


@contextlib.contextmanager
def open_folder() -> Iterator[Path]:
    """A folder that every user may use; pytest keeps its own for itself."""
    with tempfile.TemporaryDirectory(dir="/tmp") as name:
        folder = Path(name)
        folder.chmod(0o1777)
        yield folder


def as_nobody[T](function: Callable[[], T], user: int = NOBODY) -> T:
    """Calls the function in a child process of another user; what it gives or raises comes back."""
    skip_where_closed()

    def become() -> None:
        os.setgroups([])
        os.setresgid(user, user, user)
        os.setresuid(user, user, user)

    return forked(function, become)


KINDS = tuple(
    Kind(*each)
    for each in (
        (True, False, True),
        (True, True, True),
        (True, False, False),
        (False, False, False),
        (False, True, False),
    )
)
FEW = (KINDS[0], KINDS[2], KINDS[4])
"""One of each way to hold limits, with either binary and as either user."""
every = pytest.mark.parametrize("kind", KINDS, ids=str)
few = pytest.mark.parametrize("kind", FEW, ids=str)
