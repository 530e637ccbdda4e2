"""Approvals that a push voids."""

import json

from tests.app.standin.acting import SHOP, Acting, reviews


def test_a_push_voids_approvals_where_that_is_wanted(acting: Acting) -> None:
    app, pull = acting.app(), acting.pull()
    acting.protect(required_pull_request_reviews=reviews(2, dismiss_stale_reviews=True))
    acting.approve("bob", pull)
    acting.approve("meg", pull, "REQUEST_CHANGES")
    acting.github.push(SHOP, "topic", {"shop.py": "price = 3\n"}, by="ann")
    assert [review.state for review in pull.reviews] == ["DISMISSED", "CHANGES_REQUESTED"]
    (told,) = acting.github.emitted(app, "pull_request_review.dismissed")
    review = json.loads(told.body)["review"]
    assert (review["user"]["login"], review["state"]) == ("bob", "dismissed")
    assert review["commit_id"] != pull.head


def test_without_that_wish_approvals_stay(acting: Acting) -> None:
    pull = acting.pull()
    acting.protect(required_pull_request_reviews=reviews())
    acting.approve("bob", pull)
    acting.github.push(SHOP, "topic", {"shop.py": "price = 3\n"}, by="ann")
    assert acting.merge("bob", pull).status_code == 200


def test_the_last_push_may_have_to_be_approved_by_somebody_else(acting: Acting) -> None:
    pull = acting.pull()
    acting.protect(required_pull_request_reviews=reviews(require_last_push_approval=True))
    acting.approve("bob", pull)
    acting.github.push(SHOP, "topic", {"shop.py": "price = 3\n"}, by="bob")
    assert "last pusher" in acting.merge("meg", pull).json()["message"]
    acting.approve("bob", pull)
    assert "last pusher" in acting.merge("meg", pull).json()["message"]
    acting.approve("meg", pull)
    assert acting.merge("meg", pull).status_code == 200
