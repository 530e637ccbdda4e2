"""Commits and reverts through GraphQL."""

import base64
from typing import Any

import pytest

from tests.app.standin.acting import SHOP, Acting, reviews

COMMIT = """
mutation($input: CreateCommitOnBranchInput!) {
  createCommitOnBranch(input: $input) { commit { oid message signature { isValid wasSignedByGitHub } } ref { name } }
}"""
REVERT = """
mutation($id: ID!) {
  revertPullRequest(input: {pullRequestId: $id}) { revertPullRequest { number title body headRefName } }
}"""


def changes(head: str, *deleted: str, **files: str) -> dict[str, Any]:
    added = [
        {"path": name.replace("__", "/"), "contents": base64.b64encode(text.encode()).decode()}
        for name, text in files.items()
    ]
    return {
        "branch": {"repositoryNameWithOwner": SHOP, "branchName": "main"},
        "expectedHeadOid": head,
        "message": {"headline": "Change by API", "body": "Because."},
        "fileChanges": {"additions": added, "deletions": [{"path": name} for name in deleted]},
    }


def test_a_commit_is_made_and_signed(acting: Acting) -> None:
    app, head = acting.app(), acting.tip()
    token = acting.token(app, contents="write")
    answer = acting.graphql(token, COMMIT, input=changes(head, "README.md", docs__a="hello\n"))
    made = answer["data"]["createCommitOnBranch"]
    assert made["commit"]["oid"] == acting.tip()
    assert made["commit"]["signature"] == {"isValid": True, "wasSignedByGitHub": True}
    assert made["ref"] == {"name": "main"}
    assert acting.github.file(SHOP, "main", "docs/a") == b"hello\n"
    assert acting.github.file(SHOP, "main", "README.md") is None
    commit = acting.github.world.repositories[SHOP].git.commit(acting.tip())
    assert (commit.parents, commit.message) == ((head,), "Change by API\n\nBecause.")
    assert (commit.author.name, commit.committer.email) == ("selfmod[bot]", "noreply@github.com")
    assert [each.event for each in acting.github.deliveries(app) if each.event == "push"] == ["push"]


def test_a_branch_that_moved_is_refused(acting: Acting) -> None:
    head = acting.tip()
    moved = acting.github.push(SHOP, "main", {"a": "a"}, by="bob")
    (error,) = acting.graphql("ann", COMMIT, input=changes(head, a="b"))["errors"]
    assert (error["type"], head in error["message"]) == ("STALE_DATA", True)
    assert acting.tip() == moved


@pytest.mark.parametrize(
    ("path", "contents"),
    [
        ("../a", ""),
        ("/etc/passwd", ""),
        ("a//b", ""),
        (".git/config", ""),
        ("a/.GIT/hooks", ""),
        ("a\0b", ""),
        ("", ""),
        ("a", "not base64!"),
    ],
)
def test_hostile_files_are_refused(acting: Acting, path: str, contents: str) -> None:
    head = acting.tip()
    given = changes(head)
    given["fileChanges"]["additions"] = [{"path": path, "contents": contents}]
    (error,) = acting.graphql("ann", COMMIT, input=given)["errors"]
    assert error["type"] == "UNPROCESSABLE"
    assert acting.tip() == head


def test_who_may_not_write_commits_nothing(acting: Acting) -> None:
    app, head = acting.app(), acting.tip()
    given = changes(head, a="b")
    for token in ("eve", acting.token(app, contents="read"), acting.token(app, issues="write")):
        assert acting.graphql(token, COMMIT, input=given)["errors"][0]["type"] == "FORBIDDEN"
    workflow = changes(head, **{".github__workflows__ci.yml": "on: push\n"})
    token = acting.token(app, contents="write")
    assert "workflows" in acting.graphql(token, COMMIT, input=workflow)["errors"][0]["message"]
    token = acting.token(app, contents="write", workflows="write")
    assert "errors" not in acting.graphql(token, COMMIT, input=workflow)


def test_a_protected_branch_takes_pull_requests_only(acting: Acting) -> None:
    head = acting.tip()
    acting.protect(required_pull_request_reviews=reviews())
    (error,) = acting.graphql("ann", COMMIT, input=changes(head, a="b"))["errors"]
    assert "Changes must be made through a pull request." in error["message"]
    assert acting.tip() == head


@pytest.mark.parametrize("method", ["merge", "squash", "rebase"])
def test_a_merged_pull_request_is_taken_back(acting: Acting, method: str) -> None:
    pull = acting.pull()
    acting.github.push(SHOP, "topic", {"new.py": "n = 1\n"}, by="ann")
    acting.merge("bob", pull, merge_method=method)
    acting.github.push(SHOP, "main", {"later.py": "l = 1\n"}, by="bob")
    made = acting.graphql("meg", REVERT, id=pull.node_id)["data"]["revertPullRequest"]["revertPullRequest"]
    assert made["title"] == 'Revert "Change topic"'
    assert made["body"] == f"Reverts {SHOP}#{pull.number}"
    back = acting.github.world.repositories[SHOP].pull(made["number"])
    assert back
    assert acting.merge("bob", back).status_code == 200
    assert acting.github.file(SHOP, "main", "shop.py") == b"price = 1\n"
    assert acting.github.file(SHOP, "main", "new.py") is None
    assert acting.github.file(SHOP, "main", "later.py") == b"l = 1\n"


def test_one_that_a_push_merged_is_taken_back(acting: Acting) -> None:
    pull = acting.pull()
    acting.github.push(SHOP, "topic", {"new.py": "n = 1\n"}, by="ann")
    assert acting.ask("ada", "PATCH", "git/refs/heads/main", {"sha": pull.head}).status_code == 200
    assert pull.merged is not None
    made = acting.graphql("meg", REVERT, id=pull.node_id)["data"]["revertPullRequest"]["revertPullRequest"]
    for path, content in (("shop.py", b"price = 1\n"), ("new.py", None)):
        assert acting.github.file(SHOP, made["headRefName"], path) == content


def test_what_conflicts_or_is_not_merged_is_not_taken_back(acting: Acting) -> None:
    pull = acting.pull()
    assert acting.graphql("bob", REVERT, id=pull.node_id)["errors"][0]["type"] == "UNPROCESSABLE"
    acting.merge("bob", pull)
    acting.github.push(SHOP, "main", {"shop.py": "price = 99\n"}, by="bob")
    (error,) = acting.graphql("bob", REVERT, id=pull.node_id)["errors"]
    assert "conflicts" in error["message"]
    assert acting.graphql("eve", REVERT, id=pull.node_id)["errors"][0]["type"] == "FORBIDDEN"
