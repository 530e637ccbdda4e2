"""Merging: at once, or by GitHub itself once its demands are met; never another commit than the one that was judged.

Sources: https://docs.github.com/en/rest/pulls/pulls#merge-a-pull-request and
https://docs.github.com/en/graphql/reference/mutations#enablepullrequestautomerge. *Unverified*: which
`mergeable_state` a pull request has at the moment where GitHub refuses to arm it because it could be merged at once."""

from app.github import values
from app.github.faults import Rejected
from app.github.landing.queueing import queued
from app.github.place import Place, found_or_made
from app.model.forge import Landing, Pull
from app.model.trouble import Superseded, Unavailable

MERGE, ARM = "merge", "auto-merge"
CLEAN = ("clean", "has_hooks")
"""GitHub's states in which nothing is missing. In `unstable` a check that is not required is red, or still runs: what a
machine proposes does not go in over that."""
ENABLE = """
mutation ($input: EnablePullRequestAutoMergeInput!) {
  enablePullRequestAutoMerge(input: $input) { pullRequest { number } }
}
"""
DISABLE = """
mutation ($input: DisablePullRequestAutoMergeInput!) {
  disablePullRequestAutoMerge(input: $input) { pullRequest { number } }
}
"""


def one(place: Place, number: int) -> Pull:
    """The pull request as it is now."""
    return values.pull(place.get("pull requests", f"pulls/{int(number)}"), place.repository)


def merge(place: Place, number: int, head: str, method: str, title: str) -> Landing:
    """Merges at once, if the head is still this commit. `method` is `merge`, `squash` or `rebase`, `title` the first
    line of a merge or squash commit (empty: GitHub's own). Raises Superseded where the head is another one."""

    def look() -> Landing | None:
        pull = one(place, number)
        if pull.merged and pull.head == head:
            return Landing.merged(pull.merge_commit)
        if pull.head != head or not pull.open:
            raise Superseded
        return None

    def make() -> Landing:
        sent = {"sha": head, "merge_method": method}
        if title and method != "rebase":
            sent["commit_title"] = values.line(title)
        try:
            data = place.send(MERGE, "PUT", f"pulls/{int(number)}/merge", sent)
        except Rejected as error:
            if error.status == 409 and (found := look()) is not None:
                return found
            if error.status not in (403, 405, 409, 422):
                raise
            if values.at(place.get("pull requests", f"pulls/{int(number)}"), "mergeable") is None:
                raise Unavailable(f"GitHub still computes whether pull request {number} can be merged.", 3.0) from None
            return Landing.waits(error.reason)
        return Landing.merged(values.text(data, "sha"))

    return found_or_made(look, make)


def arm(place: Place, number: int, head: str, method: str, title: str) -> Landing:
    """Has GitHub merge it once all that the branch requires is there; merges at once what could be merged already,
    which GitHub does not arm, and does not let arm where auto-merge is switched off. Raises Superseded where the head
    is another one."""
    data = place.get("pull requests", f"pulls/{int(number)}")
    pull = values.pull(data, place.repository)
    if pull.merged and pull.head == head:
        return Landing.merged(pull.merge_commit)
    if pull.head != head or not pull.open:
        raise Superseded
    if pull.armed:
        return Landing.armed()
    wanted = {"pullRequestId": values.text(data, "node_id"), "mergeMethod": method.upper(), "expectedHeadOid": head}
    if title and method != "rebase":
        wanted["commitHeadline"] = values.line(title)
    try:
        place.graphql(ARM, ENABLE, {"input": wanted})
    except Rejected as error:
        data = place.get("pull requests", f"pulls/{int(number)}")
        now = values.pull(data, place.repository)
        if now.head != head or not now.open:
            raise Superseded from None
        if queued(place, number):  # no longer armed: that brought it there
            return Landing.armed()
        if values.text(data, "mergeable_state") in CLEAN:  # nothing to wait for, or auto-merge is switched off there
            return merge(place, number, head, method, title)
        return Landing.waits(error.reason)
    return Landing.armed()


def disarm(place: Place, number: int) -> bool:
    """Takes auto-merge back, and returns whether it was armed."""
    data = place.get("pull requests", f"pulls/{int(number)}")
    if not values.pull(data, place.repository).armed:
        return False
    try:
        place.graphql(ARM, DISABLE, {"input": {"pullRequestId": values.text(data, "node_id")}})
    except Rejected:
        if one(place, number).armed:
            raise
    return True
