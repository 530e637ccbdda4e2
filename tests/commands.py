"""The command as a person runs it: in this process where that is enough, else as a process of its own."""

import contextlib
import io
import os
import subprocess
import sys
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import checks.debugging.tools.bandit  # noqa: F401  # workers are forked: this spares each of them the import
from app.cli.main import program
from app.cli.spelling import spelled

ROOT = Path(__file__).parents[1]
PROGRAM = (sys.executable, "-c", "from app.cli.main import run; run()")


@dataclass(frozen=True)
class Ran:
    """What one command left."""

    code: int
    out: bytes
    error: str

    @property
    def text(self) -> str:
        """Standard output as text."""
        return self.out.decode()


def selfmod(*arguments: str | Path, at: Path) -> Ran:
    """Runs the command in this process, in the folder `at`."""
    out, error = (io.TextIOWrapper(io.BytesIO(), encoding="utf-8", write_through=True) for _ in range(2))
    code: Any = 0
    with contextlib.chdir(at), contextlib.redirect_stdout(out), contextlib.redirect_stderr(error):
        try:
            words = spelled([str(argument) for argument in arguments])
            program(*words[:1])(args=words, prog_name="selfmod")
        except SystemExit as end:
            code = end.code
    return Ran(code or 0, out.buffer.getvalue(), error.buffer.getvalue().decode())


def environment(**more: str) -> dict[str, str]:
    """The environment of a process that finds the command's packages, with variables of one's own."""
    return {**os.environ, "PYTHONPATH": str(ROOT), **more}


def process(*arguments: str | Path, at: Path, env: Mapping[str, str] | None = None, stdin: bytes = b"") -> Ran:
    """Runs the command as a process of its own."""
    ran = subprocess.run(
        [*PROGRAM, *map(str, arguments)],
        cwd=at,
        env=environment(**(env or {})),
        input=stdin,
        capture_output=True,
        timeout=240,
        check=False,
    )
    return Ran(ran.returncode, ran.stdout, ran.stderr.decode())
