"""`selfmod audit export`."""

import json
from pathlib import Path

import pytest

from app.store.connect import Store
from tests.commands import selfmod


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
