"""Labels."""

import pytest

from tests.app.standin.clients import Shop

LABELS = "/repos/ann/shop/labels"
MINE = "/repos/ann/shop/issues/1/labels"


def test_a_label_lives(shop: Shop) -> None:
    name = "selfmod: LOW_RISK"
    made = shop.bot.post(LABELS, {"name": name, "color": "0e8a16", "description": "d"})
    assert (made["name"], made["color"], made["default"]) == (name, "0e8a16", False)
    answer = shop.bot.post(LABELS, {"name": name.upper()}, 422)
    assert answer["errors"] == [{"resource": "Label", "field": "name", "code": "already_exists"}]
    path = f"{LABELS}/selfmod:%20LOW_RISK"
    assert shop.bot.get(path)["description"] == "d"
    assert shop.bot.patch(path, {"color": "ffffff"})["color"] == "ffffff"
    shop.bot.delete(path)
    shop.bot.get(path, 404)


def test_names_with_odd_characters(shop: Shop) -> None:
    for name, path in (("100%25", "100%2525"), ("a/b", "a%2Fb"), ("é?", "%C3%A9%3F")):
        shop.bot.post(LABELS, {"name": name})
        assert shop.bot.get(f"{LABELS}/{path}")["name"] == name


@pytest.mark.parametrize(
    "body", [{"name": "a", "color": "red"}, {"name": " "}, {"name": "x" * 51}, {"color": "ffffff"}]
)
def test_what_is_no_label_is_refused(shop: Shop, body) -> None:
    shop.bot.post(LABELS, body, 422)


def test_labels_of_an_issue(shop: Shop) -> None:
    shop.ann.post("/repos/ann/shop/issues", {"title": "One"})
    assert [one["name"] for one in shop.bot.post(MINE, {"labels": ["bug", "a b"]}, 200)] == ["bug", "a b"]
    shop.bot.post(MINE, ["bug"], 200)
    assert [one["name"] for one in shop.bot.get(MINE)] == ["bug", "a b"]
    shop.bot.delete(f"{MINE}/a%20b", None, 200)
    shop.bot.delete(f"{MINE}/a%20b", None, 404)
    shop.bot.put(MINE, {"labels": ["x", "y"]})
    shop.bot.delete(MINE)
    assert shop.bot.get(MINE) == []
    actions = [one.action for one in shop.github.emitted(shop.app, "issues")]
    assert actions == ["opened", *["labeled"] * 2, "unlabeled", "unlabeled", *["labeled"] * 2, *["unlabeled"] * 2]
    shop.bot.post(MINE, {"labels": [{"title": "x"}]}, 422)
