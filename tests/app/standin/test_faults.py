"""Faults on request."""

import httpx
import pytest

from tests.app.standin.clients import Shop

ISSUES = "/repos/ann/shop/issues"


def titles(shop: Shop) -> list[str]:
    return [one["title"] for one in shop.ann.get(ISSUES)]


@pytest.mark.parametrize(("kind", "done"), [("5xx", []), ("5xx_after_work", ["x"])])
def test_a_failure_before_or_after_the_work(shop: Shop, kind, done) -> None:
    fault = shop.github.faults.add("POST", "/issues$", kind)
    shop.ann.post(ISSUES, {"title": "x"}, 502)
    assert titles(shop) == done
    assert fault.hits == 1
    shop.ann.post(ISSUES, {"title": "y"})


@pytest.mark.parametrize(("kind", "done"), [("disconnect", []), ("disconnect_after_work", ["x"])])
def test_a_connection_that_ends(shop: Shop, kind, done) -> None:
    shop.github.faults.add("POST", "/issues$", kind)
    with pytest.raises(httpx.RemoteProtocolError):
        shop.ann.post(ISSUES, {"title": "x"})
    assert titles(shop) == done


@pytest.mark.parametrize(("kind", "done"), [("timeout", []), ("timeout_after_work", ["x"])])
def test_no_answer(shop: Shop, kind, done) -> None:
    shop.github.faults.add("POST", "/issues$", kind)
    with pytest.raises(httpx.ReadTimeout):
        shop.ann.client.post(ISSUES, json={"title": "x"}, timeout=1)
    assert titles(shop) == done


def test_limits_say_how_long_to_wait(shop: Shop) -> None:
    shop.github.faults.add("*", "/issues", "secondary_limit", times=2, retry_after=3)
    for _ in range(2):
        answer = shop.ann.client.get(ISSUES)
        assert (answer.status_code, answer.headers["retry-after"]) == (403, "3")
        assert "secondary rate limit" in answer.json()["message"]
    shop.github.faults.add("GET", "/issues", "primary_limit")
    assert shop.ann.client.get(ISSUES).headers["x-ratelimit-remaining"] == "0"
    assert titles(shop) == []


def test_a_token_that_expires_midway(shop: Shop) -> None:
    shop.github.faults.add("GET", "/issues", "expire_token")
    shop.bot.get(ISSUES, 401)
    shop.bot.get(ISSUES, 401)
    token = shop.jwt.post(f"/app/installations/{shop.installation}/access_tokens")["token"]
    assert httpx.get(f"{shop.github.url}{ISSUES}", headers={"authorization": f"token {token}"}).status_code == 200


def test_something_happens_in_the_middle(shop: Shop) -> None:
    shop.github.push("ann/shop", "topic", {"a": "a"}, by="bob")
    pull = shop.github.open_pull("ann/shop", "topic", by="bob")
    before = pull.head
    shop.github.faults.add(
        "GET", "/pulls/1$", "after", do=lambda: shop.github.push("ann/shop", "topic", {"a": "b"}, by="bob")
    )
    assert shop.bot.get("/repos/ann/shop/pulls/1")["head"]["sha"] == before
    assert shop.bot.get("/repos/ann/shop/pulls/1")["head"]["sha"] != before


def test_a_fault_that_nobody_knows(shop: Shop) -> None:
    with pytest.raises(ValueError, match="no such fault"):
        shop.github.faults.add("GET", "/", "boom")  # type: ignore[arg-type]  # on purpose
