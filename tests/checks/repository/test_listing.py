from pathlib import Path

import pytest

from checks.model.errors import Refusal
from checks.repository import listing


def test_too_many_files_are_refused(tmp_path: Path, monkeypatch) -> None:
    monkeypatch.setattr(listing, "MOST_FILES", 3)
    for number in range(4):
        (tmp_path / f"{number}.py").touch()
    with pytest.raises(Refusal, match="more than 3 files"):
        listing.walked(tmp_path)
    assert listing.walked(tmp_path, ("1.py",)) == ["1.py"]


def test_deep_folders_end_the_walk(tmp_path: Path) -> None:
    place = tmp_path
    for _ in range(listing.MOST_DEPTH + 5):
        place = place / "d"
        place.mkdir()
        (place / "a.py").touch()
    assert len(listing.walked(tmp_path)) == listing.MOST_DEPTH


@pytest.mark.parametrize(
    ("path", "only", "expected"),
    [("a/b", ("a",), True), ("ab", ("a",), False), ("a", ("a/b",), False), ("x", ("",), True), ("x", ("y", "x"), True)],
)
def test_within(path: str, only: tuple[str, ...], expected: bool) -> None:
    assert listing.within(path, only) is expected
