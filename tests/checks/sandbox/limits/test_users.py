import contextlib
from pathlib import Path

import pytest

from checks.model.errors import Refusal
from checks.sandbox.limits import users


def test_each_has_a_user_of_its_own_and_gives_it_back(tmp_path: Path):
    folder = tmp_path / "locks"
    with contextlib.ExitStack() as stack:
        taken = [stack.enter_context(users.user(folder)) for _ in range(3)]
        assert taken == [users.FIRST, users.FIRST + 1, users.FIRST + 2]
        with users.user(folder) as fourth:
            assert fourth == users.FIRST + 3
        with users.user(folder) as again:
            assert again == fourth
    with users.user(folder) as first:
        assert first == users.FIRST
    assert folder.stat().st_mode & 0o777 == 0o700


def open_to_others(folder: Path) -> None:
    folder.mkdir()
    folder.chmod(0o755)


def linked(folder: Path) -> None:
    (folder.parent / "real").mkdir(mode=0o700)
    folder.symlink_to("real")


@pytest.mark.parametrize("made", [open_to_others, linked, Path.touch], ids=["open", "link", "file"])
def test_a_folder_that_is_not_private_is_refused(tmp_path: Path, made):
    made(tmp_path / "locks")
    with pytest.raises(Refusal, match="locks"), users.user(tmp_path / "locks"):
        pass


def test_a_folder_that_cannot_be_made_is_refused(tmp_path: Path):
    with pytest.raises(Refusal, match="cannot be made"), users.user(tmp_path / "not" / "there"):
        pass
