"""Whole trees: links, executables, large files, odd names; submodules left out; bounded; nothing followed."""

import os
import socket
from collections.abc import Callable
from pathlib import Path

import pytest

from checks.model.errors import Refusal
from checks.model.trees import File
from checks.repository import contents
from checks.repository.snapshot import SIZE_LIMIT
from tests.repositories import Repository

BIG = bytes(range(256)) * 20_000
LIMIT = 64 * 1024 * 1024


def of_folder(root: Path, limit: int = LIMIT) -> dict[str, tuple[str, bytes]]:
    return {file.path: (file.mode, file.content) for file in contents.of_folder(root, limit)}


def of_commit(repository: Repository, commit: str, limit: int = LIMIT) -> list[File]:
    return list(contents.of_commit(repository.root, commit, limit))


def test_a_folder_is_shipped_whole(repository: Repository) -> None:
    repository.put("src/a.py", "a = 1\n")
    repository.put("data.bin", BIG)
    repository.put(".hidden/x", "x")
    repository.put("sub/.git", "gitdir: elsewhere\n")
    repository.put("build/made.txt", "built")
    repository.put("run.sh", "#!/bin/sh\n").chmod(0o755)
    repository.put(os.fsdecode(b"odd-\xff\n.txt"), "odd")
    (repository.root / "out").symlink_to("/etc/passwd")
    (repository.root / "there").symlink_to("src")
    for left_out in ("env/lib/site.py", "node_modules/a.js", "src/__pycache__/a.pyc"):
        repository.put(left_out, "no")
    repository.put("env/pyvenv.cfg", "home = /usr\n")
    assert of_folder(repository.root) == {
        "src/a.py": ("100644", b"a = 1\n"),
        "data.bin": ("100644", BIG),
        ".hidden/x": ("100644", b"x"),
        "build/made.txt": ("100644", b"built"),
        "run.sh": ("100755", b"#!/bin/sh\n"),
        os.fsdecode(b"odd-\xff\n.txt"): ("100644", b"odd"),
        "out": ("120000", b"/etc/passwd"),
        "there": ("120000", b"src"),
    }


def test_what_is_no_file_is_not_opened(tmp_path: Path) -> None:
    os.mkfifo(tmp_path / "fifo")  # opening it would wait for ever
    with socket.socket(socket.AF_UNIX) as listening:
        listening.bind(str(tmp_path / "socket"))
        (tmp_path / "a.py").write_text("")
        assert set(of_folder(tmp_path)) == {"a.py"}


def test_the_folder_may_be_a_virtual_environment_and_named_through_a_link(tmp_path: Path) -> None:
    (tmp_path / "venv").mkdir()
    (tmp_path / "venv/pyvenv.cfg").write_text("")
    (tmp_path / "link").symlink_to("venv")
    assert set(of_folder(tmp_path / "link")) == {"pyvenv.cfg"}


def test_a_folder_that_becomes_a_link_meanwhile_is_left_out(tmp_path: Path) -> None:
    for name in ("a/1", "b/2"):
        (tmp_path / name).parent.mkdir()
        (tmp_path / name).write_text(name)
    files = contents.of_folder(tmp_path, LIMIT)
    assert next(files).path == "a/1"
    (tmp_path / "b").rename(tmp_path / "c")
    (tmp_path / "b").symlink_to("/etc")
    assert list(files) == []


@pytest.mark.parametrize(
    ("prepare", "limit", "why"),
    [
        (lambda root: (root / "a").write_bytes(bytes(11)), 10, "more than the 0 MiB of the sandbox"),
        (lambda root: [(root / name).write_bytes(bytes(6)) for name in "ab"], 10, "more than the 0 MiB of the sandbox"),
        (lambda root: (root / "a").open("w").truncate(1 << 40), 1 << 30, "more than the 1,024 MiB"),
        (lambda root: Path(root, *"d" * 102).mkdir(parents=True), LIMIT, "more than 100 folders within each other"),
        (lambda root: root.rmdir(), LIMIT, "does not exist"),
        (lambda root: (root.rmdir(), root.write_text("")), LIMIT, "is no folder"),
    ],
)
def test_what_is_refused(tmp_path: Path, prepare: Callable[[Path], object], limit: int, why: str) -> None:
    root = tmp_path / "root"
    root.mkdir()
    prepare(root)
    with pytest.raises(Refusal, match=why):
        of_folder(root, limit)


@pytest.mark.skipif(os.geteuid() == 0, reason="root may read everything")
@pytest.mark.parametrize("closed", ["a.py", "inner"])
def test_what_is_not_readable_is_refused(tmp_path: Path, closed: str) -> None:
    (tmp_path / "a.py").touch()
    (tmp_path / "inner").mkdir()
    (tmp_path / closed).chmod(0)
    with pytest.raises(Refusal, match=f"{closed} in .* cannot be read: Permission denied"):
        of_folder(tmp_path)


def test_too_many_files(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(contents, "MOST_FILES", 2)
    for name in "abc":
        (tmp_path / name).touch()
    with pytest.raises(Refusal, match="more than 2 files"):
        of_folder(tmp_path)


def test_a_commit_is_shipped_as_it_is_stored(repository: Repository) -> None:
    repository.put(".gitattributes", "* text eol=crlf filter=evil\nhidden.py export-ignore\n")
    repository.put("hidden.py", "a\nb\n")
    repository.put("big.bin", BIG)
    repository.put("back\\slash", "x")
    repository.put("run.sh", "#!/bin/sh\n").chmod(0o755)
    (repository.root / "out").symlink_to("../../etc/passwd")
    first = repository.commit()
    repository.git("update-index", "--add", "--cacheinfo", f"160000,{first},submodule")
    repository.git("commit", "-q", "-m", "with a submodule")
    commit = repository.git("rev-parse", "HEAD").strip()
    repository.put("hidden.py", "not committed")
    assert of_commit(repository, commit) == [
        File(".gitattributes", b"* text eol=crlf filter=evil\nhidden.py export-ignore\n"),
        File("back\\slash", b"x"),
        File("big.bin", BIG),
        File("hidden.py", b"a\nb\n"),
        File("out", b"../../etc/passwd", "120000"),
        File("run.sh", b"#!/bin/sh\n", "100755"),
    ]
    with pytest.raises(Refusal, match="more than the 4 MiB"):
        of_commit(repository, commit, 4 * 1024 * 1024)


def entry(repository: Repository, mode: str, name: str, target: str) -> bytes:
    return f"{mode} {name}\0".encode() + bytes.fromhex(target)


@pytest.mark.parametrize(
    ("first", "second"), [("..", "evil"), (".git", "config"), (".GIT", "config"), (".", "evil"), ("link", "evil")]
)
def test_a_tree_that_no_checkout_makes(repository: Repository, first: str, second: str) -> None:
    blob = repository.git("hash-object", "-w", "--stdin", stdin=b"/etc").strip()
    store = ("hash-object", "-w", "--literally", "-t", "tree", "--stdin")
    inner = repository.git(*store, stdin=entry(repository, "100644", second, blob)).strip()
    link = entry(repository, "120000", "link", blob) if first == "link" else b""
    outer = repository.git(*store, stdin=link + entry(repository, "40000", first, inner)).strip()
    commit = repository.git("commit-tree", "-m", "evil", outer).strip()
    with pytest.raises(Refusal, match="cannot be checked out"):
        of_commit(repository, commit)


def test_everything_but_submodules_is_there(repository: Repository) -> None:
    repository.put("a.py", "a = 1\n")
    repository.put("run.sh", "#!/bin/sh\n").chmod(0o755)
    repository.put("data.bin", b"\0" * (SIZE_LIMIT + 1))
    repository.put("odd\udcff.py", b"\xff")
    (repository.root / "link").symlink_to("../../etc/passwd")
    repository.commit()
    repository.git("update-index", "--add", "--cacheinfo", f"160000,{'1' * 40},sub")
    commit = repository.git("commit-tree", repository.git("write-tree").strip(), "-m", "x").strip()
    assert list(contents.of_commit(repository.root, commit, 1 << 30)) == [
        File("a.py", b"a = 1\n"),
        File("data.bin", b"\0" * (SIZE_LIMIT + 1)),
        File("link", b"../../etc/passwd", "120000"),
        File("odd\udcff.py", b"\xff"),
        File("run.sh", b"#!/bin/sh\n", "100755"),
    ]


@pytest.mark.parametrize(("limit", "fits"), [(12, True), (11, False)])
def test_the_whole_is_bounded(repository: Repository, limit: int, fits: bool) -> None:
    repository.put("a", b"x" * 5)
    repository.put("b", b"x" * 7)
    commit = repository.commit()
    if fits:
        assert len(list(contents.of_commit(repository.root, commit, limit))) == 2
    else:
        with pytest.raises(Refusal, match="MiB of the sandbox's disk"):
            list(contents.of_commit(repository.root, commit, limit))


def test_a_missing_blob_is_refused_by_name(repository: Repository) -> None:
    repository.put("a.py", "a = 1\n")
    commit = repository.commit()
    name = repository.git("rev-parse", "HEAD:a.py").strip()
    Path(repository.root / ".git/objects" / name[:2] / name[2:]).unlink()
    with pytest.raises(Refusal, match=r"a\.py is not read from git"):
        list(contents.of_commit(repository.root, commit, 1 << 20))
