"""Reports go where they are wanted, whole or not at all."""

import os
import stat
import subprocess
import sys
from pathlib import Path

import pytest

from app.cli.output import check, colours, put, width
from checks.model.errors import Refusal
from tests.commands import environment

WRITING = "from app.cli.output import put; import sys; put('x' * 200_000 + '\\n' + 'ende'); sys.exit(3)"


def test_a_file_is_there_whole(tmp_path: Path) -> None:
    place = tmp_path / "report.txt"
    place.write_text("old, and longer than the new one")
    put("new \udcff", place)
    assert place.read_bytes() == b"new \xff\n"
    assert os.listdir(tmp_path) == ["report.txt"]  # noqa: PTH208  # names only


def test_its_mode_is_kept_and_a_new_one_is_as_the_mask_says(tmp_path: Path) -> None:
    old = tmp_path / "old"
    old.touch()
    old.chmod(0o640)
    mask = os.umask(0o022)
    try:
        for name in ("old", "new"):
            put("x", tmp_path / name)
    finally:
        os.umask(mask)
    assert stat.S_IMODE(old.stat().st_mode) == 0o640
    assert stat.S_IMODE((tmp_path / "new").stat().st_mode) == 0o644


def test_a_link_stays_a_link(tmp_path: Path) -> None:
    (tmp_path / "target").touch()
    (tmp_path / "link").symlink_to("target")
    put("x", tmp_path / "link")
    assert (tmp_path / "link").is_symlink() and (tmp_path / "target").read_text() == "x\n"


def test_a_device_stays_a_device() -> None:
    before = Path(os.devnull).stat()
    put("x", Path(os.devnull))
    assert stat.S_ISCHR(before.st_mode) and Path(os.devnull).stat().st_ino == before.st_ino


@pytest.mark.parametrize(
    ("name", "said"),
    [
        ("none/report", "there is no folder"),
        (".", "is a folder"),
        ("file/report", "there is no folder"),
        ("x" * 300, "cannot be written"),
    ],
)
def test_what_cannot_be_written_is_refused(tmp_path: Path, name: str, said: str) -> None:
    (tmp_path / "file").touch()
    with pytest.raises(Refusal, match=said):
        put("x", tmp_path / name)
    assert sorted(each.name for each in tmp_path.iterdir()) == ["file"]


def test_a_place_is_asked_for_beforehand(tmp_path: Path) -> None:
    check(tmp_path / "report")
    with pytest.raises(Refusal, match="there is no folder"):
        check(tmp_path / "none" / "report")


def run(script: str) -> tuple[int, bytes, bytes]:
    line = ["bash", "-c", script, "bash", sys.executable, WRITING]
    ran = subprocess.run(line, env=environment(), capture_output=True, timeout=60, check=False)
    return ran.returncode, ran.stdout, ran.stderr


def test_a_reader_that_has_seen_enough() -> None:
    code, out, error = run('"$1" -c "$2" | head -c 3; exit ${PIPESTATUS[0]}')
    assert (code, out, error) == (3, b"xxx", b"")


def test_a_closed_output() -> None:
    assert run('"$1" -c "$2" >&-') == (3, b"", b"")


@pytest.mark.skipif(not Path("/dev/full").exists(), reason="this system has no /dev/full")
def test_a_full_disk_is_told() -> None:
    code, _, error = run('"$1" -c "$2" >/dev/full')
    assert code == 1 and b"the report cannot be written: No space left on device" in error
    assert b"Exception ignored" not in error


def test_devices_of_the_system_as_output() -> None:
    script = "from pathlib import Path; from app.cli.output import put; put('x', Path('/dev/stdout'))"
    ran = subprocess.run([sys.executable, "-c", script], env=environment(), capture_output=True, timeout=60, check=True)
    assert ran.stdout == b"x\n"


def test_colour_only_on_a_terminal_that_wants_it(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    main, side = os.openpty()
    with open(side, "w") as terminal, (tmp_path / "file").open("w") as file:  # noqa: PTH123  # a descriptor
        assert colours(terminal) and width(terminal)
        assert not colours(file) and width(file) is None
        assert not colours(None) and width(None) is None
        monkeypatch.setenv("NO_COLOR", "")
        assert colours(terminal)
        monkeypatch.setenv("NO_COLOR", "1")
        assert not colours(terminal)
        monkeypatch.delenv("NO_COLOR")
        monkeypatch.setenv("TERM", "dumb")
        assert not colours(terminal)
    os.close(main)
