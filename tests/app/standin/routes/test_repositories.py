"""Repositories, accounts, who belongs to them."""

import pytest

from tests.app.standin.clients import Api, Shop


@pytest.fixture
def acme(shop: Shop, api) -> Api:
    """The bot in `acme/app`: an organisation with a team."""
    github = shop.github
    github.organisation("acme", members=["carl"], admins=["dora"])
    github.repository("acme/app", {"a": "a"}, private=True, collaborators={"olga": "triage"})
    github.team("acme", "security", ["carl"], {"acme/app": "maintain"})
    installation = github.install(shop.app, ["acme/app"])
    bot: Api = api(shop.jwt.post(f"/app/installations/{installation}/access_tokens")["token"])
    return bot


@pytest.mark.parametrize(
    ("login", "permission", "role"),
    [
        ("dora", "admin", "admin"),
        ("carl", "write", "maintain"),
        ("olga", "read", "triage"),
        ("ann", "none", "none"),
    ],
)
def test_permissions_come_from_everywhere(acme: Api, login, permission, role) -> None:
    found = acme.get(f"/repos/acme/app/collaborators/{login}/permission")
    assert (found["permission"], found["role_name"], found["user"]["login"]) == (permission, role, login)
    acme.get("/repos/acme/app/collaborators/nobody-here/permission", 404)


def test_outsiders_read_what_is_public(shop: Shop) -> None:
    shop.github.person("eve")
    assert shop.bot.get("/repos/ann/shop/collaborators/eve/permission")["role_name"] == "read"
    shop.bot.get("/repos/ann/shop/collaborators/eve", 404)
    shop.bot.get("/repos/ann/shop/collaborators/bob", 204)


def test_people_and_teams_are_listed(acme: Api, api) -> None:
    names = {one["login"]: one["role_name"] for one in acme.get("/repos/acme/app/collaborators")}
    assert names == {"dora": "admin", "carl": "maintain", "olga": "triage"}
    assert [one["login"] for one in acme.get("/repos/acme/app/collaborators", permission="push")] == ["carl", "dora"]
    assert [one["login"] for one in acme.get("/orgs/acme/teams/security/members")] == ["carl"]
    assert acme.get("/orgs/acme/teams/security/repos")[0]["full_name"] == "acme/app"
    assert acme.get("/repos/acme/app/teams")[0]["slug"] == "security"
    acme.get("/orgs/acme/teams/nothing/members", 404)
    acme.get("/orgs/nothing/teams/security/members", 404)
    assert acme.get("/orgs/acme")["type"] == "Organization"


def test_a_role_is_given_and_taken(shop: Shop) -> None:
    shop.github.person("eve")
    path = "/repos/ann/shop/collaborators/eve"
    shop.ann.put(path, {"permission": "maintain"}, 204)
    assert shop.bot.get(f"{path}/permission")["role_name"] == "maintain"
    shop.ann.delete(path)
    assert shop.bot.get(f"{path}/permission")["role_name"] == "read"
    shop.ann.put(path, {"permission": "king"}, 422)


def test_settings(shop: Shop) -> None:
    shop.github.push("ann/shop", "next", {"n": "n"}, by="ann")
    changed = shop.ann.patch("/repos/ann/shop", {"allow_auto_merge": False, "default_branch": "next"})
    assert (changed["allow_auto_merge"], changed["default_branch"]) == (False, "next")
    shop.ann.patch("/repos/ann/shop", {"default_branch": "nothing"}, 422)
    shop.bob.patch("/repos/ann/shop", {"private": True}, 403)
    shop.ann.patch("/repos/ann/shop", {"nonsense": True}, 422)


def test_oneself_and_the_rest(shop: Shop) -> None:
    assert shop.ann.get("/user")["login"] == "ann"
    assert shop.bot.get("/users/bob")["type"] == "User"
    assert shop.bot.get("/rate_limit")["rate"]["limit"] == 5000
    assert "hooks" in shop.bot.get("/meta")
    assert shop.github.unknown == []
