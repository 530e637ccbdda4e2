from pathlib import Path

import pytest

from checks.model.changes import ChangeSet, FileChange, digest
from checks.model.errors import Refusal
from checks.repository.writing.branch import commit_on_branch


def change(path: str, before: bytes | None, after: bytes | None, *, executable: bool = False) -> FileChange:
    return FileChange(path, None if before is None else digest(before), after, executable)


FIX = ChangeSet(
    None,
    (
        change("a.py", b"old\n", b"new\r\n\xff"),
        change("run.sh", b"old\n", b"new\n"),
        change("gone.py", b"old\n", None),
        change('deep/new\n"file".py', None, b"n\n"),
        change("tool", None, b"#!\n", executable=True),
    ),
)


@pytest.fixture
def ready(repository):
    """A repository with one commit, a dirty file, an untracked one and a staged one."""
    for name in ("a.py", "run.sh", "gone.py", "other.py", "staged.py"):
        repository.put(name, "old\n")
    (repository.root / "run.sh").chmod(0o755)
    repository.commit()
    repository.put("other.py", "dirty\n")
    repository.put("staged.py", "staged\n")
    repository.git("add", "staged.py")
    repository.put("untracked.py", "u\n")
    return repository


def test_a_commit_beside_everything_else(ready, monkeypatch, tmp_path: Path) -> None:
    monkeypatch.setenv("HOME", str(tmp_path))
    before = (
        ready.git("status", "--porcelain"),
        ready.git("rev-parse", "main"),
        (ready.root / ".git/index").read_bytes(),
    )
    made = commit_on_branch(FIX, ready.root, "selfmod/fix", "fix: the things\n\nWhy: ümläut\n")
    assert before == (
        ready.git("status", "--porcelain"), ready.git("rev-parse", "main"), (ready.root / ".git/index").read_bytes()
    )  # fmt: skip
    assert ready.git("rev-parse", "selfmod/fix").strip() == made
    raw = ready.git("diff-tree", "-r", "-z", "--no-renames", "main", made).split("\0")[:-1]
    changed = {path: (facts.split()[1], facts.split()[4]) for facts, path in zip(raw[::2], raw[1::2], strict=True)}
    assert changed == {
        "a.py": ("100644", "M"),
        "run.sh": ("100755", "M"),
        "gone.py": ("000000", "D"),
        'deep/new\n"file".py': ("100644", "A"),
        "tool": ("100755", "A"),
    }
    assert ready.git("cat-file", "blob", f"{made}:a.py") == "new\r\n\udcff"
    shown = ready.git("log", "-1", "--format=%an <%ae>%n%cn <%ce>%n%B", made)
    assert shown.strip() == "selfmod <selfmod@localhost>\nselfmod <selfmod@localhost>\nfix: the things\n\nWhy: ümläut"


def test_the_identity_of_the_user(ready, monkeypatch, tmp_path: Path) -> None:
    (tmp_path / ".gitconfig").write_text("[user]\nname = Global Ann\nemail = ann@global\n")
    monkeypatch.setenv("HOME", str(tmp_path))
    made = commit_on_branch(FIX, ready.root, "one", "m")
    assert ready.git("log", "-1", "--format=%an <%ae>", made).strip() == "Global Ann <ann@global>"
    ready.git("config", "user.name", "Local Ann")
    monkeypatch.setenv("GIT_AUTHOR_EMAIL", "ann@variable")
    made = commit_on_branch(FIX, ready.root, "two", "m")
    assert ready.git("log", "-1", "--format=%an <%ae>", made).strip() == "Local Ann <ann@variable>"


def test_a_branch_that_exists_is_never_moved(ready) -> None:
    ready.git("branch", "fix")
    ready.git("branch", "fix-2")
    with pytest.raises(Refusal) as caught:
        commit_on_branch(FIX, ready.root, "fix", "m")
    assert (caught.value.reason, caught.value.hint) == (
        "The branch fix exists already.",
        "Use another name, for example fix-3.",
    )
    assert ready.git("rev-parse", "fix") == ready.git("rev-parse", "main")
    for beside in ("fix/deeper", "main/x"):
        with pytest.raises(Refusal, match="cannot stand beside"):
            commit_on_branch(FIX, ready.root, beside, "m")


@pytest.mark.parametrize(
    "name", ["", "-D", "--delete", "a..b", "a b", "a\nb", "a\0b", "a.lock", "/a", "a/", "@{-1}", "a~1", "HEAD", ".a"]
)
def test_names_that_are_none(ready, name: str) -> None:
    with pytest.raises(Refusal, match="is no name for a branch"):
        commit_on_branch(FIX, ready.root, name, "m")
    assert ready.git("branch", "--format=%(refname:short)").split() == ["main"]


@pytest.mark.parametrize(
    ("edit", "named"),
    [
        (change("other.py", b"dirty\n", b"x\n"), "other.py"),
        (change("staged.py", b"staged\n", b"x\n"), "staged.py"),
        (change("untracked.py", b"u\n", b"x\n"), "untracked.py"),
        (change("a.py", None, b"x\n"), "a.py"),
        (change("nope.py", b"old\n", None), "nope.py"),
    ],
)
def test_uncommitted_work_is_named(ready, edit: FileChange, named: str) -> None:
    with pytest.raises(Refusal, match=f"work that is not committed: {named}"):
        commit_on_branch(ChangeSet(None, (edit,)), ready.root, "fix", "m")
    assert "fix" not in ready.git("branch")


def test_links_and_submodules_are_not_replaced(ready) -> None:
    (ready.root / "link.py").symlink_to("a.py")
    ready.git("add", "link.py")
    ready.git("commit", "-q", "-m", "link")
    with pytest.raises(Refusal, match=r"link\.py"):
        commit_on_branch(ChangeSet(None, (change("link.py", b"a.py", b"x\n"),)), ready.root, "fix", "m")


def test_no_commit_and_nothing_to_commit(repository) -> None:
    with pytest.raises(Refusal, match="no commit to build on"):
        commit_on_branch(FIX, repository.root, "fix", "m")
    repository.commit(a="a\n")
    with pytest.raises(Refusal, match="nothing to commit"):
        commit_on_branch(ChangeSet(None, ()), repository.root, "fix", "m")
    with pytest.raises(Refusal, match="is not applied"):
        commit_on_branch(ChangeSet(None, (change(".git/x", None, b""),)), repository.root, "fix", "m")


def test_outside_git(tmp_path: Path) -> None:
    with pytest.raises(Refusal, match="is not the root of a git repository"):
        commit_on_branch(FIX, tmp_path, "fix", "m")


def test_a_sha256_repository(repository, tmp_path: Path) -> None:
    inner = type(repository)(tmp_path / "inner")
    inner.root.mkdir()
    inner.git("init", "-q", "--object-format=sha256", "-b", "main")
    inner.put("a.py", "old\n")
    inner.commit()
    made = commit_on_branch(ChangeSet(None, (change("a.py", b"old\n", b"new\n"),)), inner.root, "fix", "m")
    assert len(made) == 64 and inner.git("show", "fix:a.py") == "new\n"
