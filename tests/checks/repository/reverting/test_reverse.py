"""What a branch is without a modification: the forms that it came in by, and the kinds of things that a tree holds."""

from pathlib import Path

import pytest

from checks.model.errors import Refusal
from checks.repository.reverting.reverse import Conflict, Edit, Reverted, before, difference, reverse
from tests.repositories import Repository

TEXT = "".join(f"line {number}\n" for number in range(30))
LINK = "1" * 40


def edited(text: str, *numbers: int, by: str = "changed") -> str:
    for number in numbers:
        text = text.replace(f"line {number}\n", f"{by} {number}\n")
    return text


@pytest.fixture
def project(repository: Repository) -> Repository:
    repository.put("a.txt", TEXT)
    repository.put("b.txt", TEXT.replace("line", "other"))
    repository.put("binary", b"\0one")
    repository.put("tool", "#!/bin/sh\n")
    (repository.root / "link").symlink_to("a.txt")
    repository.commit()
    repository.git("update-index", "--add", "--cacheinfo", f"160000,{LINK},sub")
    repository.git("commit", "-q", "-m", "submodule")
    (repository.root / "sub").mkdir()
    return repository


def reverted(project: Repository, *commits: str) -> Reverted:
    found = reverse(project.root, commits or ("HEAD",), "HEAD")
    assert isinstance(found, Reverted), found
    return found


def clashing(project: Repository, *commits: str) -> dict[str, str]:
    found = reverse(project.root, commits, "HEAD")
    assert isinstance(found, Conflict), found
    return {each.path: each.reason for each in found.files}


def state(project: Repository) -> tuple[str, ...]:
    git = sorted(str(path) for path in (project.root / ".git").rglob("*"))
    return project.git("status", "--porcelain"), project.git("ls-files", "-s"), *git


@pytest.mark.parametrize("way", ["merge", "squash", "rebase", "range"])
def test_every_way_in_is_found_out_again(project: Repository, way: str) -> None:
    project.git("checkout", "-q", "-b", "side")
    project.put("a.txt", edited(TEXT, 3))
    project.commit()
    project.put("a.txt", edited(TEXT, 3, 5))
    project.put("new.txt", "new\n")
    project.commit()
    project.git("checkout", "-q", "main")
    project.put("b.txt", "meanwhile\n")
    project.commit()
    start = project.git("rev-parse", "HEAD").strip()
    if way == "merge":
        project.git("merge", "-q", "--no-ff", "-m", "Merge side", "side")
    elif way == "squash":
        project.git("merge", "-q", "--squash", "side")
        project.commit()
    else:
        project.git("cherry-pick", "main..side")
    commits = project.git("rev-list", "--reverse", "--first-parent", f"{start}..HEAD").split()
    project.put("a.txt", edited(TEXT, 3, 5, 25))
    project.commit()
    before = state(project)
    found = reverted(project, *([f"{start}..{commits[-1]}"] if way == "range" else commits))
    assert state(project) == before
    assert {edit.path: edit.content for edit in found.edits} == {"new.txt": None, "a.txt": edited(TEXT, 25).encode()}
    assert found.onto == project.git("rev-parse", "HEAD").strip() and not found.gone


def test_commits_with_others_between_them(project: Repository) -> None:
    found = []
    for number, part in ((3, True), (10, False), (20, True), (25, False)):
        project.put("a.txt", edited((project.root / "a.txt").read_text(), number))
        commit = project.commit()
        found += [commit] if part else []
    assert [edit.content for edit in reverted(project, *found).edits] == [edited(TEXT, 10, 25).encode()]


def test_what_a_tree_can_hold(project: Repository) -> None:
    (project.root / "tool").chmod(0o755)
    (project.root / "link").unlink()
    (project.root / "link").symlink_to("b.txt")
    project.put("binary", b"\0two")
    project.put("ümlaut \udcff.txt".encode("utf-8", "surrogateescape").decode("utf-8", "surrogateescape"), "x\n")
    project.git("rm", "-q", "-r", "--cached", "sub")
    (project.root / "sub").rmdir()
    project.put("a.txt", "")
    project.git("mv", "b.txt", "moved.txt")
    project.commit()
    original = project.git("ls-tree", "-r", "HEAD^")
    found = reverted(project)
    by_path = {edit.path: edit for edit in found.edits}
    assert by_path["sub"] == Edit("sub", None, "160000", LINK)
    assert (by_path["link"].mode, by_path["link"].content) == ("120000", b"a.txt")
    assert (by_path["tool"].was, by_path["tool"].mode) == ("100755", "100644")
    assert by_path["moved.txt"].mode is None and by_path["b.txt"].content == TEXT.replace("line", "other").encode()
    assert by_path["ümlaut \udcff.txt"].mode is None
    assert {edit.path for edit in found.needs_mode} == {"sub", "link", "tool"}
    assert [edit.mode is None for edit in found.edits] == sorted((e.mode is None for e in found.edits), reverse=True)
    project.git("apply", "--index", stdin=difference(project.root, found))
    assert project.git("write-tree").strip() == found.tree
    assert (
        project.git("ls-files", "-s").replace(" 0\t", "\t").split()
        == original.replace("blob ", "").replace("commit ", "").split()
    )


def test_later_work_stays(project: Repository) -> None:
    project.put("a.txt", edited(TEXT, 3))
    (project.root / "tool").chmod(0o755)
    commit = project.commit()
    project.git("mv", "a.txt", "renamed.txt")
    project.put("renamed.txt", edited(TEXT, 3, 25))
    project.put("tool", "#!/bin/sh\ntrue\n")
    project.commit()
    found = {edit.path: (edit.mode, edit.content) for edit in reverted(project, commit).edits}
    assert found == {"renamed.txt": ("100644", edited(TEXT, 25).encode()), "tool": ("100644", b"#!/bin/sh\ntrue\n")}


def test_nothing_is_left_to_take_back(project: Repository) -> None:
    project.put("a.txt", edited(TEXT, 3))
    commit = project.commit()
    project.put("a.txt", TEXT)
    project.commit()
    found = reverted(project, commit)
    assert found.gone and found.edits == () and difference(project.root, found) == b""


def test_the_first_commit_of_all(repository: Repository) -> None:
    first = repository.commit(a="a\n")
    repository.commit(b="b\n")
    assert [(edit.path, edit.mode) for edit in reverted(repository, first).edits] == [("a.py", None)]


def test_conflicts_name_files_and_reasons(project: Repository) -> None:
    project.put("a.txt", edited(TEXT, 3))
    project.put("binary", b"\0two")
    project.put("new.txt", "new\n")
    project.git("mv", "b.txt", "second.txt")
    project.git("rm", "-q", "tool")
    project.git("update-index", "--add", "--cacheinfo", f"160000,{'2' * 40},sub")
    project.commit()
    project.put("a.txt", edited(TEXT, 3, by="later"))
    project.put("binary", b"\0three")
    project.put("new.txt", "new\nmore\n")
    project.git("mv", "second.txt", "third.txt")
    project.put("tool", "another\n")
    project.git("update-index", "--add", "--cacheinfo", f"160000,{'3' * 40},sub")
    project.commit()
    assert clashing(project, "HEAD^") == {
        "a.txt": "the same lines, or lines beside them, were changed later",
        "binary": "it is no text, and was changed later",
        "new.txt": "the modification added it, and it was changed later",
        "sub": "its submodule was moved later",
        "third.txt": "it was renamed, and later renamed again",
        "tool": "the modification removed it, and another was put in its place later",
    }


def test_a_file_that_was_deleted_later(project: Repository) -> None:
    project.put("a.txt", edited(TEXT, 3))
    project.commit()
    project.git("rm", "-q", "a.txt")
    project.commit()
    assert clashing(project, "HEAD^") == {"a.txt": "it was deleted later"}


def test_what_the_modification_added_is_known_under_a_later_name(project: Repository) -> None:
    """git's merge takes a file that was renamed and rewritten bit by bit for a new one, and would leave it."""
    words = [f"word {number}\n" for number in range(20)]
    project.put("new.txt", "".join(words))
    modification = project.commit()
    project.git("mv", "new.txt", "x.txt")
    project.commit()
    for at in range(0, 20, 5):
        words[at : at + 5] = [f"quite another {at} {number}\n" for number in range(5)]
        project.put("x.txt", "".join(words))
        project.commit()
    project.git("mv", "x.txt", "y.txt")
    project.commit()
    assert clashing(project, modification) == {
        "y.txt": "the modification added it, and it was renamed and changed later"
    }
    project.git("rm", "-q", "y.txt")
    project.commit()
    assert reverted(project, modification).gone


def test_drivers_and_attributes_have_no_say(booby_trapped: tuple[Repository, Path]) -> None:
    repository, marker = booby_trapped
    attributes = repository.git("rev-parse", "HEAD").strip()
    repository.git("config", "--unset", "core.hooksPath")
    env = ("-c", "core.fsmonitor=", "-c", "core.hooksPath=/dev/null", "-c", "commit.gpgSign=false")
    for content in ("a = 2\nb = 2\n", "a = 3\nb = 2\n"):
        repository.put("a.py", content)
        repository.git(*env, "commit", "-q", "-a", "-m", "work")
    marker.unlink(missing_ok=True)
    found = reverse(repository.root, ["HEAD^"], "HEAD")
    assert isinstance(found, Conflict) and [each.path for each in found.files] == ["a.py"]
    assert reverted(repository, f"{attributes}..HEAD").edits[0].content == b"a = 1\nb = 2\n"
    difference(repository.root, reverted(repository, "HEAD"))
    assert not marker.exists()
    repository.git(*env, "merge-tree", "--write-tree", "HEAD", "HEAD^", check=False)
    repository.git(*env, "revert", "--no-edit", "HEAD^", check=False)
    assert marker.exists(), "the traps work for ordinary git"


@pytest.mark.parametrize(
    ("commits", "why"),
    [
        (["nonsense"], "has no commit 'nonsense'"),
        (["--all"], "has no commit '--all'"),
        (["side"], "is not in the history of HEAD"),
        (["HEAD..HEAD^"], r"HEAD is not in the history of HEAD\^"),
        (["HEAD^..nonsense"], "has no commit 'nonsense'"),
    ],
)
def test_refusals(project: Repository, commits: list[str], why: str) -> None:
    project.git("checkout", "-q", "-b", "side")
    project.commit(side="s\n")
    project.git("checkout", "-q", "main")
    with pytest.raises(Refusal, match=why) as caught:
        reverse(project.root, commits, "HEAD")
    assert caught.value.hint


def test_a_shallow_clone(project: Repository, tmp_path: Path) -> None:
    for number in range(3):
        project.put("a.txt", edited(TEXT, number))
        project.commit()
    clone = Repository(tmp_path / "clone")
    project.git("clone", "-q", "--depth=2", f"file://{project.root}", str(clone.root))
    assert [edit.path for edit in reverted(clone, "HEAD").edits] == ["a.txt"]
    with pytest.raises(Refusal, match="is not in this clone"):
        reverse(clone.root, ["HEAD^"], "HEAD")
    with pytest.raises(Refusal):
        reverse(clone.root, [project.git("rev-parse", "HEAD~2").strip()], "HEAD")


def test_a_linked_worktree_and_a_sha256_repository(project: Repository, tmp_path: Path) -> None:
    project.put("a.txt", edited(TEXT, 3))
    project.commit()
    project.git("worktree", "add", "-q", str(tmp_path / 'second "one"'), "-b", "second")
    assert [edit.path for edit in reverted(Repository(tmp_path / 'second "one"')).edits] == ["a.txt"]
    inner = Repository(tmp_path / "inner")
    inner.root.mkdir()
    inner.git("init", "-q", "--object-format=sha256", "-b", "main")
    inner.commit(a="a\n")
    inner.commit(a="b\n")
    found = reverted(inner, "HEAD")
    assert len(found.tree) == 64 and found.edits[0].content == b"a\n"


def test_the_commit_that_a_modification_was_made_on(project: Repository) -> None:
    start = project.git("rev-parse", "HEAD").strip()
    project.git("checkout", "-q", "-b", "side")
    project.put("a.txt", edited(TEXT, 3))
    project.commit()
    project.put("a.txt", edited(TEXT, 3, 5))
    side = project.commit()
    assert before(project.root, ("side",), "side") == project.git("rev-parse", "side~1").strip()
    assert before(project.root, ("side~2..side",), "side") == start
    project.git("checkout", "-q", "main")
    project.git("merge", "-q", "--no-ff", "-m", "merged", "side")
    assert before(project.root, ("main",), "main") == start
    first = project.git("rev-list", "--max-parents=0", "main").strip()
    assert before(project.root, (first,), "main") is None
    with pytest.raises(Refusal, match="not in the history of"):
        before(project.root, (side,), start)
