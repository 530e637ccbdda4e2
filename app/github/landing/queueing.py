"""GitHub's merge queue: who stands in it, and taking one out.

Source: GitHub's public GraphQL schema (`PullRequest.isInMergeQueue`, `dequeuePullRequest`), as
https://docs.github.com/en/graphql/reference/mutations#dequeuepullrequest shows it. *Unverified*: which permissions the
mutation wants of an App, which GitHub does not document. `merge_queues` is described as that "to manage the merge
queues", so it is asked for to write, and the token has what merging needs beside it."""

from app.github import values
from app.github.faults import Rejected
from app.github.place import Place

READ, QUEUE = "pull requests", "merge queue"
LOOK = """
query ($owner: String!, $name: String!, $number: Int!) {
  repository(owner: $owner, name: $name) { pullRequest(number: $number) { id isInMergeQueue } }
}
"""
DEQUEUE = """
mutation ($input: DequeuePullRequestInput!) {
  dequeuePullRequest(input: $input) { clientMutationId }
}
"""
_UNKNOWN = "'isInMergeQueue' doesn't exist"
"""What an older GitHub Enterprise Server says of the field: it has no merge queues."""


def queued(place: Place, number: int) -> str:
    """The node id of a pull request that stands in a merge queue, empty where it does not. Raises Gone."""
    name = place.repository.partition("/")[2]
    variables = {"owner": place.owner, "name": name, "number": int(number)}
    try:
        data = place.graphql(READ, LOOK, variables)
    except Rejected as error:
        if _UNKNOWN in error.said:
            return ""
        raise
    pull = values.at(data, "repository", "pullRequest")
    return values.text(pull, "id") if values.at(pull, "isInMergeQueue") is True else ""


def dequeue(place: Place, number: int) -> bool:
    """Takes it out of the merge queue, and returns whether it stood in one. Raises Rejected where that is not let."""
    node = queued(place, number)
    if not node:
        return False
    try:
        place.graphql(QUEUE, DEQUEUE, {"input": {"id": node}})
    except Rejected:
        if queued(place, number):
            raise
    return True
