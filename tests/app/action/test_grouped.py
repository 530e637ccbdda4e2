"""A merge group with a stopped proposal of selfmod's own is held by what the clone alone tells; others' go on."""

from dataclasses import dataclass
from pathlib import Path

import pytest

from app.action import grouped
from app.action.stateless import stopped
from app.model.stop import Stop
from tests.app.action.runs import project
from tests.repositories import Repository

HERE = "acme/shop"
STOP = Stop("mia", "incident 4711", 1.0, repository=HERE)
NAME = "selfmod/fix/x-1a2b3c4d"
TRAILER = "Selfmod-Modification: mod_1a2b3c4d5e6f"
REVERT = "selfmod/revert/x-5e6f7a8b"
WAYS = ("merge", "squash", "squash told", "rebase")


@dataclass
class Clone:
    """A repository as actions/checkout leaves it: the branches of origin, and one that is checked out."""

    git: Repository

    @property
    def tip(self) -> str:
        return self.git.git("rev-parse", "refs/remotes/origin/main").strip()

    def branch(self, name: str, *messages: str) -> str:
        """A branch of origin, a commit for each message."""
        self.git.git("checkout", "-q", "--detach", "refs/remotes/origin/main")
        for at, message in enumerate(messages):
            self.git.put(f"{name.rpartition('/')[2]}_{at}.py", "x = 1\n")
            self.commit(message)
        return self.keep(name)

    def commit(self, message: str) -> None:
        self.git.git("add", "-A")
        self.git.git("commit", "-q", "--allow-empty", "-m", message)

    def keep(self, name: str) -> str:
        head = self.git.git("rev-parse", "HEAD").strip()
        self.git.git("update-ref", f"refs/remotes/origin/{name}", head)
        return head

    def stop(self, *stops: Stop, content: bytes = b"", branches: dict[int, str] | None = None) -> None:
        self.git.git("checkout", "-q", "--detach", "refs/remotes/origin/main")
        self.git.put(stopped.FILE, content or stopped.document(stops, branches))
        self.commit("Emergency stops")
        self.keep(stopped.BRANCH)

    def joined(self, base: str, head: str, way: str) -> str:
        """What a queue puts on top of `base`."""
        git = self.git.git
        git("checkout", "-q", "--detach", base)
        if way == "merge":
            git("merge", "-q", "--no-ff", "-m", "Its own words", head)
        elif way == "rebase":
            git("cherry-pick", f"{self.tip}..{head}")
        else:
            told = git("log", "--format=* %B", f"{self.tip}..{head}") if way == "squash told" else ""
            git("merge", "-q", "--squash", head)
            git("commit", "-q", "-m", f"One (#7)\n\n{told}")
        return git("rev-parse", "HEAD").strip()

    def held(self, head: str, base: str = "", into: str = "main") -> str:
        return str(grouped.held(self.git.root, into, base or self.tip, head, HERE) or "")


@pytest.fixture
def clone(tmp_path: Path) -> Clone:
    made = Clone(project(tmp_path))
    made.keep("main")
    return made


@pytest.mark.parametrize("way", WAYS)
@pytest.mark.parametrize("place", ["first", "last"])
def test_however_a_queue_joins_it(clone: Clone, way: str, place: str) -> None:
    ours, theirs = clone.branch(NAME, f"Mend it\n\n{TRAILER}"), clone.branch("topic", "More")
    head = clone.tip
    for each in (ours, theirs) if place == "first" else (theirs, ours):
        head = clone.joined(head, each, way)
    assert clone.held(head) == ""
    clone.stop(STOP)
    assert clone.held(head) == (
        f"{NAME} in this group is stopped by @mia: incident 4711. Take that one out of the merge queue: the others "
        "then go on in a group without it. Who has maintain access ends it with `/selfmod resume repository <why>`."
    )
    assert clone.held(clone.joined(clone.tip, theirs, way)) == ""
    clone.stop(Stop("mia", "incident", 1.0, repository=HERE, lifted=2.0, lifted_by="mia", lifted_why="over"))
    assert clone.held(head) == ""


@pytest.mark.parametrize("way", ["merge", "squash told", "rebase"])
def test_with_more_commits_of_people_on_top(clone: Clone, way: str) -> None:
    ours = clone.branch(NAME, f"Mend it\n\n{TRAILER}", "and more")
    clone.stop(STOP)
    assert clone.held(clone.joined(clone.tip, ours, way)).startswith(NAME)


def test_the_group_of_the_next_in_the_queue_is_held_too(clone: Clone) -> None:
    """What GitHub calls its base is the group before, with what is stopped in it."""
    ours, theirs = clone.branch(NAME, f"Mend it\n\n{TRAILER}"), clone.branch("topic", "More")
    first = clone.joined(clone.tip, ours, "merge")
    second = clone.joined(first, theirs, "merge")
    clone.stop(STOP)
    assert clone.held(second, first).startswith(NAME)
    assert clone.held(second, first, into="") == ""  # nothing tells where it goes


@pytest.mark.parametrize(
    ("branches", "held"), [({7: NAME}, True), ({8: NAME}, False), ({7: "selfmod/fix/y"}, False), ({}, False)]
)
def test_a_stop_of_one_pull_request_holds_its_branch(clone: Clone, branches: dict[int, str], held: bool) -> None:
    head = clone.joined(clone.tip, clone.branch(NAME, f"Mend it\n\n{TRAILER}"), "squash")
    lifted = Stop("ann", "other", 1.0, repository=HERE, number=8, lifted=2.0)
    clone.stop(Stop("mia", "odd", 1.0, repository=HERE, number=7), lifted, branches=branches)
    said = f"pull request 7 ({NAME}) in this group is stopped by @mia: odd."
    assert clone.held(head).startswith(said) if held else clone.held(head) == ""


@pytest.mark.parametrize(
    ("name", "message", "held"),
    [
        (NAME, f"Mend it\n\n{TRAILER}", True),
        (NAME, "Mend it by hand", False),  # a person's own branch of such a name
        ("topic", "Mend it", False),
        ("topic", f"Mend it\n\n{TRAILER}", False),  # no proposal of that is there
        ("selfmod/configure", "Configure selfmod", True),
        (REVERT, f"Revert it\n\n{TRAILER}\nSelfmod-Reverts: mod_0a2b3c4d5e6f", False),  # no stop is for such
        (REVERT, f"Revert it\n\n{TRAILER}\nSelfmod-Reverts: #7", False),
        (REVERT, f"Revert it\n\n{TRAILER}", True),
        (NAME, f"Mend it\n\n{TRAILER}\nSelfmod-Reverts: mod_0a2b3c4d5e6f", True),
    ],
)
def test_whose_it_is(clone: Clone, name: str, message: str, held: bool) -> None:
    ours = clone.branch(name, message)
    clone.stop(STOP)
    assert bool(clone.held(clone.joined(clone.tip, ours, "merge"))) is held


def test_what_takes_something_back_is_held_with_another_commit_on_top(clone: Clone) -> None:
    ours = clone.branch(REVERT, f"Revert it\n\n{TRAILER}\nSelfmod-Reverts: #7", "and more")
    clone.stop(STOP)
    assert clone.held(clone.joined(clone.tip, ours, "merge")).startswith(REVERT)


def test_what_is_on_the_target_already_holds_nothing(clone: Clone) -> None:
    ours, theirs = clone.branch(NAME, f"Mend it\n\n{TRAILER}"), clone.branch("topic", "More")
    clone.stop(STOP)
    clone.git.git("update-ref", "refs/remotes/origin/main", clone.joined(clone.tip, ours, "merge"))
    assert clone.held(clone.joined(clone.tip, theirs, "merge")) == ""


def test_where_the_stops_cannot_be_read_every_proposal_counts_as_stopped(clone: Clone) -> None:
    ours, theirs = clone.branch(NAME, f"Mend it\n\n{TRAILER}"), clone.branch("topic", "More")
    clone.stop(content=b"{}x")
    assert clone.held(clone.joined(clone.tip, ours, "merge")).startswith(
        f"{NAME} in this group counts as stopped: {stopped.FILE} on {stopped.BRANCH} cannot be read"
    )
    assert clone.held(clone.joined(clone.tip, theirs, "merge")) == ""


def test_a_branch_without_the_file_stops_nothing(clone: Clone) -> None:
    ours = clone.branch(NAME, f"Mend it\n\n{TRAILER}")
    clone.git.git("checkout", "-q", "--detach", "refs/remotes/origin/main")
    clone.keep(stopped.BRANCH)
    assert clone.held(clone.joined(clone.tip, ours, "merge")) == ""


def test_a_clone_that_lacks_the_target_says_nothing_of_stops(clone: Clone) -> None:
    assert not grouped.blind(clone.git.root, "main")
    assert not grouped.blind(clone.git.root, "")
    assert grouped.blind(clone.git.root, "release/2")
