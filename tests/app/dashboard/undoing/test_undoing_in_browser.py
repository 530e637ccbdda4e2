"""From the details page to GitHub and back, in a real browser, through the server as it is composed: signed in as one
person or another, the button pressed, and what comes of it."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.app.dashboard.browser import Browser, browsing
from tests.app.dashboard.undoing.scenes import Stage, staged
from tests.app.servers import until
from tests.forges import REPOSITORY

pytestmark = [pytest.mark.complete, pytest.mark.timeout(240)]


@pytest.fixture
def stage(tmp_path: Path) -> Iterator[Stage]:
    with staged(tmp_path, "localhost") as made:
        yield made


@pytest.fixture(params=[True, False], ids=["javascript", "no javascript"])
def browser(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Browser]:
    with browsing(tmp_path / "profile", javascript=request.param) as browser:
        browser.size(1280)
        yield browser


def sign_in(browser: Browser, stage: Stage, login: str) -> None:
    """From the page that is open to the same page."""
    browser.one(".next .act").click()
    browser.wait_for("Authorize selfmod")
    browser.one(f"button[value='{login}']").click()
    browser.wait_for("MEDIUM_RISK")
    assert browser.driver.current_url == stage.page
    assert f"Signed in as @{login} until" in browser.text()


def test_it_is_taken_back_from_the_page(browser: Browser, stage: Stage) -> None:
    browser.open(stage.page)
    assert browser.one(".next .act").text == "Sign in with GitHub to take it back"
    assert not browser.all("main form")
    sign_in(browser, stage, "bob")
    browser.one("#reason").send_keys("totals are <b>wrong</b>")
    browser.one("main #take-back button").click()
    browser.appears("[role=status], p.notice a")

    def opened() -> bool:
        browser.driver.refresh()
        return "takes this back, asked for by @bob" in browser.text()

    until(opened)
    assert not browser.all("#take-back")
    browser.one(".next .act").click()
    browser.wait_for("Revert")
    revert = max(stage.forge.repository.issues)
    assert browser.driver.current_url == f"{stage.settings.github_url}/{REPOSITORY}/pull/{revert}"
    body = stage.forge.repository.issues[revert].body or ""
    assert "bob" in body and "totals are" in body and "<b>" not in body
    assert [each for each in browser.console() if stage.settings.public_url in each] == []


def test_who_may_not_is_told_where_it_was_asked_for(browser: Browser, stage: Stage) -> None:
    browser.open(stage.page)
    sign_in(browser, stage, "eve")
    browser.one(".next .act").click()

    def refused() -> bool:
        browser.open(stage.page)
        return "not done: a rollback needs write access to this repository; @eve has read" in browser.text()

    until(refused)
    assert "not taken back" not in stage.said()  # strangers write nothing into check runs
    assert len(stage.forge.repository.pulls) == 1
    browser.one(".signed .link").click()
    until(lambda: not browser.all(".signed"))
    assert browser.one(".next .act").text == "Sign in with GitHub to take it back"


def test_who_declines_is_told(browser: Browser, stage: Stage) -> None:
    browser.open(stage.page)
    browser.one(".next .act").click()
    browser.wait_for("Authorize selfmod")
    browser.one("button[value='']").click()
    browser.wait_for("You are not signed in")
    assert browser.one(".next .act").text == "Sign in again"
    assert "declined" in browser.text()
