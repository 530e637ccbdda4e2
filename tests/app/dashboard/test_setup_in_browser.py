"""The set-up in a real browser, from the link that the terminal prints to the closed page."""

import json
import secrets
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from urllib.parse import parse_qsl, urlsplit

import pytest
from markupsafe import escape
from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import HTMLResponse, Response
from starlette.routing import Route

from app.dashboard.setup import setup_routes, setup_url
from app.settings import ServerSettings
from tests.app.dashboard.browser import Browser, browsing, serving

pytestmark = pytest.mark.complete


@dataclass(frozen=True)
class Credentials:
    name: str
    html_url: str
    private_key: str


class GitHub:
    """As much of GitHub as a person sees of the manifest flow, and its conversion."""

    def __init__(self) -> None:
        self.url = ""
        self.manifests: list[str] = []
        self.codes: set[str] = set()
        paths = ("/settings/apps/new", "/organizations/acme/settings/apps/new")
        self.app = Starlette(routes=[Route(path, self.new, methods=["POST"]) for path in paths])

    async def new(self, request: Request) -> Response:
        manifest = dict(parse_qsl((await request.body()).decode()))["manifest"]
        self.manifests.append(manifest)
        read = json.loads(manifest)
        code = secrets.token_hex(20)
        self.codes.add(code)
        back = f"{read['redirect_url']}?code={code}&state={request.query_params['state']}"
        return HTMLResponse(
            f"<title>Create GitHub App</title><h1>Create {escape(read['name'])}</h1>"
            f'<a id="create" href="{escape(back)}">Create GitHub App</a>'
        )

    def convert(self, code: str) -> Credentials:
        self.codes.remove(code)
        return Credentials("selfmod of acme", f"{self.url}/apps/selfmod-of-acme", "-----BEGIN PRIVATE KEY-----")


@dataclass(frozen=True)
class Stage:
    """The server that is being set up, the GitHub that it asks, and the printed link."""

    github: GitHub
    saved: list[Credentials]
    link: str

    @property
    def host(self) -> str:
        return urlsplit(self.link).netloc


@pytest.fixture
def stage() -> Iterator[Stage]:
    github, saved = GitHub(), list[Credentials]()
    with serving(github.app) as github.url:
        settings = ServerSettings(
            database_url="sqlite://", data_dir=Path("data"), github_url=github.url, public_url="http://127.0.0.1:1"
        )
        with serving(Starlette(routes=setup_routes(settings, "token", github.convert, saved.append))) as url:
            yield Stage(github, saved, setup_url(url, "token"))


@pytest.fixture(params=[True, False], ids=["javascript", "no javascript"])
def browser(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Browser]:
    with browsing(tmp_path / "profile", javascript=request.param) as browser:
        browser.size(1000)
        yield browser


def fill(browser: Browser, name: str, value: str) -> None:
    field = browser.one(f"#{name}")
    field.clear()
    field.send_keys(value)


def test_from_the_printed_link_to_the_closed_page(browser: Browser, stage: Stage) -> None:
    browser.open(stage.link)
    assert "token" not in browser.driver.current_url
    assert "Register selfmod" in browser.one("h1").text
    assert "To count approvals." in browser.text()
    fill(browser, "organisation", "acme")
    fill(browser, "name", "selfmod of acme")
    browser.one("main button.act").click()

    browser.wait_for("What GitHub gets")
    assert "http://127.0.0.1:1/webhooks/github" in browser.text()
    browser.one(".next .act").click()

    browser.wait_for("Create selfmod of acme")
    assert browser.driver.current_url.startswith(f"{stage.github.url}/organizations/acme/settings/apps/new?state=")
    browser.one("#create").click()

    browser.wait_for("selfmod of acme is registered")
    install = f"{stage.github.url}/apps/selfmod-of-acme/installations/new"
    assert browser.one(".next .act").get_attribute("href") == install
    assert "BEGIN" not in browser.driver.page_source
    assert len(stage.saved) == 1 and len(stage.github.manifests) == 1
    assert [each for each in browser.console() if stage.host in each] == []
    assert browser.hosts() == {stage.host, urlsplit(stage.github.url).netloc}

    browser.driver.refresh()
    browser.wait_for("The set-up is closed")
    browser.open(stage.link)
    browser.wait_for("The set-up is closed")


def test_a_fault_is_told_beside_its_field(browser: Browser, stage: Stage) -> None:
    browser.open(stage.link)
    fill(browser, "public_url", "http://selfmod.example.org")
    browser.one("main button.act").click()
    browser.one(".fault[role]")
    field = browser.one("#public_url")
    assert field.get_attribute("aria-invalid") == "true"
    described = (field.get_attribute("aria-describedby") or "").split()
    assert "Use https." in browser.one(f"#{described[-1]}").text
    assert field.get_attribute("value") == "http://selfmod.example.org"


def test_the_form_fits_a_telephone(browser: Browser, stage: Stage) -> None:
    browser.size(400)
    browser.open(stage.link)
    assert browser.one("html").size["width"] == 400
    assert all(each.rect["x"] + each.rect["width"] <= 400 for each in browser.all("main *"))


def test_a_second_browser_is_a_stranger(browser: Browser, stage: Stage, tmp_path: Path) -> None:
    browser.open(stage.link)
    with browsing(tmp_path / "other") as other:
        other.open(stage.link)
        assert "opens with the link" in other.one("h1").text
        assert not other.all("form")
