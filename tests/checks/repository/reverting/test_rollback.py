"""The commit, the index and the working tree after a rollback; what is never lost, and what never runs."""

from pathlib import Path

import pytest

from checks.model.errors import Refusal
from checks.repository.reverting import rollback
from checks.repository.reverting.reverse import Reverted, reverse
from checks.repository.writing.person import Person
from tests.repositories import Repository, made

ANN = Person("Ann Ämter", "ann@example.org")
TEXT = "".join(f"line {number}\n" for number in range(30))


def taken_back(project: Repository, commit: str = "HEAD") -> str:
    found = reverse(project.root, [commit], "HEAD")
    assert isinstance(found, Reverted)
    return rollback.commit(project.root, found, "Revert it\n\nwhy\n", ANN)


def state(project: Repository) -> tuple[str, ...]:
    """The files with their modes, the index, the branches and the reflog."""
    files = (path for path in sorted(project.root.rglob("*")) if ".git" not in path.parts)
    seen = [f"{path} {path.lstat().st_mode:o} {path.is_file() and path.read_bytes()!r}" for path in files]
    git = (project.git(*words) for words in (("ls-files", "-s"), ("branch", "-av"), ("reflog",)))
    return *seen, *git


@pytest.fixture
def project(repository: Repository) -> Repository:
    repository.put("a.txt", TEXT)
    repository.put("tool", "#!/bin/sh\n")
    repository.put("gone/deep.txt", "deep\n")
    (repository.root / "link").symlink_to("a.txt")
    repository.commit()
    repository.put("a.txt", TEXT.replace("line 3\n", "changed\n"))
    (repository.root / "tool").chmod(0o755)
    (repository.root / "link").unlink()
    (repository.root / "link").symlink_to("tool")
    repository.git("rm", "-q", "gone/deep.txt")
    repository.put("added/new.bin", b"\0\1")
    repository.commit()
    return repository


def test_the_tree_the_index_and_the_branch_move_together(project: Repository) -> None:
    project.put("untracked.txt", "mine\n")
    before = project.git("rev-parse", "HEAD").strip()
    commit = taken_back(project)
    assert project.git("rev-parse", "main", "HEAD^").split() == [commit, before]
    assert project.git("rev-parse", "HEAD^{tree}") == project.git("rev-parse", f"{before}^^{{tree}}")
    assert project.git("status", "--porcelain") == "?? untracked.txt\n"
    assert not (project.root / "added").exists() and project.read("gone/deep.txt") == b"deep\n"
    assert (project.root / "link").readlink() == Path("a.txt")
    assert not (project.root / "tool").stat().st_mode & 0o111
    shown = project.git("log", "-1", "--format=%an <%ae> %cn <%ce>%n%B").strip()
    assert shown == "Ann Ämter <ann@example.org> Ann Ämter <ann@example.org>\nRevert it\n\nwhy"
    assert project.git("log", "-g", "-1", "--format=%gs").strip() == "revert: Revert it"
    taken_back(project)
    assert project.git("rev-parse", "HEAD^{tree}") == project.git("rev-parse", f"{before}^{{tree}}")
    assert (project.root / "tool").stat().st_mode & 0o111


def test_a_detached_head_and_a_linked_worktree(project: Repository, tmp_path: Path) -> None:
    project.git("worktree", "add", "-q", str(tmp_path / "second"), "-b", "second")
    second = Repository(tmp_path / "second")
    commit = taken_back(second)
    assert second.git("status", "--porcelain") == "" and rollback.branch(second.root) == "second"
    assert project.git("rev-parse", "second").strip() == commit != project.git("rev-parse", "main").strip()
    project.git("checkout", "-q", "--detach")
    commit = taken_back(project)
    assert rollback.branch(project.root) == "" and project.git("status", "--porcelain") == ""
    assert project.git("rev-parse", "HEAD", "main^").split()[0] == commit != project.git("rev-parse", "main").strip()


def dirty(project: Repository) -> None:
    project.put("a.txt", "mine\n")


def staged(project: Repository) -> None:
    project.put("other.txt", "mine\n")
    project.git("add", "other.txt")


def unmade(project: Repository) -> None:
    (project.root / "tool").unlink()


def in_the_way(project: Repository) -> None:
    project.put("gone/deep.txt", "mine\n")


def ignored_in_the_way(project: Repository) -> None:
    project.put(".git/info/exclude", "gone\n")
    project.put("gone/deep.txt", "mine\n")


def half_merged(project: Repository) -> None:
    project.put(".git/MERGE_HEAD", project.git("rev-parse", "HEAD"))


def half_rebased(project: Repository) -> None:
    project.put(".git/rebase-merge/head-name", "refs/heads/main\n")


def filtered(project: Repository) -> None:
    project.put(".git/info/attributes", "*.txt filter=lfs\n")


def locked(project: Repository) -> None:
    project.put(".git/index.lock", "")


def branch_locked(project: Repository) -> None:
    project.put(".git/refs/heads/main.lock", "")


@pytest.mark.parametrize(
    ("spoil", "why"),
    [
        (dirty, r"not committed yet: a\.txt"),
        (staged, r"not committed yet: other\.txt"),
        (unmade, "not committed yet: tool"),
        (in_the_way, r"gone/deep\.txt"),
        (ignored_in_the_way, r"gone/deep\.txt"),
        (half_merged, "A merge is half done"),
        (half_rebased, "A rebase is half done"),
        (filtered, r"a\.txt is kept through the filter 'lfs'"),
        (locked, r"index\.lock"),
        (branch_locked, "the branch could not be moved"),
    ],
)
def test_nothing_is_lost(project: Repository, spoil, why: str) -> None:
    spoil(project)
    before = state(project)
    with pytest.raises(Refusal, match=why) as caught:
        taken_back(project)
    assert caught.value.hint and state(project) == before


def test_a_branch_that_moved(project: Repository) -> None:
    found = reverse(project.root, ["HEAD"], "HEAD")
    assert isinstance(found, Reverted)
    project.commit(more="m\n")
    with pytest.raises(Refusal, match="has moved"):
        rollback.commit(project.root, found, "m", ANN)


def test_touched_files_and_submodules_elsewhere_are_clean(project: Repository, tmp_path: Path) -> None:
    inner = made(tmp_path / "inner")
    inner.commit(x="x\n")
    project.git("submodule", "--quiet", "add", str(inner.root), "sub")
    project.git("commit", "-q", "-m", "submodule")
    Repository(project.root / "sub").commit(y="y\n")
    (project.root / "a.txt").touch()
    project.git("update-index", "--split-index")
    taken_back(project, "HEAD^")
    assert project.git("status", "--porcelain", "--ignore-submodules=all") == ""
    assert (project.root / "sub" / "y.py").exists()


@pytest.mark.parametrize(("key", "value"), [("core.autocrlf", "true"), ("core.fileMode", "false")])
def test_how_this_machine_keeps_files(project: Repository, key: str, value: str) -> None:
    project.git("config", key, value)
    project.git("rm", "-q", "--cached", "-r", ".")
    project.git("reset", "-q", "--hard")
    taken_back(project)
    assert project.git("status", "--porcelain") == ""
    assert (b"\r\n" in project.read("gone/deep.txt")) == (key == "core.autocrlf")


def test_nothing_of_the_repository_runs(booby_trapped: tuple[Repository, Path]) -> None:
    repository, marker = booby_trapped
    repository.put("a.py", "a = 2\nb = 2\n")
    repository.put(".gitattributes", "* diff=evil merge=evil\n*.py filter=evil\n")
    repository.put("b.txt", "b\n")
    quiet = ("-c", "core.fsmonitor=", "-c", "core.hooksPath=/dev/null", "-c", "commit.gpgSign=false")
    repository.git(*quiet, "add", "-A")
    repository.git(*quiet, "commit", "-q", "-m", "work")
    marker.unlink(missing_ok=True)
    with pytest.raises(Refusal, match="filter 'evil'"):
        taken_back(repository)
    repository.put("b.txt", "c\n")
    repository.git(*quiet, "commit", "-q", "-m", "work", "b.txt")
    marker.unlink(missing_ok=True)
    (repository.root / "a.py").touch()
    taken_back(repository)
    assert repository.read("b.txt") == b"b\n"
    assert "gpgsig" not in repository.git("cat-file", "commit", "HEAD") and not marker.exists()
    repository.git("revert", "--no-edit", "HEAD", check=False)
    assert marker.exists(), "the traps work for ordinary git"


def test_who_commits(project: Repository, monkeypatch, tmp_path: Path) -> None:
    monkeypatch.setenv("HOME", str(tmp_path))
    monkeypatch.delenv("XDG_CONFIG_HOME", raising=False)
    for name in ("GIT_AUTHOR_NAME", "GIT_AUTHOR_EMAIL"):
        monkeypatch.delenv(name, raising=False)
    with pytest.raises(Refusal, match=r"user\.name is not set") as caught:
        rollback.author(project.root)
    assert caught.value.hint == 'Tell it: git config --global user.name "Ann"'
    (tmp_path / ".gitconfig").write_text("[user]\nname = Ann\n")
    with pytest.raises(Refusal, match=r"user\.email is not set"):
        rollback.author(project.root)
    project.git("config", "user.email", "ann@local")
    assert rollback.author(project.root) == Person("Ann", "ann@local")
