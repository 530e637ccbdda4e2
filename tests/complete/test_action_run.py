"""The Action run for real by `act` on this host, in workflows that use it as anybody's would: installed by its own
setup, judging what a runner has checked out, pushing to the repository that it came from."""

import json
import os
import subprocess
import sys
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest
import yaml

from tests.app.action.runs import CART, project, pull
from tests.complete.installed import python_folder, sources
from tests.repositories import Repository, made

pytestmark = [pytest.mark.complete, pytest.mark.timeout(400)]

NAME = "selfmod/selfmod@v1"
# what actions/checkout does with fetch-depth 0, without a network
CHECKOUT = """
git init --quiet .
git remote add origin "$ORIGIN"
git fetch --quiet origin "+refs/heads/*:refs/remotes/origin/*" "+refs/pull/*:refs/remotes/pull/*"
git checkout --quiet $CHECKED_OUT
"""
# what a workflow can do with the outputs: read them from variables
KEEP = """
cp "$REPORT" "$KEPT/report.json"
if [ -n "$SARIF" ]; then cp "$SARIF" "$KEPT/selfmod.sarif"; fi
printf '%s' "$OUTPUTS" >"$KEPT/outputs.json"
"""
FAULTY = "def add(item, items=[]):\n    items.append(item)\n    return items\n"


@dataclass(frozen=True)
class Ran:
    """What one run of a workflow left: its own exit code, whether the Action's step failed, the log, the summary."""

    code: int
    outcome: str
    log: str
    kept: Path

    @property
    def outputs(self) -> dict[str, str]:
        """As the next step got them."""
        found: dict[str, str] = json.loads((self.kept / "outputs.json").read_text("utf-8"))
        return found

    def document(self, name: str) -> Any:
        """A file that an output names."""
        return json.loads((self.kept / name).read_text("utf-8"))


@pytest.fixture(scope="module")
def host(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The Action's own repository, and a cache of packages that all runs share."""
    place = tmp_path_factory.mktemp("host")
    repository = Repository(sources(place / "action"))
    repository.git("init", "-q", "-b", "main")
    repository.commit()
    return place


def run(host: Path, place: Path, origin: Path, event: str, payload: Mapping[str, Any], checked_out: str) -> Ran:
    """Runs a workflow that uses the Action on a checkout of `origin`."""
    workflow = made(place / "workflow")
    steps = [
        {"run": CHECKOUT},
        {"uses": NAME, "id": "selfmod", "with": {"open": "false"}},
        {
            "if": "always()",
            "run": KEEP + 'printf "%s" "$OUTCOME" >"$KEPT/outcome"\n',
            "env": {
                "REPORT": "${{ steps.selfmod.outputs.report }}",
                "SARIF": "${{ steps.selfmod.outputs.sarif }}",
                "OUTPUTS": "${{ toJSON(steps.selfmod.outputs) }}",
                "OUTCOME": "${{ steps.selfmod.outcome }}",
            },
        },
    ]
    on = {event: [{"cron": "17 4 * * 1"}]} if event == "schedule" else event
    job = {"runs-on": "ubuntu-latest", "steps": steps}
    workflow.put(".github/workflows/w.yml", yaml.safe_dump({"name": "w", "on": on, "jobs": {"judge": job}}))
    workflow.commit()
    (place / "event.json").write_text(json.dumps(payload))
    kept = place / "kept"
    kept.mkdir()
    variables = {"ORIGIN": str(origin), "CHECKED_OUT": checked_out, "KEPT": str(kept)}
    ran = subprocess.run(
        [
            *(Path(sys.executable).with_name("act"), event, "--eventpath", place / "event.json"),
            *("--platform", "ubuntu-latest=-self-hosted", "--local-repository", f"{NAME}={host / 'action'}"),
            *(part for name, value in variables.items() for part in ("--env", f"{name}={value}")),
        ],
        cwd=workflow.root,
        env=variables_of_host(host),
        capture_output=True,
        text=True,
        check=False,
    )
    log = ran.stdout + ran.stderr
    assert (kept / "outcome").exists(), log
    return Ran(ran.returncode, (kept / "outcome").read_text(), log, kept)


def variables_of_host(host: Path) -> dict[str, str]:
    """A home of its own, and a Python that is new enough whatever this machine's PATH says."""
    kept = {name: value for name, value in os.environ.items() if name.startswith("PIP_") or name in ("LANG",)}
    path = f"{python_folder()}:{os.environ['PATH']}"
    return kept | {"PATH": path, "HOME": str(host), "XDG_CACHE_HOME": str(host / "cache")}


def proposed(place: Path, **files: str) -> tuple[Repository, str, str]:
    """A repository with a pull request as GitHub keeps one: its merge with the base is a ref of its own."""
    repository = project(place)
    base = repository.git("rev-parse", "HEAD").strip()
    repository.git("checkout", "-q", "-b", "topic")
    head = repository.commit(**files)
    repository.git("checkout", "-q", "--detach", "main")
    repository.git("merge", "-q", "--no-ff", "-m", "merge", head)
    repository.git("update-ref", "refs/pull/7/merge", "HEAD")
    repository.git("checkout", "-q", "main")
    repository.git("branch", "-q", "-D", "topic")
    return repository, base, head


def test_a_good_pull_request(host: Path, tmp_path: Path) -> None:
    repository, base, head = proposed(tmp_path, cart=CART.replace("1 + tax", "tax + 1"))
    ran = run(host, tmp_path, repository.root, "pull_request", pull(base, head), "refs/remotes/pull/7/merge")
    assert (ran.code, ran.outcome) == (0, "success"), ran.log
    report = ran.document("report.json")
    assert (report["change"]["base"], report["change"]["head"], report["passed"]) == (base, head, True)
    assert report["tests"]["head"]["counts"]["passed"] == 1
    assert ran.outputs["level"] == report["assessment"]["level"]
    assert json.loads(ran.outputs["decision"]) == report["decision"]
    assert ran.outputs["findings"] == "0"
    assert ran.document("selfmod.sarif")["version"] == "2.1.0"
    assert "## selfmod" in ran.log.partition("Summary - ")[2]
    assert "::error" not in ran.log


def test_a_pull_request_that_fails(host: Path, tmp_path: Path) -> None:
    evil = "import subprocess\n\n\ndef run(name):\n    return subprocess.run('ls ' + name, shell=True)\n"
    repository, base, head = proposed(tmp_path, cart=CART.replace("1 + tax", "2 + tax"), evil=evil)
    ran = run(host, tmp_path, repository.root, "pull_request", pull(base, head), "refs/remotes/pull/7/merge")
    assert (ran.code, ran.outcome) == (1, "failure"), ran.log
    report = ran.document("report.json")
    states = {stage["stage"]: stage["state"] for stage in report["stages"]}
    assert (states["security"], states["sandbox"]) == ("failed", "failed")
    assert [each["id"] for each in report["tests"]["newly_failing"]] == ["test_cart.py::test_total"]
    assert int(ran.outputs["findings"]) > 0
    assert ran.document("selfmod.sarif")["runs"][0]["results"]
    assert "::error file=evil.py,line=5," in ran.log
    assert "sandbox failed" in ran.log.partition("Summary - ")[2]


def test_fixes_on_a_schedule_are_pushed(host: Path, tmp_path: Path) -> None:
    repository = project(tmp_path)
    repository.put(".github/selfmod.yml", "mode: propose\n")
    head = repository.commit(faulty=FAULTY)
    repository.git("checkout", "-q", "--detach")  # a branch that is checked out takes no push
    ran = run(host, tmp_path, repository.root, "schedule", {"schedule": "17 4 * * 1"}, "-b main origin/main")
    assert (ran.code, ran.outcome) == (0, "success"), ran.log
    assert (ran.outputs["branch"], ran.outputs["findings"]) == ("selfmod/fixes", "1")
    assert repository.git("rev-parse", "selfmod/fixes^").strip() == head
    assert repository.git("log", "-1", "--format=%an %ae", "selfmod/fixes") == (
        "selfmod selfmod@users.noreply.github.com\n"
    )
    assert repository.git("diff", "--name-only", "main", "selfmod/fixes").split() == ["faulty.py"]
    assert repository.git("rev-parse", "main").strip() == head
    assert ran.document("report.json")["tests"]["head"]["counts"]["passed"] == 1
