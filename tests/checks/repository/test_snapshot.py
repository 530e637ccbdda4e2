import os
import pickle
import socket
import time
from pathlib import Path

import pytest

from checks.model.errors import Refusal
from checks.repository import snapshot
from tests.forks import forked


def paths(taken: snapshot.Snapshot) -> list[str]:
    return [entry.path for entry in taken.files]


def reasons(taken: snapshot.Snapshot) -> dict[str, str]:
    return {each.file: each.reason for each in taken.skipped}


def _hostile(root: Path, outside: Path) -> None:
    outside.mkdir()
    (outside / "secret.py").write_text("secret\n")
    (root / "ok.py").write_text("ok\n")
    (root / "tool.py").write_text("tool\n")
    (root / "tool.py").chmod(0o755)
    (root / "link.py").symlink_to("/etc/passwd")
    (root / "folder").symlink_to(outside)
    (root / "large.py").write_bytes(b"#" * (snapshot.SIZE_LIMIT + 1))
    (root / "new\nline 'x\".py").write_text("odd\n")
    (root / os.fsdecode(b"latin\xff.py")).write_text("latin\n")


COMMON = {
    "link.py": "symbolic link: not followed",
    "folder": "symbolic link: not followed",
    "large.py": "larger than 2048 KiB: 2048 KiB",
    "latin\\xff.py": "name is not UTF-8",
}
FILES = [snapshot.Entry("new\nline 'x\".py", 4), snapshot.Entry("ok.py", 3), snapshot.Entry("tool.py", 5, True)]


def test_a_commit_and_its_working_tree_are_told_alike(repository, tmp_path: Path) -> None:
    _hostile(repository.root, tmp_path / "outside")
    commit = repository.commit()
    committed, present = snapshot.of_commit(repository.root, "main"), snapshot.of_working_tree(repository.root)
    for taken in (committed, present):
        assert list(taken.files) == FILES
        assert reasons(taken) == COMMON
        assert [taken.read(path) for path in paths(taken)] == [b"odd\n", b"ok\n", b"tool\n"]
    assert (committed.commit, present.commit, present.root) == (commit, None, repository.root)


def test_outside_git_special_files_are_named_and_never_opened(tmp_path: Path) -> None:
    root = tmp_path / "work"
    root.mkdir()
    _hostile(root, tmp_path / "outside")
    os.mkfifo(root / "pipe.py")
    with socket.socket(socket.AF_UNIX) as bound:
        bound.bind(str(root / "socket.py"))
        taken = snapshot.of_working_tree(root)
    assert list(taken.files) == FILES
    assert reasons(taken) == COMMON | {"pipe.py": "named pipe: not opened", "socket.py": "socket: not opened"}
    assert taken.root == root


def test_the_walk_leaves_out_what_is_no_source(tmp_path: Path) -> None:
    for name in (
        "a.py", "src/build/b.py", "dist/c.py", "build/d.py", ".hidden/e.py", ".github/f.py", "node_modules/g.js",
        "x/__pycache__/h.pyc", "venv/lib/i.py", ".env.py",
    ):  # fmt: skip
        (tmp_path / name).parent.mkdir(parents=True, exist_ok=True)
        (tmp_path / name).write_text("x\n")
    (tmp_path / "venv" / "pyvenv.cfg").write_text("")
    assert paths(snapshot.of_working_tree(tmp_path)) == [".env.py", "a.py", "src/build/b.py"]
    (tmp_path / "build" / "__init__.py").write_text("")
    assert "build/d.py" in paths(snapshot.of_working_tree(tmp_path))
    assert paths(snapshot.of_working_tree(tmp_path, (".hidden", "dist"))) == [".hidden/e.py", "dist/c.py"]


def test_git_s_tracked_and_new_files_without_ignored_and_deleted_ones(repository) -> None:
    repository.put(".gitignore", "ignored*\n")
    repository.put("pkg/a.py", "a\n")
    repository.put("pkg/gone.py", "gone\n")
    repository.put("ignored_but_tracked.py", "t\n")
    repository.git("add", "-f", "ignored_but_tracked.py")
    repository.commit()
    (repository.root / "pkg/gone.py").unlink()
    repository.put("pkg/new.py", "n\n")
    repository.put("ignored.py", "i\n")
    repository.put("ignored_folder/x.py", "x\n")
    root = repository.root
    tracked = [".gitignore", "ignored_but_tracked.py", "pkg/a.py", "pkg/new.py"]
    assert paths(snapshot.of_working_tree(root)) == tracked
    for start, named, expected in (
        (root / "pkg", (), ["pkg/a.py", "pkg/new.py"]),
        (root / "pkg" / "a.py", (), ["pkg/a.py"]),
        (root, ("pkg",), ["pkg/a.py", "pkg/new.py"]),
        (root, ("pkg/", "./ignored.py"), ["ignored.py", "pkg/a.py", "pkg/new.py"]),
        (root, (root / "ignored_folder",), ["ignored_folder/x.py"]),
        (root / "ignored_folder", (), ["ignored_folder/x.py"]),
        (root / "pkg", ("a.py",), ["pkg/a.py"]),
        (root / "pkg", (".",), ["pkg/a.py", "pkg/new.py"]),
        (root, (".",), tracked),
        (root / "pkg", ("..",), tracked),
        (root, (".gitignore",), [".gitignore"]),
    ):
        assert paths(snapshot.of_working_tree(start, named)) == expected, (start, named)


def test_a_virtual_environment_that_only_the_user_ignores(repository) -> None:
    for name in (
        "a.py",
        "env/pyvenv.cfg",
        "env/lib/x.py",
        "node_modules/y.py",
        "tracked/node_modules/z.py",
        "enviable.py",
    ):
        repository.put(name, "x\n")
    repository.git("add", "tracked", "a.py")
    assert paths(snapshot.of_working_tree(repository.root)) == ["a.py", "enviable.py", "tracked/node_modules/z.py"]
    assert paths(snapshot.of_working_tree(repository.root, ("env",))) == ["env/lib/x.py", "env/pyvenv.cfg"]


@pytest.mark.parametrize("named", ["nope.py", "../outside", "a\0b", "/etc/passwd", "way/out/passwd"])
def test_what_is_not_there_or_lies_outside_is_refused(repository, tmp_path: Path, named: str) -> None:
    (tmp_path / "outside").mkdir()
    repository.put("a.py", "a\n")
    (repository.root / "way").mkdir()
    (repository.root / "way" / "out").symlink_to("/etc")
    with pytest.raises(Refusal, match=r"does not exist|lies outside"):
        snapshot.of_working_tree(repository.root, (named,))


def test_a_folder_that_is_not_there_is_refused(tmp_path: Path) -> None:
    for name in ("nope", "n" * 300, "a\0b"):
        with pytest.raises(Refusal, match="does not exist"):
            snapshot.of_working_tree(tmp_path / name)


def test_paths_of_a_commit(repository) -> None:
    repository.put("pkg/a.py", "a\n")
    repository.put("package/b.py", "b\n")
    repository.commit()
    root = repository.root
    assert paths(snapshot.of_commit(root, "HEAD", ("pkg/",))) == ["pkg/a.py"]
    assert paths(snapshot.of_commit(root, "HEAD", (".",))) == ["package/b.py", "pkg/a.py"]
    for absent in ("pk", "*.py", ":(glob)**", "../x", "a\0b"):
        with pytest.raises(Refusal, match=r"is not in HEAD|lies outside"):
            snapshot.of_commit(root, "HEAD", (absent,))


def test_submodules_and_repositories_within(repository) -> None:
    commit = repository.commit(a="a\n")
    repository.git("update-index", "--add", "--cacheinfo", f"160000,{commit},module")
    repository.git("commit", "-q", "-m", "module")
    (repository.root / "module").mkdir()
    inner = type(repository)(repository.root / "inner")
    inner.root.mkdir()
    inner.git("init", "-q")
    inner.commit(x="x\n")
    assert reasons(snapshot.of_commit(repository.root, "HEAD")) == {"module": "submodule: not opened"}
    own = "folder with a repository of its own: not opened"
    assert reasons(snapshot.of_working_tree(repository.root)) == {"module": own, "inner": own}


def test_a_file_that_changes_after_it_was_listed(repository, tmp_path: Path) -> None:
    repository.put("pkg/a.py", "a\n")
    repository.put("b.py", "b\n")
    repository.put("c.py", "c\n")
    taken = snapshot.of_working_tree(repository.root)
    (repository.root / "pkg").rename(tmp_path / "pkg")
    (repository.root / "pkg").symlink_to(tmp_path / "pkg")
    (repository.root / "b.py").unlink()
    os.mkfifo(repository.root / "b.py")
    repository.put("c.py", b"c" * (snapshot.SIZE_LIMIT + 1))
    for path in (*paths(taken), "../secret", "/etc/passwd", "pkg/../c.py"):
        with pytest.raises(OSError):
            taken.read(path)


def test_a_commit_is_read_after_a_failure_and_in_another_process(repository) -> None:
    repository.commit(a="a\n", empty="")
    taken = snapshot.of_commit(repository.root, "HEAD")
    with pytest.raises(FileNotFoundError):
        taken.read("nope.py")
    assert (taken.read("a.py"), taken.read("empty.py")) == (b"a\n", b"")
    assert pickle.loads(pickle.dumps(taken)).read("a.py") == b"a\n"
    assert forked(lambda: taken.read("a.py")) == b"a\n"
    assert taken.read("a.py") == b"a\n"


def test_a_missing_blob_is_an_error_of_that_file_only(repository) -> None:
    repository.commit(a="a\n", b="b\n")
    blob = repository.git("rev-parse", "HEAD:a.py").strip()
    taken = snapshot.of_commit(repository.root, "HEAD")
    (repository.root / ".git/objects" / blob[:2] / blob[2:]).unlink()
    with pytest.raises(OSError, match="no blob"):
        taken.read("a.py")
    assert taken.read("b.py") == b"b\n"


def test_five_thousand_files_are_fast(repository) -> None:
    for folder in range(100):
        for number in range(50):
            repository.put(f"src/p{folder}/m{number}.py", f"x = {folder}\n" * 20)
    repository.commit()
    for take in (
        lambda: snapshot.of_working_tree(repository.root),
        lambda: snapshot.of_commit(repository.root, "HEAD"),
    ):
        began = time.process_time()
        taken = take()
        assert sum(len(taken.read(path)) for path in paths(taken)) > 500_000
        assert time.process_time() - began < 1.5


def test_in_memory() -> None:
    taken = snapshot.of_memory({"b.py": b"b", "a.py": b""})
    assert paths(taken) == ["a.py", "b.py"] and taken.read("b.py") == b"b"
    with pytest.raises(FileNotFoundError):
        taken.read("c.py")


def test_in_git_special_files_that_it_does_not_name_are_named_and_never_opened(repository) -> None:
    repository.commit(**{"a": "a\n", "pkg/b": "b\n"})
    os.mkfifo(repository.root / "pipe.py")
    os.mkfifo(repository.root / "pkg" / "pipe.py")
    taken = snapshot.of_working_tree(repository.root)
    assert paths(taken) == ["a.py", "pkg/b.py"]
    assert reasons(taken) == {"pipe.py": "named pipe: not opened", "pkg/pipe.py": "named pipe: not opened"}
    below = snapshot.of_working_tree(repository.root / "pkg")
    assert (paths(below), list(reasons(below))) == (["pkg/b.py"], ["pkg/pipe.py"])
