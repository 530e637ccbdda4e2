"""Forms as browsers send them, and whether one of our own pages sent it."""

import asyncio
from urllib.parse import parse_qsl

from starlette.requests import ClientDisconnect, Request
from starlette.responses import Response

from app.dashboard.answers import message
from app.dashboard.registering import origin
from app.settings import ServerSettings

LARGEST_FORM = 16 * 1024
"""Bytes."""
PATIENCE = 8.0
"""Seconds for all of a form: a connection that waits for one is one less for GitHub's deliveries."""
LINGER = 1.0
"""Seconds for a form whose answer is known before it is read: who is still sending would lose the answer."""


async def fields_of(request: Request, patience: float = PATIENCE) -> dict[str, str] | None:
    """Of a form as browsers send it; nothing where it is too large to be one of ours, or broke off. None where it did
    not arrive within so many seconds."""
    try:
        async with asyncio.timeout(patience):
            body = await _read(request)
    except TimeoutError:
        return None
    except ClientDisconnect:
        return {}
    try:
        return dict(parse_qsl(body.decode(), max_num_fields=20))
    except ValueError:
        return {}


def late(title: str) -> Response:
    """The answer to a form that did not arrive in time. It ends the connection: the rest would come still."""
    answer = message(408, title, "The form did not arrive in time.", hint="Go back, and send it again.")
    answer.headers["Connection"] = "close"
    return answer


async def refused(request: Request, answer: Response) -> Response:
    """An answer that needs no form, when the form has come, or a moment later."""
    if await fields_of(request, LINGER) is None:
        answer.headers["Connection"] = "close"
    return answer


async def _read(request: Request) -> bytes:
    body = b""
    async for part in request.stream():
        body += part
        if len(body) > LARGEST_FORM:
            return b""
    return body


def from_here(request: Request, settings: ServerSettings) -> bool:
    """Whether the browser says that a page of this server sent the form, as far as it says anything: what is sent from
    elsewhere bears another origin. A page whose form is sent must let its own address be seen by its own server
    (`Referrer-Policy: same-origin`), or its origin is `null`.

    Sources: https://fetch.spec.whatwg.org/#origin-header, https://www.w3.org/TR/fetch-metadata/#sec-fetch-site-header."""
    site, sender = request.headers.get("sec-fetch-site"), request.headers.get("origin")
    own = {origin(settings.public_url), origin(str(request.url))}
    return site in (None, "same-origin") and (sender is None or sender in own)
