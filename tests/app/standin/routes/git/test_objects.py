"""Blobs, trees and commits."""

import base64

import pytest

from tests.app.standin.clients import Shop

GIT = "/repos/ann/shop/git"


def test_a_commit_is_built_from_its_parts(shop: Shop) -> None:
    tip = shop.bot.get(f"{GIT}/ref/heads/main")["object"]["sha"]
    base = shop.bot.get(f"{GIT}/commits/{tip}")["tree"]["sha"]
    blob = shop.bot.post(f"{GIT}/blobs", {"content": base64.b64encode(b"\0\xff").decode(), "encoding": "base64"})
    tree = shop.bot.post(
        f"{GIT}/trees",
        {
            "base_tree": base,
            "tree": [
                {"path": "bin", "mode": "100755", "type": "blob", "sha": blob["sha"]},
                {"path": "docs/b.md", "mode": "100644", "type": "blob", "content": "é\n"},
                {"path": "docs/a.md", "mode": "100644", "type": "blob", "sha": None},
            ],
        },
    )
    commit = shop.bot.post(f"{GIT}/commits", {"message": "Built", "tree": tree["sha"], "parents": [tip]})
    assert commit["verification"]["verified"] is True
    shop.bot.patch(f"{GIT}/refs/heads/main", {"sha": commit["sha"]})
    listed = {one["path"]: one for one in shop.bot.get(f"{GIT}/trees/main", recursive="1")["tree"]}
    assert listed["bin"]["mode"] == "100755"
    assert set(listed) == {"bin", "docs", "docs/b.md", "shop.py"}
    assert base64.b64decode(shop.bot.get(f"{GIT}/blobs/{blob['sha']}")["content"]) == b"\0\xff"
    author = shop.bot.get("/repos/ann/shop/commits/main")["author"]
    assert (author["login"], author["type"]) == ("selfmod[bot]", "Bot")


def test_named_authors_are_not_signed_for(shop: Shop) -> None:
    tree = shop.bot.get(f"{GIT}/trees/main")["sha"]
    who = {"name": "Zoe", "email": "zoe@example.com", "date": "2026-01-02T03:04:05Z"}
    made = shop.bot.post(f"{GIT}/commits", {"message": "m", "tree": tree, "author": who})
    assert made["author"] == made["committer"] == who
    assert made["verification"]["reason"] == "unsigned"


@pytest.mark.parametrize("path", ["../x", "/x", "a//b", ".git/config", "a/.GIT/x", "a\0b", ""])
def test_hostile_paths_are_refused(shop: Shop, path) -> None:
    entry = {"path": path, "mode": "100644", "type": "blob", "content": "x"}
    shop.bot.post(f"{GIT}/trees", {"tree": [entry]}, 422)


@pytest.mark.parametrize(
    ("what", "body"),
    [
        ("trees", {"tree": [{"path": "a", "mode": "100666", "type": "blob", "content": "x"}]}),
        ("trees", {"tree": [{"path": "a", "mode": "100644", "type": "blob", "sha": "0" * 40}]}),
        ("blobs", {"content": "!", "encoding": "base64"}),
        ("commits", {"message": "m", "tree": "0" * 40}),
        ("commits", {"message": "m", "tree": "--help"}),
    ],
)
def test_what_is_no_object_is_refused(shop: Shop, what, body) -> None:
    shop.bot.post(f"{GIT}/{what}", body, 422)


@pytest.mark.parametrize("what", ["blobs/x", "commits/--help", "trees/-x", "blobs/" + "0" * 40])
def test_what_is_not_there(shop: Shop, what) -> None:
    shop.bot.get(f"{GIT}/{what}", 404)
