from dataclasses import FrozenInstanceError

import pytest

from checks.model.changes import ChangeSet, FileChange, digest


@pytest.mark.parametrize(
    ("content", "expected"),
    [
        (b"", "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855"),
        (b"abc", "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad"),
    ],
)
def test_a_digest_is_sha_256(content: bytes, expected: str) -> None:
    assert digest(content) == expected


def test_change_sets_are_values() -> None:
    change = FileChange("a.py", digest(b"x"), b"y")
    assert ChangeSet(None, (change,)) == ChangeSet(None, (FileChange("a.py", digest(b"x"), b"y", False),), "")
    assert hash(ChangeSet("1" * 40, (change,), "why")) != hash(ChangeSet("2" * 40, (change,), "why"))
    with pytest.raises(FrozenInstanceError):
        change.path = "b.py"  # type: ignore[misc]  # what is tested
