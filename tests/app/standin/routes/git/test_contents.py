"""Files and folders."""

import base64

from tests.app.standin.clients import Shop

CONTENTS = "/repos/ann/shop/contents"


def encoded(text: str) -> str:
    return base64.b64encode(text.encode()).decode()


def test_files_and_folders_are_read_by_ref(shop: Shop) -> None:
    old = shop.bot.get("/repos/ann/shop/commits/main")["sha"]
    shop.github.push("ann/shop", "main", {"shop.py": "x = 2\n"}, by="ann")
    assert base64.b64decode(shop.bot.get(f"{CONTENTS}/shop.py")["content"]) == b"x = 2\n"
    assert base64.b64decode(shop.bot.get(f"{CONTENTS}/shop.py", ref=old)["content"]) == b"x = 1\n"
    assert [one["name"] for one in shop.bot.get(CONTENTS)] == ["docs", "shop.py"]
    assert shop.bot.get(f"{CONTENTS}/docs")[0]["path"] == "docs/a.md"
    raw = shop.bot.client.get(f"{CONTENTS}/docs/a.md", headers={"accept": "application/vnd.github.raw+json"})
    assert raw.content == b"a\n"
    for path, ref in (("nothing", "main"), ("shop.py", "nothing"), ("../shop.py", "main"), ("a", "--help")):
        shop.bot.get(f"{CONTENTS}/{path}", 404, ref=ref)


def test_a_file_is_made_changed_and_deleted(shop: Shop) -> None:
    made = shop.bot.put(f"{CONTENTS}/n/é.py", {"message": "New", "content": encoded("1\n")}, 201)
    blob = made["content"]["sha"]
    body = {"message": "Change", "content": encoded("2\n")}
    shop.bot.put(f"{CONTENTS}/n/é.py", body, 422)
    shop.bot.put(f"{CONTENTS}/n/é.py", body | {"sha": "0" * 40}, 409)
    changed = shop.bot.put(f"{CONTENTS}/n/é.py", body | {"sha": blob})
    assert changed["commit"]["verification"]["verified"] is True
    shop.bot.delete(f"{CONTENTS}/n/é.py", {"message": "Gone", "sha": blob}, 409)
    shop.bot.delete(f"{CONTENTS}/n/é.py", {"message": "Gone", "sha": changed["content"]["sha"]}, 200)
    shop.bot.get(f"{CONTENTS}/n/é.py", 404)
    assert len(shop.github.emitted(shop.app, "push")) == 3


def test_workflows_need_their_permission(shop: Shop, api) -> None:
    asked = {"permissions": {"contents": "write"}}
    bot = api(shop.jwt.post(f"/app/installations/{shop.installation}/access_tokens", asked)["token"])
    body = {"message": "CI", "content": encoded("on: push\n")}
    bot.put(f"{CONTENTS}/.github/workflows/ci.yml", body, 403)
    shop.bot.put(f"{CONTENTS}/.github/workflows/ci.yml", body, 201)


def test_other_branches(shop: Shop) -> None:
    body = {"message": "m", "content": encoded("x")}
    shop.bot.put(f"{CONTENTS}/x", body | {"branch": "nothing"}, 404)
    shop.github.push("ann/shop", "topic", {"t": "t"}, by="ann")
    shop.bot.put(f"{CONTENTS}/x", body | {"branch": "topic"}, 201)
    shop.bot.get(f"{CONTENTS}/x", 404)
    shop.bot.get(f"{CONTENTS}/x", ref="topic")
