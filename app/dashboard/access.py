"""Who may see a page: whoever has its address with the key, or the operator.

A details page is opened by the key in its address, which the check run has; the operator's token opens every page, and
a cookie stands for it after its first use. A page that may not be seen answers exactly as one that is not there.
"""

import time
from urllib.parse import urlencode

from starlette.requests import Request
from starlette.responses import RedirectResponse, Response

from app.settings import ServerSettings
from app.views import links

COOKIE = "selfmod_operator"
SESSION_SECONDS = 30 * 24 * 3600


def is_operator(request: Request, settings: ServerSettings) -> bool:
    """Whether this browser showed the token within the last thirty days."""
    return links.is_session(settings, request.cookies.get(COOKIE, ""), time.time())


def entered(request: Request, settings: ServerSettings) -> Response | None:
    """The way in for an address with the operator's token: a cookie, and the same address without the token. None for
    an address without one, or with a wrong one."""
    token = request.query_params.get("token", "")
    if not token or not links.opens_start(settings, token):
        return None
    rest = urlencode([(name, value) for name, value in request.query_params.multi_items() if name != "token"])
    address = "/" + request.url.path.lstrip("/") + (f"?{rest}" if rest else "")  # never `//host`
    answer = RedirectResponse(address, 303, {"Referrer-Policy": "no-referrer", "Cache-Control": "no-store"})
    answer.set_cookie(
        COOKIE,
        links.session(settings, int(time.time()) + SESSION_SECONDS),
        max_age=SESSION_SECONDS,
        path="/",
        httponly=True,
        samesite="lax",  # strict would ask for the token again on each link from GitHub
        secure=encrypted(request, settings),
    )
    return answer


def encrypted(request: Request, settings: ServerSettings) -> bool:
    """Whether browsers reach this server by https: behind a proxy that ends TLS only the public address knows."""
    return settings.public_url.startswith("https:") or request.url.scheme == "https"
