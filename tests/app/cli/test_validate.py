"""`selfmod validate`: a change in, its stages, level and decision out; in the real sandbox."""

import json
from pathlib import Path
from typing import Any

import pytest

from app.cli.validate import Format
from tests.commands import process, selfmod
from tests.repositories import Repository

SOURCE = "def half(number):\n    return number // 2\n\n\ndef twice(number):\n    return number * 2\n"
TESTS = """\
from acme import half, twice


def test_half():
    assert half(4) == 2


def test_twice():
    assert twice(2) == 4
"""
BROKEN = SOURCE.replace("* 2", "* 3")
BETTER = SOURCE.replace("number // 2", "int(number) // 2")


@pytest.fixture
def acme(repository: Repository) -> Repository:
    """A project with a branch `topic` that is checked out and has no commit yet."""
    repository.put("acme.py", SOURCE)
    repository.put("tests/test_acme.py", TESTS)
    repository.put("pyproject.toml", '[project]\nname = "acme"\nversion = "1"\nrequires-python = ">=3.11"\n')
    repository.commit()
    repository.git("checkout", "-q", "-b", "topic")
    return repository


def judged(acme: Repository, *arguments: str) -> tuple[int, dict[str, Any]]:
    ran = selfmod("validate", "--json", *arguments, at=acme.root)
    assert ran.error == ""
    value = json.loads(ran.out)
    assert isinstance(value, dict)
    return ran.code, value


def states(value: dict[str, Any]) -> dict[str, str]:
    return {stage["stage"]: stage["state"] for stage in value["stages"]}


PASSED = dict.fromkeys(("syntax", "security", "dangerous", "imports", "sandbox"), "passed")


def test_the_working_tree(acme: Repository) -> None:
    acme.put("acme.py", BETTER)
    code, value = judged(acme)
    assert (code, states(value)) == (0, PASSED)
    assert value["change"] == {
        "name": "the working tree",
        "base": acme.git("rev-parse", "HEAD").strip(),
        "head": None,
        "files": ["acme.py"],
        "added": 1,
        "removed": 1,
    }
    assert value["tests"]["base"]["counts"]["passed"] == value["tests"]["head"]["counts"]["passed"] == 2
    assert value["tests"]["coverage"][0]["covered"] == [2]
    assert value["assessment"]["level"] == "LOW_RISK"
    assert value["decision"]["level"] == "LOW_RISK"


@pytest.mark.complete
def test_commits_whatever_lies_in_the_working_tree(acme: Repository) -> None:
    acme.put("acme.py", BROKEN)
    head = acme.commit()
    acme.put("acme.py", SOURCE)
    code, value = judged(acme, "--base", "main")
    assert code == 1
    assert states(value) == {**PASSED, "sandbox": "failed"}
    assert [each["id"] for each in value["tests"]["newly_failing"]] == ["tests/test_acme.py::test_twice"]
    assert (value["change"]["name"], value["change"]["head"]) == ("main..HEAD", head)
    assert value["decision"]["blocked"]
    assert judged(acme, "--base", "HEAD~1", "--head", "topic")[1]["stages"][4]["state"] == "failed"


@pytest.mark.complete
def test_a_patch_from_standard_input_leaves_everything_as_it_was(acme: Repository, tmp_path: Path) -> None:
    acme.put("acme.py", BROKEN)
    patch = acme.git("diff").encode()
    acme.git("checkout", "-q", "acme.py")
    before = acme.git("status", "--porcelain=v2", "--branch")
    ran = process("validate", "--patch", "-", "--json", at=acme.root, stdin=patch)
    assert (ran.code, json.loads(ran.out)["change"]["name"]) == (1, "the patch")
    (tmp_path / "fix.patch").write_bytes(patch)
    code, value = judged(acme, "--patch", str(tmp_path / "fix.patch"))
    assert (code, value["change"]["name"]) == (1, "fix.patch")
    assert acme.git("status", "--porcelain=v2", "--branch") == before


def test_untested_is_told_and_never_low_risk(acme: Repository) -> None:
    acme.put("acme.py", BETTER)
    code, value = judged(acme, "--no-sandbox")
    assert (code, states(value)["sandbox"]) == (0, "skipped")
    assert value["stages"][4]["reason"] == "left out: --no-sandbox"
    assert value["assessment"]["level"] == "MEDIUM_RISK"
    assert value["tests"] is None


def test_who_proposes_it_matters(acme: Repository) -> None:
    acme.put("setup.cfg", "[tool:pytest]\naddopts = -q\n")
    levels = [judged(acme, "--no-sandbox", "--proposer", who)[1]["assessment"]["level"] for who in ("person", "fork")]
    assert levels == ["HIGH_RISK", "CRITICAL"]


def test_the_configuration_is_that_of_the_base(acme: Repository) -> None:
    then = 'then: {level: HIGH_RISK, approvers: ["@acme/maths"]}'
    rule = f'policy:\n  - name: halves\n    if: {{paths: ["acme.py"]}}\n    {then}\n'
    acme.put(".github/selfmod.yml", rule)
    acme.commit()
    acme.put(".github/selfmod.yml", "mode: observe\n")
    acme.put("acme.py", BETTER)
    acme.commit()
    _, value = judged(acme, "--base", "HEAD~1", "--no-sandbox")
    assert value["decision"]["named"] == ["@acme/maths"]
    _, before = judged(acme, "--base", "HEAD~2", "--head", "HEAD~1", "--no-sandbox")
    assert before["decision"]["named"] == []


def test_documentation_alone_is_safe(acme: Repository) -> None:
    acme.put("acme.py", "# What halves and doubles numbers.\n" + SOURCE)
    code, value = judged(acme)
    assert (code, value["assessment"]["level"], value["decision"]["approvals"]) == (0, "SAFE", 0)


@pytest.mark.parametrize("form", Format)
def test_every_format_goes_to_a_file_as_well(acme: Repository, tmp_path: Path, form: Format) -> None:
    acme.put("acme.py", BETTER)
    ran = selfmod("validate", "--no-sandbox", "--format", form, "--output", tmp_path / "report", at=acme.root)
    assert (ran.code, ran.out) == (0, b"")
    text = (tmp_path / "report").read_text()
    assert "MEDIUM_RISK" in text
    assert "\x1b" not in text


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        (("--base", "nowhere"), "has no commit 'nowhere'"),
        (("--head", "topic"), "--head goes with --base alone"),
        (("--patch", "missing.patch"), "missing.patch cannot be read: No such file"),
        (("--json", "--format", "text"), "--json and --format text exclude each other"),
        (("--python", "nothing/here", "--base", "main"), "nothing/here"),
        (("--output", "no/such/folder/report"), "there is no folder"),
    ],
)
def test_what_cannot_be_done_is_one_line_and_2(acme: Repository, arguments: tuple[str, ...], said: str) -> None:
    ran = selfmod("validate", *arguments, at=acme.root)
    assert (ran.code, ran.out) == (2, b"")
    assert said in ran.error
    assert len(ran.error.splitlines()) == 1


def test_a_patch_that_does_not_apply(acme: Repository, tmp_path: Path) -> None:
    (tmp_path / "p").write_text("--- a/acme.py\n+++ b/acme.py\n@@ -1 +1 @@\n-nothing like it\n+x\n")
    ran = selfmod("validate", "--patch", tmp_path / "p", at=acme.root)
    assert ran.code == 2
    assert "p does not apply to HEAD: " in ran.error


def test_outside_git_and_before_the_first_commit(tmp_path: Path, repository: Repository) -> None:
    (tmp_path / "plain").mkdir()
    ran = selfmod("validate", at=tmp_path / "plain")
    assert ran.code == 2
    assert "is not in a git repository" in ran.error
    ran = selfmod("validate", at=repository.root)
    assert ran.code == 2
    assert "has no commit to compare with" in ran.error


def test_git_of_the_repository_runs_nothing(acme: Repository, tmp_path: Path) -> None:
    marker = tmp_path / "ran"
    hook = acme.put(".git/hooks/post-checkout", f"#!/bin/sh\ntouch {marker}\n")
    hook.chmod(0o755)
    acme.git("config", "core.fsmonitor", f"touch {marker}; false")
    acme.git("config", "diff.external", f"touch {marker}")
    acme.put("acme.py", BETTER)
    assert judged(acme, "--no-sandbox")[0] == 0
    assert not marker.exists()


@pytest.mark.parametrize(("allowed", "framework"), [("[unittest]", "no tests"), ("[pytest]", "2 passed")])
def test_the_configuration_says_what_may_run_the_tests(acme: Repository, allowed: str, framework: str) -> None:
    acme.put(".github/selfmod.yml", f"allowed_commands: {allowed}\n")
    acme.commit()
    acme.put("acme.py", BETTER)
    _, value = judged(acme)
    stage = value["stages"][4]
    assert stage["facts"].get("tests", "no tests") == framework
    assert stage["state"] == ("passed" if "passed" in framework else "skipped")
