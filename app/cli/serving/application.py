"""The full server's Starlette application out of its parts."""

import logging
from collections.abc import Sequence

from starlette.applications import Starlette
from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import JSONResponse, PlainTextResponse, Response
from starlette.routing import BaseRoute

from app.webhooks.probes import Probes
from app.webhooks.receive import Receiver

_LOG = logging.getLogger(__name__)


def application(receiver: Receiver | None, probes: Probes, pages: Sequence[BaseRoute] = ()) -> Starlette:
    """Webhooks (none while there is no App), probes, and pages."""
    routes = [*([receiver.route()] if receiver is not None else []), *probes.routes(), *pages]
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
