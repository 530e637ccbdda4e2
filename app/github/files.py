"""Files and branches of a repository through the API: reading one, and a commit that GitHub signs."""

import base64
import binascii
import hashlib
import re
from collections.abc import Sequence
from typing import Any

from app.github import values
from app.github.faults import Rejected
from app.github.place import Place, found_or_made
from app.model.forge import FileEdit, Grouped
from app.model.trouble import Doubtful, Gone
from checks.model.errors import Refusal
from checks.repository.paths import fault

READ, WRITE = "contents", "contents: write"
COMMIT = """
mutation ($input: CreateCommitOnBranchInput!) {
  createCommitOnBranch(input: $input) { commit { oid } }
}
"""
_QUEUED = re.compile(r"refs/heads/gh-readonly-queue/(?P<base>.+)/pr-(?:(?P<number>\d{1,9})-)?[^/]+")
COMPARED = 300
"""Files that a comparison shows at most."""


def file(place: Place, path: str, ref: str) -> bytes | None:
    """A file of a commit or branch (empty: the default one), None where there is none; folders and submodules are none.

    Raises Gone for a commit that is not there, Refusal for a file that the API does not give (over 1 MiB)."""
    data = _entry(place, path, ref)
    if data is None or values.text(data, "type") != "file":
        return None
    if values.text(data, "encoding") != "base64":
        size = values.number(data, "size")
        raise Refusal(f"{path} has {size} bytes, which is more than is read through the API.", "Make it smaller.")
    try:
        return base64.b64decode(values.text(data, "content"))
    except (ValueError, binascii.Error):
        raise Doubtful(f"GitHub's answer for {path} cannot be decoded.") from None


def _entry(place: Place, path: str, ref: str) -> Any:
    if why := fault(path):
        raise Refusal(f"{path!r} is no path of a file: {why}.")
    try:
        return place.get(READ, f"contents/{values.path(path)}", **({"ref": ref} if ref else {}))
    except Gone as error:
        if "No commit found" in str(error):
            raise
        return None


def tip(place: Place, name: str) -> str | None:
    """The commit at the tip of a branch, None where there is no such branch."""
    try:
        data = place.get(READ, f"git/ref/heads/{values.path(name)}")
    except Gone:
        return None
    except Rejected as error:
        if error.status == 409:  # an empty repository
            return None
        raise
    return values.text(data, "object", "sha") or None


def groups(place: Place) -> tuple[Grouped, ...]:
    """The groups of all merge queues. *Unverified*: the names of the temporary branches, which GitHub documents only as
    far as `gh-readonly-queue/{base branch}`; webhooks show the rest."""
    found = [
        (_QUEUED.fullmatch(values.text(each, "ref")), values.text(each, "object", "sha"))
        for each in place.pages(READ, "git/matching-refs/heads/gh-readonly-queue/")
    ]
    return tuple(Grouped(match["base"], int(match["number"] or 0), head) for match, head in found if match)


def commit(place: Place, branch: str, base: str, edits: Sequence[FileEdit], message: str) -> str:
    """A commit on top of `base` at the tip of a branch, which is made where it is not there. Returns the commit: the
    one that is there already where an earlier try got that far.

    Raises Refusal where the branch has something else on it: nothing of anybody's is overwritten."""
    for each in edits:
        if why := fault(each.path):
            raise Refusal(f"{each.path!r} is no path of a file: {why}.")

    def look() -> str | None:
        there = tip(place, branch)
        if there is None:
            found_or_made(lambda: tip(place, branch), lambda: _made(place, branch, base))
            there = tip(place, branch)
        if there == base:
            return None
        if there is None or not _same(place, base, there, edits):
            raise Refusal(f"the branch {branch} is there and holds something else.", "Delete it, or name another one.")
        return there

    def make() -> str:
        try:
            data = place.graphql(WRITE, COMMIT, {"input": _input(place, branch, base, edits, message)})
        except Rejected:
            # the branch moved: to our own commit if another process made it, else `look` refuses
            if (there := look()) is None:
                raise
            return there
        oid = values.text(data, "createCommitOnBranch", "commit", "oid")
        if not oid:
            raise Doubtful("GitHub's answer does not name the commit.")
        return oid

    return found_or_made(look, make)


def _made(place: Place, branch: str, base: str) -> str:
    try:
        data = place.send(WRITE, "POST", "git/refs", {"ref": f"refs/heads/{branch}", "sha": base})
    except Rejected as error:
        if error.status != 422 or (there := tip(place, branch)) is None:
            raise
        return there
    return values.text(data, "object", "sha")


def _input(place: Place, branch: str, base: str, edits: Sequence[FileEdit], message: str) -> dict[str, Any]:
    headline, _, rest = message.partition("\n")
    additions = [
        {"path": each.path, "contents": base64.b64encode(each.content).decode()}
        for each in edits
        if each.content is not None
    ]
    return {
        "branch": {"repositoryNameWithOwner": place.repository, "branchName": branch},
        "expectedHeadOid": base,
        "message": {"headline": values.line(headline), "body": values.body(rest.strip())},
        "fileChanges": {
            "additions": additions,
            "deletions": [{"path": each.path} for each in edits if each.content is None],
        },
    }


def _same(place: Place, base: str, there: str, edits: Sequence[FileEdit]) -> bool:
    """Whether a commit is one step from `base`, or from an ancestor of it (the target branch went on since the first
    try), and holds just these edits."""
    try:
        data = place.get(READ, f"compare/{values.segment(base)}...{values.segment(there)}", per_page=100)
    except (Gone, Rejected):
        return False
    before = values.text(data, "merge_base_commit", "sha")
    if values.number(data, "ahead_by") != 1 or not before:
        return False
    files = values.items(data, "files")
    wanted = {each.path: None if each.content is None else blob(each.content) for each in edits}
    changed: dict[str, str | None] = {}
    for each in files:
        changed[values.text(each, "filename")] = (
            None if values.text(each, "status") == "removed" else values.text(each, "sha")
        )
        if renamed := values.text(each, "previous_filename"):
            changed[renamed] = None
    if len(files) >= COMPARED or not changed.items() <= wanted.items():
        return False
    # what is asked for and did not change was so before
    return all(_blob(place, path, before) == sha for path, sha in wanted.items() if path not in changed)


def blob(content: bytes) -> str:
    """git's name for a file's content."""
    return hashlib.sha1(b"blob %d\0" % len(content) + content, usedforsecurity=False).hexdigest()


def _blob(place: Place, path: str, ref: str) -> str | None:
    return values.text(_entry(place, path, ref), "sha") or None
