"""Signing in and taking back, through the server as it is composed and its durable jobs."""

import re
from pathlib import Path

import httpx
import pytest

from app.store import calls
from app.store.connect import opened
from tests.app.dashboard.undoing.scenes import Stage, staged
from tests.app.servers import until

pytestmark = pytest.mark.complete  # together minutes


def sign_in(client: httpx.Client, stage: Stage, login: str) -> str:
    """The page as this person sees it."""
    page = client.get(stage.page).text
    found = re.search(r'class="act" href="(/sign-in[^"]+)"', page)
    assert found is not None, page
    there = client.get(found[1]).headers["location"]
    asked = dict(httpx.URL(there).params)
    back = client.post(f"{stage.settings.github_url}/login/oauth/authorize", data=asked | {"login": login})
    answer = client.get(back.headers["location"])
    assert answer.status_code == 303, answer.text
    return client.get(answer.headers["location"]).text


def press(client: httpx.Client, stage: Stage, page: str, why: str) -> None:
    token = page.partition('name="token" value="')[2].partition('"')[0]
    form = stage.page.replace("?", "/rollback?")
    for _ in range(2):  # pressed twice
        answer = client.post(form, data={"token": token, "why": why})
        assert (answer.status_code, answer.headers["location"]) == (
            303,
            stage.page.removeprefix(stage.settings.public_url),
        )


@pytest.mark.timeout(240)
def test_who_may_not_is_told_and_who_may_takes_it_back(tmp_path: Path) -> None:
    with staged(tmp_path) as stage, httpx.Client(base_url=stage.settings.public_url, trust_env=False) as client:
        page = sign_in(client, stage, "eve")
        press(client, stage, page, "mine")
        until(
            lambda: (
                "not done: a rollback needs write access to this repository; @eve has read"
                in client.get(stage.page).text
            )
        )
        assert len(stage.forge.repository.pulls) == 1 and "not taken back" not in stage.said()
        client.cookies.clear()
        page = sign_in(client, stage, "bob")
        press(client, stage, page, "the totals are wrong")
        until(lambda: "takes this back, asked for by @bob" in client.get(stage.page).text)
        assert len(stage.forge.repository.pulls) == 2
        revert = stage.forge.repository.pull(max(stage.forge.repository.issues))
        assert revert is not None and "the totals are wrong" in (revert.issue.body or "")
        store = opened(stage.settings)
        try:
            told = [each.target for each in calls.recent(store, most=1_000) if each.purpose == "sign in"]
            assert len(told) == 6 and told[0].startswith("DELETE /applications/")
        finally:
            store.close()
