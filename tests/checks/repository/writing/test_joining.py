"""A branch with another merged into it: in memory, by git's own engine, with nothing of the repository's."""

import pytest

from checks.model.errors import Refusal
from checks.repository.reverting.reverse import Conflict, Reverted
from checks.repository.writing.joining import join
from tests.repositories import Repository

TEXT = "one = 1\n\n\ntwo = 2\n\n\nthree = 3\n"


@pytest.fixture
def diverged(repository: Repository) -> Repository:
    """Branch topic changed the first line, main the last one."""
    repository.commit(a=TEXT)
    repository.git("checkout", "-q", "-b", "topic")
    repository.commit(a=TEXT.replace("one = 1", "one = 11"))
    repository.git("checkout", "-q", "main")
    repository.commit(a=TEXT.replace("three = 3", "three = 33"), b="b = 1\n")
    return repository


def test_it_is_what_git_makes_of_it(diverged: Repository) -> None:
    joined = join(diverged.root, "topic", "main")
    assert isinstance(joined, Reverted)
    assert [each.path for each in joined.edits] == ["a.py"]
    diverged.git("merge", "-q", "-m", "merge", "topic")
    assert diverged.git("rev-parse", "HEAD^{tree}").strip() == joined.tree
    again = join(diverged.root, "topic", "main")
    assert isinstance(again, Reverted) and again.gone


def test_a_conflict_is_told_whatever_the_attributes_say(diverged: Repository) -> None:
    diverged.put(".gitattributes", "*.py merge=union\n")
    diverged.commit(a=TEXT.replace("one = 1", "one = 111"))
    joined = join(diverged.root, "topic", "main")
    assert isinstance(joined, Conflict) and [each.path for each in joined.files] == ["a.py"]


def test_histories_without_a_common_commit_are_refused(diverged: Repository) -> None:
    diverged.git("checkout", "-q", "--orphan", "other")
    diverged.commit()
    with pytest.raises(Refusal, match="no common history"):
        join(diverged.root, "topic", "other")
