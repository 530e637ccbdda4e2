"""A stand-in that runs, its time in the test's hand, and clients of its API."""

from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import httpx
import jwt
import pytest

from app.standin.server import StandIn
from app.standin.setup import AppCredentials
from tests.app.standin.acting import Acting
from tests.app.standin.clients import Api, Clock, Shop


@pytest.fixture
def acting(tmp_path: Path) -> Iterator[Acting]:
    """Persons at a running stand-in; nothing that it does not know was asked of it."""
    with StandIn(tmp_path / "github") as github:
        yield Acting.at(github)
        assert github.unknown == []


@pytest.fixture
def clock() -> Clock:
    return Clock()


@pytest.fixture
def github(tmp_path: Path, clock: Clock) -> Iterator[StandIn]:
    with StandIn(tmp_path / "github", clock=clock) as started:
        yield started


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


@pytest.fixture
def shop(github: StandIn, api: Callable[[str], Api], token_of_app: Callable[[AppCredentials], str]) -> Shop:
    ann, bob = github.person("ann"), github.person("bob")
    github.repository("ann/shop", {"shop.py": "x = 1\n", "docs/a.md": "a\n"}, collaborators={"bob": "write"})
    app = github.app()
    installation = github.install(app, ["ann/shop"])
    own = api(token_of_app(app))
    token = own.post(f"/app/installations/{installation}/access_tokens")["token"]
    return Shop(github, app, installation, api(ann), api(bob), api(token), own)
