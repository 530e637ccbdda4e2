"""The App connected to the stand-in over HTTP, and a small server for answers that no stand-in gives."""

import json
import threading
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any

import pytest
from pydantic import SecretStr

from app.github.app import App, connect
from app.github.host import GitHubHost
from app.model.call import Call
from app.settings import ServerSettings
from app.standin.server import StandIn
from app.standin.setup import AppCredentials

REPOSITORY = "acme/shop"
FILES = {"shop.py": "x = 1\n", "README.md": "Shop\n"}


@dataclass
class World:
    """The stand-in with a repository that the App is installed on. `waits` are the seconds that the App meant to
    sleep."""

    github: StandIn
    credentials: AppCredentials
    installation: int
    settings: ServerSettings
    app: App
    calls: list[Call]
    waits: list[float]

    @property
    def host(self) -> GitHubHost:
        """A fresh host: nothing is remembered from one job to the next."""
        return self.app.host(REPOSITORY, self.installation)

    @property
    def base(self) -> str:
        """The tip of the default branch."""
        found = self.github.world.repository(REPOSITORY)
        assert found is not None
        return str(found.git.tip("main"))

    def pull(self, branch: str = "topic", files: dict[str, str] | None = None, by: str = "bob") -> tuple[int, str]:
        """A new pull request: its number and its head."""
        head = self.github.push(REPOSITORY, branch, files or {"shop.py": f"x = {branch!r}\n"}, by=by)
        return self.github.open_pull(REPOSITORY, branch, by=by).number, head


def settings_for(github: StandIn, credentials: AppCredentials, folder: Path) -> ServerSettings:
    return ServerSettings(
        app_id=credentials.app_id,
        private_key=SecretStr(credentials.private_key),
        webhook_secrets=(SecretStr(credentials.webhook_secret),),
        api_url=github.url,
        github_url=github.web_url,
        database_url=f"sqlite:///{folder}/selfmod.db",
        data_dir=folder / "data",
    )


@pytest.fixture
def world(tmp_path: Path) -> Iterator[World]:
    with StandIn(tmp_path / "github") as github:
        github.organisation("acme", members=["ann", "bob", "eve"], admins=["ann"])
        github.repository(REPOSITORY, FILES, collaborators={"ann": "admin", "bob": "write", "eve": "read"})
        credentials = github.app()
        installation = github.install(credentials, [REPOSITORY])
        settings = settings_for(github, credentials, tmp_path)
        calls: list[Call] = []
        waits: list[float] = []
        app = connect(settings, calls.append, waits.append)
        yield World(github, credentials, installation, settings, app, calls, waits)
        app.close()
        assert github.unknown == []


@dataclass
class Given:
    """One answer: its status, JSON or raw bytes, and headers. `None` ends the connection without one."""

    status: int
    data: Any = None
    headers: dict[str, str] = field(default_factory=dict)


@dataclass
class Asked:
    """One request as it came."""

    method: str
    path: str
    headers: dict[str, str]
    body: Any


class Scripted:
    """A server whose answers are given in a function; `asked` has every request."""

    def __init__(self, answer: Callable[[Asked], Given | None]) -> None:
        self.asked: list[Asked] = []
        outer = self

        class Handler(BaseHTTPRequestHandler):
            protocol_version = "HTTP/1.1"

            def _any(self) -> None:
                length = int(self.headers.get("content-length") or 0)
                raw = self.rfile.read(length)
                body = json.loads(raw) if raw else None
                asked = Asked(self.command, self.path, {k.lower(): v for k, v in self.headers.items()}, body)
                outer.asked.append(asked)
                given = answer(asked)
                if given is None:
                    self.close_connection = True
                    return
                content = given.data if isinstance(given.data, bytes) else b""
                if given.data is not None and not isinstance(given.data, bytes):
                    content = json.dumps(given.data).encode()
                self.send_response(given.status)
                for name, value in given.headers.items():
                    self.send_header(name, value)
                self.send_header("content-length", str(len(content)))
                self.end_headers()
                self.wfile.write(content)

            do_GET = do_POST = do_PATCH = do_PUT = do_DELETE = _any  # noqa: N815  # as http.server calls them

            def log_message(self, format: str, *args: object) -> None:  # noqa: A002  # http.server's
                pass

        self.server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        self.server.daemon_threads = True
        self.url = f"http://127.0.0.1:{self.server.server_address[1]}"
        self._thread = threading.Thread(target=self.server.serve_forever, kwargs={"poll_interval": 0.02}, daemon=True)
        self._thread.start()

    def stop(self) -> None:
        self.server.shutdown()
        self.server.server_close()
        self._thread.join(10)


@pytest.fixture
def scripted() -> Iterator[Callable[[Callable[[Asked], Given | None]], Scripted]]:
    """Makes servers that answer as they are told."""
    made: list[Scripted] = []

    def make(answer: Callable[[Asked], Given | None]) -> Scripted:
        made.append(Scripted(answer))
        return made[-1]

    yield make
    for each in made:
        each.stop()
