"""What GitHub says of several demands at once, and of opinions that change."""

from app.standin.rules import verdict
from tests.app.standin.acting import SHOP, Acting, checks, reviews


def test_every_obstacle_is_named(acting: Acting) -> None:
    app, pull = acting.app(), acting.pull()
    acting.protect(
        required_status_checks=checks(("gate", app.app_id), ("lint", -1), strict=True),
        required_pull_request_reviews=reviews(2),
        lock_branch=True,
        enforce_admins=False,
    )
    acting.github.push(SHOP, "main", {"b.py": "b = 1\n"}, by="ada")
    world = acting.github.world
    assert verdict.obstacles(world, pull) == (
        "Cannot change this locked branch",
        "At least 2 approving reviews are required by reviewers with write access.",
        "2 of 2 required status checks are expected.",
        "Head branch is out of date with the base branch.",
    )
    assert verdict.obstacles(world, pull, verdict.Merger(world.accounts["ada"])) == ()
    assert len(verdict.obstacles(world, pull, verdict.Merger(world.accounts["bob"]))) == 4


def test_the_latest_opinion_of_each_counts(acting: Acting) -> None:
    pull, world = acting.pull(), acting.github.world
    acting.protect(required_pull_request_reviews=reviews())
    said = []
    for login, event in (
        ("bob", "REQUEST_CHANGES"),
        ("meg", "APPROVE"),
        ("bob", "APPROVE"),
        ("meg", "COMMENT"),
        ("eve", "REQUEST_CHANGES"),
        ("meg", "REQUEST_CHANGES"),
    ):
        acting.approve(login, pull, event)
        said.append(verdict.decision(world, pull))
    assert said == [*["CHANGES_REQUESTED"] * 2, *["APPROVED"] * 3, "CHANGES_REQUESTED"]
    assert [each.author.login for each in verdict.opinions(world, pull)] == ["bob", "meg"]


def test_who_loses_write_access_loses_the_vote(acting: Acting) -> None:
    pull, world = acting.pull(), acting.github.world
    acting.protect(required_pull_request_reviews=reviews())
    acting.approve("meg", pull)
    assert verdict.decision(world, pull) == "APPROVED"
    world.repositories[SHOP].collaborators["meg"] = "read"
    assert verdict.decision(world, pull) == "REVIEW_REQUIRED"
