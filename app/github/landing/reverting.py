"""Taking a merged pull request back as GitHub itself does, and closing and tidying up.

Source: https://docs.github.com/en/graphql/reference/mutations#revertpullrequest. *Unverified*: what GitHub calls the
branch of the revert (`revert-NUMBER-BRANCH`), by which one that an earlier try made is found."""

from collections.abc import Callable

from app.github import values
from app.github.faults import Rejected
from app.github.landing.merging import one
from app.github.place import Place, found_or_made
from app.model.forge import Pull
from app.model.trouble import Gone

REVERT = """
mutation ($input: RevertPullRequestInput!) {
  revertPullRequest(input: $input) { revertPullRequest { number } }
}
"""


def revert(place: Place, number: int, title: str, body: str, own: Callable[[Pull], bool]) -> Pull | None:
    """The open pull request that takes a merged one back: the one that is there, or a new one. None where GitHub
    cannot make one. `own` tells whether this App opened one: a branch of that name is anybody's to make."""
    data = place.get("pull requests", f"pulls/{int(number)}")
    branch = f"revert-{int(number)}-{values.text(data, 'head', 'ref')}"
    base = values.text(data, "base", "ref")

    def look() -> Pull | None:
        head = f"{place.owner}:{branch}"
        for each in place.pages("pull requests", "pulls", state="open", head=head, base=base):
            found = values.pull(each, place.repository)
            if found.head_ref == branch and not found.from_fork and own(found):
                return found
        return None

    def make() -> Pull | None:
        wanted = {
            "pullRequestId": values.text(data, "node_id"),
            "title": values.line(title),
            "body": values.body(body),
        }
        try:
            made = place.graphql("revert", REVERT, {"input": wanted})
        except Rejected:
            return look()
        found = values.number(made, "revertPullRequest", "revertPullRequest", "number")
        return one(place, found) if found else look()

    def looked() -> tuple[Pull | None] | None:
        there = look()
        return (there,) if there is not None else None

    return found_or_made(looked, lambda: (make(),))[0]


def close(place: Place, number: int) -> None:
    """Closes a pull request; one that is closed stays so."""
    place.send("pull requests: write", "PATCH", f"pulls/{int(number)}", {"state": "closed"}, repeatable=True)


def edit(place: Place, number: int, title: str, body: str) -> None:
    """Replaces what a pull request says of itself."""
    sent = {"title": values.line(title), "body": values.body(body)}
    place.send("pull requests: write", "PATCH", f"pulls/{int(number)}", sent, repeatable=True)


def delete_branch(place: Place, name: str) -> None:
    """Removes a branch; one that is not there is no fault."""
    try:
        place.send("contents: write", "DELETE", f"git/refs/heads/{values.path(name)}", repeatable=True)
    except Gone:
        return
    except Rejected as error:
        if error.status != 422:
            raise


def move_branch(place: Place, name: str, expected: str, commit: str) -> bool:
    """Points a branch at another commit if it is still where it was expected, and returns whether it is there now.
    GitHub has no such call with a condition: between the look and the write somebody may push, which takes that push
    off the branch (not out of GitHub); so this is for branches of selfmod's own alone."""
    data = place.get("contents", f"git/ref/heads/{values.path(name)}")
    there = values.text(data, "object", "sha")
    if there == commit:
        return True
    if there != expected:
        return False
    sent = {"sha": commit, "force": True}
    place.send("contents: write", "PATCH", f"git/refs/heads/{values.path(name)}", sent, repeatable=True)
    return True
