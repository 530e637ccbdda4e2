"""Deliveries as GitHub sends them, and requests as others might."""

import hashlib
import hmac
import logging
import socket
import threading
import time
from collections.abc import Iterator
from contextlib import suppress
from typing import Any

import httpx
import pytest
from prometheus_client.parser import text_string_to_metric_families
from starlette.applications import Starlette

from app.model.delivery import Delivery
from app.operations import metrics
from app.webhooks import receive
from app.webhooks.receive import LIMIT, PATH, Receipt, Receiver
from app.webhooks.signature import Signatures
from checks.model.errors import Refusal
from tests.app.servers import PATIENCE, served, talk, until

SECRET, OLD = b"the secret of now", b"the one before"
GUID = "72d3162e-cc78-11e3-81ab-4c9367dc0958"
BODY = b'{"zen": "Design for failure."}'


class Inbox:
    """Keeps deliveries in memory, and fails or waits on request."""

    def __init__(self) -> None:
        self.kept: dict[str, Delivery] = {}
        self.failure: Exception | None = None
        self.open = threading.Event()
        self.open.set()

    def accept(self, delivery: Delivery) -> Receipt:
        assert self.open.wait(PATIENCE)
        if self.failure is not None:
            raise self.failure
        known = delivery.id in self.kept
        self.kept[delivery.id] = delivery
        return Receipt.DUPLICATE if known else Receipt.NEW


@pytest.fixture
def inbox() -> Inbox:
    return Inbox()


@pytest.fixture
def place(inbox: Inbox) -> Iterator[tuple[str, int]]:
    """Where a receiver answers, on a real connection."""
    with running(inbox) as where:
        yield where


def running(inbox: Inbox, patience: float = 8.0):
    receiver = Receiver(Signatures([SECRET, OLD]), inbox.accept, patience)
    return served(Starlette(routes=[receiver.route()]))


def signed(body: bytes, secret: bytes = SECRET) -> str:
    return "sha256=" + hmac.new(secret, body, "sha256").hexdigest()


def headers(body: bytes = BODY, **more: str | None) -> dict[str, str]:
    """GitHub's headers; `more` replaces some (`_` for `-`), None leaves one out."""
    base: dict[str, str | None] = {
        "content-type": "application/json",
        "x-github-delivery": GUID,
        "x-github-event": "push",
        "x-hub-signature-256": signed(body),
    }
    base |= {name.replace("_", "-"): value for name, value in more.items()}
    return {name: value for name, value in base.items() if value is not None}


def post(place: tuple[str, int], body: bytes = BODY, **more: str | None) -> httpx.Response:
    with httpx.Client(trust_env=False, timeout=PATIENCE) as client:
        url = f"http://{place[0]}:{place[1]}{PATH}"
        return client.post(url, content=body, headers=headers(body, **more))


def raw(*lines: str | bytes, body: bytes = b"", **more: str | None) -> bytes:
    """A request as bytes: lines of its head beside GitHub's."""
    all_lines = [f"POST {PATH} HTTP/1.1", "host: x", *(f"{n}: {v}" for n, v in headers(body, **more).items()), *lines]
    head = b"\r\n".join(line if isinstance(line, bytes) else line.encode() for line in all_lines)
    return head + b"\r\n\r\n" + body


def status(answer: bytes) -> int:
    """Of the last answer on a connection (100 Continue may come before)."""
    statuses = [part.split(b" ", 1)[0] for part in answer.split(b"HTTP/1.1 ")[1:]]
    return int(statuses[-1]) if statuses else 0


def test_a_delivery_is_accepted_with_every_byte(place: tuple[str, int], inbox: Inbox) -> None:
    body = b'{"a": "\xc3\xa9"}\r\n '
    answer = post(place, body)
    assert (answer.status_code, answer.json()) == (202, {"status": "accepted", "delivery": GUID})
    kept = inbox.kept[GUID]
    assert (kept.event, kept.body) == ("push", body)
    assert abs(kept.received - time.time()) < PATIENCE


def test_a_second_one_is_accepted_and_said_to_be_one(place: tuple[str, int]) -> None:
    assert post(place).json()["status"] == "accepted"
    again = post(place)
    assert (again.status_code, again.json()["status"]) == (202, "duplicate")


def test_the_secret_before_counts_while_it_is_replaced(place: tuple[str, int]) -> None:
    assert post(place, x_hub_signature_256=signed(BODY, OLD)).status_code == 202


def test_a_ping_is_answered_and_kept_nowhere(place: tuple[str, int], inbox: Inbox) -> None:
    answer = post(place, x_github_event="ping")
    assert (answer.status_code, answer.json()["status"]) == (200, "pong")
    assert not inbox.kept


UNSIGNED: list[str | None] = [
    None,
    "",
    "sha256=",
    "sha1=" + hmac.new(SECRET, BODY, "sha1").hexdigest(),
    signed(BODY).removeprefix("sha256="),
    signed(BODY).upper(),
    signed(BODY) + "0",
    signed(BODY)[:-1],
    signed(BODY) + "," + signed(BODY),
    "sha256=" + "g" * 64,
    "sha256=" + "0" * 64,
    signed(BODY, b"another secret"),
    signed(b"another body"),
    "sha256=" + hashlib.sha256(BODY).hexdigest(),
    "sha256=" + "a" * 60_000,
]


@pytest.mark.parametrize("signature", UNSIGNED, ids=str)
def test_what_is_not_signed_is_not_taken(place: tuple[str, int], inbox: Inbox, signature: str | None) -> None:
    sha1 = "sha1=" + hmac.new(SECRET, BODY, "sha1").hexdigest()
    answer = post(place, x_hub_signature_256=signature, x_hub_signature=sha1)
    assert answer.status_code in ({401, 400, 431} if len(signature or "") > 50_000 else {401})
    assert not inbox.kept


@pytest.mark.parametrize("value", [b"sha256=\xff\xfe", b"sha256=" + "é".encode() * 32, b"\xe2\x80\xae", b"sha256=\x01"])
def test_bytes_that_are_no_text_are_no_signature(place: tuple[str, int], inbox: Inbox, value: bytes) -> None:
    request = raw(b"x-hub-signature-256: " + value, f"content-length: {len(BODY)}", body=BODY, x_hub_signature_256=None)
    assert status(talk(place, request, finish=True)) in {401, 400}
    assert not inbox.kept


def test_two_signatures_are_none(place: tuple[str, int], inbox: Inbox) -> None:
    good = f"x-hub-signature-256: {signed(BODY)}"
    assert status(talk(place, raw(good, f"content-length: {len(BODY)}", body=BODY), finish=True)) == 401
    assert not inbox.kept


@pytest.mark.parametrize(
    ("more", "expected"),
    [
        ({"x_github_delivery": None}, 400),
        ({"x_github_delivery": ""}, 400),
        ({"x_github_delivery": "a" * 65}, 400),
        ({"x_github_delivery": "../../etc/passwd"}, 400),
        ({"x_github_event": None}, 400),
        ({"x_github_event": "Push"}, 400),
        ({"x_github_event": "push\tx"}, 400),
        ({"x_github_event": "a" * 65}, 400),
        ({"content_type": "application/x-www-form-urlencoded"}, 415),
        ({"content_type": "text/plain"}, 415),
        ({"content_type": "application/jsonp"}, 415),
        ({"content_type": None}, 415),
        ({"content_encoding": "gzip"}, 415),
        ({"content_type": "Application/JSON; charset=utf-8"}, 202),
    ],
)
def test_the_form_of_a_request(place: tuple[str, int], more: dict[str, Any], expected: int) -> None:
    answer = post(place, **more)
    assert answer.status_code == expected
    assert answer.headers["content-type"] == "application/json"


@pytest.mark.parametrize("name", ["x-github-delivery", "x-github-event"])
def test_headers_that_say_two_things(place: tuple[str, int], inbox: Inbox, name: str) -> None:
    request = raw(f"{name}: push", f"content-length: {len(BODY)}", "connection: close", body=BODY)
    assert status(talk(place, request)) == 400
    assert not inbox.kept


@pytest.mark.parametrize("method", ["GET", "PUT", "DELETE", "HEAD"])
def test_only_post(place: tuple[str, int], method: str) -> None:
    with httpx.Client(trust_env=False) as client:
        assert client.request(method, f"http://{place[0]}:{place[1]}{PATH}").status_code == 405


def test_the_largest_delivery_is_taken(place: tuple[str, int], inbox: Inbox) -> None:
    body = b'"' + b"x" * (LIMIT - 2) + b'"'
    assert post(place, body).status_code == 202
    assert len(inbox.kept[GUID].body) == LIMIT


def test_a_larger_one_is_not_even_if_signed(place: tuple[str, int], inbox: Inbox) -> None:
    assert post(place, b"x" * (LIMIT + 1)).status_code == 413
    assert not inbox.kept


def test_a_large_one_is_counted_as_it_comes(place: tuple[str, int], inbox: Inbox) -> None:
    """Chunked, so that nothing says before how much it will be."""
    piece = b"100000\r\n" + b"x" * 0x100000 + b"\r\n"
    answer = talk(place, raw("transfer-encoding: chunked"), *[piece] * 26, b"0\r\n\r\n", finish=True)
    assert status(answer) == 413
    assert not inbox.kept


def test_a_chunked_one_is_taken(place: tuple[str, int], inbox: Inbox) -> None:
    chunks = b"".join(b"%x\r\n%s\r\n" % (1, BODY[i : i + 1]) for i in range(len(BODY))) + b"0\r\n\r\n"
    head = raw("transfer-encoding: chunked", "connection: close", x_hub_signature_256=signed(BODY))
    assert status(talk(place, head, chunks)) == 202
    assert inbox.kept[GUID].body == BODY


@pytest.mark.parametrize("length", ["99999999999", "26214401", "-1", "1e3", "0x10", "1 1", "9" * 400])
def test_a_length_that_is_none_or_too_much(place: tuple[str, int], inbox: Inbox, length: str) -> None:
    assert status(talk(place, raw(f"content-length: {length}", body=BODY))) in {413, 400}
    assert not inbox.kept


@pytest.mark.parametrize("claimed", [len(BODY) + 10, 1])
def test_a_length_that_is_not_that_of_the_body(place: tuple[str, int], inbox: Inbox, claimed: int) -> None:
    answer = talk(place, raw(f"content-length: {claimed}", "connection: close", body=BODY), finish=True)
    assert status(answer) in {400, 401, 0}
    assert not inbox.kept


def test_a_body_that_does_not_come(inbox: Inbox) -> None:
    with running(inbox, patience=0.2) as place:
        assert status(talk(place, raw("content-length: 30", body=b'{"a'))) == 408
    assert not inbox.kept


def test_a_refused_request_that_goes_on_a_byte_at_a_time(
    place: tuple[str, int], monkeypatch: pytest.MonkeyPatch
) -> None:
    """It would hold a connection for days."""
    monkeypatch.setattr(receive, "DRAINED", 0.3)
    began = time.monotonic()
    with socket.create_connection(place, timeout=PATIENCE) as connection:
        connection.sendall(b"POST /webhooks/github HTTP/1.1\r\nhost: x\r\ncontent-length: 100000\r\n\r\n")
        connection.settimeout(0.05)
        got = b""
        while time.monotonic() < began + PATIENCE:
            try:
                more = connection.recv(65536)
            except TimeoutError:
                more = None
            except ConnectionError:  # ended before all that was sent was read
                break
            if more == b"":
                break
            got += more or b""
            with suppress(ConnectionError):
                connection.sendall(b"x")
    assert status(got) == 401
    assert time.monotonic() < began + PATIENCE


def test_not_written_in_time_is_told_before_github_gives_up(inbox: Inbox) -> None:
    inbox.open.clear()
    with running(inbox, patience=0.2) as place:
        answer = post(place)
        inbox.open.set()
    assert (answer.status_code, answer.headers["retry-after"]) == (503, "30")


@pytest.mark.parametrize(
    "failure", [OSError("disk full: ghs_secretsecret"), Refusal("no", "no"), RuntimeError("x\x1b[2J")]
)
def test_what_cannot_be_written_is_not_accepted(place: tuple[str, int], inbox: Inbox, failure: Exception) -> None:
    inbox.failure = failure
    answer = post(place)
    assert (answer.status_code, answer.headers["retry-after"]) == (503, "30")
    assert str(failure) not in answer.text
    inbox.failure = None
    assert post(place).json()["status"] == "accepted"


def test_a_store_that_waits_holds_up_nobody_else(place: tuple[str, int], inbox: Inbox) -> None:
    """The loop goes on: a request that is refused is answered while another one is being written."""
    inbox.open.clear()
    first = threading.Thread(target=post, args=(place,))
    first.start()
    assert post(place, x_hub_signature_256=None).status_code == 401
    inbox.open.set()
    first.join(PATIENCE)
    until(lambda: GUID in inbox.kept)


def test_bodies_together_have_a_limit(place: tuple[str, int], inbox: Inbox, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(receive, "UNDER_WAY", 1000)
    assert post(place, b"x" * 2000).status_code == 503
    for _ in range(3):  # what a request took is given back
        assert post(place, b"x" * 900).status_code == 202


def test_a_sender_who_leaves_is_no_fault(place: tuple[str, int], caplog: pytest.LogCaptureFixture) -> None:
    with caplog.at_level(logging.ERROR):
        talk(place, raw("content-length: 30", body=b'{"a'), finish=True)
        assert post(place).status_code == 202
    assert not caplog.records


@pytest.mark.parametrize("secrets", [[], [b""], [SECRET, b""]])
def test_no_secret_no_server(secrets: list[bytes]) -> None:
    with pytest.raises(Refusal, match="SELFMOD_WEBHOOK_SECRET"):
        Signatures(secrets)


def count(event: str, outcome: str) -> float:
    for family in text_string_to_metric_families(metrics.exposition().decode()):
        for sample in family.samples:
            if sample.name == "selfmod_deliveries_total" and sample.labels == {"event": event, "outcome": outcome}:
                return sample.value
    return 0.0


def test_figures(place: tuple[str, int]) -> None:
    before = [count("push", "accepted"), count("none", "unsigned"), count("other", "accepted")]
    post(place)
    post(place, x_hub_signature_256=None, x_github_event="made_up")
    post(place, x_github_event="made_up", x_github_delivery="another-one")
    after = [count("push", "accepted"), count("none", "unsigned"), count("other", "accepted")]
    assert after == [figure + 1 for figure in before]
