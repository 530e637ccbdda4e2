"""`selfmod audit verify`."""

import json
import sqlite3
from pathlib import Path

import pytest

from app import settings
from app.store import audit, connect
from app.store.connect import Store
from tests.commands import process, selfmod


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


@pytest.mark.parametrize("head", ["", "3", "0:" + "0" * 64, "3:xyz", "3:" + "0" * 63, "-1:" + "0" * 64])
def test_a_head_that_is_none_is_refused(filled: Store, tmp_path: Path, head: str) -> None:
    ran = selfmod("audit", "verify", f"--head={head}", at=tmp_path)
    assert (ran.code, ran.text) == (2, "")
    assert "64 hexadecimal digits" in ran.error


def test_as_a_process_of_its_own(filled: Store, tmp_path: Path) -> None:
    assert process("audit", "verify", at=tmp_path).code == 0
