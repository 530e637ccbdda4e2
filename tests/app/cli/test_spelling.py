"""Both spellings of recording a baseline."""

from pathlib import Path

import pytest

from app.cli.spelling import spelled


@pytest.mark.parametrize(
    ("given", "parsed"),
    [
        ("review", "review"),
        ("review --baseline k", "review --baseline k"),
        ("review --write-baseline k", "review --write-baseline k"),
        ("review --write-baseline=k", "review --write-baseline=k"),
        ("review --baseline k --write-baseline", "review --baseline k --write-baseline=k"),
        ("review --baseline=k --write-baseline", "review --baseline=k --write-baseline=k"),
        ("review --write-baseline --baseline k", "review --write-baseline=k --baseline k"),
        ("review --baseline k --write-baseline folder", "review --baseline k --write-baseline=k folder"),
        ("review --baseline k --write-baseline a.py", "review --baseline k --write-baseline=k a.py"),
        ("review --baseline k --write-baseline --json", "review --baseline k --write-baseline=k --json"),
        ("review --baseline k --write-baseline k", "review --baseline k --write-baseline k"),
        ("review --baseline k --write-baseline other", "review --baseline k --write-baseline other"),
        ("review -- --write-baseline --baseline k", "review -- --write-baseline --baseline k"),
        ("review --write-baseline", "review --write-baseline"),
        ("review --write-baseline --baseline", "review --write-baseline --baseline"),
    ],
)
def test_spelled(given: str, parsed: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / "folder").mkdir()
    monkeypatch.chdir(tmp_path)
    assert spelled(given.split()) == parsed.split()
