"""What every host must do, over the one in memory that the workflows are tested with and over a local repository."""

import subprocess
from pathlib import Path

import pytest

from app.local import host as local_host
from app.local.host import BENEATH, LocalHost, account
from app.model.forge import CheckRun, Conclusion, FileEdit, Landed, Role
from app.model.trouble import Gone, Superseded
from app.workflows.host import Host
from app.workflows.stopping.guard import FREE
from checks.configuration.approvals import Mode
from checks.configuration.layers import Layer
from checks.model.errors import Refusal
from checks.settings import layered
from tests.app.local.conftest import NAME, NEW, OLD, Local
from tests.pulls.hosts import MemoryHost


@pytest.fixture(params=["local", "memory"])
def host(request: pytest.FixtureRequest, local: Local) -> Host:
    """Both, each over the same repository."""
    if request.param == "local":
        return local.host
    return MemoryHost(local.git)


def test_a_proposal_is_made_once_however_often(host: Host, local: Local) -> None:
    base = local.tip()
    edits = [FileEdit("a.py", NEW.encode()), FileEdit("b.py", None)]
    commits = {host.commit_files(NAME, base, edits, "fix: one\n") for _ in range(2)}
    assert commits == {host.branch(NAME)} == {local.tip(NAME)}
    assert local.git.git("show", "--format=%P", "--name-status", NAME).split() == [base, "M", "a.py", "D", "b.py"]
    pulls = {host.open_pull(NAME, "main", "fix: one", "body").number for _ in range(2)}
    (pull,) = host.pulls()
    assert pulls == {pull.number} and pull == host.pull(pull.number) and host.pulls_of(pull.head) == (pull,)
    assert (pull.head, pull.base_sha, pull.head_ref, pull.base_ref, pull.own, pull.from_fork) == (
        *commits, base, NAME, "main", True, False,
    )  # fmt: skip
    assert (local.git.read("a.py").decode(), local.tip(), local.git.git("status", "--porcelain")) == (OLD, base, "")


def test_text_labels_and_comments(host: Host, local: Local) -> None:
    local.git.git("branch", NAME)
    local.git.git("checkout", "-q", NAME)
    local.git.commit(a=NEW)
    local.git.git("checkout", "-q", "main")
    number = host.open_pull(NAME, "main", "fix: one", "body").number
    host.edit_pull(number, "fix: two", "more")
    host.set_labels(number, ["selfmod: SAFE", "review required"], [])
    host.set_labels(number, ["selfmod: LOW_RISK"], ["selfmod: SAFE", "never there"])
    pull = host.pull(number)
    assert (pull.title, pull.body) == ("fix: two", "more")
    assert pull.labels == ("review required", "selfmod: LOW_RISK")
    host.put_comment(number, "marker", "newer", 2)
    host.put_comment(number, "marker", "older", 1)
    host.put_comment(number, "other", "another", 1)
    assert [(each.own, each.body.partition("\n")[2]) for each in host.comments(number)] == [
        (True, "newer"),
        (True, "another"),
    ]
    host.remove_comment(number, "marker")
    assert len(host.comments(number)) == 1


def test_one_check_run_of_a_name_and_commit(host: Host, local: Local) -> None:
    head = local.tip()
    run = CheckRun("selfmod/gate", head, "key", "waits", "summary")
    first = host.put_run(run)
    assert host.put_run(CheckRun("selfmod/gate", head, "key", "passes", "s", conclusion=Conclusion.SUCCESS)) == first
    (seen,) = host.runs(head)
    assert (seen.title, seen.status, seen.conclusion, seen.app) == ("passes", "completed", "success", host.app_id)
    assert host.runs("0" * 40) == ()


def test_branches_move_from_where_they_were_seen(host: Host, local: Local) -> None:
    base = local.tip()
    one = host.commit_files(NAME, base, [FileEdit("a.py", NEW.encode())], "one")
    two = host.commit_files(f"{NAME}-two", base, [FileEdit("a.py", b"2\n")], "two")
    assert not host.move_branch(NAME, base, two) and host.branch(NAME) == one
    assert host.move_branch(NAME, one, two) and host.move_branch(NAME, one, two) and host.branch(NAME) == two
    host.delete_branch(NAME)
    assert host.branch(NAME) is None and host.branch("../../HEAD") is None and host.branch("") is None


def test_what_is_not_there_is_gone(host: Host) -> None:
    with pytest.raises(Gone):
        host.pull(99)
    with pytest.raises(Gone):
        host.comment(1)
    assert host.file("nowhere.py", "main") is None and host.file("a.py", "main") == OLD.encode()


def test_only_the_head_that_was_looked_at_is_merged(host: Host, local: Local) -> None:
    head = host.commit_files(NAME, local.tip(), [FileEdit("a.py", NEW.encode())], "one")
    number = host.open_pull(NAME, "main", "fix: one", "").number
    with pytest.raises(Superseded):
        host.merge(number, local.tip(), "merge")
    landed = host.merge(number, head, "merge", "fix: one")
    assert landed.what is Landed.MERGED and landed == host.merge(number, head, "merge")
    assert landed.commit == local.tip() and local.git.read("a.py").decode() == NEW
    pull = host.pull(number)
    assert (pull.open, pull.merged, pull.merge_commit) == (False, True, landed.commit)
    assert local.git.git("status", "--porcelain") == ""


def test_a_closed_one_is_not_merged(host: Host, local: Local) -> None:
    head = host.commit_files(NAME, local.tip(), [FileEdit("a.py", NEW.encode())], "one")
    number = host.open_pull(NAME, "main", "fix: one", "").number
    host.close_pull(number)
    assert host.pulls() == () and [each.number for each in host.pulls("closed")] == [number]
    with pytest.raises(Superseded):
        host.merge(number, head, "merge")


def test_nothing_of_the_protocol_is_missing(local: Local) -> None:
    as_host: Host = local.host  # what mypy checks
    assert all(hasattr(as_host, name) for name in FREE)


def test_the_person_at_the_keyboard_is_alone(local: Local) -> None:
    me = account()
    assert (local.host.role(me), local.host.role("eve")) == (Role.ADMIN, Role.NONE)
    assert (local.host.people(Role.ADMIN), local.host.team("acme/web")) == ((me,), ())
    pull = local.propose()
    (mine,) = local.host.commits(pull.number)
    assert mine.author == mine.committer == local_host.OWN
    local.git.git("checkout", "-q", NAME)
    local.git.commit(c="c = 1\n")
    assert [each.author for each in local.host.commits(pull.number)] == [local_host.OWN, local.host.person]
    local.git.git("-c", "user.email=ann\u2028@exa\x0cmple.org", "commit", "-q", "--allow-empty", "-m", "odd")
    assert [each.author for each in local.host.commits(pull.number)][1:] == [local.host.person] * 2


def test_an_account_without_a_name_has_one(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("os.getuid", lambda: 3_999_999)
    assert account() == "uid-3999999"


@pytest.mark.parametrize(
    ("own", "mode", "solo"),
    [
        (None, Mode.PROPOSE, True),
        (b"mode: observe\n", Mode.OBSERVE, True),
        (b"approvals:\n  solo: false\n", Mode.PROPOSE, False),
    ],
)
def test_what_the_repository_says_itself_counts(own: bytes | None, mode: Mode, solo: bool) -> None:
    found = layered(Layer(BENEATH, "beneath"), None if own is None else Layer(own, "own")).told()
    assert (found.mode, found.approvals.solo) == (mode, solo)


def test_a_branch_that_holds_something_else_is_left_alone(local: Local) -> None:
    local.git.git("branch", NAME)
    with pytest.raises(Refusal, match="holds something else"):
        local.host.commit_files(NAME, local.tip(), [FileEdit("a.py", b"x\n")], "one")
    with pytest.raises(Refusal, match="no branch of selfmod's own"):
        local.host.commit_files("main", local.tip(), [FileEdit("a.py", b"x\n")], "one")
    with pytest.raises(Refusal, match="no branch of selfmod's own"):
        local.host.delete_branch("main")


@pytest.mark.parametrize("path", ["../x", ".git/hooks/x", "/x", "a/../x", ".GIT/config"])
def test_no_path_leads_elsewhere(local: Local, path: str) -> None:
    with pytest.raises(Refusal, match="not applied"):
        local.host.commit_files(NAME, local.tip(), [FileEdit(path, b"x")], "one")
    assert local.host.branch(NAME) is None


def test_what_is_checked_out_somewhere_stays(local: Local, tmp_path: Path) -> None:
    pull = local.propose()
    local.git.git("worktree", "add", "-q", str(tmp_path / "other"), NAME)
    with pytest.raises(Refusal, match="checked out in"):
        local.host.delete_branch(NAME)
    with pytest.raises(Refusal, match="checked out in"):
        local.host.move_branch(NAME, pull.head, local.tip())


def test_a_symbolic_branch_leads_nowhere_else(local: Local) -> None:
    """One that stands for main: moving and removing it does not touch main."""
    base = local.tip()
    local.git.git("symbolic-ref", f"refs/heads/{NAME}", "refs/heads/main")
    local.git.git("checkout", "-q", "--detach")
    made = local.git.git("commit-tree", "HEAD^{tree}", "-m", "x").strip()
    local.host.move_branch(NAME, base, made)
    assert local.tip() == base
    local.host.delete_branch(NAME)
    assert local.tip() == base


def test_no_hook_runs(local: Local, tmp_path: Path) -> None:
    hooks = tmp_path / "hooks"
    hooks.mkdir()
    for name in ("reference-transaction", "post-merge", "pre-merge-commit", "commit-msg", "post-checkout"):
        (hooks / name).write_text(f"#!/bin/sh\ntouch {tmp_path}/ran\n")
        (hooks / name).chmod(0o755)
    pull = local.propose()
    local.git.git("config", "core.hooksPath", str(hooks))
    local.host.merge(pull.number, pull.head, "merge")
    local.host.delete_branch(NAME)
    assert not (tmp_path / "ran").exists()
    subprocess.run(["git", "commit", "-q", "--allow-empty", "-m", "x"], cwd=local.git.root, check=True)
    assert (tmp_path / "ran").exists()  # the hooks would have run


def test_arming_is_for_a_person(local: Local) -> None:
    pull = local.propose()
    assert local.host.arm(pull.number, pull.head, "merge").what is Landed.WAITS
    assert not local.host.disarm(pull.number) and local.host.revert_pull(pull.number, "t", "b") is None
    with pytest.raises(Superseded):
        local.host.arm(pull.number, local.tip(), "merge")


def test_a_detached_head_says_nowhere_to_go(local: Local) -> None:
    local.git.git("checkout", "-q", "--detach")
    with pytest.raises(Refusal, match="no branch is checked out"):
        local.host.default_branch()
    other = LocalHost(local.git.root, local.host._keeping, "main")
    assert other.default_branch() == "main"
