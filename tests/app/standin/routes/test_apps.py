"""The App as itself."""

import pytest

from app.standin.server import StandIn


def test_an_installation_token_has_the_new_format_and_an_end(shop, clock, api) -> None:
    made = shop.jwt.post(f"/app/installations/{shop.installation}/access_tokens")
    assert made["token"].startswith("ghs_")
    assert len(made["token"]) > 300
    bot = api(made["token"])
    assert bot.get("/installation/repositories")["repositories"][0]["full_name"] == "ann/shop"
    clock.now += 3601
    assert bot.get("/installation/repositories", 401)["message"] == "Bad credentials"


def test_a_token_is_held_to_its_repositories_and_permissions(shop, api) -> None:
    shop.github.repository("ann/other", {"a": "a"}, private=True)
    shop.github.install(shop.app, ["ann/other"])
    asked = {"repositories": ["shop"], "permissions": {"issues": "read", "contents": "read"}}
    made = shop.jwt.post(f"/app/installations/{shop.installation}/access_tokens", asked)
    assert made["permissions"] == {"metadata": "read", "issues": "read", "contents": "read"}
    assert [one["name"] for one in made["repositories"]] == ["shop"]
    bot = api(made["token"])
    bot.get("/repos/ann/shop/contents/shop.py")
    bot.get("/repos/ann/other", 404)
    for refused in (
        bot.post("/repos/ann/shop/issues", {"title": "x"}, 403),
        bot.get("/repos/ann/shop/pulls", 403),
        bot.get("/user", 403),
    ):
        assert refused["message"] == "Resource not accessible by integration"


@pytest.mark.parametrize(
    ("body", "status"),
    [
        ({"permissions": {"secrets": "write"}}, 422),
        ({"permissions": {"contents": "admin"}}, 422),
        ({"repositories": ["nothing"]}, 422),
        ({"repository_ids": [1]}, 422),
        ({"repos": ["shop"]}, 422),
    ],
)
def test_more_than_there_is_is_refused(shop, body, status) -> None:
    shop.jwt.post(f"/app/installations/{shop.installation}/access_tokens", body, status)


def test_what_the_app_is_and_where(shop, github: StandIn) -> None:
    assert shop.jwt.get("/app")["slug"] == "selfmod"
    assert [one["id"] for one in shop.jwt.get("/app/installations")] == [shop.installation]
    for path in (
        f"/app/installations/{shop.installation}",
        "/repos/ann/shop/installation",
        "/users/ann/installation",
    ):
        assert shop.jwt.get(path)["account"]["login"] == "ann"
    github.repository("ann/elsewhere")
    shop.jwt.get("/repos/ann/elsewhere/installation", 404)
    shop.bot.get("/app", 401)
    assert not github.unknown


def test_an_uninstalled_app_is_out(shop, github: StandIn) -> None:
    github.uninstall(shop.installation)
    shop.bot.get("/installation/repositories", 401)
    shop.jwt.post(f"/app/installations/{shop.installation}/access_tokens", None, 404)


def test_the_webhook_is_configured(shop) -> None:
    assert shop.jwt.patch("/app/hook/config", {"url": "http://127.0.0.1:1/x"})["url"] == "http://127.0.0.1:1/x"
    assert shop.jwt.get("/app/hook/config")["secret"] == "********"


def test_an_installation_and_a_token_are_given_back(shop, api) -> None:
    token = shop.jwt.post(f"/app/installations/{shop.installation}/access_tokens")["token"]
    api(token).delete("/installation/token")
    api(token).get("/installation/repositories", 401)
    shop.github.organisation("acme")
    shop.github.repository("acme/app")
    there = shop.github.install(shop.app, ["acme/app"])
    assert shop.jwt.get("/orgs/acme/installation")["id"] == there
    shop.jwt.get("/orgs/nothing/installation", 404)
    shop.jwt.delete(f"/app/installations/{there}")
    shop.jwt.get(f"/app/installations/{there}", 404)
    assert [one.action for one in shop.github.emitted(shop.app, "installation")] == ["created", "created", "deleted"]
