"""Files and commits on the stand-in: reading, and writing a branch that is nobody else's."""

from typing import Any

import pytest

from app.github import files
from app.model.forge import FileEdit
from app.model.trouble import Gone
from checks.model.errors import Refusal
from tests.app.github.conftest import FILES, REPOSITORY, World

EDITS = (FileEdit("shop.py", b"x = 42\n"), FileEdit("new/data.bin", bytes(range(256))), FileEdit("README.md", None))


def test_files_are_read_at_a_commit_or_a_branch(world: World) -> None:
    base = world.base
    world.github.push(REPOSITORY, "topic", {"shop.py": b"\xff\x00", "ü #%?.txt": "y"}, by="bob")
    host = world.host
    assert host.file("shop.py", base) == FILES["shop.py"].encode()
    assert host.file("shop.py", "topic") == b"\xff\x00"
    assert host.file("ü #%?.txt", "topic") == b"y"
    assert host.file("none.py", base) is None
    assert host.file("none/none.py", "main") is None


def test_a_folder_is_no_file(world: World) -> None:
    world.github.push(REPOSITORY, "topic", {"a/b.py": "1\n"}, by="bob")
    assert world.host.file("a", "topic") is None


def test_a_commit_that_is_not_there_is_gone(world: World) -> None:
    with pytest.raises(Gone):
        world.host.file("shop.py", "1" * 40)


@pytest.mark.parametrize("path", ["../x", "/etc/passwd", "a/../b", ".git/config", "", "a//b", "a\x00b"])
def test_paths_that_lead_elsewhere_are_refused(world: World, path: str) -> None:
    with pytest.raises(Refusal):
        world.host.file(path, "main")
    with pytest.raises(Refusal):
        world.host.commit_files("b", world.base, [FileEdit(path, b"")], "m")


def test_the_organisations_file(world: World) -> None:
    assert world.host.organisation_file("selfmod.yml") is None
    world.github.repository("acme/.github", {"selfmod.yml": "mode: observe\n"})
    assert world.host.organisation_file("selfmod.yml") is None  # the App is not installed there
    world.github.install(world.credentials, ["acme/.github"])
    assert world.host.organisation_file("selfmod.yml") == b"mode: observe\n"
    assert world.host.organisation_file("none.yml") is None


def test_the_branches_whose_merge_queue_has_a_commit(world: World) -> None:
    number, head = world.pull()
    group = world.github.queue(REPOSITORY, number)
    assert world.host.queues(group) == ("main",)
    assert world.host.queues(head) == world.host.queues(world.base) == ()
    moved = world.github.world.repository(REPOSITORY)
    assert moved is not None
    moved.git.set_ref("refs/heads/gh-readonly-queue/release/1.x/pr-9-" + "a" * 40, group)
    moved.git.set_ref("refs/heads/gh-readonly-queue/odd", head)
    moved.git.set_ref("refs/heads/not/gh-readonly-queue/main/pr-9-x", head)
    assert world.host.queues(group) == ("main", "release/1.x")
    assert world.host.queues(head) == ()


def test_branches(world: World) -> None:
    head = world.github.push(REPOSITORY, "feature/ü#1", {"a.py": "1\n"}, by="bob")
    assert world.host.branch("feature/ü#1") == head
    assert world.host.branch("feature") is None
    assert world.host.branch("main") == world.base


def stored(world: World, commit: str, path: str) -> bytes | None:
    return world.github.file(REPOSITORY, commit, path)


def commits(world: World, branch: str) -> int:
    """How many the branch is ahead of the default one."""
    repository = world.github.world.repository(REPOSITORY)
    assert repository is not None
    tip = repository.git.tip(branch)
    assert tip is not None
    return repository.git.counts(world.base, tip)[1]


def test_a_commit_on_a_new_branch(world: World) -> None:
    base = world.base
    made = world.host.commit_files("selfmod/fix-1", base, EDITS, "fix: it\n\nwhy")
    assert world.host.branch("selfmod/fix-1") == made
    assert stored(world, made, "shop.py") == b"x = 42\n"
    assert stored(world, made, "new/data.bin") == bytes(range(256))
    assert stored(world, made, "README.md") is None
    assert world.host.commit_files("selfmod/fix-1", base, EDITS, "fix: it\n\nwhy") == made
    assert commits(world, "selfmod/fix-1") == 1


@pytest.mark.parametrize("kind", ["5xx", "5xx_after_work", "disconnect_after_work"])
@pytest.mark.parametrize("path", ["/git/refs$", "/graphql$"])
def test_a_failure_leaves_one_commit(world: World, kind: Any, path: str) -> None:
    fault = world.github.faults.add("POST", path, kind)
    made = world.host.commit_files("selfmod/fix", world.base, EDITS, "fix")
    assert fault.hits == 1
    assert world.host.branch("selfmod/fix") == made
    assert commits(world, "selfmod/fix") == 1


def test_edits_that_change_nothing_belong_to_the_commit_all_the_same(world: World) -> None:
    edits = (*EDITS[:1], FileEdit("README.md", FILES["README.md"].encode()))
    made = world.host.commit_files("selfmod/fix", world.base, edits, "fix")
    assert world.host.commit_files("selfmod/fix", world.base, edits, "fix") == made


def test_a_target_branch_that_went_on_changes_nothing(world: World) -> None:
    made = world.host.commit_files("selfmod/fix", world.base, EDITS, "fix")
    moved = world.github.push(REPOSITORY, "main", {"later.py": "1\n"}, by="bob")
    assert world.host.commit_files("selfmod/fix", moved, EDITS, "fix") == made
    with pytest.raises(Refusal, match="something else"):
        world.host.commit_files("selfmod/fix", moved, (*EDITS, FileEdit("later.py", b"2\n")), "fix")


@pytest.mark.parametrize(
    "there", [{"shop.py": "x = 41\n"}, {"shop.py": "x = 42\n", "more.py": "y\n"}, {"other.py": "z\n"}]
)
def test_a_branch_of_somebody_else_is_left_alone(world: World, there: dict[str, str]) -> None:
    tip = world.github.push(REPOSITORY, "selfmod/fix", there, by="bob")
    with pytest.raises(Refusal, match="something else"):
        world.host.commit_files("selfmod/fix", world.base, EDITS, "fix")
    assert world.host.branch("selfmod/fix") == tip


def test_a_push_in_between_is_never_overwritten(world: World) -> None:
    base = world.base
    fault = world.github.faults.add(
        "POST",
        "/graphql$",
        "before",
        do=lambda: world.github.push(REPOSITORY, "selfmod/fix", {"mine.py": "1\n"}, by="bob"),
    )
    with pytest.raises(Refusal):
        world.host.commit_files("selfmod/fix", base, EDITS, "fix")
    assert fault.hits == 1
    assert stored(world, "selfmod/fix", "mine.py") == b"1\n"


def test_two_at_once_make_one_commit(world: World) -> None:
    base = world.base
    world.github.faults.add(
        "POST", "/graphql$", "before", do=lambda: world.host.commit_files("selfmod/fix", base, EDITS, "fix")
    )
    made = world.host.commit_files("selfmod/fix", base, EDITS, "fix")
    assert world.host.branch("selfmod/fix") == made
    assert commits(world, "selfmod/fix") == 1


def test_names_of_contents_are_gits() -> None:
    assert files.blob(b"") == "e69de29bb2d1d6434b8b29ae775ad8c2e48c5391"
    assert files.blob(b"what is up, doc?") == "bd9dbf5aae1a3862dd1526723246b20206e5fc37"
