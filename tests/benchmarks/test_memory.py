"""The sum over a tree of processes."""

import os
import sys

import pytest

from tests.benchmarks import memory

LINUX = pytest.mark.skipif(not (memory.PROC / "self" / "smaps_rollup").exists(), reason="/proc does not tell here")
TOUCHED = "b = bytearray(b'x') * 50_000_000; import time; time.sleep(0.4)"
CHILD = f"import subprocess, sys; subprocess.run([sys.executable, '-c', {TOUCHED!r}])"


def test_a_tree_holds_all_descendants() -> None:
    assert memory.tree(2, {2: 1, 3: 2, 5: 3, 4: 1, 6: 5, 1: 0}) == {2, 3, 5, 6}


@LINUX
def test_the_parent_of_this_process_is_known() -> None:
    assert memory.parents()[os.getpid()] == os.getppid()


@LINUX
def test_a_process_that_has_ended_holds_nothing() -> None:
    assert memory.proportional(2**22 + 1) == 0


@LINUX
@pytest.mark.parametrize("program", [TOUCHED, CHILD])
def test_the_peak_holds_what_children_hold(program: str) -> None:
    most = memory.peak([sys.executable, "-c", program], dict(os.environ))
    assert most is not None
    assert 50_000_000 < most < 200_000_000
