"""Merging through REST: the request's own words, whether it was, and the base merged into the head."""

from typing import Any

import pytest

from app.standin.state import Pull
from tests.app.standin.acting import SHOP, Acting


def message(acting: Acting, pull: Pull) -> str:
    return pull.repository.git.commit(acting.tip()).message


@pytest.mark.parametrize(
    ("body", "expected"),
    [
        ({}, "Merge pull request #1 from acme/topic\n\nChange topic"),
        ({"commit_title": "Mine"}, "Mine\n\nChange topic"),
        ({"commit_title": "Mine", "commit_message": "Why."}, "Mine\n\nWhy."),
        ({"commit_message": "Why."}, "Merge pull request #1 from acme/topic\n\nWhy."),
        ({"merge_method": "squash", "commit_title": "One"}, "One"),
    ],
)
def test_the_message_is_the_requests_own_where_it_has_one(acting: Acting, body: dict[str, Any], expected: str) -> None:
    pull = acting.pull()
    answer = acting.merge("bob", pull, **body)
    assert answer.status_code == 200, answer.text
    assert answer.json() == {"sha": acting.tip(), "merged": True, "message": "Pull Request successfully merged"}
    assert message(acting, pull).strip().startswith(expected)


@pytest.mark.parametrize(
    ("login", "body", "status"),
    [
        ("eve", {}, 403),
        ("bob", {"sha": "f" * 40}, 409),
        ("bob", {"merge_method": "fold"}, 422),
        ("bob", {"sha": ""}, 422),
        ("bob", {}, 200),
    ],
)
def test_whether_it_was_merged_is_told(acting: Acting, login: str, body: dict[str, Any], status: int) -> None:
    pull, base = acting.pull(), acting.tip()
    assert acting.ask("eve", "GET", f"pulls/{pull.number}/merge").status_code == 404
    assert acting.merge(login, pull, **body).status_code == status
    assert acting.ask("eve", "GET", f"pulls/{pull.number}/merge").status_code == (204 if status == 200 else 404)
    assert (acting.tip() != base) == (status == 200)


def test_a_pull_request_that_is_not_there(acting: Acting) -> None:
    assert acting.ask("bob", "PUT", "pulls/99/merge", {}).status_code == 404
    assert acting.ask("bob", "GET", "pulls/99/merge").status_code == 404
    assert acting.ask("bob", "PUT", "pulls/99/update-branch", {}).status_code == 404


def test_the_base_is_merged_into_the_head(acting: Acting) -> None:
    pull = acting.pull()
    before = pull.head
    base = acting.github.push(SHOP, "main", {"b.py": "b = 1\n"}, by="bob")
    answer = acting.ask("bob", "PUT", f"pulls/{pull.number}/update-branch", {"expected_head_sha": before})
    assert answer.status_code == 202
    assert answer.json()["url"].endswith(f"/{SHOP}/pull/{pull.number}")
    made = pull.repository.git.commit(pull.head)
    assert made.parents == (before, base)
    assert made.message.strip() == "Merge branch 'main' into topic"
    assert acting.tip("topic") == pull.head
    assert acting.github.file(SHOP, "topic", "b.py") == b"b = 1\n"
    assert acting.github.file(SHOP, "topic", "shop.py") == b"price = 2\n"


@pytest.mark.parametrize(
    ("main", "login", "body", "status", "said"),
    [
        ({}, "bob", {}, 422, "There are no new commits on the base branch."),
        ({"b.py": "1\n"}, "eve", {}, 403, "write access"),
        ({"b.py": "1\n"}, "bob", {"expected_head_sha": "f" * 40}, 422, "expected head sha"),
        ({"shop.py": "price = 9\n"}, "bob", {}, 422, "merge conflict"),
    ],
)
def test_what_is_not_updated_stays_as_it_was(
    acting: Acting, main: dict[str, str], login: str, body: dict[str, str], status: int, said: str
) -> None:
    pull = acting.pull()
    before = pull.head
    if main:
        acting.github.push(SHOP, "main", main, by="bob")
    answer = acting.ask(login, "PUT", f"pulls/{pull.number}/update-branch", body)
    assert answer.status_code == status, answer.text
    assert said in answer.json()["message"]
    assert pull.head == before == acting.tip("topic")


def test_a_closed_one_is_not_updated(acting: Acting) -> None:
    pull = acting.pull()
    acting.github.push(SHOP, "main", {"b.py": "1\n"}, by="bob")
    acting.ask("ann", "PATCH", f"pulls/{pull.number}", {"state": "closed"})
    answer = acting.ask("bob", "PUT", f"pulls/{pull.number}/update-branch", {})
    assert (answer.status_code, pull.open) == (422, False)
