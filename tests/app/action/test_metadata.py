"""action.yml against the code behind it and the page that documents it, and the workflows against an audit."""

import json
import os
import re
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest
import yaml

from app.action.inputs import Inputs
from app.action.judging import outputs
from tests.app.action.examples import workflows

ROOT = Path(__file__).parents[3]
ACTION: dict[str, Any] = yaml.safe_load((ROOT / "action.yml").read_text("utf-8"))
PAGE = (ROOT / "docs/action.md").read_text("utf-8")
STEPS: list[dict[str, Any]] = ACTION["runs"]["steps"]


def rows(heading: str) -> list[list[str]]:
    """The cells of the table under a heading of the page."""
    table = PAGE.partition(f"\n## {heading}\n")[2].partition("\n## ")[0]
    lines = [line for line in table.splitlines() if line.startswith("| ")]
    return [[cell.strip() for cell in line.strip("|").split(" |")] for line in lines[2:]]


def meaning(value: dict[str, Any]) -> str:
    return " ".join(value["description"].split())


def test_the_page_has_every_input_and_output() -> None:
    expected = [
        [f"`{name}`", f"`{value['default']}`" if value["default"] else "", meaning(value)]
        for name, value in ACTION["inputs"].items()
    ]
    assert rows("Inputs") == expected
    assert rows("Outputs") == [[f"`{name}`", meaning(value)] for name, value in ACTION["outputs"].items()]


def test_the_defaults_are_those_of_the_code() -> None:
    given = {f"SELFMOD_{name.upper()}": value["default"] for name, value in ACTION["inputs"].items()}
    assert Inputs.of(given) == Inputs.of({})


def test_every_input_reaches_the_run_and_every_output_comes_from_it() -> None:
    run = next(step for step in STEPS if step.get("id") == "selfmod")
    passed = {f"SELFMOD_{name.upper()}": f"${{{{ inputs.{name} }}}}" for name in ACTION["inputs"] if name != "push"}
    assert run["env"] == passed | {"SELFMOD_TOKEN": run["env"]["SELFMOD_TOKEN"]}
    assert list(outputs()) == list(ACTION["outputs"])
    for name, value in ACTION["outputs"].items():
        assert value["value"] == f"${{{{ steps.selfmod.outputs.{name} }}}}"


def test_only_scripts_and_no_expression_within_one() -> None:
    assert ACTION["runs"]["using"] == "composite"
    for step in STEPS:
        assert "uses" not in step
        assert "${{" not in step["run"]
        for script in re.findall(r"\$GITHUB_ACTION_PATH/([\w/.]+)", step["run"]):
            assert os.access(ROOT / script, os.X_OK)
            assert subprocess.run(["bash", "-n", ROOT / script], check=False).returncode == 0


def test_where_a_change_is_judged_nothing_has_a_token() -> None:
    """And nothing of the other steps ever: scripts do not see it."""
    value = STEPS[1]["env"]["SELFMOD_TOKEN"]
    named = re.fullmatch(
        r"\$\{\{ contains\(fromJSON\('(\[.*\])'\), github\.event_name\) && inputs\.token \|\| '' \}\}", value
    )
    assert named
    assert json.loads(named[1]) == ["issue_comment", "pull_request_review", "schedule", "workflow_dispatch"]
    assert [step["name"] for step in STEPS if "token" in str(step.get("env", "")).casefold()] == ["Run selfmod"]


def test_no_token_is_named() -> None:
    """But for the input's default: the credentials that actions/checkout left are git's own business."""
    scripts = [ROOT / "action.yml", *(ROOT / "app/action").glob("*.sh"), *(ROOT / "app/action").glob("*.py")]
    for script in scripts:
        assert not re.search(
            r"github\.token|\bsecrets\.[A-Z]|GITHUB_TOKEN|GH_TOKEN|ACTIONS_\w*TOKEN",
            script.read_text("utf-8").replace("    default: ${{ github.token }}\n", ""),
        )


def zizmor(*paths: Path) -> subprocess.CompletedProcess[str]:
    line: list[str | Path] = [
        Path(sys.executable).with_name("zizmor"),
        "--offline",
        "--no-config",
        "--no-progress",
        *paths,
    ]
    return subprocess.run(line, capture_output=True, text=True, check=False)


def test_an_audit_of_action_and_workflows_finds_nothing() -> None:
    ran = zizmor(ROOT / "action.yml", ROOT / ".github/workflows", ROOT / ".github/dependabot.yml")
    assert ran.returncode == 0, ran.stdout + ran.stderr
    assert "No findings to report" in ran.stdout + ran.stderr
    ignored = re.findall(r"zizmor: ignore\[([\w-]+)\]", "".join(each.read_text() for each in workflows_of_ours()))
    assert set(ignored) <= {"self-repository"}


def workflows_of_ours() -> list[Path]:
    return sorted((ROOT / ".github/workflows").glob("*.yml"))


@pytest.mark.parametrize("example", workflows(PAGE), ids=lambda example: str(example.number))
def test_an_audit_of_the_examples_finds_nothing(tmp_path: Path, example: Any) -> None:
    ran = zizmor(example.written(tmp_path))
    assert ran.returncode == 0, ran.stdout + ran.stderr


def test_one_finding_of_the_audit_is_answered_in_the_examples() -> None:
    """An event that a stranger causes, in a job that can write: it has no checkout."""
    assert re.findall(r"zizmor: ignore\[([\w-]+)\]", PAGE) == ["dangerous-triggers"]
    (example,) = [each for each in workflows(PAGE) if "zizmor: ignore" in each.text]
    assert "checkout" not in example.text and "run:" not in example.text


def test_the_audit_notices(tmp_path: Path) -> None:
    example = workflows(PAGE)[0]
    bad = example.text.replace("permissions: {}", "permissions: write-all").replace(
        "pull_request:", "pull_request_target:"
    )
    assert zizmor(type(example)(0, bad).written(tmp_path)).returncode > 10
