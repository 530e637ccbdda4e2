"""Forms: their fields as browsers send them, and who sent them."""

import asyncio
from collections.abc import Sequence

import pytest
from starlette.requests import Request
from starlette.responses import Response

from app.dashboard import forms
from app.dashboard.forms import LARGEST_FORM, fields_of, from_here, late, refused
from tests.app.dashboard.samples import PUBLIC, SETTINGS


def request(*headers: tuple[str, str], body: Sequence[bytes] = (), host: str = "10.0.0.5:8000") -> Request:
    """As it comes through a proxy that ends TLS and calls the server by another name."""
    parts = [{"type": "http.request", "body": each, "more_body": True} for each in body]
    messages = iter([*parts, {"type": "http.request", "body": b"", "more_body": False}])

    async def receive() -> dict[str, object]:
        return next(messages)

    raw = [(name.encode(), value.encode()) for name, value in (("host", host), *headers)]
    scope = {"type": "http", "method": "POST", "path": "/", "query_string": b"", "headers": raw, "scheme": "http"}
    return Request(scope | {"server": ("10.0.0.5", 8000)}, receive)


@pytest.mark.parametrize(
    ("body", "fields"),
    [
        ([b"a=1&b=", b"%3Cx%3E"], {"a": "1", "b": "<x>"}),
        ([], {}),
        ([b"\xff\xfe"], {}),
        ([b"a=" + b"x" * LARGEST_FORM], {}),
        ([b"&".join(b"a=1" for _ in range(21))], {}),
        ([b"a=1&a=2"], {"a": "2"}),
    ],
)
def test_fields(body: Sequence[bytes], fields: dict[str, str]) -> None:
    assert asyncio.run(fields_of(request(body=body))) == fields


@pytest.mark.parametrize(
    ("headers", "ours"),
    [
        ((), True),
        ((("origin", PUBLIC),), True),
        ((("origin", "http://10.0.0.5:8000"),), True),
        ((("sec-fetch-site", "same-origin"), ("origin", PUBLIC)), True),
        ((("origin", "null"),), False),
        ((("origin", ""),), False),
        ((("origin", "https://evil.example"),), False),
        ((("origin", f"{PUBLIC}:8443"),), False),
        ((("sec-fetch-site", "same-site"),), False),
        ((("sec-fetch-site", ""),), False),
        ((("sec-fetch-site", "same-origin"), ("origin", "https://evil.example")), False),
    ],
)
def test_who_sent_it(headers: Sequence[tuple[str, str]], ours: bool) -> None:
    assert from_here(request(*headers), SETTINGS) == ours


def slowly() -> Request:
    """One byte, and then nothing for ever."""
    pieces = iter([{"type": "http.request", "body": b"a", "more_body": True}])

    async def receive() -> dict[str, object]:
        for each in pieces:
            return each
        return await asyncio.Future[dict[str, object]]()

    return Request({"type": "http", "method": "POST", "path": "/", "query_string": b"", "headers": []}, receive)


def test_a_form_that_does_not_come_is_not_waited_for() -> None:
    assert asyncio.run(asyncio.wait_for(fields_of(slowly(), patience=0.0), 20)) is None
    answer = late("Nothing was done")
    assert (answer.status_code, answer.headers["connection"]) == (408, "close")


def test_what_is_refused_without_the_form_ends_the_connection(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(forms, "LINGER", 0.0)
    answer = asyncio.run(asyncio.wait_for(refused(slowly(), Response(status_code=403)), 20))
    assert (answer.status_code, answer.headers["connection"]) == (403, "close")
    answer = asyncio.run(refused(request(body=[b"a=1"]), Response(status_code=403)))
    assert "connection" not in answer.headers
