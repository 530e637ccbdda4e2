"""What webhooks carry, and in which order."""

import json
from typing import Any

from app.standin.server import StandIn
from tests.app.standin.clients import Shop


def told(github: StandIn, shop: Shop, event: str) -> dict[str, Any]:
    """The payload of the one delivery of this event."""
    (delivery,) = github.emitted(shop.app, event)
    found: dict[str, Any] = json.loads(delivery.body)
    return found


def test_a_push_to_a_pull_request_tells_push_head_and_suite(shop: Shop) -> None:
    shop.github.push("ann/shop", "topic", {"t": "1"}, by="bob")
    shop.github.open_pull("ann/shop", "topic", by="bob")
    before = len(shop.github.deliveries(shop.app))
    sha = shop.github.push("ann/shop", "topic", {"t": "2"}, by="bob")
    new = shop.github.deliveries(shop.app)[before:]
    assert [(one.event, one.action) for one in new] == [
        ("push", None),
        ("pull_request", "synchronize"),
        ("check_suite", "requested"),
    ]
    push, pull, suite = (json.loads(one.body) for one in new)
    assert (push["after"], push["pusher"]["name"], push["commits"][0]["modified"]) == (sha, "bob", ["t"])
    assert pull["pull_request"]["head"]["sha"] == pull["after"] == suite["check_suite"]["head_sha"] == sha
    assert [one["number"] for one in suite["check_suite"]["pull_requests"]] == [1]


def test_labels_and_drafts_of_a_pull_request(shop: Shop) -> None:
    shop.github.push("ann/shop", "topic", {"t": "1"}, by="bob")
    shop.github.open_pull("ann/shop", "topic", by="bob", draft=True)
    shop.bot.post("/repos/ann/shop/issues/1/labels", {"labels": ["selfmod: SAFE"]}, 200)
    shop.bot.delete("/repos/ann/shop/issues/1/labels/selfmod:%20SAFE", None, 200)
    payload = told(shop.github, shop, "pull_request.labeled")
    assert (payload["label"]["name"], payload["sender"]["type"]) == ("selfmod: SAFE", "Bot")
    assert told(shop.github, shop, "pull_request.unlabeled")["pull_request"]["labels"] == []
    assert told(shop.github, shop, "pull_request.opened")["pull_request"]["draft"] is True


def test_an_organisation_is_in_its_payloads(shop: Shop, api) -> None:
    github = shop.github
    github.organisation("acme", members=["ann"])
    github.repository("acme/app", {"a": "a"}, collaborators={"ann": "write"})
    github.install(shop.app, ["acme/app"])
    shop.ann.post("/repos/acme/app/issues", {"title": "x"})
    assert told(github, shop, "issues.opened")["organization"]["login"] == "acme"


def test_a_status_is_told(shop: Shop) -> None:
    sha = shop.bot.get("/repos/ann/shop/commits/main")["sha"]
    shop.bob.post(f"/repos/ann/shop/statuses/{sha}", {"state": "success", "context": "ci"})
    payload = told(shop.github, shop, "status")
    assert (payload["sha"], payload["state"], payload["branches"][0]["name"]) == (sha, "success", "main")


def test_a_watcher_hears_after_the_webhook_is_on_its_way(shop: Shop) -> None:
    heard: list[tuple[str, int]] = []
    shop.github.world.watchers.append(
        lambda world, event, _: heard.append((event, len(shop.github.emitted(shop.app, "issues"))))
    )
    shop.ann.post("/repos/ann/shop/issues", {"title": "x"})
    assert heard == [("issues.opened", 1)]
