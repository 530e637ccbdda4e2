"""Comments and reactions."""

import json

import pytest

from tests.app.standin.clients import Shop

COMMENTS = "/repos/ann/shop/issues/comments"


@pytest.fixture
def issue(shop: Shop) -> str:
    shop.ann.post("/repos/ann/shop/issues", {"title": "One"})
    return "/repos/ann/shop/issues/1"


def test_a_comment_lives(shop: Shop, issue, clock, api) -> None:
    made = shop.bot.post(f"{issue}/comments", {"body": "First"})
    assert (made["user"]["login"], made["performed_via_github_app"]["id"]) == ("selfmod[bot]", shop.app.app_id)
    clock.now += 5
    edited = shop.bot.patch(f"{COMMENTS}/{made['id']}", {"body": "Second"})
    assert edited["updated_at"] > edited["created_at"]
    mallory = api(shop.github.person("mallory"))
    mallory.patch(f"{COMMENTS}/{made['id']}", {"body": "x"}, 403)
    mallory.delete(f"{COMMENTS}/{made['id']}", None, 403)
    assert [one["body"] for one in shop.bot.get(f"{issue}/comments")] == ["Second"]
    assert shop.bot.get(f"{issue}/comments", since=edited["created_at"])
    shop.bob.delete(f"{COMMENTS}/{made['id']}")
    shop.bot.get(f"{COMMENTS}/{made['id']}", 404)
    told = shop.github.emitted(shop.app, "issue_comment")
    assert [one.action for one in told] == ["created", "edited", "deleted"]
    assert json.loads(told[1].body)["changes"] == {"body": {"from": "First"}}


@pytest.mark.parametrize(
    "body", [{}, {"body": ""}, {"body": None}, {"body": 1}, {"body": "x" * 65_537}, [], {"text": "x"}]
)
def test_what_is_no_comment_is_refused(shop: Shop, issue, body) -> None:
    shop.bob.post(f"{issue}/comments", body, 422)


def test_a_reaction_is_there_once(shop: Shop, issue) -> None:
    made = shop.bob.post(f"{issue}/comments", {"body": "/selfmod help"})
    path = f"{COMMENTS}/{made['id']}/reactions"
    first = shop.bot.post(path, {"content": "eyes"})
    assert shop.bot.post(path, {"content": "eyes"}, 200)["id"] == first["id"]
    shop.bot.post(path, {"content": "tada"}, 422)
    assert [one["content"] for one in shop.bot.get(path)] == ["eyes"]
    assert shop.bot.get(f"{COMMENTS}/{made['id']}")["reactions"]["eyes"] == 1
    shop.bob.delete(f"{path}/{first['id']}", None, 404)
    shop.bot.delete(f"{path}/{first['id']}")
    shop.bot.post(f"{issue}/reactions", {"content": "rocket"})


def test_all_comments_of_a_repository(shop: Shop, issue) -> None:
    for number in range(3):
        shop.bob.post(f"{issue}/comments", {"body": str(number)})
    assert [one["body"] for one in shop.bot.get(COMMENTS, direction="desc", per_page=2)] == ["2", "1"]
