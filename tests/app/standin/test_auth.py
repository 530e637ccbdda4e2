"""Who calls, and who is refused."""

import jwt
import pytest

from app.standin.auth import make_keys


@pytest.mark.parametrize(
    ("claims", "message"),
    [
        ({"iat": 9_999_999_999}, "'Issued at' claim"),
        ({"iat": "now"}, "'Issued at' claim"),
        ({"exp": 1}, "'Expiration time' claim ('exp') must"),
        ({"exp": 9_999_999_999}, "too far in the future"),
        ({"iss": "4711"}, "Integration not found"),
    ],
)
def test_claims_are_held_to_the_rules(shop, api, token_of_app, claims, message) -> None:
    assert message in api(token_of_app(shop.app, **claims)).get("/app", 401)["message"]


def test_a_client_id_is_an_issuer_too(shop, api, token_of_app) -> None:
    assert api(token_of_app(shop.app, iss=shop.app.client_id)).get("/app")["id"] == shop.app.app_id


def test_a_forged_token_is_refused(shop, api, clock) -> None:
    claims = {"iss": str(shop.app.app_id), "iat": int(clock()), "exp": int(clock()) + 60}
    stranger, _ = make_keys()
    for token in (
        jwt.encode(claims, stranger.decode(), algorithm="RS256"),
        jwt.encode(claims, "x" * 40, algorithm="HS256"),
        jwt.encode(claims, "", algorithm="none"),
        "eyJ.eyJ.x",
        "ey..",
        "ghs_nothing",
    ):
        api(token).get("/app", 401)


def test_nobody_and_strangers(shop, api) -> None:
    eve = api(shop.github.person("eve"))
    assert api("").get("/repos/ann/shop/issues") == []
    api("").post("/repos/ann/shop/issues", {"title": "x"}, 401)
    eve.post("/repos/ann/shop/issues", {"title": "x"})
    eve.post("/repos/ann/shop/labels", {"name": "x"}, 403)
    eve.put("/repos/ann/shop/contents/x", {"message": "x", "content": ""}, 403)
    shop.bob.put("/repos/ann/shop/collaborators/eve", {}, 403)
    assert shop.ann.post("/repos/ann/shop/check-runs", {"name": "x", "head_sha": "0" * 40}, 403)["message"] == (
        "You must authenticate via a GitHub App."
    )
