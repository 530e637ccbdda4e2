"""An App from a manifest, as a browser goes through it."""

import html
import json
import re
from pathlib import Path
from typing import Any
from urllib.parse import parse_qs, urlsplit

import httpx
import jwt
import pytest

from app.standin.routes.manifest import LIFE
from app.standin.server import StandIn
from tests.app.standin.clients import Clock

MANIFEST: dict[str, Any] = {
    "name": "Self <mod>",
    "url": "https://selfmod.example",
    "hook_attributes": {"url": "http://127.0.0.1:9/webhooks/github"},
    "redirect_url": "http://127.0.0.1:9/setup/done?a=b",
    "callback_urls": ["https://selfmod.example/signed-in"],
    "public": False,
    "default_permissions": {"checks": "write", "contents": "write", "pull_requests": "write", "merge_queues": "read"},
    "default_events": ["pull_request", "check_run", "merge_group"],
}
NEW = "/settings/apps/new"


class Browser:
    """Shows one page at a time and sends its form."""

    def __init__(self, github: StandIn) -> None:
        self.client = httpx.Client(base_url=github.web_url, trust_env=False)
        self.answer = httpx.Response(200)

    def start(self, manifest: object, path: str = NEW, state: str = "s&1") -> None:
        text = manifest if isinstance(manifest, str) else json.dumps(manifest)
        self.answer = self.client.post(path, params={"state": state}, data={"manifest": text})

    def submit(self, **changes: str) -> httpx.Response:
        page = self.answer.text
        assert "Create GitHub App</button>" in page
        fields = {name: html.unescape(value) for name, value in re.findall(r'name="(\w+)" value="([^"]*)"', page)}
        action = re.search(r'action="([^"]+)"', page)
        assert action
        self.answer = self.client.post(action[1], data=fields | changes)
        return self.answer

    def code(self, **changes: str) -> dict[str, list[str]]:
        """What the page's redirect brings back."""
        answer = self.submit(**changes)
        assert answer.status_code == 302, answer.text
        goal = urlsplit(answer.headers["location"])
        assert (goal.netloc, goal.path) == ("127.0.0.1:9", "/setup/done")
        return parse_qs(goal.query)


@pytest.fixture
def browser(github: StandIn) -> Browser:
    github.person("ann")
    return Browser(github)


def test_the_code_becomes_the_credentials_of_an_app(github: StandIn, browser: Browser, clock: Clock) -> None:
    browser.start(MANIFEST)
    assert "Self &lt;mod&gt;" in browser.answer.text
    back = browser.code(name="Selfmod of Ann")
    assert (back["state"], back["a"]) == (["s&1"], ["b"])
    place = f"/app-manifests/{back['code'][0]}/conversions"
    made = browser.client.post(place)
    assert made.status_code == 201
    value = made.json()
    assert (value["slug"], value["owner"]["login"]) == ("selfmod-of-ann", "ann")
    assert {"id", "slug", "pem", "webhook_secret", "client_id", "client_secret", "html_url"} <= value.keys()
    assert value["events"] == MANIFEST["default_events"]
    now = int(clock())
    token = jwt.encode({"iss": value["client_id"], "iat": now, "exp": now + 60}, value["pem"], "RS256")
    shown = browser.client.get("/app", headers={"authorization": f"Bearer {token}"})
    assert shown.json()["id"] == value["id"]
    kept = github.world.apps[value["id"]]
    assert (kept.webhook_secret, kept.client_secret) == (value["webhook_secret"], value["client_secret"])
    assert kept.callback_urls == MANIFEST["callback_urls"]
    assert browser.client.post(place).status_code == 404, "once only"


def test_a_code_lives_for_an_hour(browser: Browser, clock: Clock) -> None:
    browser.start(MANIFEST)
    code = browser.code()["code"][0]
    clock.now += LIFE + 1
    assert browser.client.post(f"/app-manifests/{code}/conversions").status_code == 404
    assert browser.client.post(f"/app-manifests/{'0' * 40}/conversions").status_code == 404


def test_an_organisation_may_own_it(github: StandIn, browser: Browser) -> None:
    github.organisation("acme", admins=["ann"])
    browser.start(MANIFEST, "/organizations/acme/settings/apps/new")
    assert "Create GitHub App for acme" in browser.answer.text
    code = browser.code()["code"][0]
    assert browser.client.post(f"/app-manifests/{code}/conversions").json()["owner"]["login"] == "acme"
    assert browser.client.get("/organizations/nobody/settings/apps/new").status_code == 404


def test_a_name_that_is_taken_is_asked_for_again(github: StandIn, browser: Browser) -> None:
    github.app(name="selfmod")
    browser.start(MANIFEST)
    assert browser.submit(name="Selfmod").status_code == 422
    assert "Name is already taken" in browser.answer.text
    assert browser.code(name="Selfmod 2")["code"]


@pytest.mark.parametrize(
    ("change", "said"),
    [
        ({"url": ""}, "&#39;url&#39; wasn&#39;t supplied"),
        ({"redirect_url": None}, "&#39;redirect_url&#39; wasn&#39;t supplied"),
        ({"redirect_url": "javascript:alert(1)"}, "is not a URL"),
        ({"hook_attributes": {"url": "nowhere"}}, "is not a URL"),
        ({"hook_attributes": {"a": 1}}, "is not a URL"),
        ({"callback_urls": ["nowhere"]}, "is not a URL"),
        ({"callback_urls": "https://selfmod.example/signed-in"}, "is not a URL"),
        ({"invented": 1}, "is not a known key"),
        ({"default_events": ["installation"]}, "unsupported: installation"),
        ({"default_events": ["issues"]}, "not supported by permissions: issues"),
        ({"default_permissions": {"checks": "all"}, "default_events": []}, "invalid level"),
        ({"default_events": "push"}, "is a list"),
    ],
    ids=str,
)
def test_a_manifest_that_github_would_not_take(browser: Browser, change: dict[str, Any], said: str) -> None:
    browser.start(MANIFEST | change)
    assert browser.answer.status_code == 422
    assert said in browser.answer.text
    assert "<form" not in browser.answer.text


@pytest.mark.parametrize("text", ["", "{", "[]", "<script>"])
def test_what_is_no_manifest(browser: Browser, text: str) -> None:
    browser.start(text)
    assert browser.answer.status_code == 422


def test_the_page_shows_what_a_stranger_sent_as_text(browser: Browser) -> None:
    browser.start(MANIFEST | {"name": '"><script>x</script>'}, state='"><b>')
    assert "<script>" not in browser.answer.text
    assert "<b>" not in browser.answer.text
    assert browser.client.get(NEW).status_code == 200


def test_where_nobody_is_yet_somebody_is_made(tmp_path: Path) -> None:
    with StandIn(tmp_path / "empty") as github:
        browser = Browser(github)
        browser.start(MANIFEST)
        assert "for octocat" in browser.answer.text
