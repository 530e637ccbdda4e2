"""Which configuration holds for a path."""

import os
from pathlib import Path

import pytest

from app.cli.repository import settings_of
from checks.model.errors import Refusal
from checks.model.findings import Severity
from checks.settings import PLACE
from tests.repositories import Repository

HIGH, LOW = "review: {threshold: high}\n", "review: {threshold: low}\n"


def test_without_a_file_the_defaults(repository: Repository, tmp_path: Path) -> None:
    assert settings_of(repository.root).review.threshold is Severity.MEDIUM
    assert settings_of(tmp_path).review.threshold is Severity.MEDIUM


def test_that_of_the_root_holds_for_all_in_it(repository: Repository) -> None:
    repository.put(PLACE, HIGH)
    repository.put("sub/a.py", "")
    for path in (".", "sub", "sub/a.py"):
        assert settings_of(repository.root / path).review.threshold is Severity.HIGH


def test_outside_git_that_of_the_folder(tmp_path: Path) -> None:
    (tmp_path / ".github").mkdir()
    (tmp_path / PLACE).write_text(HIGH)
    (tmp_path / "a.py").touch()
    assert settings_of(tmp_path).review.threshold is Severity.HIGH
    assert settings_of(tmp_path / "a.py").review.threshold is Severity.HIGH


def test_with_a_base_that_of_the_commit_that_the_change_left(repository: Repository) -> None:
    repository.commit()
    assert settings_of(repository.root, "main").review.threshold is Severity.MEDIUM
    repository.put(PLACE, HIGH)
    repository.commit()
    repository.git("switch", "-q", "-c", "topic")
    repository.put(PLACE, "not: valid\n")
    repository.commit()
    assert settings_of(repository.root, "main").review.threshold is Severity.HIGH
    repository.git("switch", "-q", "main")
    repository.put(PLACE, LOW)
    repository.commit()
    repository.git("switch", "-q", "topic")
    assert settings_of(repository.root, "main").review.threshold is Severity.HIGH


def test_one_of_the_base_that_is_not_valid_is_told_as_that(repository: Repository) -> None:
    repository.put(PLACE, "zzz: 1\n")
    repository.commit()
    repository.put(PLACE, HIGH)
    with pytest.raises(Refusal, match=r"selfmod\.yml of main, line 1: unknown key 'zzz'"):
        settings_of(repository.root, "main")


def link(place: Path) -> None:
    place.symlink_to("elsewhere")


@pytest.mark.parametrize(
    ("make", "said"),
    [
        (link, "symbolic link: not followed"),
        (os.mkfifo, "named pipe: not opened"),
        (Path.mkdir, "a folder is there"),
    ],
)
def test_what_is_no_regular_file_is_refused_and_not_opened(repository: Repository, make: object, said: str) -> None:
    repository.put(".github/keep", "")
    make(repository.root / PLACE)  # type: ignore[operator]  # any way to make one
    with pytest.raises(Refusal, match=said):
        settings_of(repository.root)


def test_a_link_in_a_commit_is_refused_too(repository: Repository) -> None:
    repository.put(".github/keep", "")
    (repository.root / PLACE).symlink_to("keep")
    repository.commit()
    with pytest.raises(Refusal, match="of HEAD: symbolic link"):
        settings_of(repository.root, "HEAD")


def test_a_folder_that_is_a_link_is_refused(repository: Repository) -> None:
    repository.put("real/selfmod.yml", HIGH)
    (repository.root / ".github").symlink_to("real")
    with pytest.raises(Refusal, match="a link is in the way"):
        settings_of(repository.root)


def test_paths_and_bases_that_are_none(repository: Repository, tmp_path: Path) -> None:
    with pytest.raises(Refusal, match="does not exist"):
        settings_of(repository.root / "none")
    with pytest.raises(Refusal, match="has no commit 'main'"):
        settings_of(repository.root, "main")
    with pytest.raises(Refusal, match="not in a git repository"):
        settings_of(tmp_path, "main")
