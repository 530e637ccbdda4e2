"""Merging and drafts through GraphQL. Auto-merge has its own test, `rules/test_auto_merge`."""

from tests.app.standin.acting import Acting, reviews

MERGE = """
mutation($id: ID!, $head: GitObjectID) {
  mergePullRequest(input: {pullRequestId: $id, expectedHeadOid: $head, clientMutationId: "7"}) {
    clientMutationId pullRequest { state }
  }
}"""
DRAFT = "mutation($id: ID!) { convertPullRequestToDraft(input: {pullRequestId: $id}) { pullRequest { isDraft } } }"
READY = "mutation($id: ID!) { markPullRequestReadyForReview(input: {pullRequestId: $id}) { pullRequest { isDraft } } }"


def test_a_merge_obeys_the_same_rules(acting: Acting) -> None:
    pull = acting.pull()
    acting.protect(required_pull_request_reviews=reviews())
    (error,) = acting.graphql("bob", MERGE, id=pull.node_id)["errors"]
    assert (error["type"], "approving review" in error["message"]) == ("UNPROCESSABLE", True)
    acting.approve("meg", pull)
    assert "modified" in acting.graphql("bob", MERGE, id=pull.node_id, head="0" * 40)["errors"][0]["message"]
    assert acting.graphql("eve", MERGE, id=pull.node_id)["errors"][0]["type"] == "FORBIDDEN"
    done = acting.graphql("bob", MERGE, id=pull.node_id, head=pull.head)["data"]["mergePullRequest"]
    assert done == {"clientMutationId": "7", "pullRequest": {"state": "MERGED"}}


def test_drafts_are_made_and_made_ready(acting: Acting) -> None:
    app, pull = acting.app(), acting.pull()
    assert acting.graphql("eve", DRAFT, id=pull.node_id)["errors"][0]["type"] == "FORBIDDEN"
    for query, expected in ((DRAFT, True), (DRAFT, True), (READY, False)):
        answer = acting.graphql("ann", query, id=pull.node_id)
        (payload,) = answer["data"].values()
        assert payload == {"pullRequest": {"isDraft": expected}}
    actions = [each.action for each in acting.github.deliveries(app) if each.event == "pull_request"]
    assert actions == ["opened", "converted_to_draft", "ready_for_review"]


DEQUEUE = """
mutation($id: ID!) { dequeuePullRequest(input: {id: $id, clientMutationId: "7"}) { clientMutationId } }"""
QUEUED = "query($id: ID!) { node(id: $id) { ... on PullRequest { isInMergeQueue mergeQueueEntry { position } } } }"


def test_who_may_takes_it_out_of_the_merge_queue(acting: Acting) -> None:
    app, pull = acting.app(), acting.pull()
    assert acting.graphql("bob", DEQUEUE, id=pull.node_id)["errors"][0]["type"] == "UNPROCESSABLE"
    acting.github.queue("acme/shop", pull.number, by="ann")
    inside = {"node": {"isInMergeQueue": True, "mergeQueueEntry": {"position": 1}}}
    assert acting.graphql("eve", QUEUED, id=pull.node_id)["data"] == inside
    reader = acting.token(app, contents="write", pull_requests="write", merge_queues="read")
    for who in ("eve", reader):
        assert acting.graphql(who, DEQUEUE, id=pull.node_id)["errors"][0]["type"] == "FORBIDDEN"
    assert acting.graphql("eve", QUEUED, id=pull.node_id)["data"] == inside
    writer = acting.token(app, contents="write", pull_requests="write", merge_queues="write")
    done = acting.graphql(writer, DEQUEUE, id=pull.node_id)["data"]["dequeuePullRequest"]
    assert done == {"clientMutationId": "7"}
    outside = {"node": {"isInMergeQueue": False, "mergeQueueEntry": None}}
    assert acting.graphql("eve", QUEUED, id=pull.node_id)["data"] == outside
    assert len(acting.github.emitted(app, "merge_group.destroyed")) == 1
