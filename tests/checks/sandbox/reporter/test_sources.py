"""What was there before project code ran, and what was written or taken away since."""

import os
from pathlib import Path

import pytest

from checks.sandbox.reporter.sources import Sources


def rewrite(path: Path) -> None:
    """Writes the file and sets its times back."""
    facts = path.stat()
    path.write_bytes(b"x = 2\n")
    os.utime(path, ns=(facts.st_atime_ns, facts.st_mtime_ns))


@pytest.mark.parametrize(
    ("act", "changed", "gone"),
    [
        (lambda path: path.read_bytes(), False, []),
        (rewrite, True, []),
        (lambda path: path.unlink(), True, ["test_a.py"]),
        (lambda path: (path.parent / "other.py").rename(path), True, []),
    ],
)
def test_files_are_as_they_were(tmp_path: Path, act, changed: bool, gone: list[str]) -> None:
    path = tmp_path / "test_a.py"
    path.write_bytes(b"x = 1\n")
    (tmp_path / "other.py").write_bytes(b"x = 3\n")
    # as if the file had been laid out a while ago: the clock of files goes in steps of some milliseconds
    begun = path.stat().st_ctime_ns
    while path.stat().st_ctime_ns == begun:
        path.chmod(0o644)
    before = path.stat().st_ctime_ns
    sources = Sources(str(tmp_path), ["test_a.py", "missing.py"])
    while (tmp_path / "tick").exists() is False or (tmp_path / "tick").stat().st_ctime_ns == before:
        (tmp_path / "tick").write_bytes(b"")
    act(path)
    assert sources.changed(str(path)) is changed
    assert not sources.changed(str(tmp_path / "missing.py"))
    assert sources.gone() == gone
