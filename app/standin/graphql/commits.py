"""Commits through GraphQL: files on a branch as one signed commit, and a merged pull request taken back.

Sources: https://docs.github.com/en/graphql/reference/mutations#createcommitonbranch and #revertpullrequest"""

import base64
import binascii
from typing import Any

from app.standin import moves, opening
from app.standin.git import SHA, Ident
from app.standin.graphql.mutations import Given, payload, pull_of
from app.standin.graphql.views import Commit, Payload, Ref
from app.standin.graphql.words import Told, refused, sees, writes
from app.standin.routing import Call, Problem
from app.standin.rules import merge, picking, pushes
from app.standin.rules.verdict import Merger
from app.standin.state import Repository

MOST_BYTES = 45 << 20


def create(root: Any, call: Call, input: Given) -> Payload:
    repository, branch = _branch(call, input["branch"])
    writes(call, repository, "CreateCommitOnBranch", "contents")
    git, expected = repository.git, input["expectedHeadOid"]
    tip = git.tip(branch)
    if tip is None:
        raise Told(f"Could not resolve to a node with the global id of '{branch}'.", "NOT_FOUND")
    if not SHA.fullmatch(expected) or tip != expected:
        text = f'Expected branch to point to "{expected}" but it did not. Pull and try again.'
        raise Told(text, "STALE_DATA")
    files = _files(repository, tip, input.get("fileChanges") or {"additions": [], "deletions": []})
    _may_write(call, repository, list(files))
    message = input["message"]
    text = f"{message['headline']}\n\n{message.get('body') or ''}".strip() + "\n"
    here = Ident("GitHub", merge.GITHUB, call.world.now())
    sha = git.write_commit(git.write_files(tip, files), (tip,), text, merge.ident(call.world, call.actor), here)
    if against := pushes.refusal(
        call.world, repository, f"refs/heads/{branch}", tip, sha, Merger(call.actor, call.app)
    ):
        raise refused(against)
    call.world.signed.add(sha)
    ref = f"refs/heads/{branch}"
    moves.move(call.world, repository, ref, sha, call.actor)
    return payload(input, commit=Commit(repository, sha), ref=Ref(repository, ref))


def _branch(call: Call, given: Given) -> tuple[Repository, str]:
    """By the node id of a ref, or by the names of repository and branch."""
    if given.get("id"):
        home, _, name = str(given["id"]).removeprefix("REF_").partition("_")
        found = next((each for each in call.world.repositories.values() if str(each.id) == home), None)
    else:
        name, full_name = given.get("branchName") or "", given.get("repositoryNameWithOwner") or ""
        found = call.world.repository(full_name)
    if found is None or not sees(call, found):
        raise Told("Could not resolve to a Repository.", "NOT_FOUND")
    return found, name.removeprefix("refs/heads/")


def _files(repository: Repository, tip: str, changes: Given) -> dict[str, bytes | None]:
    files: dict[str, bytes | None] = {}
    for each in changes["additions"]:
        try:
            files[_path(each["path"])] = base64.b64decode(each["contents"], validate=True)
        except binascii.Error:
            raise refused(f"The contents of {each['path']} are not valid base64.") from None
    for each in changes["deletions"]:
        path = _path(each["path"])
        entry = repository.git.entry(tip, path)
        if entry is None or entry.kind != "blob" or path in files:
            raise refused(f'A path was requested for deletion which does not exist as of commit oid `{tip}`: "{path}"')
        files[path] = None
    if not files:
        raise refused("The commit has no changes.")
    if sum(len(content or b"") for content in files.values()) > MOST_BYTES:
        raise refused("The commit is too large.")
    return files


def _path(path: str) -> str:
    """A path that git can hold; nothing that leaves the tree or lies in `.git`."""
    parts = path.split("/")
    if any(part in {"", ".", ".."} or part.casefold() == ".git" for part in parts) or "\0" in path:
        raise refused(f"{path!r} is not a valid path.")
    return path


def _may_write(call: Call, repository: Repository, paths: list[str]) -> None:
    """Workflows need a permission of their own."""
    workflow = next((path for path in paths if path.startswith(".github/workflows/")), None)
    if workflow and call.caller.kind == "installation" and not call.caller.has("workflows", "write"):
        text = (
            f"refusing to allow a GitHub App to create or update workflow `{workflow}` without `workflows` permission"
        )
        raise Told(text, "FORBIDDEN")


def revert(root: Any, call: Call, input: Given) -> Payload:
    """Takes back the whole difference that the merge brought to its base, on a new branch with a pull request."""
    pull = pull_of(call, input["pullRequestId"])
    repository = pull.repository
    writes(call, repository, "RevertPullRequest", "pull_requests", "contents")
    if pull.merged is None or pull.merge_commit is None:
        raise refused("Pull request is not merged.")
    git, branch = repository.git, f"revert-{pull.number}-{pull.head_ref}"
    if git.tip(branch) is not None:
        raise refused(f"A branch named {branch} exists already.")
    onto = git.tip(pull.base_ref)
    tree = picking.three_way(git, pull.merge_commit, onto, pull.closed_base) if onto else None
    if onto is None or tree is None or tree == git.commit(onto).tree:
        raise refused("The pull request could not be reverted automatically: it conflicts.")
    title = input.get("title") or f'Revert "{pull.issue.title}"'
    here = Ident("GitHub", merge.GITHUB, call.world.now())
    sha = git.write_commit(tree, (onto,), f"{title}\n", merge.ident(call.world, call.actor), here)
    call.world.signed.add(sha)
    moves.move(call.world, repository, f"refs/heads/{branch}", sha, call.actor)
    body = input.get("body") or f"Reverts {repository.full_name}#{pull.number}"
    try:
        made = opening.pull(
            call.world,
            repository,
            call.actor,
            head=branch,
            base=pull.base_ref,
            title=title,
            body=body,
            draft=bool(input.get("draft")),
            app=call.app,
        )
    except Problem as problem:
        raise refused(str(problem)) from None
    return payload(input, pullRequest=pull, revertPullRequest=made)


FIELDS = {"createCommitOnBranch": create, "revertPullRequest": revert}
