"""Reviews through REST."""

import json
from typing import Any

import pytest

from tests.app.standin.acting import SHOP, Acting


def test_a_review_is_for_the_head_of_then(acting: Acting) -> None:
    app, pull = acting.app(), acting.pull()
    head = pull.head
    made = acting.approve("bob", pull).json()
    assert (made["state"], made["commit_id"], made["user"]["login"]) == ("APPROVED", head, "bob")
    acting.github.push(SHOP, "topic", {"shop.py": "price = 3\n"}, by="ann")
    listed = acting.ask("eve", "GET", f"pulls/{pull.number}/reviews").json()
    assert [(each["id"], each["commit_id"]) for each in listed] == [(made["id"], head)]
    assert acting.ask("eve", "GET", f"pulls/{pull.number}/reviews/{made['id']}").json() == listed[0]
    (told,) = acting.github.emitted(app, "pull_request_review.submitted")
    assert json.loads(told.body)["review"]["state"] == "approved"


@pytest.mark.parametrize("event", ["APPROVE", "REQUEST_CHANGES"])
def test_nobody_judges_their_own(acting: Acting, event: str) -> None:
    pull = acting.pull()
    answer = acting.approve("ann", pull, event)
    assert answer.status_code == 422
    assert "own pull request" in answer.json()["errors"][0]
    assert pull.reviews == []
    assert acting.approve("ann", pull, "COMMENT").json()["state"] == "COMMENTED"


@pytest.mark.parametrize(
    "body",
    [
        {"event": "MERGE", "body": "b"},
        {"event": "COMMENT"},
        {"event": "REQUEST_CHANGES", "body": ""},
        {"event": "APPROVE", "commit_id": "0" * 40},
        {"event": ["APPROVE"]},
    ],
    ids=str,
)
def test_what_is_no_review_is_refused(acting: Acting, body: dict[str, Any]) -> None:
    pull = acting.pull()
    assert acting.ask("bob", "POST", f"pulls/{pull.number}/reviews", body).status_code == 422
    assert pull.reviews == []


def test_a_review_without_an_event_is_its_authors_until_it_is_submitted(acting: Acting) -> None:
    pull = acting.pull()
    place = f"pulls/{pull.number}/reviews"
    made = acting.ask("bob", "POST", place, {"body": "wait"}).json()
    assert made["state"] == "PENDING"
    assert acting.ask("meg", "GET", place).json() == []
    assert acting.ask("meg", "GET", f"{place}/{made['id']}").status_code == 404
    assert len(acting.ask("bob", "GET", place).json()) == 1
    done = acting.ask("bob", "POST", f"{place}/{made['id']}/events", {"event": "APPROVE"}).json()
    assert (done["state"], done["body"]) == ("APPROVED", "wait")
    assert acting.ask("bob", "POST", f"{place}/{made['id']}/events", {"event": "APPROVE"}).status_code == 422


def test_a_review_is_dismissed_by_somebody_with_write_access(acting: Acting) -> None:
    app, pull = acting.app(), acting.pull()
    made = acting.approve("bob", pull).json()
    place = f"pulls/{pull.number}/reviews/{made['id']}/dismissals"
    assert acting.ask("eve", "PUT", place, {"message": "no"}).status_code == 403
    assert acting.ask("meg", "PUT", place, {}).status_code == 422
    assert acting.ask("meg", "PUT", place, {"message": "no"}).json()["state"] == "DISMISSED"
    assert acting.ask("meg", "PUT", place, {"message": "no"}).status_code == 422
    assert len(acting.github.emitted(app, "pull_request_review.dismissed")) == 1


def test_an_app_may_review_with_the_permission(acting: Acting) -> None:
    app, pull = acting.app(), acting.pull()
    assert acting.approve(acting.token(app, contents="write"), pull).status_code == 403
    made = acting.approve(acting.token(app, pull_requests="write"), pull).json()
    assert made["user"]["type"] == "Bot"
