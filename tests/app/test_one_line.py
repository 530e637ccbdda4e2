"""The App, the Action and the command line go down one line: on the same commit they say the same."""

import json
from pathlib import Path
from typing import Any

import pytest

from app.store import records
from tests.app.action.runs import act
from tests.app.action.runs import pull as payload
from tests.commands import selfmod
from tests.pulls.worlds import BOB, EVIL, TOTAL, world

pytestmark = pytest.mark.complete  # together minutes

CONFIGURATION = """\
mode: enforce
approvals: {high_risk: 3, critical: 4}
risk:
  sensitive: [{paths: [cart.py], level: HIGH_RISK, teams: ["@acme/pay"]}]
policy:
  - name: strangers to the team
    if: {paths: ["*.py"], not: {author_in_teams: ["@acme/web"]}}
    then: {approvals: 2, approvers: ["@zoe"]}
"""


def timeless(value: Any) -> Any:
    """Without seconds: the one thing that two runs differ in."""
    if isinstance(value, dict):
        return {key: timeless(each) for key, each in value.items() if key != "seconds"}
    return [timeless(each) for each in value] if isinstance(value, list) else value


def test_three_surfaces_say_the_same(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("VIRTUAL_ENV", raising=False)
    made = world(tmp_path, CONFIGURATION)
    made.git.put(".github/CODEOWNERS", "* @zoe\n")
    made.git.commit()
    pull = made.pull(BOB, cart=TOTAL, evil=EVIL, test_more="def test_more():\n    assert True\n")
    base = made.host.branch("main")
    assert base
    state = made.review(pull)
    record = records.get(made.store, state["record"])
    assert record is not None
    app = json.loads(json.dumps(dict(record.document)))
    made.store.close()
    action = act(made.git.root, "pull_request", payload(base, pull.head, "bob", number=pull.number))
    told = selfmod(
        "validate", "--json", "--no-cache", "--base", base, "--head", pull.head, "--author", "bob", at=made.git.root
    )
    assert told.code == action.code == 1, action.log
    command = json.loads(told.text)
    assert app["tests"]["head"]["counts"]["passed"] == 2
    assert app["approvers"] == ["@acme/pay", "@zoe"]
    assert timeless(action.report) == timeless(app)
    # a person calls the change by its revisions, the others by the pull request
    assert command["change"].pop("name") == f"{base}..{pull.head}"
    assert app["change"].pop("name") == f"pull request {pull.number}, {base[:10]}..{pull.head[:10]}"
    assert timeless(command) == timeless(app)
