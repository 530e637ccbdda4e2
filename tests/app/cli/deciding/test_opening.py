"""A store that may have come with the repository: nothing in it is believed, and no link is followed."""

import hashlib
import os
import shutil
from collections.abc import Callable
from pathlib import Path

import pytest

from tests.app.cli.deciding.conftest import Project


def _folder_is_a_link(place: Path, elsewhere: Path) -> None:
    place.symlink_to(elsewhere)


def _file_is_a_link(place: Path, elsewhere: Path) -> None:
    place.mkdir()
    (place / "selfmod.db").symlink_to(elsewhere / "theirs.db")


def _hard_link(place: Path, elsewhere: Path) -> None:
    place.mkdir()
    (elsewhere / "precious").write_text("precious")
    os.link(elsewhere / "precious", place / "selfmod.db")


def _pipe(place: Path, elsewhere: Path) -> None:
    place.mkdir()
    os.mkfifo(place / "selfmod.db")


def _lock_is_a_link(place: Path, elsewhere: Path) -> None:
    place.mkdir()
    (place / "migrating.lock").symlink_to(elsewhere / "created")


def _lock_within_is_a_link(place: Path, elsewhere: Path) -> None:
    name = hashlib.sha256(b"local").hexdigest()[:32]
    (place / "locks").mkdir(parents=True)
    (place / "locks" / f"{name}.lock").symlink_to(elsewhere / "created")


def _no_database(place: Path, elsewhere: Path) -> None:
    place.mkdir()
    (place / "selfmod.db").write_bytes(b"no database" * 1000)


def _a_file(place: Path, elsewhere: Path) -> None:
    place.write_text("")


@pytest.mark.parametrize(
    "plant",
    [
        _folder_is_a_link,
        _file_is_a_link,
        _hard_link,
        _pipe,
        _lock_is_a_link,
        _lock_within_is_a_link,
        _no_database,
        _a_file,
    ],
)
def test_what_is_planted_is_refused(project: Project, tmp_path: Path, plant: Callable[[Path, Path], None]) -> None:
    elsewhere = tmp_path / "elsewhere"
    elsewhere.mkdir()
    plant(project.place, elsewhere)
    before = {each.name: each.read_bytes() for each in elsewhere.iterdir()}
    for words in (("fix", "--propose", "--no-sandbox"), ("stop", "--local", "--why", "x")):
        ran = project.run(*words)
        assert ran.code == 2 and ran.error.count("\n") == 1 and "bug" not in ran.error, ran.error
    assert {each.name: each.read_bytes() for each in elsewhere.iterdir()} == before


def test_a_store_of_another_account_is_not_believed(proposed: Project, home: Path) -> None:
    """As when it came in an archive: who reads it has another key."""
    identifier = proposed.one()
    shutil.rmtree(home / ".local")
    ran = proposed.run("apply", identifier)
    assert ran.code == 2 and "not as this account wrote it" in ran.error
    assert proposed.run("audit", "verify", "--local").code == 1
    # taking back asks git, and goes on
    proposed.git.commit(later="later = 1\n")
    ran = proposed.run("rollback", "HEAD")
    assert ran.code == 0


def test_a_store_without_a_trail_is_not_believed(proposed: Project) -> None:
    import sqlite3

    identifier = proposed.one()
    with sqlite3.connect(proposed.place / "selfmod.db") as database:
        (made,) = database.execute("SELECT sql FROM sqlite_master WHERE name = 'audit_record'").fetchone()
        database.execute("DROP TABLE audit_record")
        database.execute(made)
        database.execute("UPDATE audit_head SET number = 0, hash = '', seal = ''")
    ran = proposed.run("apply", identifier)
    assert ran.code == 2 and "there is no audit trail" in ran.error


def test_the_key_is_of_this_account_alone(proposed: Project, home: Path) -> None:
    proposed.one()
    key = home / ".local" / "state" / "selfmod" / "local.key"
    assert key.stat().st_mode & 0o777 == 0o600 and key.parent.stat().st_mode & 0o077 == 0
    assert proposed.place.stat().st_mode & 0o077 == 0
    key.chmod(0o644)
    assert "no key of yours alone" in proposed.run("status").error
    key.unlink()
    key.symlink_to(home / "elsewhere")
    assert proposed.run("status").code == 2 and not (home / "elsewhere").exists()


def test_a_linked_work_tree_shares_the_store(proposed: Project, tmp_path: Path) -> None:
    identifier = proposed.one()
    other = tmp_path / "other"
    proposed.git.git("worktree", "add", "-q", "-b", "topic", str(other))
    from tests.commands import selfmod

    assert identifier in selfmod("status", at=other).text
    ran = selfmod("apply", identifier, at=other)
    assert ran.code in (1, 2) and proposed.place.is_dir() and not (other / ".git" / "selfmod").exists()


def test_a_folder_with_any_name(project: Project, tmp_path: Path) -> None:
    odd = tmp_path / "100% odd?name#x"
    project.git.root.rename(odd)
    from tests.commands import selfmod

    ran = selfmod("fix", "--propose", "--no-sandbox", "kinds.py", at=odd)
    assert ran.code == 0 and (odd / ".git" / "selfmod" / "selfmod.db").is_file(), ran.error


def test_findings_of_the_repository_are_not_read(proposed: Project) -> None:
    """What was found in a file is kept with the account, never in the repository."""
    proposed.one()
    assert sorted(each.name.partition("-")[0].partition(".")[0] for each in proposed.place.iterdir()) == sorted(
        ["selfmod", "selfmod", "locks", "migrating"]
    )
