"""The Starlette application out of its parts, and what it says when there is nothing to serve or a bug."""

import logging
from collections.abc import Iterable

from starlette.applications import Starlette
from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import JSONResponse, PlainTextResponse, Response
from starlette.routing import BaseRoute

_LOG = logging.getLogger(__name__)


def application(*parts: Iterable[BaseRoute]) -> Starlette:
    """One application of the routes of its parts: the webhook, probes, pages."""
    routes = [route for part in parts for route in part]
    return Starlette(routes=routes, exception_handlers={HTTPException: _expected, Exception: _bug})


async def _expected(_: Request, error: Exception) -> Response:
    """Not found, another method."""
    if not isinstance(error, HTTPException):
        raise error
    return JSONResponse({"error": error.detail}, error.status_code, error.headers)


async def _bug(request: Request, _: Exception) -> Response:
    """No traceback leaves; uvicorn writes it to the log, which redacts it."""
    _LOG.error("a request to %s broke down", request.url.path)
    return PlainTextResponse("a fault of selfmod's own: the log has more\n", 500)
