"""What GraphQL tells of a pull request, and what it does not tell whom."""

from typing import Any

import pytest

from tests.app.standin.acting import SHOP, Acting, checks, reviews

PULL = """
query($owner: String!, $name: String!, $number: Int!) {
  repository(owner: $owner, name: $name) {
    nameWithOwner viewerPermission autoMergeAllowed
    pullRequest(number: $number) {
      id number state isDraft mergeable mergeStateStatus reviewDecision headRefOid baseRefName
      author { __typename login } mergedBy { login } mergeCommit { oid signature { isValid } }
      autoMergeRequest { mergeMethod }
      statusCheckRollup { state }
      reviews(first: 10) { totalCount nodes { state author { login } commit { oid } } pageInfo { hasNextPage } }
      commits(last: 1) { nodes { commit { messageHeadline committer { user { login } } } } }
    }
  }
}"""


def pull_of(acting: Acting, number: int, login: str = "bob") -> Any:
    answer = acting.graphql(login, PULL, owner="acme", name="shop", number=number)
    assert "errors" not in answer, answer
    return answer["data"]["repository"]["pullRequest"]


def test_a_pull_request_is_told_as_it_changes(acting: Acting) -> None:
    app, pull = acting.app(), acting.pull()
    seen = pull_of(acting, pull.number)
    assert (seen["state"], seen["mergeable"], seen["mergeStateStatus"]) == ("OPEN", "MERGEABLE", "CLEAN")
    assert (seen["id"], seen["headRefOid"], seen["reviewDecision"]) == (pull.node_id, pull.head, None)
    assert seen["author"] == {"__typename": "User", "login": "ann"}
    assert seen["commits"]["nodes"][0]["commit"]["committer"]["user"]["login"] == "ann"
    acting.protect(required_status_checks=checks(("gate", app.app_id)), required_pull_request_reviews=reviews())
    seen = pull_of(acting, pull.number)
    assert (seen["mergeStateStatus"], seen["reviewDecision"]) == ("BLOCKED", "REVIEW_REQUIRED")
    acting.approve("bob", pull, "REQUEST_CHANGES")
    assert pull_of(acting, pull.number)["reviewDecision"] == "CHANGES_REQUESTED"
    acting.approve("bob", pull)
    acting.report(app, pull, "gate", "success")
    seen = pull_of(acting, pull.number)
    assert (seen["mergeStateStatus"], seen["reviewDecision"]) == ("CLEAN", "APPROVED")
    assert seen["statusCheckRollup"] == {"state": "SUCCESS"}
    assert [each["state"] for each in seen["reviews"]["nodes"]] == ["CHANGES_REQUESTED", "APPROVED"]
    acting.merge("bob", pull)
    seen = pull_of(acting, pull.number)
    assert (seen["state"], seen["mergedBy"]["login"]) == ("MERGED", "bob")
    assert seen["mergeCommit"] == {"oid": acting.tip(), "signature": {"isValid": True}}


@pytest.mark.parametrize(
    ("draft", "base", "strict", "expected"),
    [
        (True, None, False, ("MERGEABLE", "DRAFT")),
        (False, "shop.py", False, ("CONFLICTING", "DIRTY")),
        (False, "other.py", True, ("MERGEABLE", "BEHIND")),
        (False, "other.py", False, ("MERGEABLE", "CLEAN")),
    ],
)
def test_the_state_of_a_merge(
    acting: Acting, draft: bool, base: str | None, strict: bool, expected: tuple[str, str]
) -> None:
    pull = acting.pull(draft=draft)
    if base:
        acting.github.push(SHOP, "main", {base: "b = 1\n"}, by="ada")
    if strict:
        acting.protect(required_status_checks=checks(strict=True))
    seen = pull_of(acting, pull.number)
    assert (seen["mergeable"], seen["mergeStateStatus"]) == expected
    shown = [acting.ask("bob", "GET", f"pulls/{pull.number}").json() for _ in range(2)][1]
    assert shown["mergeable_state"] == expected[1].lower()


def test_a_private_repository_is_not_there_for_strangers(acting: Acting) -> None:
    pull = acting.pull()
    acting.github.world.repositories[SHOP].private = True
    stranger = acting.github.person("mallory")
    app = acting.github.app(name="elsewhere")
    acting.github.repository("mallory/own", {"a": "a"})
    acting.github.install(app, ["mallory/own"])
    node = "query($id: ID!) { node(id: $id) { ... on PullRequest { title } } }"
    for token in (stranger, acting.token(app)):
        answer = acting.graphql(token, PULL, owner="acme", name="shop", number=pull.number)
        assert answer["errors"][0]["type"] == "NOT_FOUND"
        assert answer["data"] == {"repository": None}
        answer = acting.graphql(token, node, id=pull.node_id)
        assert (answer["data"], answer["errors"][0]["type"]) == ({"node": None}, "NOT_FOUND")
    assert acting.graphql("eve", node, id=pull.node_id)["data"]["node"]["title"] == "Change topic"


def test_nodes_are_found_by_their_id(acting: Acting) -> None:
    pull = acting.pull()
    made = acting.approve("bob", pull).json()
    query = "query($ids: [ID!]!) { nodes(ids: $ids) { __typename id } }"
    home = pull.repository
    ids = [pull.node_id, home.node_id, made["node_id"], f"C_{pull.head}", f"REF_{home.id}_refs/heads/topic"]
    found = acting.graphql("eve", query, ids=ids)["data"]["nodes"]
    assert [each["id"] for each in found] == ids
    kinds = ["PullRequest", "Repository", "PullRequestReview", "Commit", "Ref"]
    assert [each["__typename"] for each in found] == kinds
    for wrong in ("", "C_" + "0" * 40, f"REF_{home.id}_refs/heads/none", "PR_x", "REF_1_"):
        assert acting.graphql("eve", query, ids=[wrong])["errors"][0]["type"] == "NOT_FOUND"


def test_connections_are_paged(acting: Acting) -> None:
    pull = acting.pull()
    for _ in range(3):
        acting.approve("bob", pull, "COMMENT")
    query = """query($id: ID!, $first: Int, $last: Int, $after: String) { node(id: $id) { ... on PullRequest {
      reviews(first: $first, last: $last, after: $after) {
        nodes { databaseId } totalCount pageInfo { endCursor hasNextPage hasPreviousPage } } } } }"""

    def page(**variables: object) -> Any:
        return acting.graphql("bob", query, id=pull.node_id, **variables)["data"]["node"]["reviews"]

    one = page(first=2)
    two = page(first=2, after=one["pageInfo"]["endCursor"])
    assert [len(one["nodes"]), len(two["nodes"]), one["totalCount"]] == [2, 1, 3]
    assert [one["pageInfo"]["hasNextPage"], two["pageInfo"]["hasNextPage"]] == [True, False]
    assert page(last=1)["nodes"] == two["nodes"]
    for variables, kind in (({}, "MISSING_PAGINATION_BOUNDARIES"), ({"first": 101}, "EXCESSIVE_PAGINATION")):
        assert acting.graphql("bob", query, id=pull.node_id, **variables)["errors"][0]["type"] == kind


TIMELINE = """
query($number: Int!, $types: [PullRequestTimelineItemsItemType!], $last: Int) {
  repository(owner: "acme", name: "shop") {
    pullRequest(number: $number) {
      timelineItems(itemTypes: $types, last: $last) {
        totalCount
        nodes {
          __typename
          ... on ClosedEvent { id createdAt actor { login } }
          ... on ReopenedEvent { id createdAt actor { login } }
        }
      }
    }
  }
}"""


def test_how_often_it_was_closed_and_opened_again_and_by_whom(acting: Acting) -> None:
    number = acting.pull().number

    def happened(*types: str, last: int | None = 10) -> list[tuple[str, str]]:
        variables = {"number": number, "types": types or None, "last": last}
        found = acting.graphql("eve", TIMELINE, **variables)["data"]["repository"]["pullRequest"]["timelineItems"]
        assert all(each["id"].startswith(("CE_", "REE_")) and each["createdAt"] for each in found["nodes"])
        assert found["totalCount"] >= len(found["nodes"])
        return [(each["__typename"], each["actor"]["login"]) for each in found["nodes"]]

    assert happened() == []
    acting.ask("bob", "PATCH", f"pulls/{number}", {"title": "Another"})
    acting.ask("bob", "PATCH", f"pulls/{number}", {"state": "open"})
    assert happened() == []  # it is open already
    acting.ask("bob", "PATCH", f"pulls/{number}", {"state": "closed"})
    acting.ask("ann", "PATCH", f"issues/{number}", {"state": "open"})
    acting.github.push(SHOP, "topic", {"shop.py": "price = 3\n"}, by="ann")
    acting.ask("bob", "DELETE", "git/refs/heads/topic")
    assert happened() == [("ClosedEvent", "bob"), ("ReopenedEvent", "ann"), ("ClosedEvent", "bob")]
    assert happened("REOPENED_EVENT") == [("ReopenedEvent", "ann")]
    assert happened("CLOSED_EVENT", last=1) == [("ClosedEvent", "bob")]
    other = acting.pull("other")
    acting.merge("bob", other)
    number = other.number
    assert happened("REOPENED_EVENT") == []
    assert happened() == [("ClosedEvent", "bob")]
    assert "errors" in acting.graphql("eve", TIMELINE, number=number, last=None)


EDITS = """
query($owner: String!, $name: String!, $number: Int!) {
  repository(owner: $owner, name: $name) {
    pullRequest(number: $number) {
      includesCreatedEdit lastEditedAt editor { login }
      comments(first: 10) {
        nodes { id fullDatabaseId body includesCreatedEdit lastEditedAt editor { login } pullRequest { number } }
      }
    }
  }
}"""


def test_who_edited_a_description_and_a_comment_last(acting: Acting) -> None:
    number = acting.pull().number
    said = acting.ask("bob", "POST", f"issues/{number}/comments", {"body": "one"}).json()

    def edits() -> list[tuple[bool, bool, str | None]]:
        pull = acting.graphql("bob", EDITS, owner="acme", name="shop", number=number)["data"]["repository"][
            "pullRequest"
        ]
        (comment,) = pull["comments"]["nodes"]
        assert (comment["id"], comment["fullDatabaseId"]) == (said["node_id"], str(said["id"]))
        assert comment["pullRequest"] == {"number": number}
        return [
            (each["includesCreatedEdit"], each["lastEditedAt"] is not None, (each["editor"] or {}).get("login"))
            for each in (pull, comment)
        ]

    never = (False, False, None)
    assert edits() == [never, never]
    acting.ask("bob", "PATCH", f"pulls/{number}", {"title": "Another"})
    acting.ask("bob", "PATCH", f"issues/comments/{said['id']}", {"body": "one"})
    assert edits() == [never, never]
    acting.ask("bob", "PATCH", f"pulls/{number}", {"body": "mine"})
    acting.ask("bob", "PATCH", f"issues/comments/{said['id']}", {"body": "two"})
    assert edits() == [(True, True, "bob"), (True, True, "bob")]
    acting.ask("ann", "PATCH", f"issues/{number}", {"body": "hers"})
    assert edits()[0] == (True, True, "ann")
