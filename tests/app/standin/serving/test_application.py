"""Requests and answers at large."""

import httpx
import pytest

from app.standin.routing import Answer, Call, Route
from app.standin.server import StandIn
from tests.app.standin.clients import Shop


def test_an_answer_that_did_not_change_is_not_sent_again(shop: Shop) -> None:
    first = shop.bot.client.get("/repos/ann/shop/issues")
    headers = {"if-none-match": first.headers["etag"]}
    again = shop.bot.client.get("/repos/ann/shop/issues", headers=headers)
    assert (again.status_code, again.content) == (304, b"")
    shop.ann.post("/repos/ann/shop/issues", {"title": "x"})
    assert shop.bot.client.get("/repos/ann/shop/issues", headers=headers).status_code == 200
    assert "authorization" in first.headers["vary"].casefold()


def test_a_body_that_is_no_json(shop: Shop) -> None:
    for body in (b"{", b"[" * 100_000, b"\xff"):
        answer = shop.bot.client.post("/repos/ann/shop/issues", content=body)
        assert (answer.status_code, answer.json()["message"]) == (400, "Problems parsing JSON")
    assert shop.bot.post("/repos/ann/shop/issues", [1], 422)["message"].startswith("Invalid request.")


def test_a_field_that_github_does_not_have_is_loud(shop: Shop) -> None:
    answer = shop.bot.client.post("/repos/ann/shop/issues", json={"title": "x", "text": "y"})
    assert answer.status_code == 422
    assert '"text" is not a permitted key.' in answer.json()["message"]
    assert shop.github.unknown == ["POST /repos/ann/shop/issues: field text"]


def test_a_bug_of_ours_is_loud(tmp_path) -> None:
    def broken(call: Call) -> Answer:
        raise RuntimeError("broken")

    with StandIn(tmp_path, more=(Route("GET", "/broken", "public", broken),)) as github:
        assert httpx.get(f"{github.url}/broken").status_code == 500
        assert github.unknown == ["GET /broken: RuntimeError('broken')"]


def test_every_call_is_kept_with_its_caller(shop: Shop) -> None:
    before = len(shop.github.calls)
    shop.bot.get("/repos/ann/shop/issues?state=all")
    shop.jwt.get("/app")
    shop.ann.post("/repos/ann/shop/issues", {"title": "x"})
    seen = [(one.method, one.path, one.query, one.status, one.caller) for one in shop.github.calls[before:]]
    assert seen == [
        ("GET", "/repos/ann/shop/issues", "state=all", 200, "selfmod[bot]"),
        ("GET", "/app", "", 200, "app:selfmod"),
        ("POST", "/repos/ann/shop/issues", "", 201, "ann"),
    ]
    assert shop.github.calls[-1].body == {"title": "x"}


@pytest.mark.parametrize(
    "path", ["/repos/ann/shop/pulls/x", "/repos/ann/shop/issues/99999999999999999999", "/repos/ann/nothing/pulls"]
)
def test_what_is_not_there_is_not_unknown(shop: Shop, path) -> None:
    shop.bot.get(path, 404)
    assert shop.github.unknown == []


def test_what_is_needed_is_told(shop: Shop) -> None:
    answer = shop.bot.client.get("/repos/ann/shop/pulls")
    assert answer.headers["x-accepted-github-permissions"] == "pull_requests=read"
    assert answer.headers["x-ratelimit-limit"] == "5000"


def test_odd_paths_and_fields_are_told_in_a_header_too(shop: Shop) -> None:
    answer = shop.bot.client.get("/n%C3%B6%0d%0aX-Evil:%20%E2%98%83")
    assert (answer.status_code, "x-evil" in answer.headers) == (404, False)
    assert answer.headers["x-stand-in-unknown"] == "GET /n%C3%B6%0D%0AX-Evil%3A %E2%98%83"
    answer = shop.bot.client.post("/repos/ann/shop/issues", json={"title": "x", "\u2603\r\n": 1})
    assert (answer.status_code, answer.headers["x-stand-in-unknown"]) == (422, "%E2%98%83%0D%0A")
