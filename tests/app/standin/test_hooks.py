"""Webhooks over HTTP: signed, logged, delivered again."""

import hashlib
import hmac
import json
import threading
from collections.abc import Iterator
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

import pytest

from tests.app.standin.clients import Shop


@dataclass
class Receiver:
    """What came in, and what is answered."""

    url: str = ""
    status: int = 202
    got: list[tuple[dict[str, str], bytes]] = field(default_factory=list)

    @property
    def names(self) -> list[str]:
        return [
            f"{headers['x-github-event']}.{json.loads(body).get('action')}".removesuffix(".None")
            for headers, body in self.got
        ]


@pytest.fixture
def receiver(shop: Shop) -> Iterator[Receiver]:
    told = Receiver()

    class Handler(BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            body = self.rfile.read(int(self.headers["content-length"]))
            told.got.append(({key.casefold(): value for key, value in self.headers.items()}, body))
            self.send_response(told.status)
            self.end_headers()
            self.wfile.write(b"noted")

        def log_message(self, *_: object) -> None:
            pass

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    thread = threading.Thread(target=server.serve_forever, daemon=True)
    thread.start()
    told.url = f"http://127.0.0.1:{server.server_port}/hook"
    shop.github.hooks.settle()
    shop.github.hook_url(shop.app, told.url)
    yield told
    shop.github.hooks.settle()
    server.shutdown()
    thread.join()
    server.server_close()


def test_a_delivery_is_signed_and_logged(shop: Shop, receiver: Receiver) -> None:
    shop.ann.post("/repos/ann/shop/issues", {"title": "Broken"})
    shop.github.hooks.settle()
    ((headers, body),) = receiver.got
    expected = hmac.new(shop.app.webhook_secret.encode(), body, hashlib.sha256).hexdigest()
    assert headers["x-hub-signature-256"] == f"sha256={expected}"
    payload = json.loads(body)
    assert payload["issue"]["title"] == "Broken"
    assert payload["installation"]["id"] == shop.installation
    assert payload["sender"]["login"] == "ann"
    newest = shop.jwt.get("/app/hook/deliveries")[0]
    assert newest["guid"] == headers["x-github-delivery"]
    assert (newest["status"], newest["status_code"], newest["event"]) == ("OK", 202, "issues")
    whole = shop.jwt.get(f"/app/hook/deliveries/{newest['id']}")
    assert whole["request"]["payload"] == payload
    assert whole["response"]["payload"] == "noted"


def test_a_redelivery_keeps_the_guid_and_the_body(shop: Shop, receiver: Receiver) -> None:
    receiver.status = 500
    shop.ann.post("/repos/ann/shop/issues", {"title": "Broken"})
    shop.github.hooks.settle()
    (failed,) = shop.jwt.get("/app/hook/deliveries?status=failure&per_page=1")
    assert failed["status_code"] == 500
    receiver.status = 202
    shop.jwt.post(f"/app/hook/deliveries/{failed['id']}/attempts", None, 202)
    shop.github.hooks.settle()
    first, second = receiver.got
    assert first[0]["x-github-delivery"] == second[0]["x-github-delivery"]
    assert first[1] == second[1]
    newest = shop.jwt.get("/app/hook/deliveries")[0]
    assert (newest["redelivery"], newest["guid"]) == (True, failed["guid"])
    assert newest["id"] != failed["id"]


def test_the_log_is_paged_by_a_cursor(shop: Shop, receiver: Receiver) -> None:
    for number in range(5):
        shop.ann.post("/repos/ann/shop/issues", {"title": str(number)})
    shop.github.hooks.settle()
    seen, url = [], "/app/hook/deliveries?per_page=2"
    while url:
        answer = shop.jwt.client.get(url)
        seen += [one["id"] for one in answer.json()]
        url = answer.links.get("next", {}).get("url", "")
    assert seen == sorted(seen, reverse=True)
    assert len(seen) == len(set(seen)) == len(shop.github.deliveries(shop.app))


def test_deliveries_are_held_disordered_and_lost(shop: Shop, receiver: Receiver) -> None:
    hooks = shop.github.hooks
    hooks.hold()
    for state in ("closed", "open"):
        if state == "closed":
            shop.ann.post("/repos/ann/shop/issues", {"title": "x"})
        shop.ann.patch("/repos/ann/shop/issues/1", {"state": state})
    assert receiver.got == []
    hooks.release("reversed")
    hooks.settle()
    assert receiver.names == ["issues.reopened", "issues.closed", "issues.opened"]
    hooks.hold()
    shop.ann.post("/repos/ann/shop/issues", {"title": "lost"})
    hooks.release(drop=True)
    hooks.settle()
    assert len(receiver.got) == 3
    assert shop.jwt.get("/app/hook/deliveries")[0]["status"] == "failed to connect to host"


def test_the_same_delivery_many_times(shop: Shop, receiver: Receiver) -> None:
    shop.ann.post("/repos/ann/shop/issues", {"title": "x"})
    shop.github.hooks.settle()
    shop.github.redeliver(shop.github.deliveries(shop.app)[-1], times=10)
    shop.github.hooks.settle()
    assert len(receiver.got) == 11
    assert len({headers["x-github-delivery"] for headers, _ in receiver.got}) == 1


def test_nobody_there_is_an_outcome(shop: Shop) -> None:
    shop.github.hook_url(shop.app, "http://127.0.0.1:1/")
    shop.ann.post("/repos/ann/shop/issues", {"title": "x"})
    shop.github.hooks.settle()
    assert shop.jwt.get("/app/hook/deliveries")[0]["status"] == "failed to connect to host"


def test_an_app_gets_what_it_subscribed_to_where_it_is_installed(shop: Shop) -> None:
    quiet = shop.github.app(name="quiet", events=["push"])
    shop.github.repository("ann/elsewhere")
    shop.github.install(quiet, ["ann/shop"])
    shop.ann.post("/repos/ann/shop/issues", {"title": "x"})
    shop.ann.post("/repos/ann/elsewhere/issues", {"title": "y"})
    shop.github.push("ann/shop", "topic", {"a": "a"}, by="ann")
    names = [one.event for one in shop.github.deliveries(quiet)]
    assert names == ["installation", "push", "check_suite"]
    assert len(shop.github.emitted(shop.app, "issues")) == 1
