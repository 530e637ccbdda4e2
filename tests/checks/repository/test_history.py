from pathlib import Path

import pytest

from checks.model.errors import Refusal
from checks.repository import history


def test_resolve(repository) -> None:
    commit = repository.commit(a="a\n")
    repository.git("tag", "-a", "v1", "-m", "one")
    for rev in ("HEAD", "main", "v1", commit[:8], "refs/heads/main", "HEAD~0"):
        assert history.resolve(repository.root, rev) == commit


@pytest.mark.parametrize(
    "rev",
    ["", "nope", "-h", "--all", "--git-dir", "--exec=touch x", "HEAD\n", "HEAD\0", "HEAD main", "HEAD..main", "^HEAD"],
)
def test_what_is_no_revision_is_refused_and_never_an_option(repository, rev: str) -> None:
    repository.commit(a="a\n")
    with pytest.raises(Refusal, match="has no commit"):
        history.resolve(repository.root, rev)


def test_near_misses(repository) -> None:
    commit = repository.commit(a="a\n")
    repository.git("branch", "release/2.0")
    repository.git("update-ref", "refs/remotes/origin/develop", commit)
    for wrong, right in (("mian", "main"), ("release/20", "release/2.0"), ("develop", "origin/develop")):
        with pytest.raises(Refusal) as caught:
            history.resolve(repository.root, wrong)
        assert caught.value.hint == f"Did you mean {right}?"


def test_a_shallow_clone_names_the_remedy(repository, tmp_path: Path) -> None:
    first = repository.commit(a="a\n")
    repository.commit(a="b\n")
    clone = tmp_path / "clone"
    repository.git("clone", "-q", "--depth=1", f"file://{repository.root}", str(clone))
    with pytest.raises(Refusal, match="fetch-depth: 0"):
        history.resolve(clone, first)


def test_merge_base(repository) -> None:
    base = repository.commit(a="a\n")
    repository.git("checkout", "-q", "-b", "side")
    repository.commit(b="b\n")
    repository.git("checkout", "-q", "main")
    repository.commit(c="c\n")
    assert history.merge_base(repository.root, "main", "side") == base
    repository.git("checkout", "-q", "--orphan", "alone")
    repository.commit(d="d\n")
    with pytest.raises(Refusal, match="no common history"):
        history.merge_base(repository.root, "main", "alone")


def test_head_of_a_repository_without_a_commit(repository) -> None:
    assert history.head(repository.root) is None


def test_commits_that_were_rebased_or_squashed_are_alike(repository) -> None:
    base = repository.commit(a="a\n")
    repository.git("checkout", "-q", "-b", "topic")
    one, two = repository.commit(b="b\n"), repository.commit(c="c\n")
    repository.git("checkout", "-q", "main")
    head = repository.commit(d="d\n")
    assert not history.alike(repository.root, one, base, head)
    repository.git("cherry-pick", one)
    head = repository.git("rev-parse", "HEAD").strip()
    assert history.alike(repository.root, one, base, head)
    assert not history.alike(repository.root, two, base, head)  # not all of it
    assert not history.alike(repository.root, one, head, head)  # it was there before
    assert not history.alike(repository.root, base, base, head)
    assert not history.alike(repository.root, "f" * 40, base, head)
