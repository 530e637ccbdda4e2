"""Signing in to an App: the page on which a person agrees, and the exchange of the code.

Source: GitHub Docs, "Generating a user access token for a GitHub App" and "Troubleshooting OAuth app access token
request errors", https://docs.github.com/en/apps/creating-github-apps/authenticating-with-a-github-app, and "Delete an
app token", https://docs.github.com/en/rest/apps/oauth-applications. Nobody signs in to the stand-in's pages: which
account sits there is chosen. What is said to a wrong verifier, and of a token of somebody else's, is *unverified*."""

import hashlib
import hmac
import secrets
from base64 import urlsafe_b64encode
from dataclasses import dataclass
from typing import Any
from urllib.parse import urlencode, urlsplit

from jinja2 import Environment

from app.standin import auth
from app.standin.routing import Answer, Call, Route, gone
from app.standin.state import Account, App

LIFE = 600.0
"""Seconds within which a code must be exchanged."""
REFRESH_LIFE = 15_897_600
"""Seconds that the refresh token of the answer would live; it refreshes nothing here."""
ERRORS = {
    "incorrect_client_credentials": "The client_id and/or client_secret passed are incorrect.",
    "redirect_uri_mismatch": "The redirect_uri MUST match the registered callback URL for this application.",
    "bad_verification_code": "The code passed is incorrect or expired.",
    "access_denied": "The user has denied your application access.",
}
_PASSED = ("client_id", "redirect_uri", "state", "code_challenge", "code_challenge_method")
_PAGE = Environment(autoescape=True, trim_blocks=True, lstrip_blocks=True).from_string(
    """<!doctype html>
<html lang="en"><head><meta charset="utf-8"><title>Authorize {{ app.name }}</title>
<style>body{font:15px/1.5 system-ui,sans-serif;max-width:40rem;margin:2rem auto;padding:0 1rem;color:#1f2328}</style>
</head><body><h1>Authorize {{ app.name }}</h1>
<p>{{ app.name }} would like permission to verify your GitHub identity.</p>
<form method="post" action="/login/oauth/authorize">
{% for name, value in passed.items() %}<input type="hidden" name="{{ name }}" value="{{ value }}">
{% endfor %}
{% for one in people %}
<p><button type="submit" name="login" value="{{ one.login }}">Authorize as {{ one.login }}</button></p>
{% else %}<p>There is no account.</p>{% endfor %}
<p><button type="submit" name="login" value="">Cancel</button></p></form></body></html>
"""
)


@dataclass(frozen=True)
class Code:
    """Who agreed to what. `made` is seconds since the epoch."""

    app: App
    account: Account
    back: str
    challenge: str
    made: float


def page(call: Call) -> Answer:
    """What the App's link leads to."""
    app = _app(call, call.query)
    if wrong := _wrong(app, call.query):
        return wrong
    people = [each for each in call.world.accounts.values() if each.kind == "User" and each.login != "web-flow"]
    passed = {name: call.query[name] for name in _PASSED if name in call.query}
    text = _PAGE.render(app=app, people=people, passed=passed)
    return Answer(text.encode(), content_type="text/html; charset=utf-8")


def agreed(call: Call) -> Answer:
    """The page's own form: back to the App with a code, or with the news that the person declined."""
    app, asked = _app(call, call.body), call.body
    if wrong := _wrong(app, asked):
        return wrong
    account = call.world.account(str(asked.get("login", "")))
    if account is None or account.kind != "User":
        return _back(app, asked, _error("access_denied"))
    back, challenge = str(asked.get("redirect_uri", "")), str(asked.get("code_challenge", ""))
    code = secrets.token_hex(10)
    call.world.codes[code] = Code(app, account, back, challenge, call.world.now())
    return _back(app, asked, {"code": code})


def exchange(call: Call) -> Answer:
    """Whatever is refused comes with status 200 too."""
    app = next((each for each in call.world.apps.values() if each.client_id == call.body.get("client_id")), None)
    if app is None:
        raise gone()
    found = _exchanged(call, app)
    if "application/json" in call.headers.get("accept", ""):
        return Answer(found)
    return Answer(urlencode(found).encode(), content_type="application/x-www-form-urlencoded; charset=utf-8")


def _exchanged(call: Call, app: App) -> dict[str, Any]:
    sent = {name: str(call.body.get(name) or "") for name in ("client_secret", "code", "redirect_uri", "code_verifier")}
    if not hmac.compare_digest(sent["client_secret"].encode(), app.client_secret.encode()):
        return _error("incorrect_client_credentials")
    code = call.world.codes.pop(sent["code"], None)
    if not isinstance(code, Code) or code.app is not app or call.world.now() - code.made > LIFE:
        return _error("bad_verification_code")
    if sent["redirect_uri"] and sent["redirect_uri"] != code.back:
        return _error("redirect_uri_mismatch")
    if code.challenge and challenge_of(sent["code_verifier"]) != code.challenge:
        return _error("bad_verification_code")
    return {
        "access_token": auth.user_token(call.world, code.account, app).value,
        "expires_in": int(auth.USER_LIFE),
        "refresh_token": f"ghr_{secrets.token_hex(38)}",
        "refresh_token_expires_in": REFRESH_LIFE,
        "scope": "",
        "token_type": "bearer",
    }


def give_back(call: Call) -> Answer:
    """Ends a token that somebody's signing in to this App brought."""
    client = call.caller.client
    if client is None or client.client_id != call.params["client_id"]:
        raise gone()
    token = call.world.tokens.get(call.want("access_token", str))
    if token is None or token.signed_in is not client:
        raise gone()
    del call.world.tokens[token.value]
    return Answer(status=204)


def challenge_of(verifier: str) -> str:
    """S256 of RFC 7636."""
    return urlsafe_b64encode(hashlib.sha256(verifier.encode()).digest()).decode().rstrip("=")


def _app(call: Call, asked: Any) -> App:
    found = next((each for each in call.world.apps.values() if each.client_id == asked.get("client_id")), None)
    if found is None:
        raise gone()
    return found


def _wrong(app: App, asked: Any) -> Answer | None:
    """An address that the App does not list is never gone to: the first listed one hears of it."""
    if not app.callback_urls or asked.get("code_challenge_method", "S256") != "S256":
        raise gone()
    if asked.get("redirect_uri", app.callback_urls[0]) in app.callback_urls:
        return None
    return _back(app, {"state": asked.get("state", "")}, _error("redirect_uri_mismatch"))


def _back(app: App, asked: Any, facts: dict[str, str]) -> Answer:
    goal = str(asked.get("redirect_uri") or app.callback_urls[0])
    query = urlencode(facts | ({"state": str(asked["state"])} if asked.get("state") else {}))
    return Answer(status=302, headers={"Location": f"{goal}{'&' if urlsplit(goal).query else '?'}{query}"})


def _error(name: str) -> dict[str, str]:
    return {
        "error": name,
        "error_description": ERRORS[name],
        "error_uri": "https://docs.github.com/apps/managing-oauth-apps/troubleshooting-oauth-app-access-token-request-errors",
    }


_AUTHORIZE = "/login/oauth/authorize"

ROUTES = (
    Route("GET", _AUTHORIZE, "public", page),
    Route("POST", _AUTHORIZE, "public", agreed, body=(*_PASSED, "login")),
    Route(
        "POST",
        "/login/oauth/access_token",
        "public",
        exchange,
        body=("client_id", "client_secret", "code", "redirect_uri", "code_verifier"),
    ),
    Route("DELETE", "/applications/{client_id}/token", "client", give_back, body=("access_token",)),
)
