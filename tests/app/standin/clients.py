"""Clients of the stand-in's API, and a clock, for its tests."""

import time
from dataclasses import dataclass, field
from typing import Any

import httpx

from app.standin.server import StandIn
from app.standin.setup import AppCredentials


@dataclass
class Clock:
    """Seconds since the epoch, as the test sets them."""

    now: float = field(default_factory=lambda: float(int(time.time())))

    def __call__(self) -> float:
        return self.now


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
