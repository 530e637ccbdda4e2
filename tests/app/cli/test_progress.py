"""A bar on a terminal, nothing elsewhere."""

import os
import subprocess
import sys

import pytest

from tests.commands import environment

STEPS = """
import sys
from app.cli.progress import bar
with bar("reviewing") as step:
    for done in range(4):
        step(done, 3)
print("done")
"""


def on_a_terminal(**env: str) -> tuple[bytes, bytes]:
    """Standard output, a pipe, and what a terminal on standard error got."""
    main, side = os.openpty()
    child = subprocess.Popen([sys.executable, "-c", STEPS], env=environment(**env), stdout=subprocess.PIPE, stderr=side)
    os.close(side)
    shown = b""
    while True:
        try:
            piece = os.read(main, 65536)
        except OSError:  # the other side is closed
            break
        if not piece:
            break
        shown += piece
    os.close(main)
    out, _ = child.communicate(timeout=60)
    assert child.returncode == 0
    return out, shown


def test_a_terminal_sees_it_and_standard_output_does_not() -> None:
    out, shown = on_a_terminal()
    assert out == b"done\n" and b"reviewing" in shown and b"3/3" in shown


def test_a_terminal_that_cannot_draw_sees_nothing_that_moves() -> None:
    _, shown = on_a_terminal(TERM="dumb")
    assert b"\x1b" not in shown


def test_without_colour_it_has_none() -> None:
    _, shown = on_a_terminal(NO_COLOR="1")
    assert b"reviewing" in shown and b"\x1b[3" not in shown


@pytest.mark.parametrize("env", [{}, {"FORCE_COLOR": "1"}])
def test_a_pipe_sees_nothing(env: dict[str, str]) -> None:
    ran = subprocess.run(
        [sys.executable, "-c", STEPS], env=environment(**env), capture_output=True, timeout=60, check=True
    )
    assert (ran.stdout, ran.stderr) == (b"done\n", b"")
