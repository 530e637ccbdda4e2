"""Lines about this machine: its sandbox and its database."""

from pathlib import Path
from typing import Any

import pytest

from app.cli.doctor import machine
from app.settings import ServerSettings
from checks.sandbox.choose import BACKENDS, Backend, Probed
from checks.sandbox.port import Ability


def settings(folder: Path, url: str = "") -> ServerSettings:
    return ServerSettings(database_url=url or f"sqlite:///{folder / 'selfmod.db'}", data_dir=folder)


def test_a_database_that_is_not_there_yet_is_not_made(tmp_path: Path) -> None:
    folder = tmp_path / "a" / "b"
    (line,) = machine.database(settings(folder))
    assert line.state.value == "ok" and "first start" in line.seen
    assert list(tmp_path.iterdir()) == []


def test_a_database_that_is_there_answers(tmp_path: Path) -> None:
    from app.store.connect import connect

    connect(settings(tmp_path).database_url, tmp_path).close()
    (line,) = machine.database(settings(tmp_path))
    assert (line.state.value, line.seen) == ("ok", "SQLite answers")


@pytest.mark.parametrize("url", ["postgresql+psycopg://user:s3cret@127.0.0.1:9/none", "nonsense"])
def test_a_database_that_does_not_answer(tmp_path: Path, url: str) -> None:
    (line,) = machine.database(settings(tmp_path, url))
    assert line.state.value == "failed" and line.remedy
    assert "s3cret" not in line.seen + line.remedy


def test_a_file_that_is_no_database(tmp_path: Path) -> None:
    (tmp_path / "selfmod.db").write_text("no database, but long enough to be looked at as one " * 100)
    (line,) = machine.database(settings(tmp_path))
    assert line.state.value == "failed" and line.remedy


@pytest.mark.parametrize(
    ("weaker", "holds", "state"), [("", True, "ok"), ("all is seen", True, "warning"), ("", False, "failed")]
)
def test_the_sandbox(monkeypatch: pytest.MonkeyPatch, weaker: str, holds: bool, state: str) -> None:
    ability = Ability("namespaces", holds, "seen", "" if holds else "Allow them: sysctl x")
    found: Any = (Probed(Backend("bubblewrap", tuple, BACKENDS[0].make, weaker), (ability,)),)
    monkeypatch.setattr("checks.sandbox.choose.probed", lambda told=None: found)
    (line,) = machine.sandbox()
    assert line.state.value == state
    assert bool(line.remedy) == (state != "ok")
