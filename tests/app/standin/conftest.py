"""A stand-in that runs, its time in the test's hand, and clients of its API."""

import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import httpx
import jwt
import pytest

from app.standin.server import StandIn
from app.standin.setup import AppCredentials


@dataclass
class Clock:
    """Seconds since the epoch, as the test sets them."""

    now: float = field(default_factory=lambda: float(int(time.time())))

    def __call__(self) -> float:
        return self.now


@pytest.fixture
def clock() -> Clock:
    return Clock()


@pytest.fixture
def github(tmp_path: Path, clock: Clock) -> Iterator[StandIn]:
    with StandIn(tmp_path / "github", clock=clock) as started:
        yield started


@dataclass
class Api:
    """Calls of one caller. `get` and the others give what was answered and hold it to the status that is expected."""

    client: httpx.Client

    def ask(self, method: str, path: str, body: Any = None, status: int | None = None, **query: Any) -> Any:
        answer = self.client.request(method, path, json=body, params=query or None)
        assert answer.status_code == status if status else answer.is_success, (answer.status_code, answer.text)
        return answer.json() if answer.content else None

    def get(self, path: str, status: int = 200, **query: Any) -> Any:
        return self.ask("GET", path, None, status, **query)

    def post(self, path: str, body: Any = None, status: int = 201) -> Any:
        return self.ask("POST", path, body, status)

    def patch(self, path: str, body: Any = None, status: int = 200) -> Any:
        return self.ask("PATCH", path, body, status)

    def put(self, path: str, body: Any = None, status: int = 200) -> Any:
        return self.ask("PUT", path, body, status)

    def delete(self, path: str, body: Any = None, status: int = 204) -> Any:
        return self.ask("DELETE", path, body, status)


@pytest.fixture
def api(github: StandIn) -> Iterator[Callable[[str], Api]]:
    """`api(token)`, or `api("")` for nobody."""
    clients: list[httpx.Client] = []

    def of(token: str) -> Api:
        headers = {"authorization": f"Bearer {token}"} if token else {}
        clients.append(httpx.Client(base_url=github.url, headers=headers, timeout=20, trust_env=False))
        return Api(clients[-1])

    yield of
    for client in clients:
        client.close()


@pytest.fixture
def token_of_app(clock: Clock) -> Callable[[AppCredentials], str]:
    """A JSON Web Token as an App makes it."""

    def of(app: AppCredentials, **claims: Any) -> str:
        told = {"iss": str(app.app_id), "iat": int(clock()) - 30, "exp": int(clock()) + 540} | claims
        return jwt.encode(told, app.private_key, algorithm="RS256")

    return of


@dataclass
class Shop:
    """`ann/shop`, whose owner is ann; bob may write. `selfmod` is installed there."""

    github: StandIn
    app: AppCredentials
    installation: int
    ann: Api
    bob: Api
    bot: Api
    """An installation's token."""
    jwt: Api


@pytest.fixture
def shop(github: StandIn, api: Callable[[str], Api], token_of_app: Callable[[AppCredentials], str]) -> Shop:
    ann, bob = github.person("ann"), github.person("bob")
    github.repository("ann/shop", {"shop.py": "x = 1\n", "docs/a.md": "a\n"}, collaborators={"bob": "write"})
    app = github.app()
    installation = github.install(app, ["ann/shop"])
    own = api(token_of_app(app))
    token = own.post(f"/app/installations/{installation}/access_tokens")["token"]
    return Shop(github, app, installation, api(ann), api(bob), api(token), own)
