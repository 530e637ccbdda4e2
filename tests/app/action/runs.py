"""Runs of the Action as the runner of GitHub Actions starts it: variables, an event's payload in a file, files that it
reads afterwards."""

import contextlib
import io
import json
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import checks.debugging.tools.bandit  # noqa: F401  # workers are forked: this spares each of them the import
from app.action.run import main
from tests.repositories import Repository, made

ZERO = "0" * 40
COMMANDS = ("::error ", "::warning ", "::notice ")

CART = "class Cart:\n    def total(self, tax=0):\n        return 1 + tax\n"
TEST = "from cart import Cart\n\n\ndef test_total():\n    assert Cart().total() == 1\n"


@dataclass(frozen=True)
class Run:
    """What one run left: the exit code, the log, the outputs, the job's summary."""

    code: int
    log: str
    outputs: dict[str, str]
    summary: str

    @property
    def commands(self) -> list[str]:
        """The lines that the runner obeys: it trims them first."""
        return [line for line in self.log.split("\n") if line.strip().startswith("::") or "##[" in line]

    @property
    def report(self) -> Any:
        """The whole report."""
        return json.loads(Path(self.outputs["report"]).read_text("utf-8"))

    @property
    def decision(self) -> Any:
        """The decision."""
        return json.loads(self.outputs["decision"])

    @property
    def sarif(self) -> Any:
        """The SARIF log."""
        return json.loads(Path(self.outputs["sarif"]).read_text("utf-8"))

    def stage(self, name: str) -> Any:
        """A stage of the report."""
        return next(each for each in self.report["stages"] if each["stage"] == name)


def outputs(text: str) -> dict[str, str]:
    """As the runner reads its file: `name<<delimiter`, lines, the delimiter."""
    found, lines = {}, text.split("\n")
    while lines and (line := lines.pop(0)):
        name, _, end = line.partition("<<")
        at = lines.index(end)
        found[name] = "\n".join(lines[:at])
        lines = lines[at + 1 :]
    return found


def act(root: Path, event: str, payload: Any, /, **inputs: str) -> Run:
    """Runs the Action in this process. `payload` is JSON, or bytes as they are, or None for no file. Inputs are named
    as in action.yml; capital letters are variables of the runner."""
    place = root.parent / "runner"
    for folder in (place, place / "temp"):
        folder.mkdir(exist_ok=True)
    files = {name: place / name for name in ("event.json", "outputs", "summary.md")}
    for each in files.values():
        each.unlink(missing_ok=True)
    if payload is not None:
        files["event.json"].write_bytes(payload if isinstance(payload, bytes) else json.dumps(payload).encode())
    environment = {
        "GITHUB_WORKSPACE": str(root),
        "GITHUB_EVENT_NAME": event,
        "GITHUB_EVENT_PATH": str(files["event.json"]),
        "GITHUB_OUTPUT": str(files["outputs"]),
        "GITHUB_STEP_SUMMARY": str(files["summary.md"]),
        "RUNNER_TEMP": str(place / "temp"),
        **{name if name.isupper() else f"SELFMOD_{name.upper()}": value for name, value in inputs.items()},
    }
    log = io.StringIO()
    with contextlib.redirect_stdout(log):
        code = main(environment)
    written, summary = (
        files[name].read_text("utf-8") if files[name].exists() else "" for name in ("outputs", "summary.md")
    )
    return Run(code, log.getvalue(), outputs(written), summary)


def project(place: Path, **files: str) -> Repository:
    """A repository with a module, its test and more Python files, committed on main."""
    repository = made(place / "project")
    repository.put("pyproject.toml", '[project]\nname = "shop"\nrequires-python = ">=3.12"\n')
    repository.commit(cart=CART, test_cart=TEST, **files)
    return repository


def pull(base: str, head: str, login: str = "ann", theirs: int | None = 1, number: int = 7) -> Mapping[str, Any]:
    """The payload of a pull request, cut to what says anything (@octokit/webhooks-examples has whole ones)."""
    user = {"login": login, "id": 5, "type": "Bot" if login.endswith("[bot]") else "User"}
    return {
        "action": "synchronize",
        "number": number,
        "pull_request": {
            "number": number,
            "user": user,
            "base": {"ref": "main", "sha": base, "repo": {"id": 1, "full_name": "acme/shop"}},
            "head": {"ref": "topic", "sha": head, "repo": None if theirs is None else {"id": theirs}},
        },
        "repository": {"id": 1, "full_name": "acme/shop", "default_branch": "main"},
        "sender": user,
    }


def push(before: str, after: str, login: str = "ann") -> Mapping[str, Any]:
    """The payload of a push."""
    return {
        "ref": "refs/heads/topic",
        "before": before,
        "after": after,
        "repository": {"id": 1, "full_name": "acme/shop", "default_branch": "main"},
        "sender": {"login": login},
    }
