"""From what a person says to commits."""

import pytest

from checks.model import trailers
from checks.model.errors import Refusal
from checks.repository.reverting.named import Named, named, with_trailer
from tests.repositories import Repository


@pytest.fixture
def project(repository: Repository) -> Repository:
    """`side` has two commits; `main` has gone on since."""
    repository.commit(a="a = 1\n" * 20)
    repository.git("checkout", "-q", "-b", "side")
    repository.commit(b="b = 1\n")
    repository.commit(c="c = 1\n")
    repository.git("checkout", "-q", "main")
    repository.commit(d="d = 1\n")
    return repository


def commits(project: Repository, *what: str) -> tuple[str, ...]:
    return tuple(project.git("rev-list", "--reverse", *what).split())


def test_a_merged_branch(project: Repository) -> None:
    project.git("merge", "-q", "--no-ff", "-m", "Merge", "side")
    merge = commits(project, "-1", "HEAD")
    project.commit(e="e = 1\n")
    assert named(project.root, "side") == Named(merge, "branch 'side'")
    project.git("update-ref", "refs/remotes/origin/side", "side")
    project.git("branch", "-q", "-D", "side")
    assert named(project.root, "origin/side").commits == merge


def test_a_squashed_branch(project: Repository) -> None:
    project.git("merge", "-q", "--squash", "side")
    project.git("commit", "-q", "-m", "squashed")
    squashed = commits(project, "-1", "HEAD")
    project.commit(b="b = 2\n")
    assert named(project.root, "side").commits == squashed


def test_a_rebased_branch(project: Repository) -> None:
    start = project.git("rev-parse", "HEAD").strip()
    project.git("cherry-pick", "main..side")
    copies = commits(project, f"{start}..HEAD")
    project.commit(e="e = 1\n")
    assert len(copies) == 2 and named(project.root, "side").commits == copies


def test_a_modification_by_its_trailer(project: Repository) -> None:
    line = trailers.line(trailers.MODIFICATION, "mod_4be1")
    project.git("checkout", "-q", "side")
    project.git("commit", "-q", "--allow-empty", "-m", f"fix\n\n{line}")
    own = commits(project, "-1", "HEAD")
    project.git("checkout", "-q", "main")
    project.git("commit", "-q", "--allow-empty", "-m", f"quotes it\n\n> {line}")
    project.git("commit", "-q", "--allow-empty", "-m", f"longer\n\n{line}99")
    with pytest.raises(Refusal, match="No commit in the history of HEAD belongs to mod_4be1"):
        named(project.root, "mod_4be1")
    project.git("merge", "-q", "--no-ff", "-m", "Merge", "side")
    assert named(project.root, "mod_4be1") == Named(own, "mod_4be1")
    assert with_trailer(project.root, trailers.REVERTS, "mod_4be1", "HEAD") == ()
    project.git("commit", "-q", "--amend", "-m", f"Merge\n\n{line}")
    assert named(project.root, "mod_4be1").commits == commits(project, "-1", "HEAD"), "the merge stands for all"


def test_commits_and_ranges(project: Repository) -> None:
    project.git("tag", "v1")
    head, first = project.git("rev-parse", "HEAD").strip(), project.git("rev-parse", "HEAD^").strip()
    for name in ("HEAD", head, head[:8], "v1"):
        assert named(project.root, name) == Named((head,))
    assert named(project.root, "HEAD^..v1") == Named((f"{first}..{head}",), "HEAD^..v1")


def test_what_cannot_be_told(project: Repository) -> None:
    with pytest.raises(Refusal, match="side was not merged here"):
        named(project.root, "side")
    with pytest.raises(Refusal, match="main is where you are"):
        named(project.root, "main")
    project.git("branch", "-q", "old", "main^")
    project.commit(e="e = 1\n")
    with pytest.raises(Refusal, match="old came in without a merge commit"):
        named(project.root, "old")
    project.git("checkout", "-q", "-b", "both", "side")
    project.commit(f="f = 1\n")
    project.git("checkout", "-q", "main")
    project.git("merge", "-q", "--no-ff", "-m", "Merge", "both")
    with pytest.raises(Refusal, match="side came in with other commits, by the merge") as caught:
        named(project.root, "side")
    assert project.git("rev-parse", "--short=10", "HEAD").strip() in caught.value.hint
    for name in ("--all", "", "\n", "-x", "a..b"):
        with pytest.raises(Refusal):
            named(project.root, name)
