"""Cookies that only this server makes, each for one purpose: forged, swapped, old and broken ones are nobody's."""

import json
import time
from base64 import urlsafe_b64encode
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from starlette.requests import Request
from starlette.responses import Response

from app.dashboard.access import COOKIE as OPERATOR
from app.dashboard.signing import cookies
from app.dashboard.signing.cookies import ACCOUNT, BEGUN, Begun
from app.model.forge import Person
from app.settings import ServerSettings
from app.views import links
from tests.app.dashboard.undoing.presses import ANN, SIGNING

PLAIN = SIGNING.model_copy(update={"public_url": "http://127.0.0.1:8000"})


def request(cookie: str = "", scheme: str = "https") -> Request:
    headers = [(b"cookie", cookie.encode("latin-1", "replace"))] if cookie else []
    scope = {"type": "http", "method": "GET", "path": "/", "query_string": b"", "headers": headers, "scheme": scheme}
    return Request(scope | {"server": ("selfmod.example", 443)})


def made(settings: ServerSettings = SIGNING, person: Person = ANN) -> tuple[str, str]:
    """The cookie of somebody who is signed in: its name with its value, and all that is said of it."""
    answer = Response()
    cookies.sign_in(answer, request(), settings, person)
    said = answer.headers["set-cookie"]
    return said.partition(";")[0], said


def signed_in(word: str, settings: ServerSettings = SIGNING) -> Person | None:
    found = cookies.session(request(word), settings)
    return found.person if found else None


def of(held: Any, purpose: str = ACCOUNT, settings: ServerSettings = SIGNING) -> str:
    """A cookie with a good stamp and whatever in it."""
    text = urlsafe_b64encode(json.dumps(held).encode()).decode()
    return f"__Host-{ACCOUNT}={text}.{links.stamp(settings, purpose, text)}"


def test_who_signed_in_is_known_for_eight_hours() -> None:
    word, said = made()
    assert signed_in(word) == ANN
    for wanted in ("HttpOnly", "SameSite=lax", "Secure", "Path=/", "Max-Age=28800", "__Host-"):
        assert wanted in said
    assert "Domain" not in said
    found = cookies.session(request(word), SIGNING)
    assert found is not None
    assert abs(found.until - time.time() - cookies.SESSION_SECONDS) < 60


def test_over_http_it_is_not_secure_and_has_its_plain_name() -> None:
    answer = Response()
    cookies.sign_in(answer, request(scheme="http"), PLAIN, ANN)
    said = answer.headers["set-cookie"]
    assert said.startswith(f"{ACCOUNT}=") and "Secure" not in said and "HttpOnly" in said


@given(st.integers(0, 500), st.characters(min_codepoint=33, max_codepoint=126, exclude_characters=';,"\\'))
def test_whatever_is_changed_is_nobody(place: int, character: str) -> None:
    name, _, value = made()[0].partition("=")
    place %= len(value)
    changed = value[:place] + character + value[place + 1 :]
    assert signed_in(f"{name}={changed}") == (ANN if changed == value else None)


@given(st.text(st.characters(min_codepoint=33, max_codepoint=255, exclude_characters=';,"\\')))
def test_whatever_is_made_up_is_nobody(value: str) -> None:
    assert signed_in(f"__Host-{ACCOUNT}={value}") is None
    assert cookies.begun(request(f"__Host-{BEGUN}={value}"), SIGNING) is None


@pytest.mark.parametrize(
    "held",
    [
        {"login": "ann", "id": 11, "until": int(time.time()) - 1},
        {"login": "ann", "id": 11, "until": True},
        {"login": "ann", "id": "11", "until": 9_999_999_999},
        {"login": "a b", "id": 11, "until": 9_999_999_999},
        {"login": ["ann"], "id": 11, "until": 9_999_999_999},
        {"login": "", "id": 11, "until": 9_999_999_999},
        {"login": "ann\n", "id": 11, "until": 9_999_999_999},
        {"until": 9_999_999_999},
    ],
)
def test_what_is_old_or_not_whole_is_nobody(held: Any) -> None:
    assert signed_in(of(held)) is None
    assert signed_in(of({"login": "ann", "id": 11, "until": 9_999_999_999})) == ANN


def test_no_cookie_is_taken_for_another() -> None:
    held = {"login": "ann", "id": 11, "until": 9_999_999_999, "state": "s", "verifier": "v", "next": "/"}
    assert signed_in(of(held, BEGUN)) is None
    word = of(held, ACCOUNT).replace(ACCOUNT, BEGUN, 1)
    assert cookies.begun(request(word), SIGNING) is None
    operator = links.session(SIGNING, 9_999_999_999)
    assert signed_in(f"__Host-{ACCOUNT}={operator}") is None
    assert not links.is_session(SIGNING, made()[0].partition("=")[2], time.time())
    assert not links.is_session(SIGNING, made()[0].partition("=")[2].partition(".")[2], time.time())
    assert signed_in(f"{OPERATOR}={made()[0].partition('=')[2]}") is None


def test_another_servers_cookie_is_nobodys() -> None:
    other = SIGNING.model_copy(update={"webhook_secrets": ()})
    assert signed_in(made()[0], other) is None
    assert signed_in(of({"login": "ann", "id": 11, "until": 9_999_999_999}, settings=other), other) is None


@pytest.mark.parametrize("login", ["", "a b", "ann\r\nx: y", "é", "-ann", "a" * 200])
def test_a_login_that_is_none_is_never_kept(login: str) -> None:
    with pytest.raises(ValueError, match="login"):
        cookies.sign_in(Response(), request(), SIGNING, Person(login, 11))


def test_what_has_begun_is_remembered_for_ten_minutes() -> None:
    answer, begun = Response(), Begun.new("/details/mod_4be1a9d07c35?key=k")
    cookies.begin(answer, request(), SIGNING, begun)
    word = answer.headers["set-cookie"].partition(";")[0]
    assert "Max-Age=600" in answer.headers["set-cookie"]
    assert cookies.begun(request(word), SIGNING) == begun
    assert begun.answers(begun.state) and not begun.answers("") and not begun.answers(begun.state + "\udcff")
    assert Begun.new("//evil.example").next == "/"
    assert len({Begun.new("/").state for _ in range(20)}) == 20
