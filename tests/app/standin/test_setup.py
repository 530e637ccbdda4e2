"""The world as Python sets it up."""

import json

import pytest

from app.standin.server import StandIn
from tests.app.standin.clients import Shop


def names(shop: Shop) -> list[str]:
    return [f"{one.event}.{one.action}".removesuffix(".None") for one in shop.github.deliveries(shop.app)]


def test_an_app_hears_where_it_is_installed(shop: Shop) -> None:
    github = shop.github
    github.repository("ann/other")
    assert github.install(shop.app, ["ann/other"]) == shop.installation
    github.remove(shop.installation, ["ann/other"])
    github.suspend(shop.installation)
    shop.jwt.post(f"/app/installations/{shop.installation}/access_tokens", None, 403)
    github.suspend(shop.installation, False)
    github.ping(shop.app)
    github.uninstall(shop.installation)
    assert names(shop) == [
        "installation.created",
        "installation_repositories.added",
        "installation_repositories.removed",
        "installation.suspend",
        "installation.unsuspend",
        "ping",
        "installation.deleted",
    ]


def test_an_installation_on_everything_grows(github: StandIn) -> None:
    app = github.app()
    github.organisation("acme")
    github.repository("acme/one")
    github.install(app, ["acme/one"], everything=True)
    github.repository("acme/two")
    (told,) = github.emitted(app, "installation_repositories.added")
    assert json.loads(told.body)["repositories_added"][0]["full_name"] == "acme/two"


def test_the_merge_queue_makes_a_branch_and_asks(shop: Shop) -> None:
    shop.github.push("ann/shop", "topic", {"t": "t"}, by="bob")
    pull = shop.github.open_pull("ann/shop", "topic", by="bob")
    main = shop.github.push("ann/shop", "main", {"m": "m"}, by="ann")
    sha = shop.github.queue("ann/shop", pull.number, by="ann")
    group = json.loads(shop.github.emitted(shop.app, "merge_group.checks_requested")[0].body)["merge_group"]
    assert (group["head_sha"], group["base_sha"]) == (sha, main)
    assert group["head_ref"] == f"refs/heads/gh-readonly-queue/main/pr-1-{main}"
    assert shop.github.file("ann/shop", sha, "t") == b"t"
    assert shop.github.file("ann/shop", sha, "m") == b"m"
    assert shop.bot.get("/repos/ann/shop/pulls/1")["merged"] is False


def test_a_fork_that_is_gone_leaves_its_pull_request(shop: Shop) -> None:
    shop.github.person("eve")
    shop.github.fork("ann/shop", "eve")
    sha = shop.github.push("eve/shop", "idea", {"i": "i"}, by="eve")
    shop.github.open_pull("ann/shop", "eve:idea", by="eve")
    shop.github.delete_repository("eve/shop")
    pull = shop.bot.get("/repos/ann/shop/pulls/1")
    assert (pull["head"]["repo"], pull["head"]["sha"], pull["state"]) == (None, sha, "open")
    shop.github.repository("eve/shop")


def test_a_push_needs_force_to_leave_its_tip(shop: Shop) -> None:
    main = shop.github.world.repositories["ann/shop"].git.tip("main") or ""
    shop.github.push("ann/shop", "topic", {"t": "1"}, by="bob")
    with pytest.raises(ValueError, match="force=True"):
        shop.github.push("ann/shop", "topic", {"t": "2"}, by="bob", parent=main)
    sha = shop.github.push("ann/shop", "topic", {"t": "2"}, by="bob", parent=main, force=True)
    shop.github.push("ann/shop", "topic", {"t": None}, by="bob")
    assert shop.github.file("ann/shop", sha, "t") == b"2"
    assert shop.github.file("ann/shop", "topic", "t") is None


def test_all_of_it_goes_through_rest_too(shop: Shop, api) -> None:
    eve = api(shop.github.person("eve"))
    assert eve.post("/user/repos", {"name": "own", "auto_init": True})["full_name"] == "eve/own"
    eve.get("/repos/eve/own/contents/README.md")
    assert eve.post("/repos/ann/shop/forks", {}, 202)["parent"]["full_name"] == "ann/shop"
    eve.put("/repos/eve/shop/contents/x", {"message": "m", "content": "eA=="}, 201)
    eve.post("/user/repos", {"name": "own"}, 422)
    shop.github.organisation("acme", members=["eve"])
    assert eve.post("/orgs/acme/repos", {"name": "app"})["owner"]["login"] == "acme"
    shop.bob.post("/orgs/acme/repos", {"name": "app2"}, 403)
    assert [one["login"] for one in eve.get("/orgs/acme/members")] == ["eve"]
    eve.delete("/repos/eve/own")
    eve.get("/repos/eve/own", 404)
    assert shop.github.unknown == []


@pytest.mark.parametrize("login", ["", "-a", "a b", "../x", "a" * 60])
def test_names_that_cannot_be(github: StandIn, login) -> None:
    with pytest.raises(ValueError, match="no login"):
        github.person(login)
    with pytest.raises(ValueError, match="no name"):
        github.repository("ann/../x")
