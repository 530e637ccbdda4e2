"""The pages that a person looks at."""

import httpx

from tests.app.standin.clients import Shop


def test_a_person_can_look(shop: Shop) -> None:
    shop.github.push("ann/shop", "topic", {"t": "t"}, by="bob")
    pull = shop.bob.post("/repos/ann/shop/pulls", {"title": "<b>Two</b>", "head": "topic", "base": "main"})
    shop.bob.post("/repos/ann/shop/issues/1/comments", {"body": "<script>alert(1)</script>"})
    shop.bot.post("/repos/ann/shop/issues/1/labels", {"labels": ["selfmod: SAFE"]}, 200)
    output = {"title": "SAFE · approved", "summary": "**Why SAFE**"}
    shop.bot.post(
        "/repos/ann/shop/check-runs",
        {"name": "selfmod/gate", "head_sha": pull["head"]["sha"], "conclusion": "success", "output": output},
    )
    page = httpx.get(pull["html_url"])
    assert page.headers["content-type"] == "text/html; charset=utf-8"
    for text in (
        "&lt;b&gt;Two",
        "selfmod/gate</b>: success · SAFE",
        "<strong>Why SAFE</strong>",
        "selfmod: SAFE",
        "&lt;script&gt;",
    ):
        assert text in page.text
    assert "<script>" not in page.text
    assert shop.github.unknown == []
