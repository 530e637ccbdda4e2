"""Installing an App in the browser."""

from urllib.parse import parse_qs, urlsplit

import httpx
import pytest

from app.standin.server import StandIn
from app.standin.setup import AppCredentials

PAGE = "/apps/selfmod/installations/new"


@pytest.fixture
def app(github: StandIn) -> AppCredentials:
    github.repository("ann/shop", {"a.txt": "a\n"}, private=True)
    github.repository("ann/other", {"a.txt": "a\n"})
    github.repository("bob/shop", {"a.txt": "a\n"})
    return github.app()


def send(github: StandIn, *names: str, state: str = "") -> httpx.Response:
    fields = {f"repository:{name}": "on" for name in names} | {"state": state}
    return httpx.post(github.web_url + PAGE, data=fields, trust_env=False)


def test_the_ticked_repositories_are_reached_afterwards(github: StandIn, app: AppCredentials) -> None:
    github.world.apps[app.app_id].setup_url = "http://127.0.0.1:9/setup?x=1"
    page = httpx.get(github.web_url + PAGE, params={"state": '"s'}, trust_env=False)
    assert 'name="repository:ann/shop"' in page.text
    assert 'value="&#34;s"' in page.text
    answer = send(github, "ann/shop", "ann/other", state="s")
    goal = urlsplit(answer.headers["location"])
    assert (answer.status_code, goal.netloc, goal.path) == (302, "127.0.0.1:9", "/setup")
    (installation,) = github.world.installations.values()
    facts = {"x": ["1"], "installation_id": [str(installation.id)], "setup_action": ["install"], "state": ["s"]}
    assert parse_qs(goal.query) == facts
    assert [one.full_name for one in installation.repositories] == ["ann/shop", "ann/other"]
    assert [each.event for each in github.deliveries(app)] == ["installation"]


@pytest.mark.parametrize("names", [(), ("ann/nowhere",), ("ann/shop", "bob/shop")])
def test_repositories_of_one_account_are_wanted(github: StandIn, app: AppCredentials, names: tuple[str, ...]) -> None:
    answer = send(github, *names)
    assert (answer.status_code, "of one account" in answer.text) == (422, True)
    assert not github.world.installations


def test_an_app_that_is_not_there_has_no_page(github: StandIn) -> None:
    assert httpx.get(github.web_url + PAGE, trust_env=False).status_code == 404
