"""The socket and its limits; that a process ends is tested in test_serve.py."""

import http.client
import socket
import threading
from collections.abc import Awaitable, Callable, Iterator
from contextlib import contextmanager

import pytest
from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import PlainTextResponse
from starlette.routing import Route

from app.cli.serving import listening
from app.cli.serving.listening import Server, address, listen
from checks.model.errors import Refusal
from tests.app.servers import PATIENCE, talk, until

type Page = Callable[[Request], Awaitable[PlainTextResponse]]


async def hello(request: Request) -> PlainTextResponse:
    return PlainTextResponse(f"{request.client and request.client.host} {request.url.scheme}")


@contextmanager
def running(page: Page = hello, proxies: str = "") -> Iterator[tuple[str, int]]:
    """A server in a thread."""
    with listen("127.0.0.1", 0) as sock:
        server = Server(Starlette(routes=[Route("/", page, methods=["GET", "POST"])]), lambda: None, proxies)
        thread = threading.Thread(target=server.run, args=([sock.dup()],), daemon=True)
        thread.start()
        until(lambda: server.started)
        try:
            yield sock.getsockname()[:2]
        finally:
            server.stop()
            thread.join(PATIENCE)
            assert not thread.is_alive()


def test_answers_are_sent_at_once() -> None:
    with listen("127.0.0.1", 0) as sock, socket.create_connection(sock.getsockname()) as client:
        accepted, _ = sock.accept()
        with accepted:
            assert accepted.getsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY)
        assert client.recv(1) == b""


def test_a_socket_that_cannot_be_had() -> None:
    with listen("127.0.0.1", 0) as taken, pytest.raises(Refusal, match="Address already in use"):
        listen(*taken.getsockname())
    with pytest.raises(Refusal, match="cannot listen"):
        listen("192.0.2.1", 0)
    with pytest.raises(Refusal, match="cannot listen"):
        listen("127.0.0.1", 70_000)
    with pytest.raises(Refusal, match="cannot listen"):
        listen("no such host.invalid", 0)


@pytest.mark.parametrize(("host", "shown"), [("127.0.0.1", "127.0.0.1"), ("0.0.0.0", "127.0.0.1"), ("::1", "[::1]")])
def test_an_address(host: str, shown: str) -> None:
    if host == "::1" and not socket.has_ipv6:
        pytest.skip("no IPv6 here")
    try:
        sock = listen(host, 0)
    except Refusal:
        pytest.skip("no IPv6 here")
    with sock:
        assert address(sock) == f"http://{shown}:{sock.getsockname()[1]}"


def get(place: tuple[str, int], headers: dict[str, str]) -> tuple[str, list[tuple[str, str]]]:
    connection = http.client.HTTPConnection(*place, timeout=PATIENCE)
    connection.request("GET", "/", headers=headers)
    answer = connection.getresponse()
    body = answer.read().decode()
    connection.close()
    return body, answer.getheaders()


FORWARDED = {"x-forwarded-for": "203.0.113.9", "x-forwarded-proto": "https"}


def test_nobody_says_where_a_request_came_from() -> None:
    with running() as place:
        body, headers = get(place, FORWARDED)
    assert body == "127.0.0.1 http"
    assert "server" not in {name.lower() for name, _ in headers}


def test_but_a_proxy_that_is_configured() -> None:
    with running(proxies="127.0.0.1") as place:
        assert get(place, FORWARDED)[0] == "203.0.113.9 https"


@pytest.mark.parametrize("sent", [b"", b"GET / HTTP/1.1\r\nhost:", b"GET / HTTP/1.1\r\nhost: x\r\n\r\nGET / HT"])
def test_a_head_that_does_not_come(monkeypatch: pytest.MonkeyPatch, sent: bytes) -> None:
    """Also the second one on a connection."""
    monkeypatch.setattr(listening, "HEAD", 0.2)
    monkeypatch.setattr(listening, "KEEP_ALIVE", 1)
    with running() as place:
        answer = talk(place, *([sent] if sent else []))
    assert answer.count(b"HTTP/1.1 200") == sent.count(b"\r\n\r\n")


def test_requests_in_turn_on_one_connection(monkeypatch: pytest.MonkeyPatch) -> None:
    with running() as place:
        connection = http.client.HTTPConnection(*place, timeout=PATIENCE)
        for _ in range(3):
            connection.request("GET", "/")
            assert connection.getresponse().read() == b"127.0.0.1 http"
        connection.close()


def test_a_body_in_crumbs_is_not_read(caplog: pytest.LogCaptureFixture) -> None:
    """Each of them costs as much as a large one."""
    head = b"POST / HTTP/1.1\r\nhost: x\r\ntransfer-encoding: chunked\r\n\r\n"
    with running() as place, socket.create_connection(place, timeout=PATIENCE) as connection:
        with pytest.raises(ConnectionError):
            while True:
                connection.sendall(head + b"1\r\nx\r\n" * (listening.CRUMBS + 1))
        assert b"hello" not in talk(place, head, b"1\r\nx\r\n" * 10, b"0\r\n\r\n", b"GET / HTTP/1.1\r\n\r\n")
        assert get(place, {})[0] == "127.0.0.1 http"
    assert "its body came in pieces" in caplog.text


def test_a_large_body_in_ordinary_chunks_is_read() -> None:
    async def size(request: Request) -> PlainTextResponse:
        return PlainTextResponse(str(len(await request.body())))

    with running(size) as place:
        connection = http.client.HTTPConnection(*place, timeout=PATIENCE)
        connection.request("POST", "/", iter([b"x" * 1_000] * 3_000), encode_chunked=True)
        assert connection.getresponse().read() == b"3000000"
        connection.close()
