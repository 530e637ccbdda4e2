import os
from contextlib import suppress
from pathlib import Path

import pytest

from checks.repository import beneath


@pytest.fixture
def tree(tmp_path: Path) -> Path:
    root = tmp_path / "root"
    (root / "a" / "b").mkdir(parents=True)
    (root / "a" / "b" / "f").write_bytes(b"content")
    (tmp_path / "f").write_bytes(b"outside")
    (root / "out").symlink_to(tmp_path)
    (root / "link").symlink_to("a/b/f")
    os.mkfifo(root / "pipe")
    return root


def test_read(tree: Path) -> None:
    assert beneath.read(tree, "a/b/f", 7)[0] == b"content"


@pytest.mark.parametrize(
    "path",
    [
        "",
        "a",
        "a/b",
        "a/b/g",
        "a/b/f/x",
        "out/f",
        "link",
        "pipe",
        "../f",
        "a/../a/b/f",
        "/etc/passwd",
        "a//b/f",
        "./a/b/f",
    ],
)
def test_what_is_no_regular_file_beneath_is_an_error(tree: Path, path: str) -> None:
    with pytest.raises(OSError):
        beneath.read(tree, path, 100)


def test_the_limit(tree: Path) -> None:
    with pytest.raises(OSError, match="larger than 6 bytes"):
        beneath.read(tree, "a/b/f", 6)


def test_no_descriptor_stays_open(tree: Path) -> None:
    before = len(list(Path("/proc/self/fd").iterdir()))
    for path in ("a/b/f", "out/f", "pipe", "a/b/g"):
        with suppress(OSError):
            beneath.read(tree, path, 3)
    with beneath.Folders(tree) as folders:
        for parts in (("a", "b"), ("a",), (), ("out",), ("a", "b"), ("..",), ("a", "nope")):
            folders.get(parts)
    assert len(list(Path("/proc/self/fd").iterdir())) == before


def test_folders(tree: Path) -> None:
    with beneath.Folders(tree) as folders:
        for parts, listed in (
            (("a", "b"), ["f"]),
            (("a",), ["b"]),
            ((), ["a", "link", "out", "pipe"]),
            (("a", "b"), ["f"]),
        ):
            opened = folders.get(parts)
            assert opened is not None and sorted(os.listdir(opened)) == listed  # noqa: PTH208  a descriptor has no path
        for wrong in (("out",), ("..",), ("",), ("pipe",), ("a", "b", "f"), ("nope", "deeper")):
            assert folders.get(wrong) is None


def test_missing_folders_are_made_and_told(tree: Path) -> None:
    made: list[str] = []
    with beneath.folder(tree, ("a", "x", "y"), make=made) as opened:
        assert os.listdir(opened) == []  # noqa: PTH208  a descriptor has no path
    assert made == ["a/x", "a/x/y"] and (tree / "a/x/y").is_dir()
