"""`selfmod audit`."""

import json
import sqlite3
import sys
from pathlib import Path

import pytest

from app import settings
from app.store import audit, connect
from app.store.connect import Store
from tests.commands import process, selfmod


@pytest.fixture
def data(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """The data folder that the environment names."""
    monkeypatch.setenv("SELFMOD_DATA_DIR", str(tmp_path / "data"))
    monkeypatch.delenv("SELFMOD_DATABASE_URL", raising=False)
    monkeypatch.delenv("SELFMOD_AUDIT_KEY", raising=False)
    return tmp_path / "data"


@pytest.fixture
def filled(data: Path) -> Store:
    """The store of that folder with three records, closed."""
    store = connect.opened(settings.read())
    for number, repository in enumerate(("o/r", "o/other", "O/R"), 1):
        audit.append(store, "approved", repository, f"{repository}#{number}", {"by": "ann\u202e\x1b[31m"})
    store.close()
    return store


def changed(data: Path) -> None:
    """Changes a record as somebody who has the file."""
    with sqlite3.connect(data / "selfmod.db") as connection:
        connection.execute("DROP TRIGGER audit_record_is_not_changed")
        connection.execute("UPDATE audit_record SET subject = 'x' WHERE number = 2")
    connection.close()


def test_a_whole_trail(filled: Store, tmp_path: Path) -> None:
    ran = selfmod("audit", "verify", at=tmp_path)
    assert (ran.code, ran.error) == (0, "")
    assert ran.text.startswith("3 records, all as they were written (no key: see --help)\nhead 3:")
    found = json.loads(selfmod("audit", "verify", "--json", at=tmp_path).out)
    head = ran.text.split()[-1]
    assert found == {
        "whole": True,
        "records": 3,
        "head": head,
        "keyed": False,
        "broken": None,
        "head_pruned": False,
    }
    assert selfmod("audit", "verify", "--head", head, at=tmp_path).code == 0
    other = selfmod("audit", "verify", "--head", f"3:{'0' * 64}", at=tmp_path)
    assert (other.code, other.text[:18]) == (1, "broken at record 3")


def test_a_changed_record_is_named(filled: Store, data: Path, tmp_path: Path) -> None:
    changed(data)
    ran = selfmod("audit", "verify", at=tmp_path)
    assert ran.code == 1
    assert ran.text == "broken at record 2: it was changed, or put in (before it: 1 that are whole)\n"
    found = json.loads(selfmod("audit", "verify", "--json", at=tmp_path).out)
    assert found["broken"] == {"number": 2, "why": "it was changed, or put in"}
    assert not found["whole"]


def test_the_key_is_read_from_the_environment(data: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("SELFMOD_AUDIT_KEY", "opensesame")
    store = connect.opened(settings.read())
    audit.append(store, "approved", "o/r", "o/r#1", {})
    store.close()
    assert json.loads(selfmod("audit", "verify", "--json", at=tmp_path).out)["keyed"]
    monkeypatch.setenv("SELFMOD_AUDIT_KEY", "another")
    assert selfmod("audit", "verify", at=tmp_path).code == 1


def test_an_export_is_json_lines(filled: Store, tmp_path: Path) -> None:
    ran = selfmod("audit", "export", at=tmp_path)
    assert ran.code == 0
    assert ran.out.isascii()
    found = [json.loads(line) for line in ran.text.splitlines()]
    assert [each["number"] for each in found] == [1, 2, 3]
    assert found[0]["facts"] == {"by": "ann\u202e\x1b[31m"}
    narrowed = selfmod("audit", "export", "--repository", "o/R", "--since", "2020-01-31", at=tmp_path)
    assert [json.loads(line)["number"] for line in narrowed.text.splitlines()] == [1, 3]
    assert selfmod("audit", "export", "--since", "2999-01-31", at=tmp_path).out == b""
    assert selfmod("audit", "export", "--since", "yesterday", at=tmp_path).code == 2


@pytest.mark.parametrize(("more", "count"), [((), 3), (("--repository", "o/none"), 0)])
def test_an_export_to_a_file(filled: Store, tmp_path: Path, more: tuple[str, ...], count: int) -> None:
    ran = selfmod("audit", "export", "--output", "audit.jsonl", *more, at=tmp_path)
    assert (ran.code, ran.out) == (0, b"")
    assert len((tmp_path / "audit.jsonl").read_text().splitlines()) == count
    assert selfmod("audit", "export", "--output", "no/such/folder", at=tmp_path).code == 2


@pytest.mark.parametrize("head", ["", "3", "0:" + "0" * 64, "3:xyz", "3:" + "0" * 63, "-1:" + "0" * 64])
def test_a_head_that_is_none_is_refused(filled: Store, tmp_path: Path, head: str) -> None:
    ran = selfmod("audit", "verify", f"--head={head}", at=tmp_path)
    assert (ran.code, ran.text) == (2, "")
    assert "64 hexadecimal digits" in ran.error


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
    import subprocess

    from tests.commands import environment

    ran = subprocess.run(
        [sys.executable, "-c", program, "audit", "verify"],
        env=environment(),
        cwd=tmp_path,
        capture_output=True,
        text=True,
    )
    assert ran.returncode == 2
    assert "selfmod[server]" in ran.stderr


def test_as_a_process_of_its_own(filled: Store, tmp_path: Path) -> None:
    assert process("audit", "verify", at=tmp_path).code == 0
