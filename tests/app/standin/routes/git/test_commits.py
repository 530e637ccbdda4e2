"""Commits, comparisons, statuses."""

from tests.app.standin.clients import Shop

REPO = "/repos/ann/shop"


def test_commits_are_listed_and_shown(shop: Shop) -> None:
    first = shop.bot.get(f"{REPO}/commits/main")["sha"]
    sha = shop.github.push("ann/shop", "main", {"shop.py": "x = 2\n"}, by="bob", message="Two\n\nMore.")
    assert [one["sha"] for one in shop.bot.get(f"{REPO}/commits")] == [sha, first]
    assert [one["sha"] for one in shop.bot.get(f"{REPO}/commits?path=docs")] == [first]
    shown = shop.bot.get(f"{REPO}/commits/heads/main")
    assert (shown["sha"], shown["author"]["login"], shown["stats"]["total"]) == (sha, "bob", 2)
    assert shown["files"][0]["patch"].startswith("@@ -1 +1 @@")
    assert len(shop.bot.get(f"{REPO}/commits/{first}")["files"]) == 2
    shop.bot.get(f"{REPO}/commits/nothing", 422)
    short = shop.bot.client.get(f"{REPO}/commits/main", headers={"accept": "application/vnd.github.sha"})
    assert short.text == sha


def test_a_comparison_is_from_the_common_ancestor(shop: Shop) -> None:
    shop.github.push("ann/shop", "topic", {"t": "t\n"}, by="bob")
    shop.github.push("ann/shop", "main", {"m": "m\n"}, by="ann")
    found = shop.bot.get(f"{REPO}/compare/main...topic")
    assert (found["status"], found["ahead_by"], found["behind_by"]) == ("diverged", 1, 1)
    assert [one["filename"] for one in found["files"]] == ["t"]
    assert shop.bot.get(f"{REPO}/compare/main...main")["status"] == "identical"
    shop.github.person("eve")
    shop.github.fork("ann/shop", "eve")
    shop.github.push("eve/shop", "idea", {"i": "i\n"}, by="eve")
    assert shop.bot.get(f"{REPO}/compare/main...eve:idea")["ahead_by"] == 1
    for wrong in ("main", "main...nothing", "main...mallory:x", "main...--help"):
        shop.bot.get(f"{REPO}/compare/{wrong}", 404)


def test_statuses_are_combined(shop: Shop) -> None:
    sha = shop.bot.get(f"{REPO}/commits/main")["sha"]
    assert shop.bot.get(f"{REPO}/commits/main/status")["state"] == "pending"
    for state, context in (("pending", "a"), ("success", "a"), ("failure", "b")):
        shop.bob.post(f"{REPO}/statuses/{sha}", {"state": state, "context": context})
    combined = shop.bot.get(f"{REPO}/commits/{sha}/status")
    assert (combined["state"], combined["total_count"]) == ("failure", 2)
    assert [one["state"] for one in shop.bot.get(f"{REPO}/commits/main/statuses")] == ["failure", "success", "pending"]
    shop.bob.post(f"{REPO}/statuses/{sha}", {"state": "fine"}, 422)
    shop.bob.post(f"{REPO}/statuses/{'0' * 40}", {"state": "success"}, 422)
