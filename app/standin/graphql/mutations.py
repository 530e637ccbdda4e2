"""What GraphQL can do here: arm and disarm auto-merge, merge, draft and ready. Commits and reverts are in `commits`,
the merge queue in `queueing`.

Sources: https://docs.github.com/en/graphql/reference/mutations. The message where `expectedHeadOid` is not the head is
*unverified*."""

from typing import Any

from app.standin import moves
from app.standin.graphql.views import Payload
from app.standin.graphql.words import Told, missing, refused, sees, writes
from app.standin.routing import Call, Problem
from app.standin.rules import auto_merge, merge
from app.standin.rules.merge import HEAD_MOVED, Wish
from app.standin.rules.verdict import Merger
from app.standin.state import Pull

Given = dict[str, Any]


def pull_of(call: Call, number: str) -> Pull:
    """The pull request of a node id, if the caller may see it."""
    found = call.world.nodes.get(number)
    if not isinstance(found, Pull) or not sees(call, found.repository):
        raise missing(number)
    return found


def payload(given: Given, **fields: Any) -> Payload:
    return Payload({"clientMutationId": given.get("clientMutationId"), **fields})


def _wish(given: Given) -> Wish:
    return Wish(
        given["mergeMethod"].lower(),
        given.get("commitHeadline") or "",
        given.get("commitBody"),
        given.get("expectedHeadOid"),
    )


def enable(root: Any, call: Call, input: Given) -> Payload:
    pull = pull_of(call, input["pullRequestId"])
    writes(call, pull.repository, "EnablePullRequestAutoMerge", "pull_requests", "contents")
    wish = _wish(input)
    if wish.sha is not None and wish.sha != pull.head:
        raise refused(HEAD_MOVED)
    if not pull.repository.settings.get(merge.ALLOWED[wish.method], True):
        raise refused(f"{merge.NAMES[wish.method]} are not allowed on this repository.")
    if why := auto_merge.refusal(call.world, pull):
        raise refused(why)
    merge.arm(call.world, pull, call.actor, wish)
    return payload(input, actor=call.actor, pullRequest=pull)


def disable(root: Any, call: Call, input: Given) -> Payload:
    pull = pull_of(call, input["pullRequestId"])
    writes(call, pull.repository, "DisablePullRequestAutoMerge", "pull_requests", "contents")
    if not pull.auto_merge:
        raise refused("Can't disable auto-merge for this pull request.")
    merge.disarm(call.world, pull, call.actor, "Auto-merge was disabled by user")
    return payload(input, actor=call.actor, pullRequest=pull)


def merge_now(root: Any, call: Call, input: Given) -> Payload:
    pull = pull_of(call, input["pullRequestId"])
    writes(call, pull.repository, "MergePullRequest", "contents")
    try:
        merge.merge(call.world, pull, Merger(call.actor, call.app), _wish(input))
    except Problem as problem:
        raise refused(str(problem)) from None
    return payload(input, actor=call.actor, pullRequest=pull)


def ready(root: Any, call: Call, input: Given) -> Payload:
    return _draft(call, input, False)


def to_draft(root: Any, call: Call, input: Given) -> Payload:
    return _draft(call, input, True)


def _draft(call: Call, given: Given, draft: bool) -> Payload:
    """The author may, and whoever has write access."""
    pull = pull_of(call, given["pullRequestId"])
    if pull.author is not call.actor:
        writes(call, pull.repository, "MarkPullRequestReadyForReview", "pull_requests")
    if not pull.open:
        raise Told("Pull request is closed", "UNPROCESSABLE")
    moves.set_draft(call.world, pull, draft, call.actor)
    return payload(given, pullRequest=pull)


FIELDS = {
    "convertPullRequestToDraft": to_draft,
    "disablePullRequestAutoMerge": disable,
    "enablePullRequestAutoMerge": enable,
    "markPullRequestReadyForReview": ready,
    "mergePullRequest": merge_now,
}
