"""The verbs over HTTP: the real host against the stand-in, with a real store."""

from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import httpx
import pytest
from pydantic import SecretStr

from app.github.app import App, connect
from app.model.job import Job, Kind
from app.settings import ServerSettings
from app.standin.server import StandIn
from app.standin.state import Pull
from app.store import connect as stores
from app.store.connect import Store
from app.workflows import gate, review
from app.workflows.steps import State, Step, Tools, run_all
from tests.app.action.runs import CART, TEST

pytestmark = pytest.mark.complete  # together minutes

SHOP = "acme/shop"
QUICK = "mode: enforce\nallowed_commands: []\n"
UNSAFE = "import yaml\n\n\ndef load(text):\n    return yaml.load(text, Loader=yaml.Loader)\n"


@dataclass
class World:
    github: StandIn
    app: App
    installation: int
    store: Store
    settings: ServerSettings
    enqueued: list[Job]

    def run(self, steps: tuple[Step, ...], job: Job, times: int = 1) -> State:
        host = self.app.host(SHOP, self.installation)
        tools = Tools(host, self.store, self.settings, enqueue=self.enqueued.append)
        return run_all(tuple(each for step in steps for each in (step,) * times), tools, job)

    def job(self, pull: Pull, kind: Kind = Kind.REVIEW, **more: Any) -> Job:
        return Job(kind, SHOP, self.installation, pull.issue.number, pull.head, **more)

    def pull(self, branch: str, files: dict[str, str], by: str = "bob") -> Pull:
        self.github.push(SHOP, branch, files, by=by)
        return self.github.open_pull(SHOP, branch, by=by)

    def runs(self, head: str) -> dict[str, Any]:
        """The check runs of a commit by their names: GitHub keeps all that were ever made."""
        repository = self.github.world.repository(SHOP)
        assert repository is not None
        found = [run for suite in repository.suites if suite.head == head for run in suite.runs]
        assert len({run.name for run in found}) == len(found)
        return {run.name: run for run in found}

    def labels(self, pull: Pull) -> set[str]:
        return {label.name for label in pull.issue.labels}

    def say(self, login: str, pull: Pull, event: str) -> None:
        """Somebody reviews over the API."""
        headers = {"authorization": f"Bearer {self.github.person(login)}"}
        url = f"{self.github.url}/repos/{SHOP}/pulls/{pull.issue.number}/reviews"
        body = {"event": event, "body": "", "commit_id": pull.head}
        with httpx.Client(trust_env=False, timeout=30) as client:
            assert client.post(url, json=body, headers=headers).is_success


@pytest.fixture
def world(tmp_path: Path) -> Iterator[World]:
    with StandIn(tmp_path / "github") as github:
        github.organisation("acme", members=["bob", "eve"], admins=["ann"])
        files = {"cart.py": CART, "test_cart.py": TEST, ".github/selfmod.yml": QUICK}
        files["pyproject.toml"] = '[project]\nname = "shop"\nrequires-python = ">=3.12"\n'
        github.repository(SHOP, files, collaborators={"ann": "admin", "bob": "write", "eve": "read"})
        made = github.app()
        installation = github.install(made, [SHOP])
        data = tmp_path / "data"
        settings = ServerSettings(
            app_id=made.app_id,
            private_key=SecretStr(made.private_key),
            webhook_secrets=(SecretStr(made.webhook_secret),),
            api_url=github.url,
            github_url=github.web_url,
            database_url=f"sqlite:///{data}/selfmod.db",
            data_dir=data,
            public_url="https://selfmod.example",
        )
        app = connect(settings)
        store = stores.connect(settings.database_url, data)
        yield World(github, app, installation, store, settings, [])
        store.close()
        app.close()
        assert github.unknown == []


def test_a_pull_request_waits_and_is_let_go_by_an_approval(world: World) -> None:
    pull = world.pull("topic", {"cart.py": CART.replace("1 + tax", "tax + 1")})
    world.run(review.STEPS, world.job(pull))
    runs = world.runs(pull.head)
    assert set(runs) == {"selfmod/gate", "selfmod/validation", "selfmod/sandbox"}
    waits = runs["selfmod/gate"]
    assert (waits.status, waits.conclusion) == ("in_progress", None)
    assert waits.output["title"] == "MEDIUM_RISK · waiting for 1 of 1 approval: anybody with write access"
    assert [each["identifier"] for each in waits.actions] == ["rerun", "approve"]
    assert waits.details_url.startswith("https://selfmod.example/details/mod_")
    assert world.labels(pull) == {"selfmod: MEDIUM_RISK", "review required"}
    (said,) = pull.issue.comments
    assert "waiting for 1 of 1 approval" in said.body
    world.say("ann", pull, "APPROVE")
    world.run(gate.STEPS, world.job(pull, Kind.GATE, reason="submitted"))
    gates = world.runs(pull.head)["selfmod/gate"]
    assert (gates.id, gates.status, gates.conclusion) == (waits.id, "completed", "success")
    assert world.labels(pull) == {"selfmod: MEDIUM_RISK"}
    (said,) = pull.issue.comments
    assert said.body.endswith("Nothing is left to do here.")


def test_every_step_twice_leaves_what_it_leaves_once(world: World) -> None:
    seen = []
    for times in (1, 2):
        pull = world.pull(f"topic-{times}", {"unsafe.py": UNSAFE, "cart.py": CART + f"\nTIMES = {times}\n"})
        world.run(review.STEPS, world.job(pull), times)
        world.run(gate.STEPS, world.job(pull, Kind.GATE, reason="approve", actor="ann", needs="write"), times)
        runs = world.runs(pull.head)
        shown = {
            name: (run.status, run.conclusion, run.output["title"], len(run.annotations)) for name, run in runs.items()
        }
        comments = [each.body.partition("\n")[2].replace(pull.head[:10], "") for each in pull.issue.comments]
        seen.append((shown, world.labels(pull), [each.partition("?key")[0][:40] for each in comments]))
    assert seen[0] == seen[1]
    assert seen[0][0]["selfmod/validation"][3] > 0


@pytest.mark.timeout(300)
def test_the_button_opens_a_pull_request_with_one_signed_commit(world: World) -> None:
    pull = world.pull("topic", {"unsafe.py": UNSAFE})
    world.run(review.STEPS, world.job(pull))
    assert "fix" in {each["identifier"] for each in world.runs(pull.head)["selfmod/gate"].actions}
    pressed = world.job(pull, Kind.GATE, reason="fix", actor="ann", needs="write")
    world.run(gate.STEPS, pressed)
    world.run(gate.STEPS, pressed)
    host = world.app.host(SHOP, world.installation)
    made = host.pull(pull.issue.number + 1)
    assert (made.own, made.base_ref, made.author.bot) == (True, "topic", True)
    assert b"safe_load" in (host.file("unsafe.py", made.head) or b"")
    assert len(host.pulls()) == 2
    assert f"The fixes are in #{made.number}" in pull.issue.comments[0].body
