"""Who is signed in, and what a sign-in that has begun is to remember: signed cookies, each for one purpose.

Nothing is kept here: a cookie holds what is to be known, and a stamp that only this server can make. The purpose is
part of the stamp, so that no cookie can be taken for another, for the operator's or for the key of a page."""

import hmac
import json
import re
import secrets
import time
from base64 import urlsafe_b64decode, urlsafe_b64encode
from dataclasses import dataclass
from typing import Any

from starlette.requests import Request
from starlette.responses import Response

from app.dashboard.access import encrypted
from app.dashboard.signing.places import landing
from app.model.forge import Person
from app.settings import ServerSettings
from app.views import links

ACCOUNT, BEGUN = "selfmod_account", "selfmod_signing_in"
SESSION_SECONDS = 8 * 3600
BEGUN_SECONDS = 10 * 60
"""As long as GitHub's code works."""
LONGEST = 4_000
"""Characters of a cookie; browsers keep no longer ones."""
_LOGIN = re.compile(r"[A-Za-z0-9](?:[A-Za-z0-9_-]{0,98})", re.ASCII)


@dataclass(frozen=True, slots=True)
class Session:
    """Somebody who is signed in until a second of the epoch. `word` is the cookie as it came: other stamps are bound to
    it."""

    person: Person
    until: int
    word: str


@dataclass(frozen=True, slots=True)
class Begun:
    """A sign-in that waits for GitHub to send the browser back. `state` is what GitHub is to give back, `verifier` what
    the challenge was made of, `next` a path of this server."""

    state: str
    verifier: str
    next: str

    @classmethod
    def new(cls, next_: str) -> "Begun":
        """With a state and a verifier that nobody can guess."""
        return cls(secrets.token_urlsafe(32), secrets.token_urlsafe(48), landing(next_))

    def answers(self, state: str) -> bool:
        """Whether this is the state that was given, compared in constant time."""
        return hmac.compare_digest(state.encode("utf-8", "surrogatepass"), self.state.encode())


def session(request: Request, settings: ServerSettings) -> Session | None:
    """Who this browser is signed in as, None for nobody."""
    word = request.cookies.get(_name(ACCOUNT, request, settings), "")
    found = _opened(settings, ACCOUNT, word)
    login, number, until = found.get("login"), found.get("id"), found.get("until")
    if not isinstance(login, str) or not _LOGIN.fullmatch(login) or type(number) is not int or type(until) is not int:
        return None
    return Session(Person(login, number), until, word)


def sign_in(answer: Response, request: Request, settings: ServerSettings, person: Person) -> None:
    """Makes the browser that gets this answer this person's for eight hours. Raises ValueError for a login that is
    none."""
    if not _LOGIN.fullmatch(person.login):
        raise ValueError("no login")
    held = {"login": person.login, "id": person.id, "until": int(time.time()) + SESSION_SECONDS}
    _set(answer, request, settings, ACCOUNT, _closed(settings, ACCOUNT, held), SESSION_SECONDS)


def begun(request: Request, settings: ServerSettings) -> Begun | None:
    """The sign-in that this browser began within the last ten minutes, None for none."""
    found = _opened(settings, BEGUN, request.cookies.get(_name(BEGUN, request, settings), ""))
    held = [found.get(name) for name in ("state", "verifier", "next")]
    texts = [each for each in held if isinstance(each, str) and each]
    return Begun(texts[0], texts[1], landing(texts[2])) if len(texts) == len(held) else None


def begin(answer: Response, request: Request, settings: ServerSettings, what: Begun) -> None:
    """Has the browser that gets this answer remember it."""
    until = int(time.time()) + BEGUN_SECONDS
    held = {"state": what.state, "verifier": what.verifier, "next": what.next, "until": until}
    _set(answer, request, settings, BEGUN, _closed(settings, BEGUN, held), BEGUN_SECONDS)


def end(answer: Response, request: Request, settings: ServerSettings, name: str) -> None:
    """Has the browser that gets this answer forget a cookie."""
    secure = encrypted(request, settings)
    answer.delete_cookie(_name(name, request, settings), path="/", httponly=True, samesite="lax", secure=secure)


def _name(name: str, request: Request, settings: ServerSettings) -> str:
    """Over https the name says that no other host may have set it."""
    return f"__Host-{name}" if encrypted(request, settings) else name


def _set(answer: Response, request: Request, settings: ServerSettings, name: str, value: str, seconds: int) -> None:
    secure = encrypted(request, settings)
    answer.set_cookie(
        _name(name, request, settings),
        value,
        max_age=seconds,
        path="/",
        httponly=True,
        samesite="lax",  # strict would not be sent where GitHub sends the browser back
        secure=secure,
    )


def _closed(settings: ServerSettings, purpose: str, held: dict[str, Any]) -> str:
    text = urlsafe_b64encode(json.dumps(held).encode()).decode()
    return f"{text}.{links.stamp(settings, purpose, text)}"


def _opened(settings: ServerSettings, purpose: str, word: str) -> dict[str, Any]:
    """What a cookie holds, nothing where it is none of ours, is for something else, or is too old. What bears no stamp
    is not even read."""
    text, _, given = word.rpartition(".")
    if not text or len(word) > LONGEST or "\0" in text or not links.is_stamp(settings, given, purpose, text):
        return {}
    held: dict[str, Any] = json.loads(urlsafe_b64decode(text))
    return held if held["until"] >= time.time() else {}
