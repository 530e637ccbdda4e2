"""Whose token it is, and what is its own, against the stand-in."""

from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from app.github.faults import Rejected
from app.github.workflow.connection import Connection, connect
from app.model.forge import CheckRun, Role
from app.settings import ServerSettings
from app.standin.server import StandIn
from checks.model.errors import Refusal

SHOP = "acme/shop"
type Connect = Callable[..., Connection]


@pytest.fixture
def github(tmp_path: Path) -> Iterator[StandIn]:
    with StandIn(tmp_path / "github") as made:
        made.organisation("acme", admins=["ann"])
        made.repository(SHOP, {"shop.py": "x = 1\n"}, collaborators={"ann": "admin"})
        yield made
        assert made.unknown == []


@pytest.fixture
def connected(github: StandIn, tmp_path: Path) -> Iterator[Connect]:
    made: list[Connection] = []

    def build(token: str, commit: str = "") -> Connection:
        settings = ServerSettings(
            api_url=github.url, github_url=github.web_url, database_url="sqlite:///x.db", data_dir=tmp_path
        )
        made.append(connect(settings, token, SHOP, commit, wait=lambda seconds: None))
        return made[-1]

    yield build
    for each in made:
        each.close()


def test_a_workflows_token_is_the_actions_apps(github: StandIn, connected: Connect) -> None:
    token = github.workflow_token(SHOP, {"contents": "read", "checks": "write", "issues": "write"})
    connection = connected(token)
    actions = next(each for each in github.world.apps.values() if each.slug == "github-actions")
    account = connection.account
    assert (account.login, account.app, account.shared) == ("github-actions[bot]", actions.id, True)
    host = connection.host()
    head = host.branch("main")
    assert head
    host.put_run(CheckRun("selfmod/gate", head, "k", "title", "summary"))
    assert [each.app for each in host.runs(head)] == [actions.id]
    assert host.role("ann") is Role.ADMIN
    with pytest.raises(Rejected, match="Give the job permissions: contents: write"):
        host.commit_files("selfmod/x", head, [], "x")
    assert ["contents: write" in each for each in connection.client.lacking.values()] == [True]


def test_an_app_that_is_not_public_is_known_by_the_check_run_of_the_job(
    github: StandIn, connected: Connect, monkeypatch: pytest.MonkeyPatch
) -> None:
    token = github.workflow_token(SHOP, {"checks": "write", "contents": "read"})
    found = connected(token).host()
    head = found.branch("main")
    assert head
    found.put_run(CheckRun("answer", head, "", "the job itself", "summary"))
    monkeypatch.setattr("app.github.workflow.connection.PUBLIC", "/apps/none-of-this-name-{}")
    assert connected(token, head).account.app == found.app_id
    with pytest.raises(Refusal, match="does not tell the number of the App github-actions"):
        connected(token).host()


def test_a_persons_token_is_refused(github: StandIn, connected: Connect) -> None:
    with pytest.raises(Refusal, match="belongs to ann, which is no App's account"):
        connected(github.person("ann")).host()


def test_without_a_token_nothing_is_begun(connected: Connect) -> None:
    with pytest.raises(Refusal, match="there is no token"):
        connected("")
