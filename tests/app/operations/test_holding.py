"""Folders that can be made anew are held while somebody works with them, and bounded."""

import fcntl
import gc
import os
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from app.operations.holding import Bounded, Hold, bound

BLOCK = 64 * 1024


def made(root: Path, name: str, used: float, size: int = BLOCK) -> Path:
    """A folder with one file deep in it, used at a time."""
    folder = root / name
    (folder / "a" / "b").mkdir(parents=True)
    (folder / "a" / "b" / "file").write_bytes(os.urandom(size))
    stamp = folder.with_name(f"{name}.used")
    stamp.touch()
    os.utime(stamp, (used, used))
    return folder


def names(root: Path) -> list[str]:
    return sorted(each.name for each in root.iterdir() if each.is_dir())


@contextmanager
def changing(folder: Path) -> Iterator[None]:
    """As who fetches or builds."""
    with folder.with_name(f"{folder.name}.lock").open("w") as file:
        fcntl.flock(file, fcntl.LOCK_EX)
        yield


def test_the_least_recently_used_go_first(tmp_path: Path) -> None:
    for name, used in (("c", 3), ("a", 1), ("d", 4), ("b", 2)):
        made(tmp_path, name, used)
    assert bound(tmp_path, 100 * BLOCK).removed == 0
    most = 3 * BLOCK - 1  # folders take room of their own on some disks, and none in memory
    found = bound(tmp_path, most)
    assert (names(tmp_path), found.removed) == (["c", "d"], 2)
    assert 2 * BLOCK <= found.left <= most <= found.left + found.freed
    assert bound(tmp_path, most) == Bounded(0, 0, found.left)


def test_use_is_what_counts_and_not_when_it_was_made(tmp_path: Path) -> None:
    old, _ = made(tmp_path, "old", 1), made(tmp_path, "young", 2)
    Hold(old).release()
    bound(tmp_path, BLOCK)
    assert names(tmp_path) == ["old"]


def test_what_is_in_use_stays_and_a_younger_one_goes(tmp_path: Path) -> None:
    held, fetched, _, _ = (made(tmp_path, name, used) for used, name in enumerate("abcd", 1))
    two = Hold(held), Hold(held)
    with changing(fetched):
        os.utime(held.with_name("a.used"), (1, 1))
        found = bound(tmp_path, 0)
    assert names(tmp_path) == ["a", "b", "d"]
    assert found.removed == 1 and found.left > 2 * BLOCK
    two[0].release()
    two[0].release()
    bound(tmp_path, 0)
    assert names(tmp_path) == ["a", "d"], "another one still holds it"
    del two
    gc.collect()
    bound(tmp_path, 0)
    assert names(tmp_path) == ["d"], "who held it is gone"


def test_what_a_dead_process_held_is_free(tmp_path: Path) -> None:
    folder, _ = made(tmp_path, "a", 1), made(tmp_path, "b", 2)
    program = "import sys, pathlib\nfrom app.operations.holding import Hold\nhold = Hold(pathlib.Path(sys.argv[1]))\n"
    program += "print(1, flush=True)\ninput()"
    child = subprocess.Popen(
        [sys.executable, "-c", program, os.fspath(folder)], stdin=subprocess.PIPE, stdout=subprocess.PIPE
    )
    assert child.stdout is not None and child.stdout.readline()
    os.utime(folder.with_name("a.used"), (1, 1))
    assert bound(tmp_path, 0).removed == 0
    child.kill()
    child.communicate()
    assert bound(tmp_path, 0).removed == 1


def test_hostile_and_half_made_entries(tmp_path: Path) -> None:
    outside = made(tmp_path / "elsewhere", "kept", 1)
    root = tmp_path / "root"
    first, _ = made(root, "first", 1), made(root, "last", 9)
    (first / "link").symlink_to(outside)
    (root / "linked").symlink_to(outside)
    (root / "half.new").mkdir()
    (root / "dead.gone").mkdir()
    (root / "a file").write_bytes(b"x")
    bound(root, 0)
    assert sorted(each.name for each in root.iterdir()) == sorted(
        ["a file", "first.lock", "first.used", "half.new", "last", "last.used", "linked"]
    )
    assert (outside / "a" / "b" / "file").exists()
    assert bound(tmp_path / "nowhere", 0) == Bounded()
