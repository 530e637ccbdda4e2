"""Pull requests: their heads follow their branches."""

import pytest


@pytest.fixture
def pull(shop):
    shop.github.push("ann/shop", "topic", {"shop.py": "x = 2\ny = 3\n", "new.py": "n = 1\n"}, by="bob")
    return shop.bob.post("/repos/ann/shop/pulls", {"title": "Two", "head": "topic", "base": "main", "body": "Why"})


def actions(shop) -> list[str]:
    return [one.action or "" for one in shop.github.emitted(shop.app, "pull_request")]


def test_a_pull_request_is_opened_and_read(shop, pull) -> None:
    assert (pull["number"], pull["state"], pull["user"]["login"], pull["commits"]) == (1, "open", "bob", 1)
    assert (pull["additions"], pull["deletions"], pull["changed_files"]) == (3, 1, 2)
    assert shop.bot.get("/repos/ann/shop/pulls/1")["mergeable"] is None
    again = shop.bot.get("/repos/ann/shop/pulls/1")
    assert (again["mergeable"], again["mergeable_state"]) == (True, "clean")
    files = {one["filename"]: one for one in shop.bot.get("/repos/ann/shop/pulls/1/files")}
    assert files["shop.py"]["patch"] == "@@ -1 +1,2 @@\n-x = 1\n+x = 2\n+y = 3"
    assert files["new.py"]["status"] == "added"
    (commit,) = shop.bot.get("/repos/ann/shop/pulls/1/commits")
    assert (commit["sha"], commit["author"]["login"]) == (pull["head"]["sha"], "bob")
    assert actions(shop) == ["opened"]
    assert not shop.github.unknown


def test_a_second_one_of_the_same_branches_is_refused(shop, pull) -> None:
    body = {"title": "Two", "head": "topic", "base": "main"}
    answer = shop.bob.post("/repos/ann/shop/pulls", body, 422)
    assert answer["errors"][0]["message"] == "A pull request already exists for ann:topic."
    shop.bob.post("/repos/ann/shop/pulls", body | {"head": "nothing"}, 422)
    shop.bob.post("/repos/ann/shop/pulls", body | {"head": "main"}, 422)
    shop.bob.post("/repos/ann/shop/pulls", body | {"head": "ann:topic", "base": "nothing"}, 422)
    shop.bob.post("/repos/ann/shop/pulls", body | {"heads": "x"}, 422)


def test_its_head_follows_a_push(shop, pull) -> None:
    shop.bot.get("/repos/ann/shop/pulls/1")
    sha = shop.github.push("ann/shop", "topic", {"shop.py": "x = 9\n"}, by="ann")
    now = shop.bot.get("/repos/ann/shop/pulls/1")
    assert (now["head"]["sha"], now["mergeable"], now["commits"]) == (sha, None, 2)
    assert shop.bot.get("/repos/ann/shop/git/ref/pull/1/head")["object"]["sha"] == sha
    told = shop.github.emitted(shop.app, "pull_request.synchronize")[0]
    assert f'"before":"{pull["head"]["sha"]}","after":"{sha}"' in told.body.decode()
    assert len(shop.github.emitted(shop.app, "check_suite.requested")) == 2


def test_it_follows_the_refs_api_also_where_it_is_forced(shop, pull) -> None:
    main = shop.bot.get("/repos/ann/shop/git/ref/heads/main")["object"]["sha"]
    path = "/repos/ann/shop/git/refs/heads/topic"
    assert shop.bob.patch(path, {"sha": main}, 422)["message"] == "Update is not a fast forward"
    other = shop.github.push("ann/shop", "other", {"shop.py": "x = 5\n"}, by="bob")
    shop.bob.patch(path, {"sha": other, "force": True})
    assert shop.bot.get("/repos/ann/shop/pulls/1")["head"]["sha"] == other
    assert shop.github.emitted(shop.app, "push")[-1].body.find(b'"forced":true') > 0


def test_a_conflict_is_seen(shop, pull) -> None:
    shop.github.push("ann/shop", "main", {"shop.py": "x = 7\n"}, by="ann")
    shop.bot.get("/repos/ann/shop/pulls/1")
    now = shop.bot.get("/repos/ann/shop/pulls/1")
    assert (now["mergeable"], now["mergeable_state"]) == (False, "dirty")


def test_it_is_edited_closed_and_reopened(shop, pull) -> None:
    path = "/repos/ann/shop/pulls/1"
    shop.github.push("ann/shop", "base", {"z": "z"}, by="ann", parent="main")
    shop.bob.patch(path, {"title": "Three"})
    assert shop.bob.patch(path, {"base": "base"})["base"]["ref"] == "base"
    shop.bob.patch(path, {"base": "nothing"}, 422)
    assert shop.bob.patch(path, {"state": "closed"})["state"] == "closed"
    assert shop.bot.get("/repos/ann/shop/pulls") == []
    shop.github.push("ann/shop", "topic", {"w": "w"}, by="bob")
    assert shop.bob.patch(path, {"state": "open"})["state"] == "open"
    assert actions(shop) == ["opened", "edited", "edited", "closed", "reopened"]
    assert b'"changes":{"base":{"ref":{"from":"main"}' in shop.github.emitted(shop.app, "pull_request.edited")[1].body


def test_a_deleted_branch_closes_it_and_a_merge_by_hand_merges_it(shop, pull) -> None:
    shop.bob.delete("/repos/ann/shop/git/refs/heads/topic")
    assert shop.bot.get("/repos/ann/shop/pulls/1")["state"] == "closed"
    shop.bob.patch("/repos/ann/shop/pulls/1", {"state": "open"}, 422)
    sha = shop.github.push("ann/shop", "more", {"m": "m"}, by="bob")
    shop.github.open_pull("ann/shop", "more", by="bob")
    shop.ann.patch("/repos/ann/shop/git/refs/heads/main", {"sha": sha})
    merged = shop.bot.get("/repos/ann/shop/pulls/2")
    assert (merged["merged"], merged["merged_by"]["login"], merged["state"]) == (True, "ann", "closed")


def test_a_fork_has_its_own_head(shop, api) -> None:
    eve = api(shop.github.person("eve"))
    shop.github.fork("ann/shop", "eve")
    sha = shop.github.push("eve/shop", "idea", {"shop.py": "x = 6\n"}, by="eve")
    made = eve.post("/repos/ann/shop/pulls", {"title": "Idea", "head": "eve:idea", "base": "main"})
    assert made["head"]["repo"]["full_name"] == "eve/shop"
    assert shop.bot.get("/repos/ann/shop/git/ref/pull/1/head")["object"]["sha"] == sha
    run = shop.bot.post("/repos/ann/shop/check-runs", {"name": "x", "head_sha": sha})
    assert run["pull_requests"] == []
    assert [one["number"] for one in shop.bot.get(f"/repos/ann/shop/commits/{sha}/pulls")] == [1]
    shop.github.push("eve/shop", "idea", {"shop.py": "x = 8\n"}, by="eve")
    assert actions(shop) == ["opened", "synchronize"]
    assert not shop.github.emitted(shop.app, "push")


def test_lists_are_filtered_and_paged(shop, pull) -> None:
    for number in range(4):
        shop.github.push("ann/shop", f"b{number}", {f"f{number}": "x"}, by="bob")
        shop.github.open_pull("ann/shop", f"b{number}", by="bob")
    path = "/repos/ann/shop/pulls"
    assert [one["number"] for one in shop.bot.get(path)] == [5, 4, 3, 2, 1]
    assert [one["number"] for one in shop.bot.get(path, direction="asc", per_page=2, page=2)] == [3, 4]
    assert [one["number"] for one in shop.bot.get(path, head="ann:b1")] == [3]
    assert shop.bot.get(path, base="other") == []
    answer = shop.bot.client.get(path, params={"per_page": 2, "page": 2})
    assert set(answer.links) == {"first", "prev", "next", "last"}
    assert [one["number"] for one in shop.bot.client.get(answer.links["last"]["url"]).json()] == [1]


def test_reviews_are_asked_of_those_who_have_access(shop, pull) -> None:
    shop.github.person("eve")
    path = "/repos/ann/shop/pulls/1/requested_reviewers"
    assert shop.bot.post(path, {"reviewers": ["ann"]})["requested_reviewers"][0]["login"] == "ann"
    shop.bot.post(path, {"reviewers": ["ann"]})
    shop.bot.post(path, {"reviewers": ["eve"]}, 422)
    shop.bot.post(path, {"reviewers": ["bob"]}, 422)
    assert shop.bot.get(path)["users"][0]["login"] == "ann"
    shop.bot.delete(path, {"reviewers": ["ann"]}, 200)
    assert shop.bot.get(path) == {"users": [], "teams": []}
    assert actions(shop) == ["opened", "review_requested", "review_request_removed"]


def test_a_team_is_asked_and_a_difference_is_text(shop, pull) -> None:
    shop.github.organisation("acme", members=["ann"], admins=["dora"])
    shop.github.repository("acme/app", {"a": "a\n"}, collaborators={"bob": "write"})
    shop.github.team("acme", "security", ["ann"], {"acme/app": "write"})
    shop.github.push("acme/app", "topic", {"a": "b\n"}, by="bob")
    shop.github.open_pull("acme/app", "topic", by="bob")
    path = "/repos/acme/app/pulls/1"
    asked = shop.bob.post(f"{path}/requested_reviewers", {"team_reviewers": ["security"]})
    assert [one["slug"] for one in asked["requested_teams"]] == ["security"]
    shop.bob.post(f"{path}/requested_reviewers", {"team_reviewers": ["nobody"]}, 422)
    shop.bob.delete(f"{path}/requested_reviewers", {"reviewers": [], "team_reviewers": ["security"]}, 200)
    text = shop.bob.client.get(path, headers={"accept": "application/vnd.github.diff"}).text
    assert text.endswith("@@ -1 +1 @@\n-a\n+b\n")


def test_who_is_neither_author_nor_trusted_changes_nothing(shop, pull, api) -> None:
    eve = api(shop.github.person("eve"))
    eve.patch("/repos/ann/shop/pulls/1", {"title": "x"}, 403)
    eve.post("/repos/ann/shop/pulls/1/requested_reviewers", {"reviewers": ["ann"]}, 403)
    shop.bob.patch("/repos/ann/shop/pulls/1", {"title": ""}, 422)
    shop.bob.patch("/repos/ann/shop/pulls/1", {"state": "merged"}, 422)
    shop.bob.post("/repos/ann/shop/pulls", {"head": "topic", "base": "main"}, 422)
    shop.bot.get("/repos/ann/shop/pulls", 422, state="ready")
