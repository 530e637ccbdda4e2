"""The stand-in itself: a GitHub on 127.0.0.1, and the Python API that sets its world up and acts in it.

with StandIn(folder) as github:
    token = github.person("ann")
    github.repository("ann/shop", files={"shop.py": "x = 1\\n"})
    app = github.app(webhook_url="http://127.0.0.1:8000/webhooks/github")
    github.install(app, ["ann/shop"])
    sha = github.push("ann/shop", "topic", {"shop.py": "x = 2\\n"}, by="ann")
    number = github.open_pull("ann/shop", "topic", by="ann")
"""

import socket
import threading
import time
from collections.abc import Callable
from pathlib import Path
from types import TracebackType
from typing import Self

import uvicorn

from app.standin import rules
from app.standin.faults import Faults
from app.standin.hooks import Hooks
from app.standin.routes import ROUTES
from app.standin.routing import Route
from app.standin.serving.application import Application
from app.standin.setup import Setup
from app.standin.state import Seen, World


class StandIn(Setup):
    """`folder` keeps the repositories; `clock` gives seconds since the epoch and may be moved by a test. The methods
    that set the world up are those of `Setup`; they can be called before `start`, but webhooks go out after it."""

    def __init__(
        self, folder: Path, *, clock: Callable[[], float] = time.time, port: int = 0, more: tuple[Route, ...] = ()
    ) -> None:
        world = World(folder=folder, clock=clock)
        self.faults = Faults()
        self.hooks = Hooks(world)
        super().__init__(world, self.hooks)
        rules.hold(world)
        # named as TCP, or asyncio leaves its answers waiting for the acknowledgement of their first part (40 ms)
        self._socket = socket.socket(socket.AF_INET, socket.SOCK_STREAM, socket.IPPROTO_TCP)
        self._socket.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        self._socket.bind(("127.0.0.1", port))
        address = f"http://127.0.0.1:{self._socket.getsockname()[1]}"
        world.url = world.web_url = address
        self._application = Application(world, (*more, *ROUTES), self.faults, self.hooks)
        config = uvicorn.Config(
            self._application,
            log_config=None,
            log_level="critical",  # answers that are broken off on purpose are no news
            access_log=False,
            lifespan="on",
            timeout_graceful_shutdown=2,
        )
        self._server = uvicorn.Server(config)
        self._thread: threading.Thread | None = None

    @property
    def url(self) -> str:
        """Base of the API, without a slash at its end; GraphQL is at `/graphql` under it."""
        return self.world.url

    @property
    def web_url(self) -> str:
        """Base of the pages and of git: `{web_url}/{owner}/{repo}.git`."""
        return self.world.web_url

    @property
    def unknown(self) -> list[str]:
        """Requests and body fields that the stand-in does not know. Tests assert that it is empty."""
        return self.world.unknown

    @property
    def calls(self) -> list[Seen]:
        """Every request, in order."""
        return self.world.calls

    def start(self) -> Self:
        """Serves from a thread until `stop`."""
        self._thread = threading.Thread(
            target=self._server.run, kwargs={"sockets": [self._socket]}, name="standin", daemon=True
        )
        self._thread.start()
        until = time.monotonic() + 20
        while not self._server.started:
            if not self._thread.is_alive() or time.monotonic() > until:
                raise RuntimeError("the stand-in did not start")
            time.sleep(0.005)
        self.hooks.start()
        return self

    def stop(self) -> None:
        self._application.release()
        self.hooks.stop()
        self._server.should_exit = True
        if self._thread:
            self._thread.join(20)
        self._socket.close()

    def __enter__(self) -> Self:
        return self.start()

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.stop()
