"""The Action with a workflow's token against the stand-in: what it answers, opens and judges, and what the next run,
which begins with nothing, knows of it."""

from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import httpx
import pytest

from app.standin.server import StandIn
from app.standin.state import Pull, Repository
from tests.app.action.runs import CART, TEST, Run, act
from tests.repositories import Repository as Checkout

pytestmark = pytest.mark.complete  # together minutes

SHOP = "acme/shop"
QUICK = "mode: enforce\nallowed_commands: []\n"
LOADS = "import yaml\n\n\ndef load(text):\n    return yaml.load(text, Loader=yaml.Loader)\n"
WRITES = {"contents": "write", "pull_requests": "write", "issues": "write", "checks": "write"}


@dataclass
class World:
    github: StandIn
    place: Path
    token: str

    @property
    def repository(self) -> Repository:
        found = self.github.world.repository(SHOP)
        assert found is not None
        return found

    def call(self, login: str, method: str, path: str, **body: Any) -> Any:
        """A person does something over the API."""
        headers = {"authorization": f"Bearer {self.github.person(login)}"}
        with httpx.Client(trust_env=False, timeout=30) as client:
            answer = client.request(method, f"{self.github.url}/repos/{SHOP}/{path}", json=body, headers=headers)
        assert answer.is_success, answer.text
        return answer.json()

    def issue(self) -> int:
        return int(self.call("bob", "POST", "issues", title="Loads anything")["number"])

    def comment(self, number: int, login: str, body: str) -> Run:
        """Somebody comments, and the workflow runs for it."""
        made = self.call(login, "POST", f"issues/{number}/comments", body=body)
        payload = {"action": "created", "issue": {"number": number}, "comment": made, "sender": made["user"]}
        return self.act("issue_comment", payload)

    def act(self, event: str, payload: Any) -> Run:
        variables = {
            "GITHUB_API_URL": self.github.url,
            "GITHUB_SERVER_URL": self.github.web_url,
            "GITHUB_REPOSITORY": SHOP,
        }
        return act(self.place, event, payload, token=self.token, **variables)

    def pull(self, number: int) -> Pull:
        found = self.repository.pull(number)
        assert found is not None
        return found

    def runs(self, head: str) -> dict[str, Any]:
        return {each.name: each for each in self.repository.runs if each.head == head}

    def said(self, number: int) -> list[str]:
        """What the workflow's account commented."""
        comments = self.repository.issues[number].comments
        return [each.body for each in comments if each.author.login == "github-actions[bot]"]


@pytest.fixture
def world(tmp_path: Path) -> Iterator[World]:
    with StandIn(tmp_path / "github") as github:
        github.organisation("acme", members=["bob", "eve"], admins=["ann"])
        files = {"cart.py": CART, "test_cart.py": TEST, "loads.py": LOADS, ".github/selfmod.yml": QUICK}
        files["pyproject.toml"] = '[project]\nname = "shop"\nrequires-python = ">=3.12"\n'
        github.repository(SHOP, files, collaborators={"ann": "admin", "bob": "write", "eve": "read", "zoe": "write"})
        (tmp_path / "work").mkdir()
        yield World(github, tmp_path / "work", github.workflow_token(SHOP, WRITES))
        assert github.unknown == []


def test_a_comment_opens_a_pull_request_that_is_judged_and_that_the_next_run_knows(world: World) -> None:
    issue = world.issue()
    ran = world.comment(issue, "bob", "Please:\n\n/selfmod fix")
    assert ran.code == 0, ran.log
    (pull,) = world.repository.pulls
    assert pull.author.login == "github-actions[bot]"
    assert f"#{pull.number}" in world.said(issue)[-1]
    text = str(pull.issue.body)
    assert text.startswith("<!-- selfmod:modification {")
    assert "GitHub starts no workflow" in text
    assert set(world.runs(pull.head)) == {"selfmod/gate", "selfmod/validation", "selfmod/sandbox"}
    assert ran.outputs["level"]
    gate = world.runs(pull.head)["selfmod/gate"]
    assert (gate.conclusion, gate.actions) == (None, []), gate.output
    assert "waiting for 2 of 2 approvals" in gate.output["title"]
    assert world.comment(pull.number, "ann", f"/selfmod approve {pull.head[:10]}").code == 0
    assert f"all its digits: `/selfmod approve {pull.head}`" in world.said(pull.number)[-1]
    world.call("ann", "POST", f"issues/{pull.number}/comments", body=f"/selfmod approve {pull.head}")
    # a run that only weighs a review knows what was said in comments before
    review = {"action": "dismissed", "review": {"state": "dismissed"}, "sender": {"login": "bob", "id": 1}}
    payload = review | {"pull_request": {"number": pull.number, "head": {"sha": pull.head}}}
    assert world.act("pull_request_review", payload).code == 0
    assert "waiting for 1 of 2 approvals" in world.runs(pull.head)["selfmod/gate"].output["title"]
    assert len(world.repository.pulls) == 1


def test_a_schedule_opens_what_nobody_closed_unless_it_is_stopped_or_may_not(world: World) -> None:
    Checkout(world.place).git("clone", "-q", str(world.repository.git.path), ".")  # as actions/checkout leaves it
    world.repository.actions_open_pulls = False
    ran = world.act("schedule", {"schedule": "17 4 * * 1"})
    assert ran.code == 2
    assert "Allow GitHub Actions to create and approve pull requests" in ran.log
    assert list(world.repository.git.refs("refs/heads/")) == ["refs/heads/main"]
    world.repository.actions_open_pulls = True
    issue = world.issue()
    assert world.comment(issue, "ann", "/selfmod stop repository incident 4711").code == 0
    assert world.repository.git.tip("selfmod/stopped")
    assert "is stopped" in world.said(issue)[-1]
    ran = world.act("schedule", {"schedule": "17 4 * * 1"})
    assert (world.repository.pulls, "incident 4711" in ran.log) == ([], True)
    assert world.comment(issue, "bob", "/selfmod resume repository mended").code == 0  # needs maintain access
    assert "needs maintain access" in world.said(issue)[-1]
    assert world.comment(issue, "ann", "/selfmod resume repository mended").code == 0
    ran = world.act("schedule", {"schedule": "17 4 * * 1"})
    assert ran.code == 0, ran.log
    (pull,) = world.repository.pulls
    world.call("ann", "PATCH", f"pulls/{pull.number}", state="closed")
    ran = world.act("workflow_dispatch", {})
    assert ran.code == 0
    assert len(world.repository.pulls) == 1
    assert "was closed" in ran.log
