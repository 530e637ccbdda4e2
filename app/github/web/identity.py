"""The end of signing in: GitHub's code becomes the account of who came back with it.

Source: GitHub Docs, "Generating a user access token for a GitHub App" (web application flow, with PKCE),
https://docs.github.com/en/apps/creating-github-apps/authenticating-with-a-github-app. It begins in
`app.dashboard.signing`. The token that GitHub gives for the code is used for one question, kept nowhere and given back:
"Delete an app token", https://docs.github.com/en/rest/apps/oauth-applications. *Unverified* against github.com itself:
that the parameters may come as JSON, as its own libraries send them."""

from base64 import b64encode
from collections.abc import Callable
from contextlib import suppress
from urllib.parse import quote

from app.github import values
from app.github.client import Client
from app.github.faults import Rejected
from app.model.call import Call
from app.model.forge import Person
from app.model.trouble import Gone, Unavailable
from app.settings import ServerSettings
from checks.model.errors import Refusal

_AGAIN = "Sign in again."
_LARGEST = 2**63
"""Beyond it no database keeps a number."""
_FAULTS = {
    "bad_verification_code": ("GitHub says that the code was used already or is too old.", _AGAIN),
    "incorrect_client_credentials": (
        "GitHub does not accept this server's client ID and secret.",
        "Who runs the server compares SELFMOD_CLIENT_ID and SELFMOD_CLIENT_SECRET with the App's page at GitHub.",
    ),
    "redirect_uri_mismatch": (
        "The App at GitHub does not list this server's address among its callback URLs.",
        "Who runs the server adds it on the App's page at GitHub: SELFMOD_PUBLIC_URL with /signed-in behind it.",
    ),
    "unverified_user_email": (
        "GitHub wants your account's e-mail address verified first.",
        "Verify it, and try again.",
    ),
}


def identify(
    settings: ServerSettings,
    code: str,
    verifier: str,
    back: str,
    told: Callable[[Call], object] = lambda call: None,
) -> Person:
    """Whose code this is. It works once and for ten minutes; `verifier` is what the challenge was made of, `back` the
    address that GitHub sent the person to. `told` hears of every call.

    Raises Refusal where GitHub gives no account for it, Unavailable where it does not answer or not sensibly."""
    client = Client(settings.api_url, told, redirects=False)  # the secret goes to no other host
    try:
        token = _token(client, settings, code, verifier, back)
        try:
            return _person(client, token)
        finally:
            _give_back(client, settings, token)
    except Rejected as error:
        raise Refusal(f"GitHub answered {error.status} instead of saying who you are.", _AGAIN) from None
    finally:
        client.close()


def _token(client: Client, settings: ServerSettings, code: str, verifier: str, back: str) -> str:
    """What GitHub refuses comes with status 200 too, and says so in `error`."""
    asked = {
        "client_id": settings.client_id,
        "client_secret": settings.client_secret.get_secret_value(),
        "code": code,
        "redirect_uri": back,
        "code_verifier": verifier,
    }
    url = f"{settings.github_url.rstrip('/')}/login/oauth/access_token"
    try:
        answer = client.call("sign in", "POST", url, lambda _: "", body=asked, once=True, accept="application/json")
    except Gone:
        unknown = _FAULTS["incorrect_client_credentials"][1]
        raise Refusal("GitHub does not know this server's client ID.", unknown) from None
    data = answer.data
    if error := values.text(data, "error"):
        raise Refusal(*_FAULTS.get(error, ("GitHub did not accept the code.", _AGAIN)))
    token = values.text(data, "access_token")
    if not token or not token.isascii() or not token.isprintable():
        raise Refusal("GitHub's answer to the code has no token.", _AGAIN)
    return token


def _give_back(client: Client, settings: ServerSettings, token: str) -> None:
    """Ends the token, which could act for the person for eight hours. That this failed is in the log of all calls, and
    does not keep the person waiting: it is asked for once."""
    own = f"{settings.client_id}:{settings.client_secret.get_secret_value()}"
    basic = f"Basic {b64encode(own.encode()).decode()}"
    path = f"/applications/{quote(settings.client_id, safe='')}/token"
    with suppress(Gone, Rejected, Unavailable):
        client.call("sign in", "DELETE", path, lambda _: basic, body={"access_token": token}, once=True)


def _person(client: Client, token: str) -> Person:
    try:
        data = client.call("sign in", "GET", "/user", lambda fresh: f"Bearer {token}").data
    except Gone:
        raise Refusal("GitHub does not let this account sign in.", "See at GitHub whether it is suspended.") from None
    found = values.person(data)
    if found is None or not 0 < found.id < _LARGEST or found.bot:
        raise Refusal("GitHub's answer names no account of a person.", _AGAIN)
    return found
