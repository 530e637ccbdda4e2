"""Forms as browsers send them, and whether one of our own pages sent it."""

from urllib.parse import parse_qsl

from starlette.requests import Request

from app.dashboard.registering import origin
from app.settings import ServerSettings

LARGEST_FORM = 16 * 1024
"""Bytes."""


async def fields_of(request: Request) -> dict[str, str]:
    """Of a form as browsers send it; nothing where it is too large to be one of ours."""
    body = b""
    async for part in request.stream():
        body += part
        if len(body) > LARGEST_FORM:
            return {}
    try:
        return dict(parse_qsl(body.decode(), max_num_fields=20))
    except ValueError:
        return {}


def from_here(request: Request, settings: ServerSettings) -> bool:
    """Whether the browser says that a page of this server sent the form, as far as it says anything: what is sent from
    elsewhere bears another origin. A page whose form is sent must let its own address be seen by its own server
    (`Referrer-Policy: same-origin`), or its origin is `null`.

    Sources: https://fetch.spec.whatwg.org/#origin-header, https://www.w3.org/TR/fetch-metadata/#sec-fetch-site-header."""
    site, sender = request.headers.get("sec-fetch-site"), request.headers.get("origin")
    own = {origin(settings.public_url), origin(str(request.url))}
    return site in (None, "same-origin") and (sender is None or sender in own)
