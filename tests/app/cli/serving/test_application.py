"""What is said where there is nothing, and where there is a bug."""

import asyncio

import httpx
import pytest
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from app.cli.serving.application import application


async def broken(request: Request) -> Response:
    raise ValueError("a secret detail")


def get(path: str, method: str = "GET") -> httpx.Response:
    async def once() -> httpx.Response:
        app = application([Route("/broken", broken)], [])
        transport = httpx.ASGITransport(app, raise_app_exceptions=False)
        async with httpx.AsyncClient(transport=transport, base_url="http://here") as client:
            return await client.request(method, path)

    return asyncio.run(once())


def test_nothing_is_there() -> None:
    assert (get("/nowhere").status_code, get("/nowhere").json()) == (404, {"error": "Not Found"})
    assert get("/broken", "POST").status_code == 405


def test_a_bug_tells_nothing_to_the_outside(caplog: pytest.LogCaptureFixture) -> None:
    answer = get("/broken")
    assert answer.status_code == 500
    assert "secret" not in answer.text
    assert "/broken broke down" in caplog.text
