"""The repositories themselves."""

from pathlib import Path

import pytest

from app.standin.git import Bare, Files, GitFailed, Ident, parse_commit

ANN = Ident("Ann", "ann@example.com", 1_700_000_000)


@pytest.fixture
def bare(tmp_path: Path) -> Bare:
    return Bare.make(tmp_path / "r.git", "main")


def commit(bare: Bare, files: Files, *parents: str) -> str:
    return bare.write_commit(bare.write_files(parents[0] if parents else None, files), parents, "m", ANN)


def test_differences_are_as_github_shows_them(bare: Bare) -> None:
    text = "".join(f"line {n}\n" for n in range(20))
    old = commit(bare, {"a": "1\n", "moved": text, "gone": "x\n", "bin": b"\0\1"})
    new = commit(bare, {"a": "1\n2\n", "moved": None, "to/é b": text, "gone": None, "bin": b"\0\2", "n": "n"}, old)
    found = {one.path: one for one in bare.diff(old, new)}
    assert {path: one.status for path, one in found.items()} == {
        "a": "modified",
        "bin": "modified",
        "gone": "removed",
        "n": "added",
        "to/é b": "renamed",
    }
    assert found["a"].patch == "@@ -1 +1,2 @@\n 1\n+2"
    assert found["n"].patch == "@@ -0,0 +1 @@\n+n\n\\ No newline at end of file"
    assert found["bin"].patch is None
    assert (found["to/é b"].previous, found["to/é b"].patch) == ("moved", None)
    assert (found["gone"].additions, found["gone"].deletions) == (0, 1)


def test_a_patch_that_looks_like_a_header_stays_in_its_file(bare: Bare) -> None:
    old = commit(bare, {"a": "x\n", "b": "x\n"})
    new = commit(bare, {"a": "diff --git a/b b/b\n@@ -1 +1 @@\n", "b": "y\n"}, old)
    found = {one.path: one.patch for one in bare.diff(old, new)}
    assert found["a"] == "@@ -1 +1,2 @@\n-x\n+diff --git a/b b/b\n+@@ -1 +1 @@"
    assert found["b"] == "@@ -1 +1 @@\n-x\n+y"


def test_a_merge_is_a_tree_or_a_conflict(bare: Bare) -> None:
    base = commit(bare, {"a": "1\n", "b": "1\n"})
    one, other, against = (commit(bare, files, base) for files in ({"a": "2\n"}, {"b": "2\n"}, {"a": "3\n"}))
    tree = bare.merge_tree(one, other)
    assert tree is not None
    assert {entry.path for entry in bare.tree(tree)} == {"a", "b"}
    assert bare.merge_tree(one, against) is None
    assert bare.merge_tree(one, commit(bare, {"z": "z"})) is None
    assert (bare.merge_base(one, other), bare.counts(one, other)) == (base, (1, 1))
    assert bare.is_ancestor(base, one)
    assert not bare.is_ancestor(one, base)


@pytest.mark.parametrize("name", ["", "--all", "a..b", "HEAD~1", "@{u}", ":a", "a b", "a\0b", "main^{tree}", "0" * 40])
def test_what_names_no_commit(bare: Bare, name) -> None:
    bare.set_ref("refs/heads/main", commit(bare, {"a": "1"}))
    assert bare.resolve(name) is None


def test_names_of_commits(bare: Bare) -> None:
    sha = commit(bare, {"a": "1"})
    assert bare.resolve("main") is None
    bare.set_ref("refs/heads/main", sha)
    assert {bare.resolve(name) for name in ("main", "heads/main", "refs/heads/main", "HEAD", sha, sha[:8])} == {sha}


def test_a_mode_stays_and_a_commit_is_read_back(bare: Bare) -> None:
    tree = bare.write_tree(None, [("run", bare.write_blob(b"#!"), "100755")])
    first = bare.write_commit(tree, (), "Title\n\nBody\n", ANN)
    second = commit(bare, {"run": "#!x"}, first)
    entry = bare.entry(second, "run")
    assert entry is not None
    assert entry.mode == "100755"
    assert bare.commit(first).message == "Title\n\nBody"
    assert bare.commit(first).author == ANN
    assert bare.commit(second).parents == (first,)
    signed = f"tree {tree}\nauthor A <a> 1 +0000\ncommitter A <a> 1 +0000\ngpgsig -----BEGIN\n tree x\n -----END\n\nm"
    assert parse_commit("0", signed).tree == tree


def test_failures_say_what_git_said(bare: Bare) -> None:
    with pytest.raises(GitFailed, match="cat-file"):
        bare.blob("0" * 40)


def test_nothing_of_the_machine_is_read(bare: Bare, monkeypatch, tmp_path: Path) -> None:
    (tmp_path / ".gitconfig").write_text("[user]\n\tname = Machine\n[core]\n\thooksPath = /x\n")
    monkeypatch.setenv("HOME", str(tmp_path))
    monkeypatch.setenv("GIT_AUTHOR_NAME", "Machine")
    sha = commit(bare, {"a": "1"})
    assert bare.commit(sha).author.name == "Ann"
    assert "Machine" not in bare.text("config", "--list")
