"""Signing in to an App as a browser goes through it, and the exchange of the code, with what GitHub refuses."""

import html
import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from typing import Any
from urllib.parse import parse_qs, urlsplit

import httpx
import pytest

from app.standin.auth import USER_LIFE
from app.standin.routes.signing import LIFE, challenge_of
from app.standin.server import StandIn
from tests.app.standin.clients import Api, Clock, Shop

BACK = "https://selfmod.example/signed-in"
VERIFIER = "v" * 50
AUTHORIZE, EXCHANGE = "/login/oauth/authorize", "/login/oauth/access_token"


@dataclass
class Door:
    shop: Shop
    client: httpx.Client
    passed: dict[str, str] = field(default_factory=dict)

    def page(self, **changes: str) -> httpx.Response:
        asked = {
            "client_id": self.shop.app.client_id,
            "redirect_uri": BACK,
            "state": "s&1",
            "code_challenge": challenge_of(VERIFIER),
            "code_challenge_method": "S256",
        }
        return self.client.get(AUTHORIZE, params=asked | changes)

    def agree(self, login: str = "bob", **changes: str) -> dict[str, list[str]]:
        """Presses a button of the page; what the redirect brings back."""
        page = self.page(**changes).text
        assert f'name="login" value="{login}"' in page
        found = re.findall(r'<input type="hidden" name="(\w+)" value="([^"]*)"', page)
        fields = {name: html.unescape(value) for name, value in found}
        answer = self.client.post(AUTHORIZE, data=fields | {"login": login})
        assert answer.status_code == 302
        goal = urlsplit(answer.headers["location"])
        assert f"{goal.scheme}://{goal.netloc}{goal.path}" == BACK
        return parse_qs(goal.query)

    def code(self, **changes: str) -> str:
        return self.agree(**changes)["code"][0]

    def exchange(self, code: str, accept: str = "application/json", **changes: str) -> httpx.Response:
        asked = {
            "client_id": self.shop.app.client_id,
            "client_secret": self.shop.app.client_secret,
            "code": code,
            "redirect_uri": BACK,
            "code_verifier": VERIFIER,
        }
        return self.client.post(EXCHANGE, json=asked | changes, headers={"accept": accept})

    def error(self, code: str, **changes: str) -> str:
        answer = self.exchange(code, **changes)
        assert answer.status_code == 200 and "access_token" not in answer.json()
        assert answer.json().keys() == {"error", "error_description", "error_uri"}
        return str(answer.json()["error"])


@pytest.fixture
def door(github: StandIn, shop: Shop) -> Iterator[Door]:
    github.callback_urls(shop.app, BACK, f"{BACK}/2")
    with httpx.Client(base_url=github.web_url, trust_env=False) as client:
        yield Door(shop, client)


def test_who_agrees_comes_back_with_a_code_and_the_state(door: Door, api: Callable[[str], Api]) -> None:
    found = door.agree("bob")
    assert found.keys() == {"code", "state"} and found["state"] == ["s&1"]
    given = door.exchange(found["code"][0]).json()
    assert given["access_token"].startswith("ghu_") and given["token_type"] == "bearer"
    user = api(given["access_token"])
    assert user.get("/user")["login"] == "bob"
    # what GitHub gives by both permissions, the stand-in gives to nobody
    user.get("/repos/ann/shop", 403)
    user.post("/repos/ann/shop/issues", {"title": "x"}, 403)


def test_a_code_works_once_for_ten_minutes_and_its_own_app(door: Door, github: StandIn, clock: Clock) -> None:
    code = door.code()
    door.exchange(code)
    assert door.error(code) == "bad_verification_code"
    late = door.code()
    clock.now += LIFE + 1
    assert door.error(late) == "bad_verification_code"
    other = github.app(name="other")
    mine = door.code()
    named = {"client_id": other.client_id, "client_secret": other.client_secret}
    assert door.error(mine, **named) == "bad_verification_code"
    assert door.error("") == "bad_verification_code"


@pytest.mark.parametrize(
    ("changes", "error"),
    [
        ({"client_secret": "x"}, "incorrect_client_credentials"),
        ({"client_secret": ""}, "incorrect_client_credentials"),
        ({"code_verifier": "w" * 50}, "bad_verification_code"),
        ({"code_verifier": ""}, "bad_verification_code"),
        ({"redirect_uri": f"{BACK}/2"}, "redirect_uri_mismatch"),
    ],
)
def test_what_does_not_fit_is_refused_with_status_200(door: Door, changes: dict[str, str], error: str) -> None:
    assert door.error(door.code(), **changes) == error


def test_an_unknown_app_is_not_there(door: Door) -> None:
    assert door.page(client_id="Iv1").status_code == 404
    assert door.exchange("c", client_id="Iv1").status_code == 404


def test_nobody_is_sent_to_an_address_that_the_app_does_not_list(door: Door, github: StandIn) -> None:
    answer = door.page(redirect_uri="https://evil.example/")
    assert answer.status_code == 302 and answer.headers["location"].startswith(f"{BACK}?error=redirect_uri_mismatch")
    fields = {"client_id": door.shop.app.client_id, "redirect_uri": "https://evil.example/", "login": "bob"}
    assert door.client.post(AUTHORIZE, data=fields).headers["location"].startswith(BACK)
    github.callback_urls(door.shop.app)
    assert door.page().status_code == 404


def test_who_declines_comes_back_with_the_news(door: Door) -> None:
    found = door.agree("")
    assert found["error"] == ["access_denied"] and found["state"] == ["s&1"] and "code" not in found


def test_without_a_challenge_none_is_asked_for(door: Door) -> None:
    fields = {"client_id": door.shop.app.client_id, "login": "bob"}
    there = door.client.post(AUTHORIZE, data=fields).headers["location"]
    code = parse_qs(urlsplit(there).query)["code"][0]
    assert "access_token" in door.exchange(code, redirect_uri="", code_verifier="").json()
    assert door.page(code_challenge_method="plain").status_code == 404


def test_the_answer_is_a_form_where_nobody_asks_for_json(door: Door) -> None:
    answer = door.exchange(door.code(), accept="*/*")
    assert answer.headers["content-type"].startswith("application/x-www-form-urlencoded")
    assert parse_qs(answer.text)["access_token"][0].startswith("ghu_")


def test_the_token_ends_after_eight_hours(door: Door, api: Callable[[str], Api], clock: Clock) -> None:
    token: Any = door.exchange(door.code()).json()["access_token"]
    clock.now += USER_LIFE + 1
    api(token).get("/user", 401)


def test_an_app_gives_back_the_tokens_of_its_own_sign_ins(
    door: Door, api: Callable[[str], Api], github: StandIn
) -> None:
    app, other = door.shop.app, github.app(name="other")
    token: str = door.exchange(door.code()).json()["access_token"]
    sent = {"access_token": token}

    def give_back(path: str, name: str, secret: str, body: dict[str, str]) -> int:
        there = f"/applications/{path}/token"
        return door.client.request("DELETE", there, json=body, auth=(name, secret)).status_code

    assert give_back(app.client_id, app.client_id, "x", sent) == 401
    assert give_back(app.client_id, other.client_id, other.client_secret, sent) == 404
    assert give_back(other.client_id, other.client_id, other.client_secret, sent) == 404
    assert give_back(app.client_id, app.client_id, app.client_secret, {"access_token": github.person("bob")}) == 404
    assert door.client.request("DELETE", f"/applications/{app.client_id}/token", json=sent).status_code == 401
    assert api(token).get("/user")["login"] == "bob"
    assert give_back(app.client_id, app.client_id, app.client_secret, sent) == 204
    api(token).get("/user", 401)
    assert door.client.get("/user", auth=(app.client_id, app.client_secret)).status_code == 404


def test_the_page_names_only_people(door: Door, github: StandIn) -> None:
    github.organisation("acme")
    page = door.page().text
    assert 'value="ann"' in page and 'value="acme"' not in page and "[bot]" not in page
    hostile = door.page(state='"><script>x</script>').text
    assert "<script>" not in hostile
