"""`POST /webhooks/github`: verifies, accepts durably, answers. What is to be done about a delivery is decided later.

GitHub waits 10 s for an answer and repeats nothing by itself
(https://docs.github.com/en/webhooks/using-webhooks/handling-failed-webhook-deliveries), so a delivery is answered with
202 when it is on disk and never before. Order of the questions: is there a signature, is the body one, is it whole, is
the signature right, and only then what it is.
"""

import asyncio
import logging
import re
import time
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from contextlib import suppress
from contextvars import copy_context
from dataclasses import dataclass
from enum import StrEnum
from functools import partial

from starlette.requests import ClientDisconnect, Request
from starlette.responses import JSONResponse, Response
from starlette.routing import Route
from starlette.types import Receive, Scope, Send

from app.model.delivery import Delivery
from app.operations import metrics
from app.operations.logs import bound
from app.webhooks.signature import HEADER, Signature, Signatures

PATH = "/webhooks/github"
LIMIT = 25 * 1024 * 1024
"""Bytes of a body; GitHub sends no more (https://docs.github.com/en/webhooks/webhook-events-and-payloads)."""
UNDER_WAY = 8 * LIMIT
"""Bytes of all bodies that are arriving or waiting to be accepted: anybody may send some, signed or not."""
PATIENCE = 8.0
"""Seconds for all of it, of the ten that GitHub waits."""
LINGER = 1.0
"""Seconds of silence after which a refused request is read no further."""
DRAINED = 5.0
"""Seconds after which it is read no further though it goes on: a byte now and then would hold a connection for days."""
RETRY_AFTER = 30
"""Seconds after which trying again makes sense."""
THREADS = 16
"""Deliveries that are handed to the store at once; it writes those that wait together in one transaction."""
_GUID = re.compile(r"[A-Za-z0-9-]{1,64}")
_EVENT = re.compile(r"[a-z][a-z0-9_]{0,63}")
_LENGTH = re.compile(r"[0-9]{1,15}")
_LOG = logging.getLogger(__name__)


class Receipt(StrEnum):
    """What became of a delivery at the store."""

    NEW = "accepted"
    DUPLICATE = "duplicate"


type Accept = Callable[[Delivery], Receipt]
"""Puts a delivery where a crash does not lose it, and says whether it was there already. Called in threads."""


class _Fault(Exception):
    """An answer that ends the reading of a request: its status, its name in the metrics, and a sentence."""

    def __init__(self, status: int, outcome: str, sentence: str) -> None:
        super().__init__(sentence)
        self.status = status
        self.outcome = outcome


class _Early(JSONResponse):
    """An answer that may be given before the request is there whole. It goes out at once; then the rest is read and
    forgotten for a while, since a client that is still sending would lose the answer with the connection."""

    def __init__(self, fault: _Fault, whole: bool) -> None:
        headers = {"Connection": "close"} | ({"Retry-After": str(RETRY_AFTER)} if fault.status == 503 else {})
        super().__init__({"error": str(fault)}, fault.status, headers)
        self._whole = whole

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """As ASGI wants it."""
        await send({"type": "http.response.start", "status": self.status_code, "headers": self.raw_headers})
        await send({"type": "http.response.body", "body": self.body, "more_body": True})
        # who asks before sending ("Expect: 100-continue") is not told to go on
        if not self._whole and not any(name == b"expect" for name, _ in scope["headers"]):
            with suppress(TimeoutError):
                async with asyncio.timeout(DRAINED):
                    await _drain(receive)
        await send({"type": "http.response.body", "body": b"", "more_body": False})


async def _drain(receive: Receive) -> None:
    size = 0
    while size <= 2 * LIMIT:
        message = await asyncio.wait_for(receive(), LINGER)
        size += len(message.get("body", b""))
        if not message.get("more_body", False):
            return


@dataclass
class _Memory:
    """Bytes that bodies take at the moment."""

    under_way: int = 0


@dataclass
class _Share:
    """One request's part of it."""

    memory: _Memory
    size: int = 0
    whole: bool = False
    """Whether the body was read to its end."""

    def take(self, size: int) -> None:
        """Room for the next piece of a body."""
        if self.memory.under_way + size > UNDER_WAY:
            raise _Fault(503, "busy", "too much is arriving at once: deliver it again")
        self.memory.under_way += size
        self.size += size

    def free(self) -> None:
        """The request is over."""
        self.memory.under_way -= self.size
        self.size = 0


class Receiver:
    """The endpoint. `patience` are the seconds that all of a request may take."""

    def __init__(self, signatures: Signatures, accept: Accept, patience: float = PATIENCE) -> None:
        self._signatures = signatures
        self._accept = accept
        self._patience = patience
        self._memory = _Memory()
        self._threads = ThreadPoolExecutor(THREADS, "accept")

    def route(self) -> Route:
        """Where GitHub delivers."""
        return Route(PATH, self.receive, methods=["POST"])

    def close(self) -> None:
        """No delivery is begun any more; those that wait for a thread are told to come again."""
        self._threads.shutdown(wait=False, cancel_futures=True)

    async def receive(self, request: Request) -> Response:
        """One request, whatever it is."""
        began = time.monotonic()
        ends = asyncio.get_running_loop().time() + self._patience
        outcome, answer, event = "broken", Response(status_code=400), ""
        share = _Share(self._memory)
        try:
            delivery = await self._verified(request, share, ends)
            event = delivery.event
            with bound(delivery=delivery.id, hook=event):
                outcome, answer = await self._taken(delivery, ends)
                _LOG.info("delivery %s", outcome)
        except _Fault as fault:
            outcome, answer = fault.outcome, _Early(fault, share.whole)
            _LOG.warning("delivery refused: %s: %s", outcome, fault)
        except ClientDisconnect:
            pass
        finally:
            share.free()
            metrics.delivered(event, outcome, time.monotonic() - began)
        return answer

    async def _verified(self, request: Request, share: _Share, ends: float) -> Delivery:
        """The delivery, signed and whole."""
        signature = self._signatures.begin(request.headers.getlist(HEADER))
        if signature is None:
            raise _Fault(401, "unsigned", f"no signature: {HEADER} must be sha256= and 64 hexadecimal digits")
        _check_form(request)
        try:
            async with asyncio.timeout_at(ends):
                body = await _read(request, signature, share)
        except TimeoutError:
            raise _Fault(408, "slow", "the request did not arrive in time") from None
        if not signature.valid():
            raise _Fault(401, "forged", "the signature does not fit: is the webhook's secret the server's?")
        return Delivery(
            id=_one(request, "X-GitHub-Delivery", _GUID),
            event=_one(request, "X-GitHub-Event", _EVENT),
            body=body,
            received=time.time(),
        )

    async def _taken(self, delivery: Delivery, ends: float) -> tuple[str, Response]:
        """The answer to a delivery that GitHub signed."""
        if delivery.event == "ping":
            return "ping", JSONResponse({"status": "pong", "delivery": delivery.id})
        call = partial(copy_context().run, self._accept, delivery)
        try:
            async with asyncio.timeout_at(ends):
                receipt = await asyncio.get_running_loop().run_in_executor(self._threads, call)
        except TimeoutError:
            raise _Fault(503, "late", "not accepted in time: deliver it again") from None
        except Exception as error:  # a full disk, a database that is gone: all the same to GitHub
            _LOG.exception("a delivery could not be written down")
            raise _Fault(503, "failed", "not accepted: the server cannot write; deliver it again") from error
        return receipt.value, JSONResponse({"status": receipt.value, "delivery": delivery.id}, 202)


def _check_form(request: Request) -> None:
    """What the headers say of the body, before any of it is read."""
    kind = ",".join(request.headers.getlist("Content-Type")).partition(";")[0].strip().lower()
    if kind != "application/json":
        raise _Fault(415, "form", "set the webhook's content type to application/json")
    if request.headers.get("Content-Encoding", "identity").strip().lower() != "identity":
        raise _Fault(415, "form", "a delivery is not compressed")
    for length in request.headers.getlist("Content-Length"):
        if not _LENGTH.fullmatch(length):
            raise _Fault(400, "form", "Content-Length is no number")
        if int(length) > LIMIT:
            raise _Fault(413, "large", f"a delivery has at most {LIMIT} bytes")


async def _read(request: Request, signature: Signature, share: _Share) -> bytes:
    """The whole body, counted as it comes: Content-Length is what a client says, and a chunked body has none."""
    pieces, size = [], 0
    async for piece in request.stream():
        size += len(piece)
        if size > LIMIT:
            raise _Fault(413, "large", f"a delivery has at most {LIMIT} bytes")
        share.take(len(piece))
        signature.update(piece)
        pieces.append(piece)
    share.whole = True
    return b"".join(pieces)


def _one(request: Request, header: str, pattern: re.Pattern[str]) -> str:
    """The value of a header that is there once, in the form that GitHub gives it."""
    values = request.headers.getlist(header)
    if len(values) != 1 or not pattern.fullmatch(values[0]):
        raise _Fault(400, "form", f"{header} is not as GitHub sends it")
    return values[0]
