"""Whose commits a dependency bot's branch holds."""

from pathlib import Path

import pytest

from app.action.bots import made_by
from tests.repositories import Repository, made

BOT = "29139614+renovate[bot]@users.noreply.github.com"
NUMBER = 29139614


def commit(repository: Repository, author: str, committer: str) -> None:
    repository.git(
        "-c", f"user.email={committer}", "commit", "-q", "--allow-empty", "-m", "x", f"--author=A <{author}>"
    )


@pytest.mark.parametrize(
    ("commits", "alone"),
    [
        ([(BOT, BOT)], True),
        ([(BOT, "noreply@github.com"), (BOT.replace("renovate", "renamed"), BOT)], True),
        ([], False),
        ([(BOT, BOT), ("ann@example.org", BOT)], False),
        ([(BOT, "ann@example.org")], False),
        ([("noreply@github.com", "noreply@github.com")], False),
        ([("renovate[bot]@users.noreply.github.com", BOT)], False),
        ([(f"1{BOT}", BOT)], False),
        ([("29139614+x@users.noreply.github.com.evil.org", BOT)], False),
    ],
)
def test_all_commits_are_by_the_account(tmp_path: Path, commits: list[tuple[str, str]], alone: bool) -> None:
    repository = made(tmp_path / "r")
    base = repository.commit()
    for author, committer in commits:
        commit(repository, author, committer)
    head = repository.git("rev-parse", "HEAD").strip()
    assert made_by(repository.root, base, head, NUMBER) is alone
    assert not made_by(repository.root, base, head, 0)
