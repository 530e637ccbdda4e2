"""The set-up in a real browser, from the link that the terminal prints to the closed page."""

from collections.abc import Iterator
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from urllib.parse import urlsplit

import pytest
from starlette.applications import Starlette

from app.dashboard.setup import setup_routes, setup_url
from app.github.web.manifest import convert
from app.settings import ServerSettings, credentials_file, read, save_credentials
from app.standin.server import StandIn
from tests.app.dashboard.browser import Browser, browsing, serving

pytestmark = pytest.mark.complete


@dataclass(frozen=True)
class Stage:
    """The server that is being set up, the GitHub that it asks, its data folder, and the printed link."""

    github: StandIn
    settings: ServerSettings
    link: str

    @property
    def host(self) -> str:
        return urlsplit(self.link).netloc


@pytest.fixture
def stage(tmp_path: Path) -> Iterator[Stage]:
    """Two sites: the browser calls the server `localhost` and GitHub by its number, so that what it sends from one to
    the other is sent as between strangers."""
    with StandIn(tmp_path / "github") as github:
        github.organisation("acme", admins=["ann"])
        settings = ServerSettings(
            database_url="sqlite://",
            data_dir=tmp_path / "data",
            api_url=github.url,
            github_url=github.web_url,
            public_url="http://127.0.0.1:1",
        )
        routes = setup_routes(
            settings,
            "token",
            partial(convert, settings),
            partial(save_credentials, settings.data_dir),
            registered=credentials_file(settings.data_dir).exists,
        )
        with serving(Starlette(routes=routes)) as url:
            yield Stage(github, settings, setup_url(url.replace("127.0.0.1", "localhost"), "token"))
        assert set(github.unknown) <= {"GET /favicon.ico"}  # asked for by the browser, not by us


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

    browser.wait_for("Create GitHub App for acme")
    there = f"{stage.github.web_url}/organizations/acme/settings/apps/new?state="
    assert browser.driver.current_url.startswith(there)
    browser.one("button").click()

    browser.wait_for("selfmod of acme is registered")
    kept = read({"SELFMOD_DATA_DIR": str(stage.settings.data_dir)})
    key = kept.private_key.get_secret_value()
    assert kept.app_id and "PRIVATE KEY" in key and kept.webhook_secrets[0].get_secret_value()
    registered = stage.github.world.apps[kept.app_id]
    assert registered.callback_urls == ["http://127.0.0.1:1/signed-in"]
    secret = kept.client_secret.get_secret_value()
    assert (kept.client_id, secret) == (registered.client_id, registered.client_secret)
    assert secret not in browser.driver.page_source
    assert credentials_file(stage.settings.data_dir).stat().st_mode & 0o777 == 0o600
    install = browser.one(".next .act").get_attribute("href") or ""
    assert install.startswith(stage.github.web_url) and install.endswith("/installations/new")
    source = browser.driver.page_source
    assert "PRIVATE KEY" not in source and kept.webhook_secrets[0].get_secret_value() not in source
    assert [each for each in browser.console() if stage.host in each] == []
    assert browser.hosts() == {stage.host, urlsplit(stage.github.web_url).netloc}

    browser.driver.refresh()
    browser.wait_for("The set-up is closed")
    browser.open(stage.link)
    browser.wait_for("The set-up is closed")


def test_a_fault_is_told_beside_its_field(browser: Browser, stage: Stage) -> None:
    browser.open(stage.link)
    fill(browser, "public_url", "http://selfmod.example.org")
    browser.one("main button.act").click()
    browser.appears(".fault[role]")
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
