"""A stand-in on which a scenario plays, and a record of everything that is asked, answered and delivered there."""

import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from threading import Thread
from typing import Any

import httpx
import jwt

from app.standin.routes import ROUTES
from app.standin.routing import Route
from app.standin.server import StandIn
from app.standin.setup import EVENTS, AppCredentials
from tests.complete.standin.described import Exchange, is_json

SHOP = "acme/shop"
FILES = {"shop.py": "price = 1\n", "docs/a.md": "# A\n", "README.md": "# Shop\n"}


@dataclass(frozen=True)
class Delivered:
    """One webhook as it came in; header names in lower case."""

    event: str
    headers: dict[str, str]
    body: bytes


@dataclass
class Stage:
    """The organisation `acme` with the team `acme/core`, its repository `shop`, persons with one role each, and the App
    `selfmod` that is installed there. `as_app` is a JSON Web Token, `bot` an installation's token."""

    github: StandIn
    client: httpx.Client
    hook_url: str
    exchanges: list[Exchange] = field(default_factory=list)
    delivered: list[Delivered] = field(default_factory=list)
    tokens: dict[str, str] = field(default_factory=dict)
    routes: tuple[Route, ...] = ()
    app: AppCredentials = field(init=False)
    installation: int = 0
    bot: str = ""

    def __post_init__(self) -> None:
        roles = {"ada": "admin", "meg": "maintain", "ann": "write", "bob": "write", "eve": "read"}
        self.github.organisation("acme", members=["bob"], admins=["ada"])
        self.github.repository(SHOP, FILES, collaborators=roles)
        self.github.team("acme", "core", ["bob"], {SHOP: "write"})
        self.tokens = {login: self.github.person(login) for login in roles}
        self.app = self.github.app(webhook_url=self.hook_url, owner="ada", events=(*EVENTS, "status"))
        self.installation = self.github.install(self.app, [SHOP])

    @property
    def as_app(self) -> str:
        now = int(time.time())
        claims = {"iss": self.app.client_id, "iat": now - 30, "exp": now + 300}
        return jwt.encode(claims, self.app.private_key, "RS256")

    def ask(self, login: str, method: str, path: str, body: Any = None, expect: int = 200, **headers: str) -> Any:
        """A request of this person (or with this token; empty: of nobody), recorded. `path` without a slash in front
        lies in the repository. Returns the JSON of the answer, or its bytes."""
        token = self.tokens.get(login, login)
        target = path if path.startswith("/") else f"/repos/{SHOP}" + (f"/{path}" if path else "")
        sent = {"authorization": f"Bearer {token}"} if token else {}
        if isinstance(body, dict) and headers.pop("form", ""):
            answer = self.client.request(method, target, data=body, headers=sent)
        else:
            answer = self.client.request(method, target, json=body, headers=sent | headers)
        assert answer.status_code == expect, f"{method} {target}: {answer.status_code} {answer.text[:500]}"
        self.exchanges.append(_exchange(answer))
        return answer.json() if answer.content and is_json(answer.headers["content-type"]) else answer.content

    def graphql(self, login: str, query: str, **variables: Any) -> Any:
        answer = self.ask(login, "POST", "/graphql", {"query": query, "variables": variables})
        assert "errors" not in answer, answer
        return answer["data"]

    def branch(self, name: str, by: str = "ann", **files: str) -> str:
        """A commit on a branch, from the default branch on."""
        changed: dict[str, str | bytes | None] = {f"{name}.txt": f"{name}\n"}
        changed |= {key.replace("_py", ".py"): text for key, text in files.items()}
        return self.github.push(SHOP, name, changed, by=by, message=f"Change {name}")

    def pull(self, branch: str, by: str = "ann", **more: Any) -> dict[str, Any]:
        """A pull request, opened through the API."""
        self.branch(branch, by)
        body = {"title": f"Change {branch}", "head": branch, "base": "main", "body": "Because."} | more
        made: dict[str, Any] = self.ask(by, "POST", "pulls", body, 201)
        return made

    def unused(self) -> list[str]:
        """Routes of the stand-in that no request of the scenario went to."""
        used = set()
        for exchange in self.exchanges:
            path = exchange.target.partition("?")[0]
            fits = (each for each in self.routes if each.method == exchange.method and each.pattern.fullmatch(path))
            used.add(next(fits, None))
        return [f"{each.method} {each.path}" for each in self.routes if each not in used]


def _exchange(answer: httpx.Response) -> Exchange:
    return Exchange(
        answer.request.method,
        answer.request.url.raw_path.decode(),
        answer.request.content,
        answer.status_code,
        answer.content,
        answer.headers.get("content-type", ""),
        {name.lower(): value for name, value in answer.headers.items()},
    )


@contextmanager
def stage(folder: Path) -> Iterator[Stage]:
    """A stand-in that runs, with an App whose webhooks are recorded."""

    delivered: list[Delivered] = []

    class Receiver(BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            body = self.rfile.read(int(self.headers["content-length"]))
            headers = {name.lower(): value for name, value in self.headers.items()}
            delivered.append(Delivered(headers["x-github-event"], headers, body))
            self.send_response(202)
            self.send_header("content-length", "0")
            self.end_headers()

        def log_message(self, format: str, *arguments: object) -> None:  # noqa: A002  # http.server's
            pass

    receiver = ThreadingHTTPServer(("127.0.0.1", 0), Receiver)
    Thread(target=receiver.serve_forever, daemon=True).start()
    try:
        with StandIn(folder) as github, httpx.Client(base_url=github.url, trust_env=False, timeout=30) as client:
            url = f"http://127.0.0.1:{receiver.server_port}/hook"
            yield Stage(github, client, url, delivered=delivered, routes=ROUTES)
    finally:
        receiver.shutdown()
        receiver.server_close()
