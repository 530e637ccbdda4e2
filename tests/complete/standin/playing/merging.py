"""Protection, rulesets, reviews, merges, auto-merge and what GraphQL does."""

import base64
from typing import Any

from tests.complete.standin.stage import SHOP, Stage

ENABLE = """mutation($id: ID!) {
  enablePullRequestAutoMerge(input: {pullRequestId: $id}) { pullRequest { autoMergeRequest { mergeMethod } } } }"""
DISABLE = "mutation($id: ID!) { disablePullRequestAutoMerge(input: {pullRequestId: $id}) { actor { login } } }"
REVERT = "mutation($id: ID!) { revertPullRequest(input: {pullRequestId: $id}) { revertPullRequest { number } } }"
DRAFT = "mutation($id: ID!) { convertPullRequestToDraft(input: {pullRequestId: $id}) { pullRequest { isDraft } } }"
READY = "mutation($id: ID!) { markPullRequestReadyForReview(input: {pullRequestId: $id}) { pullRequest { id } } }"
COMMIT = """mutation($input: CreateCommitOnBranchInput!) {
  createCommitOnBranch(input: $input) { commit { oid signature { isValid } } } }"""


QUEUED = """query($id: ID!) { node(id: $id) { ... on PullRequest {
  isInMergeQueue mergeQueueEntry { id position headCommit { oid } baseCommit { oid } pullRequest { number } } } } }"""
DEQUEUE = "mutation($id: ID!) { dequeuePullRequest(input: {id: $id}) { mergeQueueEntry { id } } }"


def play(stage: Stage) -> None:
    _protection(stage)
    _rulesets(stage)
    _reviews(stage)
    _merges(stage)
    _auto_merge(stage)
    _queue(stage)
    _commits(stage)


def _protect(stage: Stage, expect: int = 200, **changes: Any) -> Any:
    body = {
        "required_status_checks": None,
        "enforce_admins": True,
        "required_pull_request_reviews": None,
        "restrictions": None,
    }
    return stage.ask("ada", "PUT", "branches/main/protection", body | changes, expect)


def _protection(stage: Stage) -> None:
    place = "branches/main/protection"
    stage.ask("ada", "GET", place, None, 404)
    checks = {
        "strict": True,
        "contexts": ["selfmod/gate"],
        "checks": [{"context": "selfmod/gate", "app_id": stage.app.app_id}],
    }
    everybody = {"users": ["bob"], "teams": ["core"], "apps": ["selfmod"]}
    reviews = {
        "required_approving_review_count": 2,
        "dismiss_stale_reviews": True,
        "require_code_owner_reviews": False,
        "require_last_push_approval": True,
        "dismissal_restrictions": everybody,
        "bypass_pull_request_allowances": everybody,
    }
    _protect(
        stage,
        required_status_checks=checks,
        required_pull_request_reviews=reviews,
        restrictions=everybody,
        required_linear_history=True,
        allow_force_pushes=None,
    )
    stage.ask(stage.bot, "GET", place)
    stage.ask("eve", "GET", "branches/main")
    stage.ask("eve", "GET", "branches?protected=true")
    stage.ask("meg", "GET", place, None, 403)
    _protect(stage, 422, restrictions={"users": []})
    pinned = [{"context": "selfmod/gate", "app_id": stage.app.app_id}, {"context": "ci", "app_id": -1}]
    stage.ask("ada", "PATCH", f"{place}/required_status_checks", {"checks": pinned})
    stage.ask("ada", "DELETE", place, None, 204)
    stage.ask("ada", "PATCH", f"{place}/required_status_checks", {"checks": pinned}, 404)
    stage.ask("ada", "GET", "branches/nowhere/protection", None, 404)
    repository = stage.github.world.repositories[SHOP]
    repository.private, repository.paid = True, False
    stage.ask("ada", "PUT", place, {}, 403)
    repository.private, repository.paid = False, True


def _rulesets(stage: Stage) -> None:
    checks = {
        "strict_required_status_checks_policy": False,
        "required_status_checks": [{"context": "selfmod/gate", "integration_id": stage.app.app_id}],
    }
    review = {
        "dismiss_stale_reviews_on_push": False,
        "require_code_owner_review": False,
        "require_last_push_approval": False,
        "required_approving_review_count": 1,
        "required_review_thread_resolution": False,
    }
    body = {
        "name": "selfmod",
        "target": "branch",
        "enforcement": "active",
        "bypass_actors": [{"actor_id": 5, "actor_type": "RepositoryRole", "bypass_mode": "always"}],
        "conditions": {"ref_name": {"include": ["~DEFAULT_BRANCH"], "exclude": []}},
        "rules": [
            {"type": "required_status_checks", "parameters": checks},
            {"type": "pull_request", "parameters": review},
            {"type": "non_fast_forward"},
            {"type": "deletion"},
        ],
    }
    made = stage.ask("ada", "POST", "rulesets", body, 201)["id"]
    stage.ask("ada", "POST", "rulesets", body | {"name": "b", "rules": [{"type": "pull_request"}]}, 422)
    stage.ask("eve", "GET", "rulesets?per_page=5&includes_parents=true")
    stage.ask("eve", "GET", f"rulesets/{made}")
    stage.ask("ada", "GET", f"rulesets/{made}")
    stage.ask(stage.bot, "GET", "rules/branches/main?per_page=100")
    stage.ask("ada", "PUT", f"rulesets/{made}", {"enforcement": "disabled"})
    stage.ask("ada", "DELETE", f"rulesets/{made}", None, 204)
    stage.ask("ada", "GET", f"rulesets/{made}", None, 404)


def _reviews(stage: Stage) -> None:
    number = stage.pull("reviewed")["number"]
    place = f"pulls/{number}/reviews"
    made = stage.ask("bob", "POST", place, {"event": "APPROVE"})["id"]
    stage.ask("ann", "POST", place, {"event": "APPROVE"}, 422)
    stage.ask("meg", "POST", place, {"event": "REQUEST_CHANGES", "body": "No."})
    stage.ask(stage.bot, "POST", place, {"event": "COMMENT", "body": "Hm."})
    pending = stage.ask("meg", "POST", place, {"body": "Later"})["id"]
    stage.ask("meg", "POST", f"{place}/{pending}/events", {"event": "APPROVE"})
    stage.ask("eve", "GET", f"{place}?per_page=100")
    stage.ask("eve", "GET", f"{place}/{made}")
    stage.ask("meg", "PUT", f"{place}/{made}/dismissals", {"message": "Stale", "event": "DISMISS"})
    stage.ask("eve", "GET", f"{place}/1", None, 404)


def _merges(stage: Stage) -> None:
    opened = stage.pull("merged")
    number, head = opened["number"], opened["head"]["sha"]
    place = f"pulls/{number}/merge"
    stage.ask("eve", "GET", place, None, 404)
    stage.ask("eve", "PUT", place, {"sha": head}, 403)
    stage.ask("bob", "PUT", place, {"sha": "0" * 40}, 409)
    stage.ask("ann", "PUT", f"pulls/{number}/update-branch", {"expected_head_sha": head}, 422)
    stage.branch("main", "ada")
    stage.ask("ann", "PUT", f"pulls/{number}/update-branch", {"expected_head_sha": head}, 202)
    _protect(stage, required_pull_request_reviews={"required_approving_review_count": 1})
    stage.ask("bob", "PUT", place, {"merge_method": "squash"}, 405)
    stage.ask("meg", "POST", f"pulls/{number}/reviews", {"event": "APPROVE"})
    stage.ask("bob", "PUT", place, {"merge_method": "squash", "commit_title": "One", "commit_message": "Two"})
    stage.ask("eve", "GET", place, None, 204)
    stage.ask("eve", "GET", f"pulls/{number}")
    stage.ask("eve", "GET", f"issues/{number}")
    back = stage.graphql("bob", REVERT, id=opened["node_id"])["revertPullRequest"]["revertPullRequest"]["number"]
    stage.ask("eve", "GET", f"pulls/{back}")


def _auto_merge(stage: Stage) -> None:
    reviews = {"required_approving_review_count": 1, "dismiss_stale_reviews": True}
    _protect(stage, required_pull_request_reviews=reviews)
    opened = stage.pull("automatic")
    number = opened["number"]
    stage.graphql(stage.bot, ENABLE, id=opened["node_id"])
    stage.ask("eve", "GET", f"pulls/{number}")
    stage.graphql(stage.bot, DISABLE, id=opened["node_id"])
    stage.graphql("bob", ENABLE, id=opened["node_id"])
    stage.graphql("ann", DRAFT, id=opened["node_id"])
    stage.ask("meg", "POST", f"pulls/{number}/reviews", {"event": "APPROVE"})
    stage.github.push(SHOP, "automatic", {"automatic.txt": "again\n"}, by="ann")
    stage.graphql("ann", READY, id=opened["node_id"])
    stage.ask("eve", "GET", f"pulls/{number}")
    stage.ask("meg", "POST", f"pulls/{number}/reviews", {"event": "APPROVE"})
    stage.ask("eve", "GET", f"pulls/{number}/merge", None, 204)
    stage.ask("ada", "DELETE", "branches/main/protection", None, 204)


def _queue(stage: Stage) -> None:
    opened = stage.pull("queued")
    group = stage.github.queue(SHOP, opened["number"], by="bob")
    found = stage.graphql(stage.bot, QUEUED, id=opened["node_id"])["node"]
    assert found["isInMergeQueue"] and found["mergeQueueEntry"]["headCommit"]["oid"] == group
    stage.graphql(stage.bot, DEQUEUE, id=opened["node_id"])
    assert not stage.graphql(stage.bot, QUEUED, id=opened["node_id"])["node"]["isInMergeQueue"]


def _commits(stage: Stage) -> None:
    head = stage.branch("committed")
    added = {"path": "made.txt", "contents": base64.b64encode(b"made\n").decode()}
    given = {
        "branch": {"repositoryNameWithOwner": SHOP, "branchName": "committed"},
        "expectedHeadOid": head,
        "message": {"headline": "Made by the App"},
        "fileChanges": {"additions": [added]},
    }
    made = stage.graphql(stage.bot, COMMIT, input=given)["createCommitOnBranch"]["commit"]["oid"]
    assert stage.ask("eve", "GET", f"commits/{made}")["commit"]["verification"]["verified"] is True
    stage.ask("eve", "GET", f"git/commits/{made}")
    stage.github.delete_branch(SHOP, "committed", by="ann")
