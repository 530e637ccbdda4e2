"""Auto-merge waits for the last demand, and for nobody's wish."""

from typing import Any

import pytest

from tests.app.standin.acting import SHOP, Acting, checks, reviews

ENABLE = """
mutation($id: ID!, $head: GitObjectID, $method: PullRequestMergeMethod = MERGE) {
  enablePullRequestAutoMerge(input: {pullRequestId: $id, expectedHeadOid: $head, mergeMethod: $method}) {
    actor { login }
    pullRequest { autoMergeRequest { enabledBy { login } mergeMethod } }
  }
}"""
DISABLE = """
mutation($id: ID!) { disablePullRequestAutoMerge(input: {pullRequestId: $id}) { pullRequest { number } } }"""


def refused(answer: dict[str, Any], kind: str) -> str:
    (error,) = answer["errors"]
    assert error["type"] == kind
    return str(error["message"])


def test_it_merges_when_the_last_demand_is_met(acting: Acting) -> None:
    app, pull = acting.app(), acting.pull()
    acting.protect(required_status_checks=checks(("gate", app.app_id)), required_pull_request_reviews=reviews())
    answer = acting.graphql("bob", ENABLE, id=pull.node_id, head=pull.head, method="SQUASH")
    assert answer["data"]["enablePullRequestAutoMerge"] == {
        "actor": {"login": "bob"},
        "pullRequest": {"autoMergeRequest": {"enabledBy": {"login": "bob"}, "mergeMethod": "SQUASH"}},
    }
    shown = acting.ask("eve", "GET", f"pulls/{pull.number}/reviews")
    assert shown.json() == []
    acting.approve("meg", pull)
    assert pull.open
    acting.report(app, pull, "gate", "failure")
    assert pull.open
    acting.report(app, pull, "gate", "success")
    assert (pull.merged_by and pull.merged_by.login, pull.merge_commit) == ("bob", acting.tip())
    assert len(pull.repository.git.commit(acting.tip()).parents) == 1


def test_a_review_may_be_the_last_demand(acting: Acting) -> None:
    pull = acting.pull()
    acting.protect(required_pull_request_reviews=reviews())
    acting.graphql("ann", ENABLE, id=pull.node_id)
    acting.approve("eve", pull)
    assert pull.open
    acting.approve("meg", pull)
    assert pull.merged is not None


def test_an_administrators_auto_merge_waits_too(acting: Acting) -> None:
    pull = acting.pull()
    acting.protect(required_pull_request_reviews=reviews(), enforce_admins=False)
    acting.graphql("ada", ENABLE, id=pull.node_id)
    acting.approve("meg", pull, "COMMENT")
    assert pull.open


def test_what_could_merge_already_cannot_be_armed(acting: Acting) -> None:
    pull = acting.pull()
    answer = acting.graphql("bob", ENABLE, id=pull.node_id)
    assert refused(answer, "UNPROCESSABLE") == "Pull request Pull request is in clean status"
    acting.report(acting.app(), pull, "lint", "failure")
    answer = acting.graphql("bob", ENABLE, id=pull.node_id)
    assert refused(answer, "UNPROCESSABLE") == "Pull request Pull request is in unstable status"


def test_it_is_armed_for_the_head_that_was_seen_only(acting: Acting) -> None:
    pull = acting.pull()
    seen = pull.head
    acting.protect(required_pull_request_reviews=reviews())
    acting.github.push(SHOP, "topic", {"shop.py": "price = 3\n"}, by="ann")
    answer = acting.graphql("bob", ENABLE, id=pull.node_id, head=seen)
    assert "Head branch was modified" in refused(answer, "UNPROCESSABLE")
    assert pull.auto_merge is None


def test_a_repository_may_not_allow_it(acting: Acting) -> None:
    pull = acting.pull()
    acting.protect(required_pull_request_reviews=reviews())
    pull.repository.settings["allow_auto_merge"] = False
    answer = acting.graphql("bob", ENABLE, id=pull.node_id)
    assert "Auto merge is not allowed" in refused(answer, "UNPROCESSABLE")


def test_who_may_not_write_may_not_arm(acting: Acting) -> None:
    app, pull = acting.app(), acting.pull()
    acting.protect(required_pull_request_reviews=reviews())
    refused(acting.graphql("eve", ENABLE, id=pull.node_id), "FORBIDDEN")
    for permissions in ({"contents": "write"}, {"pull_requests": "write"}, {"contents": "read", "issues": "write"}):
        refused(acting.graphql(acting.token(app, **permissions), ENABLE, id=pull.node_id), "FORBIDDEN")
    assert pull.auto_merge is None
    acting.graphql(acting.token(app, contents="write", pull_requests="write"), ENABLE, id=pull.node_id)
    acting.approve("meg", pull)
    assert pull.merged_by and pull.merged_by.login == "selfmod[bot]"


@pytest.mark.parametrize(("login", "stays"), [("eve", False), ("meg", True)])
def test_a_push_by_a_stranger_disarms(acting: Acting, login: str, stays: bool) -> None:
    app = acting.app()
    acting.github.fork(SHOP, "ann")
    acting.github.push("ann/shop", "topic", {"shop.py": "price = 2\n"}, by="ann")
    pull = acting.github.open_pull(SHOP, "ann:topic", by="ann")
    acting.protect(required_pull_request_reviews=reviews())
    acting.graphql("bob", ENABLE, id=pull.node_id)
    acting.github.push("ann/shop", "topic", {"shop.py": "price = 3\n"}, by=login)
    assert bool(pull.auto_merge) is stays
    acting.approve("meg", pull)
    assert pull.open is not stays
    actions = [each.action for each in acting.github.deliveries(app) if each.event == "pull_request"]
    assert ("auto_merge_disabled" in actions) is not stays


def test_it_can_be_disarmed(acting: Acting) -> None:
    app, pull = acting.app(), acting.pull()
    acting.protect(required_pull_request_reviews=reviews())
    acting.graphql("bob", ENABLE, id=pull.node_id)
    refused(acting.graphql("eve", DISABLE, id=pull.node_id), "FORBIDDEN")
    acting.graphql("bob", DISABLE, id=pull.node_id)
    acting.approve("meg", pull)
    assert pull.open
    refused(acting.graphql("bob", DISABLE, id=pull.node_id), "UNPROCESSABLE")
    actions = [each.action for each in acting.github.deliveries(app) if each.event == "pull_request"]
    assert actions == ["opened", "auto_merge_enabled", "auto_merge_disabled"]


def test_a_conflict_keeps_it_armed_until_it_is_solved(acting: Acting) -> None:
    pull = acting.pull()
    acting.protect(required_pull_request_reviews=reviews(), enforce_admins=False)
    acting.graphql("bob", ENABLE, id=pull.node_id)
    acting.github.push(SHOP, "main", {"shop.py": "price = 9\n"}, by="ada")
    acting.approve("meg", pull)
    assert pull.open
    assert pull.auto_merge
    acting.github.push(SHOP, "main", {"shop.py": "price = 1\n"}, by="ada")
    acting.approve("bob", pull)
    assert pull.merged is not None


def test_a_commit_status_may_be_the_last_demand(acting: Acting) -> None:
    app, pull = acting.app(events=["status"]), acting.pull()
    acting.protect(required_status_checks=checks(("ci/old", -1)))
    acting.graphql("bob", ENABLE, id=pull.node_id)
    for state in ("pending", "failure"):
        acting.ask("ann", "POST", f"statuses/{pull.head}", {"state": state, "context": "ci/old"})
        assert pull.open
    acting.ask("ann", "POST", f"statuses/{pull.head}", {"state": "success", "context": "ci/old"})
    assert pull.merged is not None
    assert len(acting.github.emitted(app, "status")) == 3
