"""The start script is run here on the host, with every Python that is at hand, where nothing is isolated."""

import json
import os
import subprocess
import sys
from pathlib import Path

import pytest

from checks.model.trees import File
from checks.sandbox.port import Command
from checks.sandbox.stream import START, record, stream

PYTHONS = [
    Path(sys.executable),
    *(
        each
        for each in sorted(Path.home().glob(".pyenv/versions/3.*/bin/python3"))
        if int(each.parts[-3].split(".")[1]) >= 8
    ),
]
TELL = """
import json, os
print(json.dumps([os.getcwd(), sorted(os.listdir('/proc/self/fd')), open('/proc/self/environ').read()]))
os.write(3, b'told')
"""


def start(sent: bytes, python: Path = PYTHONS[0]) -> tuple[bytes, bytes, bytes, int]:
    """What the script says on its status pipe, and report, output and exit code of what it became."""
    (stream_end, feed), (status, status_end), (report, report_end) = os.pipe(), os.pipe(), os.pipe()
    argv = (str(python), "-I", "-S", str(START), str(stream_end), str(status_end), str(report_end))
    with subprocess.Popen(argv, stdout=subprocess.PIPE, pass_fds=(stream_end, status_end, report_end)) as process:
        for descriptor in (stream_end, status_end, report_end):
            os.close(descriptor)
        with os.fdopen(feed, "wb") as file:
            file.write(sent)
        assert process.stdout is not None
        output = process.stdout.read()
        with os.fdopen(status, "rb") as said, os.fdopen(report, "rb") as told:
            return said.read(), told.read(), output, process.wait()


def sent(folder: Path, argv: tuple[str, ...], *files: File, **settings: str) -> bytes:
    command = Command(argv, environment={"A": "1"})
    limits = {"RLIMIT_CORE": 0, "RLIMIT_FSIZE": 1 << 20}
    pieces = stream(command, files, settings={"folder": str(folder), **settings}, limits=limits)
    return b"".join(pieces)


@pytest.mark.parametrize("python", PYTHONS, ids=lambda path: path.parts[-3])
def test_every_python_starts_a_command(tmp_path: Path, python: Path):
    files = (File("a/b", b"1"), File("x", b"#!/bin/sh\n", "100755"), File("l", b"a/b", "120000"), File("\udcff", b""))
    argv = (sys.executable, "-I", "-c", TELL)
    said, report, output, status = start(sent(tmp_path, argv, *files), python)
    assert (said, report, status) == (b"ready\n", b"told", 0)
    assert json.loads(output) == [str(tmp_path), ["0", "1", "2", "3", "4"], "A=1\0"]
    assert (tmp_path / "a" / "b").read_bytes() == (tmp_path / "l").read_bytes() == b"1"
    assert (tmp_path / "x").stat().st_mode & 0o777 == 0o755
    assert (tmp_path / "\udcff").read_bytes() == b""


@pytest.mark.parametrize(
    "path",
    ["../out", "/tmp/out", "a/../../out", "", ".", "..", "a/..", "a//b", "a/", "l/out", "f/out", "f", "l", "a\0b"],
)
def test_paths_that_are_refused(tmp_path: Path, path):
    folder, outside = tmp_path / "in", tmp_path / "out"
    folder.mkdir()
    outside.mkdir()
    files = (File("f", b"1"), File("l", bytes(outside), "120000"), File(path, b"2"))
    said, _, _, status = start(sent(folder, ("/bin/true",), *files))
    assert said.startswith(b"refused: the path ")
    assert status == 126
    assert list(outside.iterdir()) == []
    assert (folder / "f").read_bytes() == b"1"


@pytest.mark.parametrize(
    ("cut", "why"),
    [(slice(0, -13), b"too soon"), (slice(0, 3), b"too soon"), (slice(0, 0), b"too soon"), (slice(0, 20), b"too soon")],
)
def test_a_stream_that_is_cut(tmp_path: Path, cut, why):
    said, _, _, status = start(sent(tmp_path, ("/bin/true",))[cut])
    assert said.startswith(b"refused: ")
    assert why in said
    assert status == 126


@pytest.mark.parametrize(
    ("settings", "why"),
    [
        ({"filtered": "1"}, b"no system call filter"),
        ({"uid": "12345", "filtered": "1"}, b""),
    ],
)
def test_what_was_promised_must_hold(tmp_path: Path, settings, why):
    said, _, _, status = start(sent(tmp_path, ("/bin/true",), **settings))
    assert said.startswith(b"refused: ")
    assert why in said
    assert status == 126


def test_a_name_that_is_too_long(tmp_path: Path):
    head = record(b"S", b"folder", bytes(tmp_path))
    said, *_ = start(head + b"F" + (1 << 30).to_bytes(4, "big") + bytes(8))
    assert b"too long" in said
