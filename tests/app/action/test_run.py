"""The Action on real repositories with the payloads of real events."""

import json
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

from app.action.stateless import stopped
from app.model.stop import Stop
from tests.app.action.runs import CART, ZERO, Run, act, project, pull, push
from tests.commands import selfmod
from tests.repositories import Repository

pytestmark = pytest.mark.complete  # together minutes

ROOT = Path(__file__).parents[3]
EVIL = "import subprocess\n\n\ndef run(name):\n    return subprocess.run('ls ' + name, shell=True)\n"


def changed(place: Path, **files: str) -> tuple[Repository, str, str]:
    """A project, its base, and the head of a branch that writes files."""
    repository = project(place)
    base = repository.git("rev-parse", "HEAD").strip()
    repository.git("checkout", "-q", "-b", "topic")
    head = repository.commit(**files)
    return repository, base, head


def quick(root: Path, event: str, payload: Any, /, **inputs: str) -> Run:
    """Without the tests, where they say nothing."""
    return act(root, event, payload, sandbox="off", **inputs)


def test_a_good_pull_request(tmp_path: Path) -> None:
    repository, base, head = changed(tmp_path, cart=CART.replace("1 + tax", "tax + 1"))
    ran = act(repository.root, "pull_request", pull(base, head))
    assert ran.code == 0, ran.log
    assert ran.stage("sandbox")["state"] == "passed"
    assert ran.report["tests"]["head"]["counts"]["passed"] == 1
    assert ran.report["change"] | {"name": ""} == {
        "name": "",
        "base": base,
        "head": head,
        "files": ["cart.py"],
        "added": 1,
        "removed": 1,
    }
    assert ran.outputs["level"] == ran.report["assessment"]["level"] == ran.decision["level"]
    assert ran.decision == ran.report["decision"]
    assert ran.outputs["findings"] == "0"
    assert ran.outputs["branch"] == ""
    assert ran.sarif["version"] == "2.1.0"
    assert ran.summary.startswith("## selfmod\n\n**")
    assert ran.commands == []


def test_a_test_that_now_fails(tmp_path: Path) -> None:
    repository, base, head = changed(tmp_path, cart=CART.replace("1 + tax", "2 + tax"))
    ran = act(repository.root, "pull_request", pull(base, head))
    assert ran.code == 1, ran.log
    assert [each["id"] for each in ran.report["tests"]["newly_failing"]] == ["test_cart.py::test_total"]
    assert "sandbox failed" in ran.summary
    assert act(repository.root, "pull_request", pull(base, head), fail="false").code == 0


def test_a_finding_is_an_annotation_a_result_and_a_number(tmp_path: Path) -> None:
    repository, base, head = changed(tmp_path, evil=EVIL)
    ran = quick(repository.root, "pull_request", pull(base, head))
    assert ran.code == 1, ran.log
    assert any(line.startswith("::error file=evil.py,line=5,") for line in ran.commands)
    assert int(ran.outputs["findings"]) > 0
    places = [each["locations"][0]["physicalLocation"] for each in ran.sarif["runs"][0]["results"]]
    assert {each["artifactLocation"]["uri"] for each in places} == {"evil.py"}
    silent = quick(repository.root, "pull_request", pull(base, head), annotations="false")
    assert silent.commands == []
    assert silent.code == 1
    lax = quick(repository.root, "pull_request", pull(base, head), threshold="critical", annotations="false")
    assert int(lax.outputs["findings"]) < int(ran.outputs["findings"])


@pytest.mark.parametrize(
    ("login", "theirs", "number", "seen"),
    [
        ("ann", 1, 5, "a person"),
        ("ann", 2, 5, "somebody without write access, from a fork"),
        ("ann", None, 5, "somebody without write access, from a fork"),
        ("dependabot[bot]", 1, 5, "a person"),
        ("renovate[bot]", 1, 5, "a dependency bot"),
        ("renovate[bot]", 1, 6, "a person"),
        ("renovate[bot]", 2, 5, "somebody without write access, from a fork"),
    ],
)
def test_who_proposes_it(tmp_path: Path, login: str, theirs: int | None, number: int, seen: str) -> None:
    """The configuration of the base names the bots; the commit is by the account of this number."""
    repository = project(tmp_path)
    repository.put(".github/selfmod.yml", "dependency_bots: ['renovate[bot]']\n")
    base = repository.commit()
    repository.put("more.py", "x = 1\n")
    repository.git("add", "-A")
    address = f"{number}+{login}@users.noreply.github.com"
    repository.git("-c", f"user.name={login}", "-c", f"user.email={address}", "commit", "-q", "-m", "more")
    head = repository.git("rev-parse", "HEAD").strip()
    ran = quick(repository.root, "pull_request", pull(base, head, login, theirs))
    factors = [each["seen"] for each in ran.report["assessment"]["factors"] if each["name"] == "generator"]
    assert factors[0] == seen


def test_under_pull_request_target_no_code_runs(tmp_path: Path) -> None:
    proof = tmp_path / "proof"
    repository, base, head = changed(
        tmp_path, conftest=f"import pathlib\npathlib.Path({str(proof)!r}).touch()\n", cart=CART.replace("1 +", "2 +")
    )
    ran = act(repository.root, "pull_request_target", pull(base, head, theirs=2))
    stage = ran.stage("sandbox")
    assert (stage["state"], ran.report["tests"]) == ("skipped", None)
    assert "never runs under pull_request_target" in stage["reason"]
    assert not proof.exists()


@pytest.mark.parametrize("event", ["merge_group", "push"])
def test_other_events_of_a_change(tmp_path: Path, event: str) -> None:
    repository, base, head = changed(tmp_path, more="x = 1\n")
    payload: Any = {"merge_group": {"base_sha": base, "head_sha": head}} if event == "merge_group" else push(base, head)
    ran = quick(repository.root, event, payload)
    assert ran.code == 0, ran.log
    assert (ran.report["change"]["base"], ran.report["change"]["head"]) == (base, head)


@pytest.mark.parametrize("fail", ["true", "false"])
def test_a_group_with_a_stopped_proposal_fails_and_says_which(tmp_path: Path, fail: str) -> None:
    repository, base, head = changed(tmp_path, more="x = 1\n")
    repository.git("commit", "-q", "--amend", "-m", "Mend it\n\nSelfmod-Modification: mod_1a2b3c4d5e6f")
    head = repository.git("rev-parse", "HEAD").strip()
    repository.git("update-ref", "refs/remotes/origin/main", base)
    repository.git("update-ref", "refs/remotes/origin/selfmod/fix/x-1a2b3c4d", head)
    repository.git("checkout", "-q", "--orphan", "stops")
    repository.put(stopped.FILE, stopped.document([Stop("ann", "incident *4711*", 1.0)]))
    repository.git("update-ref", "refs/remotes/origin/selfmod/stopped", repository.commit())
    repository.git("checkout", "-q", "topic")
    payload = {"merge_group": {"base_sha": base, "head_sha": head, "base_ref": "refs/heads/main"}}
    ran = quick(repository.root, "merge_group", payload, fail=fail, GITHUB_REPOSITORY="acme/shop")
    said = "selfmod/fix/x-1a2b3c4d in this group is stopped by @ann: incident *4711*. Take that one out"
    assert (ran.code, len(ran.commands)) == (1, 1)
    assert ran.commands[0].startswith("::error title=selfmod::") and said in ran.commands[0]
    assert "/selfmod resume repository" in ran.commands[0]
    assert ran.summary.startswith("## selfmod\n\n**selfmod/fix/x")
    assert ran.report["change"]["head"] == head
    # the same on a pull request and behind a push is judged as ever
    assert quick(repository.root, "push", push(base, head), fail=fail).code == 0
    repository.git("update-ref", "-d", "refs/remotes/origin/main")
    ran = quick(repository.root, "merge_group", payload, fail=fail)
    assert "this clone has no other branches" in ran.log


def test_a_new_branch_is_judged_from_where_it_left_the_default_one(tmp_path: Path) -> None:
    repository, base, _ = changed(tmp_path, more="x = 1\n")
    head = repository.commit(other="y = 1\n")
    repository.git("update-ref", "refs/remotes/origin/main", base)
    ran = quick(repository.root, "push", push(ZERO, head))
    assert ran.report["change"]["files"] == ["more.py", "other.py"]
    repository.git("update-ref", "refs/remotes/origin/main", head)
    assert quick(repository.root, "push", push(ZERO, head)).report["change"]["files"] == ["other.py"]


def test_a_branch_that_was_rewritten_is_judged_as_a_new_one(tmp_path: Path) -> None:
    repository, base, head = changed(tmp_path, more="x = 1\n")
    repository.git("update-ref", "refs/remotes/origin/main", base)
    assert quick(repository.root, "push", push("d" * 40, head)).report["change"]["base"] == base


def test_a_judgement_starts_without_what_talks_to_github(tmp_path: Path) -> None:
    """It is not even installed where a change is judged."""
    code = "import sys, app.action.run as run; print(*{each.partition('.')[0] for each in sys.modules})"
    ran = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True, cwd=ROOT)
    assert "checks" in ran.stdout.split()
    assert not {"githubkit", "httpx", "sqlalchemy", "sqlmodel", "alembic", "jwt"} & set(ran.stdout.split())


def test_nothing_to_compare_with_is_no_fault(tmp_path: Path) -> None:
    repository = project(tmp_path)
    first = repository.git("rev-parse", "HEAD").strip()
    for payload in (push(ZERO, first), push(first, ZERO)):
        ran = quick(repository.root, "push", payload)
        assert (ran.code, set(ran.outputs.values())) == (0, {""})
        assert "nothing is judged" in ran.log


def test_the_target_decides_how_a_change_is_judged(tmp_path: Path) -> None:
    """Whoever makes a change chooses where it leaves the target, and could choose an old, lax configuration."""
    repository = project(tmp_path)
    repository.put(".github/selfmod.yml", "review:\n  disable: [subprocess-shell]\n  threshold: critical\n")
    repository.commit()
    repository.git("checkout", "-q", "-b", "topic")
    head = repository.commit(evil=EVIL)
    repository.git("checkout", "-q", "main")
    repository.put(".github/selfmod.yml", "review:\n  threshold: medium\n")
    base = repository.commit()
    assert quick(repository.root, "pull_request", pull(base, head)).code == 1
    assert selfmod("validate", "--base", base, "--head", head, "--no-sandbox", at=repository.root).code == 1


def test_the_checked_out_merge_commit_reaches_both_sides(tmp_path: Path) -> None:
    """actions/checkout checks out refs/pull/N/merge: the branch itself is not there."""
    repository, base, head = changed(tmp_path, more="x = 1\n")
    repository.git("checkout", "-q", "--detach", "main")
    repository.git("merge", "-q", "--no-ff", "-m", "merge", "topic")
    repository.git("update-ref", "refs/remotes/pull/7/merge", "HEAD")
    clone = tmp_path / "runs" / "clone"
    clone.mkdir(parents=True)
    runner = Repository(clone)
    runner.git("init", "-q")
    runner.git("fetch", "-q", str(repository.root), "+refs/remotes/pull/7/merge:refs/remotes/pull/7/merge")
    runner.git("checkout", "-q", "refs/remotes/pull/7/merge")
    ran = quick(clone, "pull_request", pull(base, head))
    assert (ran.code, ran.report["change"]["head"]) == (0, head), ran.log


@pytest.mark.parametrize(("depth", "missing"), [(1, "head"), (2, "")])
def test_a_shallow_clone_is_told_to_be_whole(tmp_path: Path, depth: int, missing: str) -> None:
    repository, base, head = changed(tmp_path, more="x = 1\n")
    repository.git("checkout", "-q", "main")
    base = repository.commit(later="z = 1\n")
    repository.git("merge", "-q", "--no-ff", "-m", "merge", "topic")
    clone = tmp_path / "runs" / "clone"
    clone.parent.mkdir()
    repository.git("clone", "-q", f"--depth={depth}", f"file://{repository.root}", str(clone))
    ran = quick(clone, "pull_request", pull(base, head))
    assert ran.code == 2
    assert "fetch-depth: 0" in ran.log
    assert f"the {missing} commit {head[:10]} is not in this clone, which is shallow" in ran.log or not missing


def test_a_head_that_was_not_fetched_is_named(tmp_path: Path) -> None:
    repository, base, _ = changed(tmp_path, more="x = 1\n")
    ran = quick(repository.root, "pull_request_target", pull(base, "d" * 40, theirs=2))
    assert ran.code == 2
    assert "git fetch origin pull/7/head" in ran.log


@pytest.mark.parametrize(
    ("event", "payload", "inputs", "said"),
    [
        ("pull_request", None, {}, "payload cannot be read"),
        ("pull_request", b"{", {}, "payload is no JSON."),
        ("pull_request", b"[" * 100_000, {}, "payload is no JSON."),
        ("pull_request", b"[]", {}, "no JSON object"),
        ("pull_request", b" " * (25 * 1024 * 1024 + 1), {}, "larger than 25 MiB"),
        ("pull_request", {}, {}, "no 'pull_request'"),
        ("pull_request", pull("main", "HEAD"), {}, "no commit 'sha'"),
        ("pull_request", pull("--output=/etc/passwd", ZERO), {}, "no commit 'sha'"),
        ("pull_request", pull("a" * 40, "b" * 40), {}, "is not in this clone"),
        ("issue_comment\n::stop-commands::x", {}, {}, "has no work for the event"),
        ("push", push("a" * 40, "b" * 40), {"threshold": "\n::error::high"}, "the input threshold is"),
        ("push", push("a" * 40, "b" * 40), {"path": "nowhere"}, "is not in this clone"),
        ("push", push("a" * 40, "b" * 40), {"python": "no/python"}, "is not in this clone"),
    ],
)
def test_bad_input_is_one_sentence(tmp_path: Path, event: str, payload: Any, inputs: dict[str, str], said: str) -> None:
    ran = act(project(tmp_path).root, event, payload, **inputs)
    assert ran.code == 2
    assert said in ran.log
    assert ran.log.count("\n") == 1
    assert ran.log.startswith("::error title=selfmod::")


def test_no_repository(tmp_path: Path) -> None:
    (tmp_path / "empty").mkdir()
    ran = act(tmp_path / "empty", "schedule", {})
    assert (ran.code, "is in no git repository" in ran.log) == (2, True)


def test_a_python_that_is_none(tmp_path: Path) -> None:
    repository, base, head = changed(tmp_path, more="x = 1\n")
    ran = act(repository.root, "push", push(base, head), python="no/python")
    assert (ran.code, "neither an interpreter nor an environment" in ran.log) == (2, True)


def test_an_environment_that_is_committed_does_not_judge(tmp_path: Path) -> None:
    repository, base, _ = changed(tmp_path, more="x = 1\n")
    subprocess.run(["python3", "-m", "venv", "--without-pip", repository.root / ".venv"], check=True)
    repository.git("add", "--force", ".venv")  # venv itself writes a .gitignore there
    head = repository.commit()
    ran = act(repository.root, "push", push(base, head), python=".venv")
    assert (ran.code, "is committed in the repository" in ran.log) == (2, True)
    found = act(repository.root, "push", push(base, head))
    assert "selfmod's own" in found.report["tests"]["head"]["environment"]


@pytest.mark.parametrize("name", ["a\n::error::x.py", "::error::x.py", "##[error]x.py", "a,b:c%0A::x.py", "\x1b[2J.py"])
def test_names_of_files_command_nothing(tmp_path: Path, name: str) -> None:
    repository, base, _ = changed(tmp_path)
    repository.put(name, EVIL)
    head = repository.commit()
    ran = quick(repository.root, "pull_request", pull(base, head))
    assert ran.code == 1, ran.log
    assert ran.commands
    for line in ran.commands:
        assert line.startswith(("::error file=", "::warning file=", "::notice file=")), line
        assert "##[" not in line.partition("::")[0]
    assert "\x1b" not in ran.log
    assert set(ran.outputs) == {"level", "decision", "findings", "sarif", "report", "branch"}
    assert json.loads(ran.outputs["decision"])["level"] == ran.outputs["level"]


def test_the_sandbox_gets_none_of_the_runners_variables(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    secrets = ("GITHUB_TOKEN", "ACTIONS_RUNTIME_TOKEN", "ACTIONS_ID_TOKEN_REQUEST_TOKEN", "INPUT_TOKEN", "MY_SECRET")
    for name in secrets:
        monkeypatch.setenv(name, "ghs_verysecret")
    seeing = (
        "import os, pathlib\n\n\n"
        "def test_nothing_is_seen():\n"
        "    assert 'ghs_verysecret' not in str(dict(os.environ))\n"
        "    assert not [name for name in os.environ if name.startswith(('GITHUB_', 'ACTIONS_', 'RUNNER_'))]\n"
        "    assert not pathlib.Path('.git').exists()\n"
        "    for each in pathlib.Path('/proc').glob('[0-9]*/environ'):\n"
        "        try:\n"
        "            seen = each.read_bytes()\n"
        "        except OSError:\n"
        "            continue\n"
        "        assert b'ghs_verysecret' not in seen\n"
    )
    repository, base, head = changed(tmp_path, test_seeing=seeing)
    ran = act(repository.root, "pull_request", pull(base, head))
    assert (ran.code, ran.report["tests"]["head"]["counts"]["passed"]) == (0, 2), ran.log
    assert "ghs_verysecret" not in ran.log + ran.summary + json.dumps(ran.report)


def test_a_fault_of_our_own_says_so_and_commands_nothing(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def broken(*_: object) -> None:
        raise RuntimeError("first\n::error::second\n##[group]third")

    monkeypatch.setattr("app.action.run.of_commits", broken)
    repository, base, head = changed(tmp_path, more="x = 1\n")
    ran = act(repository.root, "push", push(base, head))
    assert ran.code == 2
    assert len(ran.commands) == 1
    assert "a bug of selfmod's own (bug_" in ran.commands[0]


def test_the_command_and_the_action_say_the_same(tmp_path: Path) -> None:
    repository, base, head = changed(
        tmp_path, cart=CART.replace("1 + tax", "tax + 1"), evil=EVIL, test_more="def test_more():\n    assert True\n"
    )
    ran = act(repository.root, "pull_request", pull(base, head))
    told = selfmod("validate", "--json", "--no-cache", "--base", base, "--head", head, at=repository.root)
    assert told.code == ran.code == 1
    assert comparable(json.loads(told.text)) == comparable(ran.report)


def comparable(value: Any) -> Any:
    """Without seconds, and without what a person calls the change."""
    if isinstance(value, dict):
        return {key: comparable(each) for key, each in value.items() if key not in ("seconds", "name")} | (
            {"name": value["name"]} if "weight" in value else {}
        )
    return [comparable(each) for each in value] if isinstance(value, list) else value
