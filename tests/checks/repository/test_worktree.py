import os
from pathlib import Path

import pytest

from checks.repository import history, worktree
from checks.repository.history import Changed
from tests.repositories import Repository

LONG = "".join(f"line {n}\n" for n in range(50))


def _prepare(repository: Repository) -> str:
    repository.put("kept.py", LONG.replace("line", "kept"))
    repository.put("edited.py", "a\n")
    repository.put("gone.py", "only here\n")
    repository.put("old name.py", LONG)
    repository.put("folder/deep.py", "deep\n")
    repository.put(".gitignore", "ignored.py\n")
    return repository.commit()


def _change(repository) -> None:
    root = repository.root
    repository.put("edited.py", "b\n")
    (root / "gone.py").unlink()
    (root / "old name.py").unlink()
    repository.put("new/näme.py", LONG.replace("line 7\n", "line seven\n"))
    repository.put("added.py", "something else\n")
    repository.put("ignored.py", "x\n")
    (root / "link.py").symlink_to("/etc/passwd")


EXPECTED = (
    Changed("added.py", None, "added"),
    Changed("edited.py", None, "modified"),
    Changed("gone.py", None, "deleted"),
    Changed("new/näme.py", "old name.py", "renamed"),
)


def test_working_tree_and_commit_tell_the_same(repository) -> None:
    base = _prepare(repository)
    _change(repository)
    objects_before = sorted((repository.root / ".git/objects").rglob("*"))
    assert worktree.changed_files(repository.root, base) == EXPECTED
    assert sorted((repository.root / ".git/objects").rglob("*")) == objects_before
    repository.commit()
    assert worktree.changed_files(repository.root, base) == EXPECTED
    assert worktree.changed_files(repository.root, base, "HEAD") == EXPECTED
    assert worktree.changed_files(repository.root, "HEAD") == ()


def test_a_file_that_became_a_folder_or_a_link(repository, tmp_path: Path) -> None:
    _prepare(repository)
    root = repository.root
    (root / "edited.py").unlink()
    repository.put("edited.py/inner.py", "inner\n")
    (root / "folder" / "deep.py").unlink()
    (root / "folder").rmdir()
    (tmp_path / "else").mkdir()
    (tmp_path / "else" / "deep.py").write_text("not ours\n")
    (root / "folder").symlink_to(tmp_path / "else")
    found = {c.path: c.status for c in worktree.changed_files(root, "HEAD")}
    assert found == {"edited.py": "deleted", "edited.py/inner.py": "added", "folder/deep.py": "deleted"}


def test_modes_line_ends_and_large_files(repository, monkeypatch) -> None:
    monkeypatch.setattr(worktree, "COMPARED", 1000)
    repository.put("same.bin", b"s" * 2000)
    repository.put("other.bin", b"s" * 2000)
    repository.put("script.py", "x\n")
    repository.put("dos.py", "a\nb\n")
    repository.commit()
    repository.put("other.bin", b"s" * 1999 + b"t")
    repository.put("big.bin", b"n" * 3000)
    repository.put("dos.py", "a\r\nb\r\n")
    (repository.root / "script.py").chmod(0o755)
    found = {c.path: c.status for c in worktree.changed_files(repository.root, "HEAD")}
    assert found == {"other.bin": "modified", "big.bin": "added", "script.py": "modified"}
    repository.git("config", "core.fileMode", "false")
    assert "script.py" not in {c.path for c in worktree.changed_files(repository.root, "HEAD")}


def test_odd_names_submodules_and_pipes(repository) -> None:
    commit = repository.commit(a="a\n")
    repository.git("update-index", "--add", "--cacheinfo", f"160000,{commit},module")
    repository.git("commit", "-q", "-m", "module")
    base = history.resolve(repository.root, "HEAD")
    odd = ["new\nline.py", 'quo"te.py', "tab\t.py", "back\\slash.py", "über.py", "space .py"]
    for name in odd:
        repository.put(name, name)
    (repository.root / os.fsdecode(b"latin\xff.py")).write_bytes(b"latin")
    os.mkfifo(repository.root / "pipe.py")
    (repository.root / "a.py").unlink()
    os.mkfifo(repository.root / "a.py")
    found = {c.path: c.status for c in worktree.changed_files(repository.root, base)}
    assert found == {"a.py": "deleted", "latin\udcff.py": "added"} | dict.fromkeys(odd, "added")


@pytest.mark.parametrize("kind", ["sha1", "sha256"])
def test_both_kinds_of_object_names(repository, kind: str) -> None:
    inner = type(repository)(repository.root / kind)
    inner.root.mkdir()
    inner.git("init", "-q", f"--object-format={kind}", "-b", "main")
    inner.commit(a=LONG, b="b\n")
    (inner.root / "a.py").rename(inner.root / "c.py")
    assert worktree.changed_files(inner.root, "HEAD") == (Changed("c.py", "a.py", "renamed"),)


def test_a_partial_clone_is_compared_without_renames(repository, tmp_path: Path) -> None:
    base = _prepare(repository)
    _change(repository)
    repository.commit()
    repository.git("config", "uploadpack.allowFilter", "true")
    clone = tmp_path / "clone"
    repository.git("clone", "-q", "--no-checkout", "--filter=blob:none", f"file://{repository.root}", str(clone))
    found = {c.path: c.status for c in worktree.changed_files(clone, base, "HEAD")}
    assert found == {
        "added.py": "added",
        "edited.py": "modified",
        "gone.py": "deleted",
        "new/näme.py": "added",
        "old name.py": "deleted",
    }
