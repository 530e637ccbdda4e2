"""The set-up: registers the App at GitHub from a manifest, once, and is then closed for good.

`selfmod serve --setup` prints a link with a token. The first browser that opens it gets a cookie and is the only one
that may go on; whoever else reaches the port sees a page that says so. GitHub sends this browser back with a code,
which is exchanged for the credentials; no secret is ever part of a page, an address or a log.
"""

import json
from collections.abc import Callable
from dataclasses import dataclass, field
from functools import partial
from re import fullmatch
from typing import Protocol
from urllib.parse import quote, urlsplit

from starlette.background import BackgroundTask
from starlette.concurrency import run_in_threadpool
from starlette.requests import Request
from starlette.responses import RedirectResponse, Response
from starlette.routing import Route

from app.dashboard import registering
from app.dashboard.answers import message, page, static_routes
from app.dashboard.forms import fields_of, late
from app.dashboard.pending import Pending
from app.dashboard.registering import Wanted
from app.model.registration import EVENTS, NOT_ASKED, PERMISSIONS
from app.model.trouble import Gone, Unavailable
from app.settings import ServerSettings
from checks.model.errors import Refusal

COOKIE = "selfmod_setup"
AGAIN = ("Begin again", "/setup")


class Registered(Protocol):
    """Credentials of a new App, as far as a page may show them."""

    @property
    def name(self) -> str:
        """As it was entered, or as the person changed it at GitHub."""
        ...

    @property
    def html_url(self) -> str:
        """The App's page at GitHub."""
        ...


def setup_url(base: str, token: str) -> str:
    """The link that the terminal prints. `base` is where the browser reaches this server. A secret."""
    return f"{base.rstrip('/')}/setup?token={quote(token, safe='')}"


def setup_routes[C: Registered](
    settings: ServerSettings,
    token: str,
    convert: Callable[[str], C],
    save: Callable[[C], object],
    on_done: Callable[[C], object] = lambda _: None,
    registered: Callable[[], bool] = lambda: False,
) -> list[Route]:
    """The pages of the set-up, for a server that has no App yet. `token` is to be unguessable and new at each start.
    `convert` exchanges GitHub's code (may raise Refusal, Gone, Unavailable), `save` writes the credentials to where
    the server finds them (may raise Refusal or OSError); both run in a thread. `on_done` is called once, after the
    last page was sent. `registered` says whether there is an App by now, by whatever way."""
    desk = _Desk(settings, convert, save, on_done, registered, Pending(token))
    return [
        Route("/setup", desk.form, methods=["GET"]),
        Route("/setup", desk.confirm, methods=["POST"]),
        Route("/setup/callback", desk.callback, methods=["GET"]),
        *static_routes(),
    ]


@dataclass(frozen=True)
class _Desk[C: Registered]:
    settings: ServerSettings
    convert: Callable[[str], C]
    save: Callable[[C], object]
    on_done: Callable[[C], object]
    registered: Callable[[], bool]
    pending: Pending[C] = field(repr=False)

    def form(self, request: Request) -> Response:
        if closed := self._closed():
            return closed
        if request.method == "GET" and (token := request.query_params.get("token")):
            return self._enter(request, token)
        return self._stranger(request) or self._form(Wanted(name="selfmod", public_url=self.settings.public_url), {})

    async def confirm(self, request: Request) -> Response:
        if refused := self._closed() or self._stranger(request):
            return refused
        fields = await fields_of(request)
        if fields is None:
            return late("Nothing was sent to GitHub")
        wanted = Wanted.of(fields)
        faults = registering.faults(wanted, self.settings.github_url)
        if faults or "change" in fields:
            return self._form(wanted, faults)
        asked = registering.manifest(wanted, _here(request, self.settings.public_url))
        values = {
            "wanted": wanted,
            "asked": asked,
            "manifest": json.dumps(asked),
            "pretty": json.dumps(asked, indent=2).splitlines(),
            "destination": registering.destination(wanted, self.settings.github_url, self.pending.new_state()),
            "github": urlsplit(self.settings.github_url).netloc,
        }
        origins = [registering.origin(self.settings.github_url)]
        # GitHub sees where the form came from (not the path): with no referrer its Origin would be "null"
        return page(
            "setup/confirm.html", values, cache_control="no-store", referrer="strict-origin", form_actions=origins
        )

    async def callback(self, request: Request) -> Response:
        if refused := self._closed() or self._stranger(request):
            return refused
        state, code = (request.query_params.get(name, "") for name in ("state", "code"))
        if not fullmatch(r"[A-Za-z0-9._-]{1,255}", code):
            return message(400, "GitHub's answer has no code", action=AGAIN)
        if not self.pending.take(state):
            return message(
                400,
                "This answer does not belong to a form that was sent from here",
                "It was used already, is older than half an hour, or was made by somebody else.",
                action=AGAIN,
            )
        return await run_in_threadpool(self._register, code, state)

    def _register(self, code: str, state: str) -> Response:
        with self.pending.registering:  # two answers at once must not make two Apps
            return self._closed() or self._exchange(code, state)

    def _exchange(self, code: str, state: str) -> Response:
        try:
            made = self.pending.unsaved or self.convert(code)
        except Unavailable as error:
            self.pending.give_back(state)
            return message(502, "GitHub did not answer", str(error), hint="Reload this page to ask again.")
        except (Refusal, Gone) as error:
            lost = "If an App was made at GitHub all the same, delete it there (Settings, Developer settings)."
            return message(502, "GitHub did not give the credentials", str(error), lost, action=AGAIN)
        self.pending.unsaved = made
        try:
            self.save(made)
        except (Refusal, OSError) as error:
            self.pending.give_back(state)
            why = error.strerror or "not written" if isinstance(error, OSError) else str(error)
            kept = "The App is registered, and its credentials are kept in memory until this server stops."
            hint = "Make the data folder writable, then reload this page."
            return message(500, "The credentials could not be saved", why, kept, hint=hint)
        self.pending.over, self.pending.unsaved = True, None
        return self._done(made)

    def _done(self, made: C) -> Response:
        values = {"name": made.name, "install": _install_url(made.html_url), "settings": _web(made.html_url)}
        answer = page("setup/done.html", values, cache_control="no-store")
        answer.delete_cookie(COOKIE, path="/setup")
        answer.background = BackgroundTask(partial(self.on_done, made))
        return answer

    def _form(self, wanted: Wanted, faults: dict[str, str]) -> Response:
        values = {
            "wanted": wanted,
            "faults": faults,
            "permissions": PERMISSIONS,
            "events": EVENTS,
            "not_asked": NOT_ASKED,
            "longest": registering.LONGEST_NAME,
            "github": urlsplit(self.settings.github_url).netloc,
        }
        return page("setup/form.html", values, status=422 if faults else 200, cache_control="no-store")

    def _enter(self, request: Request, token: str) -> Response:
        """From the printed link to an address without the token."""
        session = self.pending.enter(token)
        if session is None:
            return self._stranger(request) or RedirectResponse("/setup", 303)
        answer = RedirectResponse("/setup", 303, {"Referrer-Policy": "no-referrer", "Cache-Control": "no-store"})
        secure = _here(request, self.settings.public_url).startswith("https:")
        answer.set_cookie(COOKIE, session, path="/setup", httponly=True, samesite="lax", secure=secure)
        return answer

    def _stranger(self, request: Request) -> Response | None:
        if self.pending.is_in(request.cookies.get(COOKIE, "")):
            return None
        return message(
            403,
            "This page opens with the link that the terminal printed",
            "It opens once, in one browser, so that nobody else registers an App here.",
            hint="Where that browser is closed: run selfmod serve --setup again and open its new link.",
        )

    def _closed(self) -> Response | None:
        if not self.pending.over and not self.registered():
            return None
        return message(
            410, "The set-up is closed", "An App is registered here.", hint="What it lacks is told by: selfmod doctor"
        )


def _here(request: Request, public_url: str) -> str:
    """The origin that the browser has this page from. Behind a proxy that ends TLS only the public address knows that
    it is https."""
    public = urlsplit(public_url)
    if public.netloc and public.netloc == request.url.netloc:
        return registering.origin(public_url)
    return registering.origin(str(request.url))


def _web(url: str) -> str:
    """An address that may be linked; empty for any other."""
    return url if url.startswith(("https://", "http://")) else ""


def _install_url(html_url: str) -> str:
    return f"{_web(html_url).rstrip('/')}/installations/new" if _web(html_url) else ""
