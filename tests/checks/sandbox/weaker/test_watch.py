"""What a folder takes is counted, whatever its owner does to hide it."""

import os
import subprocess
import sys
import tempfile
from pathlib import Path

import pytest

from checks.sandbox.weaker import watch
from checks.sandbox.weaker.folder import remove
from tests.checks.sandbox.weaker.unprivileged import as_user

MIB = 1024 * 1024


def closed(root: str) -> None:
    """Three MiB in folders within each other that nobody may enter."""
    Path(root, "a/b/c").mkdir(parents=True)
    for place in ("a/1", "a/b/2", "a/b/c/3"):
        Path(root, place).write_bytes(b"x" * MIB)
    for place in ("a/b/c", "a/b", "a"):
        Path(root, place).chmod(0)


def test_closed_folders_are_counted_and_stay_closed() -> None:
    def counted() -> tuple[int, int]:
        root = os.path.realpath(tempfile.mkdtemp())
        closed(root)
        total = watch.disk(root, (), 100 * MIB)
        mode = Path(root, "a").stat().st_mode & 0o777
        remove(root)
        assert not Path(root).exists()
        return total, mode

    total, mode = as_user(counted)
    assert 3 * MIB <= total < 4 * MIB and mode == 0


def test_hard_links_and_deleted_files(tmp_path: Path) -> None:
    (tmp_path / "a").write_bytes(b"x" * MIB)
    for name in "bcd":
        (tmp_path / name).hardlink_to(tmp_path / "a")
    root = str(tmp_path)
    assert MIB <= watch.disk(root, (), 100 * MIB) < 2 * MIB
    with (tmp_path / "gone").open("wb") as file:
        (tmp_path / "gone").unlink()
        file.write(b"x" * MIB)
        file.flush()
        assert watch.disk(root, (os.getpid(),), 100 * MIB) >= 2 * MIB > watch.disk(root, (), 100 * MIB)


def test_what_cannot_be_counted_is_too_much(tmp_path: Path) -> None:
    here = os.open(tmp_path, os.O_RDONLY)
    for _ in range(30):
        os.mkdir("d" * 200, dir_fd=here)
        deeper = os.open("d" * 200, os.O_RDONLY, dir_fd=here)
        os.close(here)
        here = deeper
    os.close(here)
    assert watch.disk(str(tmp_path), (), 100 * MIB) == 100 * MIB + 1
    remove(str(tmp_path))
    assert not tmp_path.exists()


def test_descendants() -> None:
    script = "import subprocess, sys; subprocess.run(['sleep', '60'])"
    with subprocess.Popen([sys.executable, "-c", script]) as child:
        while len(found := watch.descendants(os.getpid())) < 2:
            os.sched_yield()
        assert child.pid in found
        for process in found:
            os.kill(process, 9)


@pytest.mark.parametrize("kind", ["file", "link", "fifo", "deep"])
def test_everything_is_removed(tmp_path: Path, kind: str) -> None:
    root, outside = tmp_path / "root", tmp_path / "outside"
    outside.mkdir()
    (outside / "kept").touch()
    inner = root.joinpath(*"abcdef") if kind == "deep" else root / "a"
    inner.mkdir(parents=True)
    {
        "file": lambda: (inner / "x").touch(),
        "link": lambda: (inner / "x").symlink_to(outside),
        "fifo": lambda: os.mkfifo(inner / "x"),
        "deep": lambda: (inner / "x").symlink_to(outside),
    }[kind]()
    remove(str(root))
    assert not root.exists() and (outside / "kept").exists()
    remove(str(root))
