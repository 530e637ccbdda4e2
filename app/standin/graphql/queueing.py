"""What GraphQL shows of the merge queue, and leaving it.

*Unverified*: that the head commit of an entry is that of its group, which permissions leaving wants, and the words
where a pull request stands in no queue."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from app.standin import opening
from app.standin.graphql.mutations import Given, payload, pull_of
from app.standin.graphql.views import Commit, Payload
from app.standin.graphql.words import refused, writes
from app.standin.routing import Call
from app.standin.state import Pull


@dataclass(frozen=True)
class Entry:
    """The place of a pull request in the queue; `sha` is the commit of its group."""

    pull: Pull
    ref: str
    sha: str


def entry(one: Pull) -> Entry | None:
    """Where it stands."""
    git = one.repository.git
    found = next((ref for ref, pull in one.repository.queue.items() if pull is one), None)
    return Entry(one, found, git.refs(found)[found]) if found else None


def _position(one: Entry) -> int:
    """The first is 1."""
    into = [ref for ref, pull in one.pull.repository.queue.items() if pull.base_ref == one.pull.base_ref]
    return into.index(one.ref) + 1


def _base(one: Entry) -> Commit:
    repository = one.pull.repository
    return Commit(repository, repository.git.commit(one.sha).parents[0])


def dequeue(root: Any, call: Call, input: Given) -> Payload:
    pull = pull_of(call, input["id"])
    writes(call, pull.repository, "DequeuePullRequest", "pull_requests", "contents", "merge_queues")
    if entry(pull) is None:
        raise refused("Pull request is not in the merge queue")
    opening.leave_queue(call.world, pull, call.actor)
    return payload(input, mergeQueueEntry=None)


ENTRY: dict[str, Callable[..., Any]] = {
    "baseCommit": lambda one, call: _base(one),
    "headCommit": lambda one, call: Commit(one.pull.repository, one.sha),
    "id": lambda one, call: f"MQE_{one.pull.id}",
    "position": lambda one, call: _position(one),
    "pullRequest": lambda one, call: one.pull,
}
PULL: dict[str, Callable[..., Any]] = {
    "isInMergeQueue": lambda one, call: entry(one) is not None,
    "mergeQueueEntry": lambda one, call: entry(one),
}
"""What a pull request has beside all else."""
FIELDS = {"dequeuePullRequest": dequeue}
