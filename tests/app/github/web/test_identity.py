"""The end of signing in: a code becomes an account, once, and whatever GitHub answers is one sentence."""

import base64
import contextlib
from collections.abc import Callable
from pathlib import Path
from typing import Any
from urllib.parse import parse_qs, urlsplit

import httpx
import pytest
from pydantic import SecretStr

from app.github.web.identity import identify
from app.model.call import Call
from app.model.forge import Person
from app.model.trouble import Unavailable
from app.settings import ServerSettings
from app.standin.routes.signing import challenge_of
from checks.model.errors import Refusal
from tests.app.github.conftest import Asked, Given, Scripted, World

type Make = Callable[[Callable[[Asked], Given | None]], Scripted]
BACK = "https://selfmod.example/signed-in"
TOKEN = {"access_token": "ghu_secret", "token_type": "bearer", "scope": ""}
LIMITED = Given(429, {"message": "slow down"}, {"retry-after": "1"})
ANN = {"login": "ann", "id": 11, "type": "User"}


def settings(url: str, **more: Any) -> ServerSettings:
    own = {"client_id": "Iv23li0", "client_secret": SecretStr("cl13nt")}
    return ServerSettings(
        api_url=url, github_url=url, database_url="sqlite://", data_dir=Path("/none"), **{**own, **more}
    )


def answering(token: Given | None, user: Given | None = None) -> Callable[[Asked], Given | None]:
    return lambda asked: token if asked.path == "/login/oauth/access_token" else user


def test_a_code_becomes_an_account_and_the_token_goes_nowhere_else(scripted: Make) -> None:
    server = scripted(answering(Given(200, TOKEN), Given(200, ANN)))
    assert identify(settings(server.url), "c0de", "v" * 43, BACK) == Person("ann", 11)
    exchange, user, _ = server.asked
    assert (exchange.method, exchange.path) == ("POST", "/login/oauth/access_token")
    assert exchange.headers["accept"] == "application/json" and "authorization" not in exchange.headers
    assert exchange.body == {
        "client_id": "Iv23li0",
        "client_secret": "cl13nt",
        "code": "c0de",
        "redirect_uri": BACK,
        "code_verifier": "v" * 43,
    }
    assert (user.method, user.path, user.headers["authorization"]) == ("GET", "/user", "Bearer ghu_secret")


@pytest.mark.parametrize("user", [Given(200, ANN), Given(200, {}), Given(502, {}), Given(401, {"message": "no"})])
def test_the_token_is_given_back_whatever_it_was_good_for(scripted: Make, user: Given) -> None:
    server = scripted(answering(Given(200, TOKEN), user))
    with contextlib.suppress(Refusal, Unavailable):
        identify(settings(server.url), "c0de", "v" * 43, BACK)
    back = server.asked[-1]
    assert (back.method, back.path, back.body) == (
        "DELETE",
        "/applications/Iv23li0/token",
        {"access_token": "ghu_secret"},
    )
    assert back.headers["authorization"] == f"Basic {base64.b64encode(b'Iv23li0:cl13nt').decode()}"


def test_every_call_is_told_without_what_is_secret_in_it(scripted: Make) -> None:
    server = scripted(
        lambda asked: (
            Given(422, {}) if asked.method == "DELETE" else answering(Given(200, TOKEN), Given(200, ANN))(asked)
        )
    )
    told: list[Call] = []
    identify(settings(server.url), "c0de", "v" * 43, BACK, told.append)
    assert [(each.target, each.outcome) for each in told] == [
        ("POST /login/oauth/access_token", "ok"),
        ("GET /user", "ok"),
        ("DELETE /applications/Iv23li0/token", "refused"),
    ]
    assert not any(secret in repr(told) for secret in ("c0de", "ghu_secret", "cl13nt"))


@pytest.mark.parametrize(
    "given", [Given(404, {}), Given(422, {}), Given(502, {}), LIMITED, Given(200, b"<html>"), None]
)
def test_who_signs_in_does_not_wait_for_it_to_be_given_back(scripted: Make, given: Given | None) -> None:
    server = scripted(
        lambda asked: given if asked.method == "DELETE" else answering(Given(200, TOKEN), Given(200, ANN))(asked)
    )
    assert identify(settings(server.url), "c0de", "v" * 43, BACK) == Person("ann", 11)
    assert [each.method for each in server.asked] == ["POST", "GET", "DELETE"]


@pytest.mark.parametrize(
    ("error", "says"),
    [
        ("bad_verification_code", "used already or is too old"),
        ("incorrect_client_credentials", "SELFMOD_CLIENT_ID"),
        ("redirect_uri_mismatch", "callback URLs"),
        ("unverified_user_email", "verified"),
        ("<script>", "did not accept the code"),
    ],
)
def test_what_github_refuses_with_status_200(scripted: Make, error: str, says: str) -> None:
    given = Given(200, {"error": error, "error_description": "<b>from elsewhere</b>", "error_uri": "http://x"})
    with pytest.raises(Refusal) as raised:
        identify(settings(scripted(answering(given)).url), "c0de", "v", BACK)
    told = f"{raised.value.reason} {raised.value.hint}"
    assert says in told and "elsewhere" not in told and "<" not in told


@pytest.mark.parametrize(
    "token",
    [
        Given(200, {}),
        Given(200, []),
        Given(200, "ghu_secret"),
        Given(200, {"access_token": None}),
        Given(200, {"access_token": 7}),
        Given(200, {"access_token": "ghu_\r\nx: y"}),
        Given(200, {"access_token": "ghu_é"}),
        Given(200, b""),
        Given(401, {"message": "Bad credentials"}),
        Given(404, {"error": "Not Found"}),
        Given(422, {"message": "no"}),
    ],
)
def test_no_token_is_no_account(scripted: Make, token: Given) -> None:
    server = scripted(answering(token, Given(200, ANN)))
    with pytest.raises(Refusal) as raised:
        identify(settings(server.url), "c0de", "v", BACK)
    assert "cl13nt" not in str(raised.value) and "c0de" not in str(raised.value)
    assert "/user" not in [each.path for each in server.asked]


@pytest.mark.parametrize(
    "token", [Given(502, {}), Given(500, b"<h1>Oops"), Given(200, b"<html>not json"), LIMITED, None]
)
def test_a_code_is_never_sent_twice(scripted: Make, token: Given | None) -> None:
    server = scripted(answering(token))
    with pytest.raises(Unavailable) as raised:
        identify(settings(server.url), "c0de", "v", BACK)
    assert len(server.asked) == 1
    assert "cl13nt" not in str(raised.value) and "c0de" not in str(raised.value)


@pytest.mark.parametrize(
    "user",
    [
        Given(200, {}),
        Given(200, {"login": "ann"}),
        Given(200, {"login": "", "id": 11}),
        Given(200, {"login": "ann", "id": "11"}),
        Given(200, {"login": "ann", "id": -1}),
        Given(200, {"login": "ann", "id": 2**63}),
        Given(200, {"login": "x[bot]", "id": 11, "type": "Bot"}),
        Given(401, {"message": "Bad credentials"}),
        Given(403, {"message": "suspended"}),
    ],
)
def test_a_token_of_nobody(scripted: Make, user: Given) -> None:
    server = scripted(answering(Given(200, TOKEN), user))
    with pytest.raises(Refusal) as raised:
        identify(settings(server.url), "c0de", "v", BACK)
    assert "ghu_secret" not in str(raised.value)


@pytest.mark.parametrize("status", [401, 404, 422])
def test_a_code_that_is_refused_is_not_sent_twice_either(scripted: Make, status: int) -> None:
    server = scripted(answering(Given(status, {"message": "Bad credentials"})))
    with pytest.raises(Refusal):
        identify(settings(server.url), "c0de", "v", BACK)
    assert len(server.asked) == 1


@pytest.mark.parametrize("status", [301, 302, 307, 308])
def test_the_secret_follows_no_redirect(scripted: Make, status: int) -> None:
    other = scripted(lambda asked: Given(200, TOKEN))
    there = other.url.replace("127.0.0.1", "localhost") + "/login/oauth/access_token"
    server = scripted(answering(Given(status, {}, {"location": there})))
    with pytest.raises(Refusal):
        identify(settings(server.url), "c0de", "v", BACK)
    assert other.asked == [] and len(server.asked) == 1


@pytest.mark.parametrize(("status", "said"), [(403, "Sorry. Your account was suspended."), (404, "Not Found")])
def test_an_account_that_github_does_not_let_in_is_told_so(scripted: Make, status: int, said: str) -> None:
    server = scripted(answering(Given(200, TOKEN), Given(status, {"message": said})))
    with pytest.raises(Refusal) as raised:
        identify(settings(server.url), "c0de", "v", BACK)
    assert raised.value.reason == "GitHub does not let this account sign in." and raised.value.hint
    assert "client ID" not in str(raised.value)


def test_against_the_stand_in(world: World) -> None:
    world.github.callback_urls(world.credentials, BACK)
    own = world.settings.model_copy(
        update={
            "client_id": world.credentials.client_id,
            "client_secret": SecretStr(world.credentials.client_secret),
        }
    )
    agreed = {
        "client_id": own.client_id,
        "redirect_uri": BACK,
        "state": "s",
        "code_challenge": challenge_of("v" * 43),
        "code_challenge_method": "S256",
        "login": "bob",
    }
    with httpx.Client(base_url=world.github.web_url, trust_env=False) as browser:
        there = browser.post("/login/oauth/authorize", data=agreed).headers["location"]
    code = parse_qs(urlsplit(there).query)["code"][0]
    assert identify(own, code, "v" * 43, BACK).login == "bob"
    assert not [each for each in world.github.world.tokens if each.startswith("ghu_")]
    with pytest.raises(Refusal, match="used already"):
        identify(own, code, "v" * 43, BACK)
