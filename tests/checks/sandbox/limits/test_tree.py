import os
import select
import subprocess
import sys
from pathlib import Path

import pytest

from checks.sandbox.limits import tree

SHELL = ("/bin/sh", "-c", "sleep 60 & sh -c 'sleep 60 & echo up; wait' & wait")


@pytest.fixture
def shell():
    with subprocess.Popen(SHELL, stdout=subprocess.PIPE, env=tree.mark()) as process:
        assert process.stdout is not None
        process.stdout.readline()
        yield process
        tree.kill(process.pid)


def test_members_of_a_tree(shell):
    found = tree.members(shell.pid)
    assert found[0] == shell.pid
    assert len(found) == 4
    assert {tree.parent(each) for each in found[1:]} <= set(found)
    assert set(found) < set(tree.members(os.getpid()))


def test_the_whole_tree_is_killed(shell):
    held = [os.pidfd_open(each) for each in tree.members(shell.pid)]
    tree.kill(shell.pid)
    assert shell.wait() == -9
    for each in held:
        assert select.select([each], [], [], 10.0)[0], "a process of the tree did not end"
        os.close(each)


def test_no_such_process():
    assert tree.parent(4_194_305) is None
    assert tree.started(4_194_305) == 0
    assert tree.memory((4_194_305,)) == 0
    assert tree.mounted(4_194_305, ("/",)) == 0


SHARING = """
import os, sys
held = bytearray(100 << 20)
held[::4096] = bytes([1]) * len(held[::4096])
children = [os.fork() for _ in range(2)] if True else []
os.write(1, b'up' + bytes([10]))
sys.stdin.read()
"""


def test_shared_memory_counts_once_where_it_matters():
    argv = (sys.executable, "-c", SHARING)
    with subprocess.Popen(argv, stdout=subprocess.PIPE, stdin=subprocess.PIPE) as process:
        assert process.stdout is not None
        for _ in range(4):
            assert process.stdout.readline() == b"up\n"
        found = tree.members(process.pid)
        quick, exact = tree.memory(found, 1 << 40), tree.memory(found, 1 << 20)
        tree.kill(process.pid)
    assert len(found) == 4
    assert quick > 400 << 20
    assert 100 << 20 < exact < 250 << 20


def test_files_in_memory_count_once():
    shared = Path("/dev/shm")
    held = tree.mounted(os.getpid(), (str(shared),))
    file = shared / f"selfmod-test-{os.getpid()}"
    file.write_bytes(bytes(8 << 20))
    try:
        assert tree.mounted(os.getpid(), (str(shared), str(shared))) >= held + (7 << 20)
    finally:
        file.unlink()


def test_threads_of_a_user():
    assert tree.threads(os.getuid()) >= 1
    assert tree.threads(1_899_999_999) == 0


def test_this_host_has_memory_left():
    assert not tree.scarce()


def test_only_what_a_dead_process_left_is_swept(tmp_path: Path):
    program = tmp_path / "bwrap"
    program.symlink_to("/bin/sleep")
    marks: tuple[dict[str, str], ...] = ({tree.MARK: "4194304-12"}, tree.mark(), {})
    left, mine, other = [subprocess.Popen((str(program), "60"), env=mark) for mark in marks]
    try:
        for each in (left, mine, other):
            while Path(f"/proc/{each.pid}/comm").read_text() != "bwrap\n":
                pass  # it is not the program yet
        tree.sweep()
        assert left.wait(10) == -9
        assert (mine.poll(), other.poll()) == (None, None)
    finally:
        for each in (left, mine, other):
            each.kill()
            each.wait()
