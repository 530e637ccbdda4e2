"""`selfmod rollback`: what it says, writes, and never writes."""

import json

import pytest

from tests.commands import process, selfmod
from tests.repositories import Repository

TEXT = "".join(f"line_{number} = {number}\n" for number in range(20))


@pytest.fixture
def project(repository: Repository) -> Repository:
    """A first commit, a modification, and later work on the same file elsewhere."""
    repository.git("config", "user.name", "Ann")
    repository.git("config", "user.email", "ann@example.org")
    repository.put("a.py", TEXT)
    repository.commit()
    repository.put("a.py", TEXT.replace("line_3 = 3", "line_3 = 33"))
    repository.put("new.py", "new = 1\n")
    repository.git("add", "-A")
    repository.git("commit", "-q", "-m", "fix: three\n\nSelfmod-Modification: mod_4be1")
    repository.put("a.py", TEXT.replace("line_3 = 3", "line_3 = 33") + "last = 1\n")
    repository.commit()
    return repository


def test_taken_back_and_had_again(project: Repository) -> None:
    (project.root / "sub").mkdir()
    ran = selfmod("rollback", "mod_4be1", "-m", "it breaks", at=project.root / "sub")
    made = project.git("rev-parse", "HEAD").strip()
    assert ran.code == 0 and ran.text == (
        " mod_4be1 taken back   2 files\n"
        "  removed   new.py\n"
        "  changed   a.py\n"
        f' committed: main at {made[:10]}  Revert "fix: three"\n'
        f" to have it again: selfmod rollback {made[:10]}\n"
    )
    assert project.read("a.py").decode() == TEXT + "last = 1\n" and project.git("status", "--porcelain") == ""
    reverted = project.git("rev-parse", "HEAD~2").strip()
    assert project.git("log", "-1", "--format=%an <%ae>%n%B").strip() == (
        f'Ann <ann@example.org>\nRevert "fix: three"\n\nThis reverts commit {reverted}.\n\nit breaks\n\n'
        "Selfmod-Reverts: mod_4be1"
    )
    assert selfmod("rollback", "HEAD", at=project.root).code == 0
    assert project.git("rev-parse", "HEAD^{tree}") == project.git("rev-parse", "HEAD~2^{tree}")
    assert project.git("log", "-1", "--format=%s").strip() == 'Reapply "fix: three"'


def test_as_json(project: Repository) -> None:
    onto = project.git("rev-parse", "HEAD").strip()
    planned = json.loads(selfmod("rollback", "HEAD^", "--dry-run", "--json", at=project.root).out)
    assert planned["diff"].startswith("diff --git a/a.py b/a.py\n") and planned["state"] == "planned"
    found = json.loads(selfmod("rollback", "HEAD^", "--json", at=project.root).out)
    assert found | {"message": ""} == {
        "state": "rolled back",
        "onto": onto,
        "reverts": [project.git("rev-parse", f"{onto}^").strip()],
        "modifications": ["mod_4be1"],
        "message": "",
        "files": [
            {"path": "a.py", "change": "changed", "mode": "100644"},
            {"path": "new.py", "change": "removed", "mode": None},
        ],
        "commit": project.git("rev-parse", "HEAD").strip(),
        "branch": "main",
    }
    gone = json.loads(selfmod("rollback", "mod_4be1", "--json", at=project.root).out)
    assert (gone["state"], gone["files"]) == ("gone", [])


def test_a_dry_run_is_a_diff_that_git_takes(project: Repository) -> None:
    before = project.git("rev-parse", "HEAD"), project.git("status", "--porcelain")
    ran = process("rollback", "HEAD^", "--dry-run", at=project.root)
    assert ran.code == 0 and ran.error == ""
    assert (project.git("rev-parse", "HEAD"), project.git("status", "--porcelain")) == before
    project.git("apply", stdin=ran.out)
    assert project.read("a.py").decode() == TEXT + "last = 1\n" and not (project.root / "new.py").exists()


def test_later_commits_in_the_way(project: Repository) -> None:
    project.put("new.py", "new = 2\n")
    project.commit()
    before = project.git("rev-parse", "HEAD"), project.git("count-objects")
    ran = selfmod("rollback", "HEAD~2", at=project.root)
    named = project.git("rev-parse", "--short=10", "HEAD~2").strip()
    assert ran.code == 1 and ran.text == (
        " nothing was written: later commits stand in the way in 1 file\n"
        "  new.py  the modification added it, and it was changed later\n"
        f" Roll back the later commits first (git log {named}.. -- FILE), or settle it by hand: git revert {named}\n"
    )
    found = json.loads(selfmod("rollback", "HEAD~2", "--json", at=project.root).out)
    assert found["state"] == "conflict" and [each["path"] for each in found["files"]] == ["new.py"]
    assert (project.git("rev-parse", "HEAD"), project.git("count-objects")) == before
    assert project.git("status", "--porcelain") == ""


def test_a_merge_is_taken_back_whole(project: Repository) -> None:
    project.git("checkout", "-q", "-b", "side", "HEAD~2")
    project.commit(s="s = 1\n")
    project.commit(t="t = 1\n")
    project.git("checkout", "-q", "main")
    project.git("merge", "-q", "--no-ff", "-m", "Merge side", "side")
    before = project.git("rev-parse", "HEAD^{tree}")
    assert selfmod("rollback", "side", at=project.root).code == 0
    assert project.git("rev-parse", "HEAD^{tree}") == project.git("rev-parse", "HEAD~2^{tree}") != before
    project.put("s.py", "mine = 1\n")
    project.commit()
    ran = selfmod("rollback", "HEAD^", at=project.root)
    assert ran.code == 1 and "git revert " in ran.text and "-m 1" not in ran.text


@pytest.mark.parametrize(
    ("words", "error"),
    [
        (("nonsense",), "has no commit 'nonsense'.  Name a branch, a tag or a commit"),
        (("mod_9999",), "No commit in the history of HEAD belongs to mod_9999.  Name its commit"),
        (("main",), "main is where you are: nothing merged it.  Name the commit, or a range: BASE..HEAD"),
    ],
)
def test_refusals(project: Repository, words: tuple[str, ...], error: str) -> None:
    ran = selfmod("rollback", *words, at=project.root)
    assert ran.code == 2 and error in ran.error and ran.out == b""


def test_work_that_is_not_committed(project: Repository) -> None:
    project.put("a.py", "mine = 1\n")
    ran = selfmod("rollback", "HEAD", at=project.root)
    assert ran.code == 2 and project.read("a.py") == b"mine = 1\n"
    assert (
        ran.error == "selfmod: Nothing was written: not committed yet: a.py.  Commit it, or put it aside: git stash\n"
    )


def test_outside_git_and_nobody_to_commit_as(project: Repository, tmp_path, monkeypatch) -> None:
    ran = selfmod("rollback", "HEAD", at=tmp_path)
    assert ran.code == 2 and "is not in a git repository" in ran.error
    project.git("config", "--unset", "user.name")
    for name in ("GIT_AUTHOR_NAME", "GIT_AUTHOR_EMAIL"):
        monkeypatch.delenv(name, raising=False)
    ran = selfmod("rollback", "HEAD", at=project.root)
    assert ran.code == 2 and 'Tell it: git config --global user.name "Ann"' in ran.error
