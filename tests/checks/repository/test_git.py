import os
import shutil
import time
from pathlib import Path

import pytest

from checks.model.changes import ChangeSet, FileChange, digest
from checks.model.errors import Refusal
from checks.repository import git, history, snapshot, worktree
from checks.repository.writing import branch


def test_the_trap_works_for_ordinary_git(booby_trapped) -> None:
    repository, marker = booby_trapped
    repository.put("a.py", "changed\n")
    repository.git("update-index", "a.py", check=False)
    assert marker.exists()


def test_nothing_of_a_hostile_repository_runs(booby_trapped) -> None:
    repository, marker = booby_trapped
    root = repository.root
    repository.put("a.py", "a = 1\nb = 3\n")
    repository.put("new.py", "x\n")
    assert [c.path for c in worktree.changed_files(root, "HEAD")] == ["a.py", "new.py"]
    taken = snapshot.of_working_tree(root)
    assert taken.read("a.py") == b"a = 1\nb = 3\n"
    assert snapshot.of_commit(root, "HEAD").read("a.py") == b"a = 1\nb = 2\n"
    changes = ChangeSet(None, (FileChange("a.py", digest(b"a = 1\nb = 2\n"), b"fixed\n"),))
    made = branch.commit_on_branch(changes, root, "fix", "fix")
    worktree.changed_files(root, "HEAD", made)
    history.merge_base(root, "main", "fix")
    assert not marker.exists()


@pytest.mark.parametrize("command", [("log", "--format=%s"), ("show", "--no-patch", "--format=%s")])
def test_no_signature_is_verified_by_a_program_that_the_repository_names(booby_trapped, command) -> None:
    repository, marker = booby_trapped
    tree, parent = (repository.git("rev-parse", name).strip() for name in ("HEAD^{tree}", "HEAD"))
    who = "a <a@example.org> 1000000000 +0000"
    lines = (f"tree {tree}", f"parent {parent}", f"author {who}", f"committer {who}")
    signature = "gpgsig -----BEGIN PGP SIGNATURE-----\n \n iQ=\n -----END PGP SIGNATURE-----"
    text = "\n".join((*lines, signature, "", "signed", "")).encode()
    signed = git.output(repository.root, "hash-object", "-t", "commit", "-w", "--stdin", stdin=text).decode().strip()
    program = repository.put("verify", f"#!/bin/sh\ntouch '{marker}'\nexit 1\n")
    program.chmod(0o755)
    repository.git("config", "gpg.program", str(program))
    repository.git("config", "log.showSignature", "true")
    repository.git(*command, signed, check=False)
    assert marker.exists()  # what it does without us
    marker.unlink()
    assert git.output(repository.root, *command, signed, "--").startswith(b"signed\n")
    assert not marker.exists()


def test_hooks_that_the_configuration_names_are_switched_off(booby_trapped) -> None:
    repository, _ = booby_trapped
    env = git._hooks_off(repository.root)
    line, base = git.command(repository.root, "config", "--get", "hook.named=odd.enabled")
    ran = git.run(repository.root, "config", "--get", "hook.named=odd.enabled", extra=env)
    assert (ran.status, ran.output) == (0, b"false\n")
    assert env["GIT_CONFIG_COUNT"] == "2" and "GIT_CONFIG_COUNT" not in base and line[0].startswith("/")


def test_a_partial_clone_fetches_nothing(repository, tmp_path: Path) -> None:
    repository.commit(a="a = 1\n")
    repository.git("config", "uploadpack.allowFilter", "true")
    clone = type(repository)(tmp_path / "clone")
    repository.git("clone", "-q", "--no-checkout", "--filter=blob:none", f"file://{repository.root}", str(clone.root))
    marker = tmp_path / "marker"
    clone.git("config", "remote.origin.uploadpack", f"touch '{marker}'; git-upload-pack")
    for name in ("file", "ext", "ssh"):
        clone.git("config", f"protocol.{name}.allow", "always")
    taken = snapshot.of_commit(clone.root, "HEAD")
    assert taken.files == () and taken.skipped[0].reason == "not in this partial clone"
    blob = clone.git("rev-parse", "HEAD:a.py").strip()
    for older in ({}, {"GIT_NO_LAZY_FETCH": "0"}):
        assert git.run(clone.root, "cat-file", "blob", blob, extra=older).status != 0
    assert not marker.exists()
    clone.git("cat-file", "blob", blob, check=False)
    assert marker.exists(), "the trap works for ordinary git"


def test_variables_of_the_caller_are_dropped(repository, monkeypatch, tmp_path: Path) -> None:
    repository.commit(a="a\n")
    for name in ("GIT_DIR", "GIT_INDEX_FILE", "GIT_OBJECT_DIRECTORY", "GIT_WORK_TREE", "GIT_EXTERNAL_DIFF"):
        monkeypatch.setenv(name, str(tmp_path / "elsewhere"))
    assert [e.path for e in snapshot.of_working_tree(repository.root).files] == ["a.py"]
    assert not {"GIT_INDEX_FILE", "GIT_OBJECT_DIRECTORY"} & set(git.environment())


def test_a_git_in_the_repository_is_not_run(repository, monkeypatch, tmp_path: Path) -> None:
    marker = tmp_path / "marker"
    repository.put("git", f"#!/bin/sh\ntouch '{marker}'\n").chmod(0o755)
    monkeypatch.chdir(repository.root)
    monkeypatch.setenv("PATH", "." + os.pathsep + os.environ["PATH"])
    assert git.run(repository.root, "rev-parse", "--git-dir").status == 0
    assert not marker.exists()


def test_a_relative_root(repository, monkeypatch) -> None:
    commit = repository.commit(a="a\n")
    monkeypatch.chdir(repository.root.parent)
    assert history.resolve(Path(repository.root.name), "HEAD") == commit


def test_missing_git_is_a_refusal(repository, monkeypatch) -> None:
    monkeypatch.setenv("PATH", str(repository.root))
    with pytest.raises(Refusal, match="git is not installed"):
        snapshot.of_working_tree(repository.root)


def test_a_worktree_elsewhere_is_not_believed(repository, tmp_path: Path) -> None:
    (tmp_path / "secret").mkdir()
    (tmp_path / "secret" / "key.py").write_text("secret")
    repository.commit(a="a\n")
    repository.git("config", "core.worktree", str(tmp_path / "secret"))
    assert [e.path for e in snapshot.of_working_tree(repository.root).files] == ["a.py"]


@pytest.mark.skipif(os.geteuid() != 0, reason="only root can give a folder to somebody else")
def test_a_repository_of_another_owner_is_read(repository) -> None:
    repository.commit(a="a\n")
    for place in (repository.root, *repository.root.rglob("*")):
        os.chown(place, 12345, 12345, follow_symlinks=False)
    assert "dubious" not in git.run(repository.root, "rev-parse", "HEAD").error
    assert len(snapshot.of_commit(repository.root, "HEAD").files) == 1


def test_time_and_output_are_limited(repository) -> None:
    repository.commit(a="a\n" * 1000)
    os.mkfifo(repository.root / ".gitignore")
    began = time.monotonic()
    with pytest.raises(Refusal, match=r"longer than 0\.3 s"):
        git.run(repository.root, "ls-files", "--others", "--exclude-standard", timeout=0.3)
    assert time.monotonic() - began < 5
    with pytest.raises(Refusal, match="more than 100 bytes"):
        git.run(repository.root, "cat-file", "blob", "HEAD:a.py", limit=100)


def test_a_failure_is_a_refusal_in_git_s_words(repository) -> None:
    with pytest.raises(Refusal, match=r"git cat-file failed in .*Not a valid object name"):
        git.output(repository.root, "cat-file", "blob", "HEAD")


def test_a_bare_repository_is_named_as_one(repository, tmp_path: Path) -> None:
    bare = tmp_path / "our shop.git"
    repository.git("init", "-q", "--bare", str(bare))
    for place in (bare, bare / "objects"):
        assert git.find_root(place) is None
        said = git.outside(place, "there is nothing to propose to", "Go into one.")
        assert "is in a bare git repository, which has no files to work on: there is nothing" in said.reason
        assert said.hint.endswith(f"git clone '{bare}'")
    said = git.outside(tmp_path, "there is nothing to propose to", "Go into one.")
    assert (said.reason, said.hint) == (
        f"{tmp_path} is not in a git repository: there is nothing to propose to.",
        "Go into one.",
    )


def test_find_root(repository, tmp_path: Path) -> None:
    inner = repository.root / "a" / "b"
    inner.mkdir(parents=True)
    (tmp_path / "outside").mkdir()
    (tmp_path / "outside" / ".git").mkdir()
    assert git.find_root(inner) == repository.root
    assert git.find_root(tmp_path / "outside") is None
    repository.commit(x="x\n")
    repository.git("worktree", "add", "-q", str(tmp_path / "second"), "-b", "second")
    assert git.find_root(tmp_path / "second") == tmp_path / "second"
    assert [e.path for e in snapshot.of_commit(tmp_path / "second", "second").files] == ["x.py"]
    shutil.rmtree(repository.root / ".git")
    assert git.find_root(inner) is None


@pytest.mark.parametrize("named", ["link.py", "folder", "folder/secret.py", "folder/../secret.py"])
def test_a_link_that_leads_out_of_the_work_tree_is_refused(repository, tmp_path: Path, named: str) -> None:
    (tmp_path / "outside").mkdir()
    (tmp_path / "outside" / "secret.py").touch()
    (tmp_path / "secret.py").touch()
    (repository.root / "link.py").symlink_to(tmp_path / "outside" / "secret.py")
    (repository.root / "folder").symlink_to(tmp_path / "outside")
    with pytest.raises(Refusal, match=r"leads out of .*Name /"):
        git.refuse_outward(repository.root / named)


def test_other_links_are_followed_where_they_are_named(repository, tmp_path: Path) -> None:
    repository.put("real/a.py", "")
    (repository.root / "inside").symlink_to("real")
    (tmp_path / "shortcut").symlink_to(repository.root)
    for named in (repository.root / "inside" / "a.py", tmp_path / "shortcut", tmp_path / "shortcut" / "real", tmp_path):
        git.refuse_outward(named)
