"""Who edited what, against the stand-in and against answers that say less than they should."""

from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any, cast

import httpx
import pytest

from app.github.place import Place
from app.github.workflow.connection import connect
from app.github.workflow.edits import AT_ONCE, GitHubEdits
from app.model.trouble import Gone, Unavailable
from app.settings import ServerSettings
from app.standin.server import StandIn

SHOP = "acme/shop"


@pytest.fixture
def github(tmp_path: Path) -> Iterator[StandIn]:
    with StandIn(tmp_path / "github") as made:
        made.organisation("acme", admins=["ann"])
        made.repository(SHOP, {"shop.py": "x = 1\n"}, collaborators={"ann": "admin", "bob": "write"})
        yield made
        assert made.unknown == []


def call(github: StandIn, token: str, method: str, path: str, **body: Any) -> Any:
    headers = {"authorization": f"Bearer {token}"}
    with httpx.Client(trust_env=False, timeout=30) as client:
        answer = client.request(method, f"{github.url}/repos/{SHOP}/{path}", json=body, headers=headers)
    assert answer.is_success, answer.text
    return answer.json()


def test_who_edited_a_description_last_and_which_comments_never_were(github: StandIn, tmp_path: Path) -> None:
    token = github.workflow_token(SHOP, {"contents": "write", "issues": "write", "pull_requests": "write"})
    bob = github.person("bob")
    numbers = list[int]()
    for name in ("a", "b", "c"):
        github.push(SHOP, name, {f"{name}.py": "x = 1\n"}, by="ann")
        made = call(github, token, "POST", "pulls", title=name, head=name, base="main", body="text")
        numbers.append(int(made["number"]))
    settings = ServerSettings(
        api_url=github.url, github_url=github.web_url, database_url="sqlite:///x.db", data_dir=tmp_path
    )
    connection = connect(settings, token, SHOP, wait=lambda seconds: None)
    edits = GitHubEdits(connection.place, connection.account.id)
    assert edits.by_others(numbers) == frozenset()
    call(github, token, "PATCH", f"pulls/{numbers[0]}", body="by the account itself")
    call(github, bob, "PATCH", f"pulls/{numbers[1]}", body="by somebody else")
    assert edits.by_others(numbers) == {numbers[1]}
    call(github, token, "PATCH", f"pulls/{numbers[1]}", body="again by the account itself")
    call(github, bob, "PATCH", f"issues/{numbers[0]}", body="as an issue")
    assert edits.by_others(numbers) == {numbers[0]}
    said = [call(github, bob, "POST", f"issues/{numbers[2]}/comments", body=str(each))["id"] for each in range(102)]
    call(github, bob, "PATCH", f"issues/comments/{said[0]}", body="other")
    call(github, bob, "PATCH", f"issues/comments/{said[101]}", body="other")
    assert edits.unedited(numbers[2]) == set(said[1:101])
    issue = call(github, bob, "POST", "issues", title="An issue")["number"]
    with pytest.raises(Gone):
        edits.unedited(issue)
    connection.close()


def test_what_was_opened_again(github: StandIn, tmp_path: Path) -> None:
    token = github.workflow_token(SHOP, {"contents": "write", "pull_requests": "write"})
    bob = github.person("bob")
    github.push(SHOP, "a", {"a.py": "x = 1\n"}, by="ann")
    number = call(github, token, "POST", "pulls", title="a", head="a", base="main", body="text")["number"]
    settings = ServerSettings(
        api_url=github.url, github_url=github.web_url, database_url="sqlite:///x.db", data_dir=tmp_path
    )
    connection = connect(settings, token, SHOP, wait=lambda seconds: None)
    edits = GitHubEdits(connection.place, connection.account.id)
    assert not edits.reopened(number)
    call(github, bob, "PATCH", f"pulls/{number}", body="by somebody else")
    call(github, bob, "PATCH", f"pulls/{number}", state="closed")
    assert not edits.reopened(number)
    call(github, bob, "PATCH", f"pulls/{number}", state="open")
    assert edits.reopened(number)
    with pytest.raises(Gone):
        edits.reopened(number + 1)
    connection.close()


class Answering:
    """A place that answers every query with the same data, and keeps what was asked."""

    repository = SHOP

    def __init__(self, data: Mapping[str, Any]) -> None:
        self.data = data
        self.asked: list[str] = []

    def graphql(self, purpose: str, query: str, variables: Mapping[str, Any]) -> Mapping[str, Any]:
        self.asked.append(query)
        return {"repository": self.data}


NEVER = {"includesCreatedEdit": False, "lastEditedAt": None, "editor": None}
AT = "2026-01-01T00:00:00Z"


@pytest.mark.parametrize(
    ("seen", "other"),
    [
        (NEVER, False),
        (NEVER | {"lastEditedAt": AT, "editor": {"databaseId": 41}}, False),
        (NEVER | {"lastEditedAt": AT, "editor": {"databaseId": 42}}, True),
        (NEVER | {"lastEditedAt": AT, "editor": {}}, True),  # a person has no number in this query
        (NEVER | {"lastEditedAt": AT}, True),  # a deleted account
        (NEVER | {"includesCreatedEdit": True}, True),
        ({}, True),
        (None, True),
        ({"includesCreatedEdit": False}, True),
        ({"lastEditedAt": None}, True),
    ],
)
def test_what_is_not_told_is_somebody_elses(seen: Any, other: bool) -> None:
    edits = GitHubEdits(cast(Place, Answering({"p7": seen})), 41)
    assert (edits.by_others([7]) == {7}) is other


@pytest.mark.parametrize("more", [{}, {"lastEditedAt": None}, NEVER | {"lastEditedAt": AT}, NEVER])
def test_a_comment_of_which_nothing_is_told_counts_as_edited(more: dict[str, Any]) -> None:
    comments = {"nodes": [{"fullDatabaseId": "9"} | more, None], "pageInfo": {"hasNextPage": False}}
    edits = GitHubEdits(cast(Place, Answering({"pullRequest": {"comments": comments}})), 41)
    assert edits.unedited(7) == ({9} if more == NEVER else set())


@pytest.mark.parametrize("seen", [None, {}, {"timelineItems": None}, {"timelineItems": {"nodes": None}}])
def test_what_does_not_tell_whether_it_was_closed_is_no_answer(seen: Any) -> None:
    with pytest.raises(Unavailable, match="whether pull request 7 was closed before"):
        GitHubEdits(cast(Place, Answering({"pullRequest": seen})), 41).reopened(7)


@pytest.mark.parametrize(("nodes", "again"), [([], False), ([{"__typename": "ReopenedEvent"}], True), ([None], True)])
def test_one_event_is_enough(nodes: Any, again: bool) -> None:
    place = Answering({"pullRequest": {"timelineItems": {"nodes": nodes}}})
    assert GitHubEdits(cast(Place, place), 41).reopened(7) is again


def test_many_pull_requests_are_asked_for_at_once() -> None:
    place = Answering({})
    assert len(GitHubEdits(cast(Place, place), 41).by_others(range(1, 2 * AT_ONCE + 2))) == 2 * AT_ONCE + 1
    assert [query.count("pullRequest(") for query in place.asked] == [AT_ONCE, AT_ONCE, 1]
