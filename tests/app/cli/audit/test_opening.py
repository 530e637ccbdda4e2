"""The database that the environment names."""

import subprocess
import sys
from pathlib import Path

import pytest

from app.store.connect import Store
from tests.commands import environment, selfmod


def test_no_database_is_said_and_none_is_made(data: Path, tmp_path: Path) -> None:
    for verb in ("verify", "export"):
        ran = selfmod("audit", verb, at=tmp_path)
        assert (ran.code, ran.text) == (2, "")
        assert "nothing was recorded" in ran.error
    assert not data.exists()


def test_a_database_that_is_no_address_is_refused(data: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("SELFMOD_DATABASE_URL", "mysql://root@localhost/x")
    ran = selfmod("audit", "verify", at=tmp_path)
    assert ran.code == 2
    assert "SELFMOD_DATABASE_URL" in ran.error


def test_without_the_libraries_of_the_server_it_says_how_to_get_them(filled: Store, tmp_path: Path) -> None:
    program = "import sys; sys.modules['sqlalchemy'] = None; from app.cli.main import run; run()"
    ran = subprocess.run(
        [sys.executable, "-c", program, "audit", "verify"],
        env=environment(),
        cwd=tmp_path,
        capture_output=True,
        text=True,
    )
    assert ran.returncode == 2
    assert "selfmod[server]" in ran.stderr
