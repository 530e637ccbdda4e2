"""Issues."""

from tests.app.standin.clients import Shop

ISSUES = "/repos/ann/shop/issues"


def test_an_issue_lives(shop: Shop, api) -> None:
    eve = api(shop.github.person("eve"))
    made = eve.post(ISSUES, {"title": "Broken", "body": "How", "labels": ["bug"]})
    assert (made["number"], made["labels"], made["author_association"]) == (1, [], "NONE")
    eve.patch(f"{ISSUES}/1", {"body": "How exactly"})
    shop.bob.patch(f"{ISSUES}/1", {"labels": ["bug", "new"], "assignees": ["ann"]})
    shop.bob.patch(f"{ISSUES}/1", {"state": "closed"})
    shop.bob.patch(f"{ISSUES}/1", {"state": "open"})
    shown = shop.bot.get(f"{ISSUES}/1")
    assert [one["name"] for one in shown["labels"]] == ["bug", "new"]
    assert (shown["assignee"]["login"], shown["state"], shown["closed_at"]) == ("ann", "open", None)
    actions = [one.action for one in shop.github.emitted(shop.app, "issues")]
    assert actions == ["opened", "edited", "labeled", "labeled", "closed", "reopened"]
    mallory = api(shop.github.person("mallory"))
    mallory.patch(f"{ISSUES}/1", {"title": "x"}, 403)
    shop.bot.get(f"{ISSUES}/2", 404)
    eve.post(ISSUES, {"title": "x", "body": "x" * 65_537}, 422)


def test_issues_and_pull_requests_share_numbers(shop: Shop) -> None:
    shop.ann.post(ISSUES, {"title": "One", "labels": ["bug"]})
    shop.github.push("ann/shop", "topic", {"t": "t"}, by="bob")
    assert shop.github.open_pull("ann/shop", "topic", by="bob").number == 2
    assert [one["number"] for one in shop.bot.get(ISSUES)] == [2, 1]
    assert "pull_request" in shop.bot.get(f"{ISSUES}/2")
    assert [one["number"] for one in shop.bot.get(ISSUES, labels="bug", creator="ann", direction="asc")] == [1]
    shop.bob.patch(f"{ISSUES}/2", {"state": "closed"})
    assert shop.bot.get("/repos/ann/shop/pulls/2")["state"] == "closed"
    shop.bob.patch(f"{ISSUES}/2", {"state": "open"})
    assert [one.action for one in shop.github.emitted(shop.app, "pull_request")] == ["opened", "closed", "reopened"]


def test_what_an_app_may_depends_on_what_it_is(shop: Shop, api) -> None:
    shop.ann.post(ISSUES, {"title": "One"})
    shop.github.push("ann/shop", "topic", {"t": "t"}, by="bob")
    shop.github.open_pull("ann/shop", "topic", by="bob")
    asked = {"permissions": {"pull_requests": "write"}}
    bot = api(shop.jwt.post(f"/app/installations/{shop.installation}/access_tokens", asked)["token"])
    bot.post(f"{ISSUES}/1/comments", {"body": "x"}, 403)
    bot.post(f"{ISSUES}/2/comments", {"body": "x"})
    bot.post(f"{ISSUES}/2/labels", {"labels": ["bug"]}, 200)
    bot.post(f"{ISSUES}/1/labels", {"labels": ["bug"]}, 403)
