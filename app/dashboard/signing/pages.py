"""The way to GitHub and back: `/sign-in`, `/signed-in`, `/sign-out`.

Source: GitHub Docs, "Generating a user access token for a GitHub App" (web application flow),
https://docs.github.com/en/apps/creating-github-apps/authenticating-with-a-github-app, with PKCE (RFC 7636, S256)."""

import hashlib
from base64 import urlsafe_b64encode
from collections.abc import Callable
from dataclasses import dataclass, field
from re import fullmatch
from threading import BoundedSemaphore
from urllib.parse import urlencode

from starlette.requests import Request
from starlette.responses import RedirectResponse, Response
from starlette.routing import Route

from app.dashboard.answers import message
from app.dashboard.forms import LINGER, PATIENCE, fields_of, from_here, late, refused
from app.dashboard.registering import SIGNED_IN
from app.dashboard.signing import cookies
from app.dashboard.signing.cookies import ACCOUNT, BEGUN, Begun, Session
from app.dashboard.signing.places import landing, sign_in_url
from app.model.forge import Person
from app.model.trouble import Unavailable
from app.settings import ServerSettings
from app.views import links
from checks.model.errors import Refusal

AT_ONCE = 4
"""Codes that are exchanged at the same time: anybody may bring some, and each holds a thread while GitHub thinks."""
SIGN_OUT = "sign out"
"""The purpose of the stamp of the form that signs out."""
_DECLINED = {
    "access_denied": (
        "You declined at GitHub.",
        "Sign in again, and agree: this server learns who you are and no more.",
    ),
    "application_suspended": (
        "GitHub has suspended the App.",
        "Who runs the server sees why on the App's page at GitHub, and asks GitHub's support.",
    ),
    "redirect_uri_mismatch": (
        "The App at GitHub does not list this server's address among its callback URLs.",
        "Who runs the server adds it on the App's page at GitHub: SELFMOD_PUBLIC_URL with /signed-in behind it.",
    ),
}
"""What GitHub's `error` means; its description is anybody's to write into an address, and is not shown."""
_STILL = "You are still signed in"
_HEADERS = {"Referrer-Policy": "no-referrer", "Cache-Control": "no-store"}

type Identify = Callable[[str, str, str], Person]
"""Whose code it is: the code, the verifier, and the address that GitHub sent the browser to. May raise Refusal and
Unavailable."""


def offered(settings: ServerSettings) -> bool:
    """Whether anybody can sign in: GitHub must know this server, and where to send people back to."""
    return bool(settings.client_id and settings.client_secret.get_secret_value() and settings.public_url)


def sign_out_stamp(settings: ServerSettings, session: Session) -> str:
    """What the form has that signs this browser out."""
    return links.stamp(settings, SIGN_OUT, session.word)


def signing_routes(settings: ServerSettings, identify: Identify) -> list[Route]:
    """The pages of signing in; none where it is not offered."""
    if not offered(settings):
        return []
    desk = _Desk(settings, identify)
    return [
        Route("/sign-in", desk.begin),
        Route(SIGNED_IN, desk.come_back),
        Route("/sign-out", desk.leave, methods=["POST"]),
    ]


@dataclass(frozen=True, slots=True)
class _Desk:
    settings: ServerSettings
    identify: Identify
    busy: BoundedSemaphore = field(default_factory=lambda: BoundedSemaphore(AT_ONCE), repr=False)

    @property
    def back(self) -> str:
        return self.settings.public_url.rstrip("/") + SIGNED_IN

    def begin(self, request: Request) -> Response:
        begun = Begun.new(request.query_params.get("next", "/"))
        challenge = urlsafe_b64encode(hashlib.sha256(begun.verifier.encode()).digest()).decode().rstrip("=")
        asked = {
            "client_id": self.settings.client_id,
            "redirect_uri": self.back,
            "state": begun.state,
            "code_challenge": challenge,
            "code_challenge_method": "S256",
        }
        goal = f"{self.settings.github_url.rstrip('/')}/login/oauth/authorize?{urlencode(asked)}"
        answer = RedirectResponse(goal, 303, _HEADERS)
        cookies.begin(answer, request, self.settings, begun)
        return answer

    def come_back(self, request: Request) -> Response:
        """With GitHub's code. Whatever comes of it, what had begun is over: the browser forgets the state."""
        if request.method == "HEAD":  # would use the code up, and nobody would be signed in
            return Response(status_code=405, headers={"Allow": "GET"} | _HEADERS)
        begun = cookies.begun(request, self.settings)
        if begun is None or not begun.answers(request.query_params.get("state", "")):
            # another tab's may wait still: it is left alone
            return message(
                400,
                "This sign-in did not begin here",
                "It began in another browser, at another address of this server, more than ten minutes ago, or in "
                "another tab since.",
                hint="Go back to the page that you came from, and sign in there.",
            )
        answer = self._exchanged(request, begun)
        cookies.end(answer, request, self.settings, BEGUN)
        return answer

    def _exchanged(self, request: Request, begun: Begun) -> Response:
        again = ("Sign in again", sign_in_url(begun.next))
        if declined := _DECLINED.get(request.query_params.get("error", "")):
            return message(403, "You are not signed in", declined[0], hint=declined[1], action=again)
        code = request.query_params.get("code", "")
        if not fullmatch(r"[A-Za-z0-9._-]{1,255}", code):
            return message(400, "You are not signed in", "GitHub's answer has no code.", action=again)
        if not self.busy.acquire(blocking=False):
            said = "Too many sign in at this moment."
            return message(503, "You are not signed in", said, hint="Try again in a minute.", action=again)
        try:
            person = self.identify(code, begun.verifier, self.back)
            answer = RedirectResponse(begun.next, 303, _HEADERS)
            cookies.sign_in(answer, request, self.settings, person)
        except Unavailable:
            return message(502, "You are not signed in", "GitHub did not answer, or not sensibly.", action=again)
        except Refusal as refusal:
            return message(502, "You are not signed in", refusal.reason, hint=refusal.hint, action=again)
        except ValueError:
            return message(502, "You are not signed in", "GitHub's answer names no account.", action=again)
        finally:
            self.busy.release()
        return answer

    async def leave(self, request: Request) -> Response:
        session = cookies.session(request, self.settings)
        if session is not None and not from_here(request, self.settings):
            return await refused(request, _still())
        fields = await fields_of(request, PATIENCE if session is not None else LINGER)
        if fields is None:
            return late(_STILL if session is not None else "You are not signed in")
        stamp = fields.get("stamp", "")
        if session is not None and not links.is_stamp(self.settings, stamp, SIGN_OUT, session.word):
            return _still()
        answer = RedirectResponse(landing(fields.get("next", "/")), 303, _HEADERS)
        cookies.end(answer, request, self.settings, ACCOUNT)
        return answer


def _still() -> Response:
    return message(
        403,
        _STILL,
        "The form did not come from a page of this server as you are signed in now.",
        hint="Open a details page anew, and sign out there.",
    )
