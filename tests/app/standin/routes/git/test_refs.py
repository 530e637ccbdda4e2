"""Branches and refs."""

import pytest

from tests.app.standin.clients import Shop

REFS = "/repos/ann/shop/git/refs"


def main(shop: Shop) -> str:
    return str(shop.bot.get("/repos/ann/shop/git/ref/heads/main")["object"]["sha"])


def test_a_branch_is_made_moved_and_deleted(shop: Shop) -> None:
    shop.bot.post(REFS, {"ref": "refs/heads/a/b", "sha": main(shop)})
    assert shop.bot.post(REFS, {"ref": "refs/heads/a/b", "sha": main(shop)}, 422)["message"] == (
        "Reference already exists"
    )
    assert [one["ref"] for one in shop.bot.get("/repos/ann/shop/git/matching-refs/heads/a")] == ["refs/heads/a/b"]
    assert [one["name"] for one in shop.bot.get("/repos/ann/shop/branches")] == ["a/b", "main"]
    branch = shop.bot.get("/repos/ann/shop/branches/a/b")
    assert (branch["name"], branch["commit"]["sha"], branch["protected"]) == ("a/b", main(shop), False)
    shop.bot.delete(f"{REFS}/heads/a/b")
    assert shop.bot.get("/repos/ann/shop/branches/a/b", 404)["message"] == "Branch not found"
    assert [one.event for one in shop.github.emitted(shop.app, "push")] == ["push", "push"]


@pytest.mark.parametrize(
    ("body", "message"),
    [
        ({"ref": "heads/a", "sha": ""}, "Reference name must be fully-qualified"),
        ({"ref": "refs/heads/a..b", "sha": ""}, "Reference name is invalid"),
        ({"ref": "refs/heads/-a\n", "sha": ""}, "Reference name is invalid"),
        ({"ref": "refs/heads/a", "sha": "0" * 40}, "Object does not exist"),
        ({"ref": "refs/heads/a", "sha": "abc"}, "The sha parameter must be exactly 40 characters"),
        ({"ref": "refs/pull/1/head", "sha": ""}, "Reference update failed"),
        ({"ref": "refs/heads/a"}, '"sha" wasn\'t supplied'),
        ({"ref": 1, "sha": ""}, "1 is not a string"),
    ],
)
def test_what_is_no_ref_is_refused(shop: Shop, body, message) -> None:
    assert message in shop.bot.post(REFS, body, 422)["message"]


def test_what_is_not_there(shop: Shop) -> None:
    shop.bot.get("/repos/ann/shop/git/ref/heads/nothing", 404)
    shop.bot.patch(f"{REFS}/heads/nothing", {"sha": main(shop)}, 422)
    shop.bot.delete(f"{REFS}/heads/nothing", None, 422)
    shop.bot.delete(f"{REFS}/heads/main", None, 422)
