"""Routes, and what a handler is given."""

import pytest

from app.standin.routing import Answer, Problem, Route, gone, invalid
from tests.app.standin.clients import Shop


@pytest.mark.parametrize(
    ("path", "asked", "params"),
    [
        ("/a/{x}", "/a/b", {"x": "b"}),
        ("/a/{x}", "/a/b/c", None),
        ("/a/{x:path}", "/a/b/c", {"x": "b/c"}),
        ("/a/{x:path}/d", "/a/b/c/d", {"x": "b/c"}),
        ("/a.b", "/axb", None),
        ("/a/{x}", "/a/", None),
    ],
)
def test_a_path_matches(path, asked, params) -> None:
    match = Route("GET", path, "public", lambda call: Answer()).pattern.fullmatch(asked)
    assert (match.groupdict() if match else None) == params


def test_what_is_needed_is_read() -> None:
    route = Route("GET", "/", "issues:read|pull_requests:write", lambda call: Answer())
    assert route.wanted == [("issues", "read"), ("pull_requests", "write")]
    assert Route("GET", "/", "app", lambda call: Answer()).wanted == []


def test_refusals_have_githubs_form() -> None:
    assert gone().body == {
        "message": "Not Found",
        "documentation_url": "https://docs.github.com/rest",
        "status": "404",
    }
    assert invalid("Label", "name", "missing_field").body["errors"] == [
        {"resource": "Label", "field": "name", "code": "missing_field"}
    ]
    assert "errors" not in Problem(403, "No").body


@pytest.mark.parametrize(
    ("query", "numbers"),
    [
        ({}, [3, 2, 1]),
        ({"per_page": "2"}, [3, 2]),
        ({"per_page": "2", "page": "2"}, [1]),
        ({"per_page": "0"}, [3]),
        ({"per_page": "1000"}, [3, 2, 1]),
        ({"per_page": "x", "page": "-1"}, [3, 2, 1]),
        ({"page": "9"}, []),
    ],
)
def test_pages_are_bounded(shop: Shop, query, numbers) -> None:
    for number in range(3):
        shop.ann.post("/repos/ann/shop/issues", {"title": str(number)})
    assert [one["number"] for one in shop.bot.get("/repos/ann/shop/issues", **query)] == numbers


def test_links_keep_the_rest_of_the_query(shop: Shop) -> None:
    for number in range(3):
        shop.ann.post("/repos/ann/shop/issues", {"title": str(number), "labels": ["bug"]})
    answer = shop.bot.client.get("/repos/ann/shop/issues", params={"labels": "bug", "per_page": 1})
    assert set(answer.links) == {"next", "last"}
    assert [one["number"] for one in shop.bot.client.get(answer.links["last"]["url"]).json()] == [1]
    assert "labels=bug" in answer.links["next"]["url"]
