"""uvicorn around an application: the socket, limits, and an end within seconds."""

import asyncio
import contextlib
import logging
import os
import signal
import socket
import threading
from collections.abc import Callable, Iterator
from types import FrameType
from typing import Any

import h11
import uvicorn
from starlette.types import ASGIApp
from uvicorn.protocols.http.h11_impl import H11Protocol

from checks.model.errors import Refusal

CONNECTIONS = 512
"""Connections at once; who comes then gets 503."""
HEAD = 10.0
"""Seconds within which a request's head must have come: uvicorn itself would wait for ever."""
CRUMBS = 2_000
"""Pieces of a body that may be small: reading one costs as much whatever is in it, so that 1 MB in chunks of one byte
would keep everybody waiting for seconds."""
SMALL = 64
"""Bytes that the pieces of a longer body have on average at least."""
KEEP_ALIVE = 20
"""Seconds that a connection without a request stays open."""
ANSWERS = 3
"""Seconds that answers under way may take when the server ends."""
END = 9.5
"""Seconds from the signal to the end of the process, whatever still runs: what is not done is durable."""
_SIGNALS = (signal.SIGTERM, signal.SIGINT)
_LOG = logging.getLogger(__name__)


def listen(host: str, port: int) -> socket.socket:
    """A socket that is bound and listens. Raises Refusal where that cannot be."""
    try:
        family = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM, flags=socket.AI_PASSIVE)[0][0]
        made = socket.create_server((host, port), family=family, backlog=2048)
        # inherited by connections: asyncio sets it only on sockets that are named as TCP, and without it an answer
        # waits 40 ms for the acknowledgement of its head
        made.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        return made
    except (OSError, OverflowError) as error:
        why = error.strerror if isinstance(error, OSError) and error.strerror else error
        raise Refusal(
            f"the server cannot listen on {host} port {port}: {why}.", "Choose others: selfmod serve --host --port"
        ) from None


def address(listening: socket.socket) -> str:
    """Where a browser on this machine finds it."""
    host, port = listening.getsockname()[:2]
    if host in ("0.0.0.0", "::"):  # noqa: S104  # compared, not bound
        host = "127.0.0.1"
    return f"http://[{host}]:{port}" if ":" in host else f"http://{host}:{port}"


class _Crumbs(Exception):
    """A body comes in pieces that are too small."""


class _Connection(h11.Connection):
    """Counts the pieces of a body."""

    _pieces = _bytes = 0

    def next_event(self) -> Any:
        """As h11. Raises _Crumbs."""
        event = super().next_event()
        if isinstance(event, h11.Request):
            self._pieces = self._bytes = 0
        elif isinstance(event, h11.Data):
            self._pieces, self._bytes = self._pieces + 1, self._bytes + len(event.data)
            if self._pieces > CRUMBS and self._bytes < self._pieces * SMALL:
                raise _Crumbs
        return event


class _Protocol(H11Protocol):
    """HTTP/1.1 with limits for the time in which a head arrives, and for the pieces of a body."""

    _late: asyncio.TimerHandle | None = None

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.conn = _Connection(h11.SERVER)

    def connection_made(self, transport: asyncio.Transport) -> None:  # type: ignore[override]  # as uvicorn has it
        super().connection_made(transport)
        self._late = self.loop.call_later(HEAD, transport.close)

    def data_received(self, data: bytes) -> None:
        if self._late is None and getattr(self.cycle, "response_complete", True):
            self._late = self.loop.call_later(HEAD, self.transport.close)
        before = self.cycle
        try:
            super().data_received(data)
        except _Crumbs:
            _LOG.warning("a connection was closed: its body came in pieces of less than %d bytes", SMALL)
            self.transport.abort()
            return
        if self._late is not None and self.cycle is not before:
            self._late.cancel()
            self._late = None

    def connection_lost(self, exc: Exception | None) -> None:
        if self._late is not None:
            self._late.cancel()
        super().connection_lost(exc)


class Server(uvicorn.Server):
    """Calls `ready` when it answers, and ends on SIGTERM and Ctrl-C; a second one ends it without waiting."""

    def __init__(self, app: ASGIApp, ready: Callable[[], object], proxies: str = "") -> None:
        config = uvicorn.Config(
            app,
            http=_Protocol,
            ws="none",
            lifespan="off",
            log_config=None,
            access_log=False,
            server_header=False,
            proxy_headers=bool(proxies),
            forwarded_allow_ips=proxies,
            limit_concurrency=CONNECTIONS,
            timeout_keep_alive=KEEP_ALIVE,
            timeout_graceful_shutdown=ANSWERS,
        )
        super().__init__(config)
        self._ready = ready
        self.signalled = False
        """Whether a signal ended it."""

    async def startup(self, sockets: list[socket.socket] | None = None) -> None:
        """As uvicorn, and says so."""
        await super().startup(sockets)
        self._ready()

    def stop(self) -> None:
        """Ends it after the answers under way. From any thread."""
        self.should_exit = True

    @contextlib.contextmanager
    def capture_signals(self) -> Iterator[None]:
        """In place of uvicorn's, which raises the signal again at the end: here a signal is the ordinary end."""
        if threading.current_thread() is not threading.main_thread():
            yield
            return
        before = {number: signal.signal(number, self._told) for number in _SIGNALS}
        try:
            yield
        finally:
            for number, handler in before.items():
                # what comes now changes nothing: everything ends already
                signal.signal(number, signal.SIG_IGN if self.signalled else handler)

    def _told(self, number: int, _: FrameType | None) -> None:
        self.force_exit = self.should_exit
        self.should_exit = self.signalled = True
        end_at_last()


def end_at_last() -> None:
    """Whatever hangs (a step that does not look, a database that does not answer): the process ends in time. Its
    sandboxes die with it, its jobs are taken over."""

    def end() -> None:
        _LOG.critical("not everything ended within %.1f s: what was running will be taken over", END)
        os._exit(0)

    timer = threading.Timer(END, end)
    timer.daemon = True
    timer.start()
