"""The four kinds of change: what is touched, what head holds, what is shipped; nothing of the repository runs."""

import base64
import os
import pickle
import string
import zlib
from collections.abc import Callable
from pathlib import Path

import pytest

from checks.model.changes import ChangeSet, FileChange, digest
from checks.model.errors import Refusal
from checks.model.trees import File, Mode
from checks.repository import changed
from checks.repository.change import Change, Touched
from checks.repository.snapshot import SIZE_LIMIT
from tests.repositories import Repository

LONG = "".join(f"line {n}\n" for n in range(50))
LINK: Mode = "120000"
LARGE = b"\1" * (SIZE_LIMIT + 1)

TOUCHED = (
    Touched("a folder/näme.py", "renamed", "old name.py"),
    Touched("added.py", "added", None, None, "100644"),
    Touched("edited.py", "modified"),
    Touched("gone.py", "deleted", None, "100644", None),
    Touched("large.bin", "added", None, None, "100644"),
    Touched("link", "added", None, None, LINK),
    Touched("odd\udcff.py", "added", None, None, "100644"),
    Touched("run.sh", "modified", None, "100644", "100755"),
    Touched("turned", "modified", None, LINK, "100644"),
)
ADDED = {
    "a folder/näme.py": {8},
    "added.py": {1},
    "edited.py": {2},
    "run.sh": set(),
    "turned": {1},
}


def _prepared(repository: Repository) -> str:
    for name, content in {"edited.py": "a\nb\nc\n", "gone.py": "g\n", "old name.py": LONG, "run.sh": "x\n"}.items():
        repository.put(name, content)
    (repository.root / "turned").symlink_to("edited.py")
    repository.put(".gitignore", "ignored\n")
    return repository.commit()


def _edit(repository: Repository) -> None:
    root = repository.root
    for name in ("gone.py", "old name.py", "turned"):
        (root / name).unlink()
    repository.put("edited.py", "a\nB\nc\n")
    repository.put("a folder/näme.py", LONG.replace("line 7\n", "line seven\n"))
    repository.put("added.py", "n\n")
    repository.put("ignored", "n\n")
    repository.put("large.bin", LARGE)
    repository.put("odd\udcff.py", "o\n")
    repository.put("turned", "t\n")
    (root / "run.sh").chmod(0o755)
    (root / "link").symlink_to("/etc/passwd")


def _of_commits(repository: Repository) -> Change:
    repository.git("checkout", "-q", "-b", "work")
    repository.commit()
    return changed.of_commits(repository.root, "main", "work")


def _of_working_tree(repository: Repository) -> Change:
    return changed.of_working_tree(repository.root)


def _of_patch(repository: Repository) -> Change:
    repository.git("add", "-A")
    patch = os.fsencode(repository.git("diff", "--cached", "--binary", "-M"))
    repository.git("reset", "-q", "--hard")
    return changed.of_patch(repository.root, patch, "x.patch")


def _of_mail(repository: Repository) -> Change:
    repository.git("checkout", "-q", "-b", "work")
    repository.commit()
    mail = os.fsencode(repository.git("format-patch", "--stdout", "--binary", "main"))
    return changed.of_patch(repository.root, mail, "0001-work.patch", "main")


@pytest.mark.parametrize("kind", [_of_commits, _of_working_tree, _of_patch, _of_mail])
def test_every_kind_sees_everything(repository: Repository, kind: Callable[[Repository], Change]) -> None:
    base = _prepared(repository)
    _edit(repository)
    change = kind(repository)
    assert change.touched == TOUCHED
    assert change.base_commit == base
    assert (change.head_commit is not None) == (kind is _of_commits)
    assert [e.path for e in change.head.files] == [
        *(".gitignore", "a folder/näme.py", "added.py", "edited.py", "run.sh", "turned")
    ]
    assert {n.file: n.reason.partition(":")[0] for n in change.head.skipped} == {
        "large.bin": "larger than 2048 KiB",
        "link": "symbolic link",
        "odd\\xff.py": "name is not UTF-8",
    }
    assert change.head.read("edited.py") == b"a\nB\nc\n"
    assert change.head.read(".gitignore") == b"ignored\n"
    with pytest.raises(OSError, match=r"not in the|no file in"):
        change.head.read("gone.py")
    assert changed.added_lines(change) == {path: frozenset(lines) for path, lines in ADDED.items()}
    shipped = {file.path: file for file in changed.shipped(change, "head", 1 << 30)}
    assert set(shipped) == {*(e.path for e in change.head.files), "large.bin", "link", "odd\udcff.py"}
    assert shipped["link"] == File("link", b"/etc/passwd", LINK)
    assert shipped["large.bin"].content == LARGE
    assert shipped["run.sh"].mode == "100755"
    assert {f.path for f in changed.shipped(change, "base", 1 << 30)} == {
        *(".gitignore", "edited.py", "gone.py", "old name.py", "run.sh", "turned")
    }
    again = pickle.loads(pickle.dumps(change))
    assert again.head.read("added.py") == b"n\n"
    assert again.head.read(".gitignore") == b"ignored\n"


def test_submodules_are_touched(repository: Repository) -> None:
    _prepared(repository)
    repository.git("update-index", "--add", "--cacheinfo", f"160000,{'1' * 40},sub")
    assert changed.of_working_tree(repository.root).touched == (Touched("sub", "added", None, None, "160000"),)
    repository.git("commit", "-q", "-m", "sub")
    repository.git("update-index", "--add", "--cacheinfo", f"160000,{'2' * 40},sub")
    patch = repository.git("diff", "--cached").encode()
    for change in (changed.of_working_tree(repository.root), changed.of_patch(repository.root, patch, "p")):
        assert change.touched == (Touched("sub", "modified", None, "160000", "160000"),)
        assert ("sub", "submodule: not opened") in [(n.file, n.reason) for n in change.head.skipped]
        assert all(f.path != "sub" for f in changed.shipped(change, "head", 1 << 30))


def test_nothing_changed(repository: Repository) -> None:
    _prepared(repository)
    (repository.root / "nested").mkdir()
    Repository(repository.root / "nested").git("init", "-q")
    assert changed.of_working_tree(repository.root).touched == ()


def test_files_that_a_sparse_checkout_leaves_out_are_not_deleted(repository: Repository) -> None:
    _prepared(repository)
    repository.git("update-index", "--skip-worktree", "gone.py")
    (repository.root / "gone.py").unlink()
    assert changed.of_working_tree(repository.root).touched == ()


def test_since_the_branch_was_cut(repository: Repository) -> None:
    cut = _prepared(repository)
    repository.git("checkout", "-q", "-b", "work")
    repository.commit(mine="m\n")
    repository.git("checkout", "-q", "main")
    repository.commit(theirs="t\n")
    repository.git("checkout", "-q", "work")
    repository.put("new.py", "n\n")
    assert [t.path for t in changed.of_working_tree(repository.root, "main").touched] == ["mine.py", "new.py"]
    change = changed.of_commits(repository.root / "edited.py", "main", "HEAD")
    assert ([t.path for t in change.touched], change.base_commit, change.name) == (["mine.py"], cut, "main..HEAD")


@pytest.mark.parametrize(
    ("patch", "said"),
    [
        (
            b"--- a/edited.py\n+++ b/edited.py\n@@ -1,2 +1,2 @@\n-nothing like it\n+x\n b\n",
            r"patch failed: edited.py:1",
        ),
        (b"--- a/nowhere.py\n+++ b/nowhere.py\n@@ -1 +1 @@\n-a\n+x\n", "nowhere.py: does not exist in index"),
        (b"not a patch", r"HEAD: No valid patches in input\."),
        (b"", r"x\.patch is empty"),
        (b"\n", r"x\.patch is empty"),
        (b"--- a/edited.py\n+++ b/edited.py\n@@ -1,9 +1,2 @@\n-a\n", "corrupt patch at line"),
        (b"--- /dev/null\n+++ b/../out.py\n@@ -0,0 +1 @@\n+x\n", "invalid path"),
        (b"--- /dev/null\n+++ b/.git/hooks/x\n@@ -0,0 +1 @@\n+x\n", "invalid path"),
        (b"--- /dev/null\n+++ b/turned/in.py\n@@ -0,0 +1 @@\n+x\n", "symbolic link"),
        (b"x" * (changed.PATCH_LIMIT + 1), "larger than 64 MiB"),
    ],
)
def test_a_patch_that_does_not_apply_is_refused_with_the_place(repository: Repository, patch: bytes, said: str) -> None:
    _prepared(repository)
    with pytest.raises(Refusal, match=said):
        changed.of_patch(repository.root, patch, "x.patch")


def test_nothing_of_the_repository_runs(booby_trapped: tuple[Repository, Path]) -> None:
    repository, marker = booby_trapped
    for key, value in (("apply.whitespace", "fix"), ("apply.ignoreWhitespace", "change")):
        repository.git("config", key, value)
    repository.put("a.py", "a = 1  \nb = 2\n")
    marker.unlink(missing_ok=True)
    index = repository.read(".git/index")
    objects = sorted((repository.root / ".git").rglob("*"))
    first = changed.of_working_tree(repository.root)
    patch = b"--- a/a.py\n+++ b/a.py\n@@ -1,2 +1,2 @@\n-a = 1\n+a = 1  \n b = 2\n"
    second = changed.of_patch(repository.root, patch, "x.patch")
    third = changed.of_change_set(
        repository.root, ChangeSet(None, (FileChange("a.py", digest(b"a = 1\nb = 2\n"), b"a = 1  \nb = 2\n"),))
    )
    for change in (first, second, third):
        assert change.touched == (Touched("a.py", "modified"),)
        assert change.head.read("a.py") == b"a = 1  \nb = 2\n"
        assert len(list(changed.shipped(change, "head", 1 << 20))) == 2
    assert not marker.exists()
    assert repository.read(".git/index") == index
    assert sorted((repository.root / ".git").rglob("*")) == objects


def _binary_patch(before: str, delta: bytes) -> bytes:
    """A patch of `a.bin` with a delta, as git writes it: lines of 52 bytes, their length as a letter before them."""
    packed = zlib.compress(delta)
    pieces = [packed[at : at + 52] for at in range(0, len(packed), 52)]
    letters = string.ascii_uppercase + string.ascii_lowercase
    lines = [letters[len(p) - 1].encode() + base64.b85encode(p + b"\0" * (-len(p) % 4)) for p in pieces]
    head = f"diff --git a/a.bin b/a.bin\nindex {before}..{'1' * 40} 100644\nGIT binary patch\ndelta {len(delta)}\n"
    return head.encode() + b"\n".join(lines) + b"\n\n"


def _varint(number: int) -> bytes:
    pieces = [number >> shift & 0x7F for shift in range(0, max(1, number.bit_length()), 7)]
    return bytes(piece | 0x80 for piece in pieces[:-1]) + bytes(pieces[-1:])


def test_a_small_patch_cannot_become_gigabytes(repository: Repository) -> None:
    content = bytes(range(256)) * 4096
    repository.put("a.bin", content)
    repository.commit()
    before = repository.git("rev-parse", "HEAD:a.bin").strip()
    copies = 10_000
    copy = b"\xf0\x00\x00\x10"  # 0x100000 bytes from the beginning
    patch = _binary_patch(before, _varint(len(content)) + _varint(len(content) * copies) + copy * copies)
    assert len(patch) < 1_000
    with pytest.raises(Refusal, match="Out of memory"):
        changed.of_patch(repository.root, patch, "x.patch")


def test_a_change_set_on_the_commit_and_on_uncommitted_work(repository: Repository) -> None:
    base = _prepared(repository)
    old = digest(b"a\nb\nc\n")
    files = (FileChange("edited.py", old, b"new\n"), FileChange("gone.py", digest(b"g\n"), None))
    change = changed.of_change_set(repository.root, ChangeSet(base, (*files, FileChange("n.py", None, b"", True)), "s"))
    assert [(t.path, t.status, t.new_mode) for t in change.touched] == [
        ("edited.py", "modified", "100644"),
        ("gone.py", "deleted", None),
        ("n.py", "added", "100755"),
    ]
    assert (change.base.commit, change.name) == (base, "s")
    repository.put("edited.py", "dirty\n")
    repository.put("beside.py", "x\n")
    dirty = ChangeSet(base, (FileChange("edited.py", digest(b"dirty\n"), b"new\n"),))
    change = changed.of_change_set(repository.root, dirty)
    assert change.touched == (Touched("edited.py", "modified"),)
    assert (change.base.commit, change.base_commit) == (None, base)
    assert change.base.read("edited.py") == b"dirty\n"
    assert change.head.read("edited.py") == b"new\n"
    for side, content in (("base", b"dirty\n"), ("head", b"new\n")):
        shipped = {file.path: file.content for file in changed.shipped(change, side, 1 << 20)}
        assert (shipped["edited.py"], shipped["beside.py"]) == (content, b"x\n")
    stale = ChangeSet(base, (FileChange("edited.py", digest(b"other\n"), b"new\n"),))
    with pytest.raises(Refusal, match=r"edited\.py is not what the change was made for"):
        changed.of_change_set(repository.root, stale)
    with pytest.raises(Refusal, match="not applied"):
        changed.of_change_set(repository.root, ChangeSet(base, (FileChange("../x", None, b""),)))


def test_what_is_too_large_to_hold_is_noted_and_not_shipped(
    repository: Repository, monkeypatch: pytest.MonkeyPatch
) -> None:
    _prepared(repository)
    repository.put("big.py", b"x = 1\n" * 100)
    repository.put("small.py", b"y\n")
    monkeypatch.setattr(changed, "HELD", 300)
    change = changed.of_working_tree(repository.root)
    assert [t.path for t in change.touched] == ["big.py", "small.py"]
    assert [(n.file, n.reason.partition(":")[0]) for n in change.head.skipped if n.file == "big.py"] == [
        ("big.py", "larger than is held")
    ]
    assert change.head.read("small.py") == b"y\n"
    with pytest.raises(Refusal, match=r"big\.py is too large"):
        list(changed.shipped(change, "head", 1 << 30))
    assert list(changed.shipped(change, "base", 1 << 30))


def test_outside_git_there_is_no_change(tmp_path: Path, repository: Repository) -> None:
    (tmp_path / "plain").mkdir()
    for act in (
        lambda path: changed.of_commits(path, "a", "b"),
        changed.of_working_tree,
        lambda path: changed.of_patch(path, b"", "x"),
        lambda path: changed.of_change_set(path, ChangeSet(None, ())),
    ):
        with pytest.raises(Refusal, match="not in a git repository"):
            act(tmp_path / "plain")
    for act in (changed.of_working_tree, lambda path: changed.of_patch(path, b"", "x")):
        with pytest.raises(Refusal, match="no commit to compare with"):
            act(repository.root)
