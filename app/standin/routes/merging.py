"""Merging through REST: directly; whether it is merged; the base merged into the head.

Source: https://docs.github.com/en/rest/pulls/pulls"""

from app.standin import moves
from app.standin.git import Ident
from app.standin.routing import Answer, Call, Problem, Route, forbidden, gone
from app.standin.rules import merge as merging
from app.standin.rules import picking
from app.standin.rules.merge import Wish
from app.standin.rules.picking import Message
from app.standin.rules.verdict import Merger
from app.standin.state import ROLES


def merge(call: Call) -> Answer:
    body = call.body
    wish = Wish(
        body.get("merge_method") or "merge",
        body.get("commit_title") or "",
        body.get("commit_message"),
        body.get("sha"),
    )
    made = merging.merge(call.world, call.pull(), Merger(call.actor, call.app), wish)
    return Answer({"sha": made, "merged": True, "message": "Pull Request successfully merged"})


def is_merged(call: Call) -> Answer:
    if call.pull().merged is None:
        raise gone()
    return Answer(status=204)


def update_branch(call: Call) -> Answer:
    """The base is merged into the head; GitHub does so in the background and answers 202."""
    pull, world = call.pull(), call.world
    wanted = call.body.get("expected_head_sha", pull.head)
    if wanted != pull.head:
        raise Problem(422, "expected head sha didn't match current head ref.")
    home = pull.head_repository
    if home is None or not pull.open:
        raise Problem(422, "Cannot update this pull request's branch")
    if call.app is None and ROLES.index(world.role(home, call.login)) < ROLES.index("write"):
        raise forbidden("Must have write access to the head repository.")
    message = Message(f"Merge branch '{pull.base_ref}' into {pull.head_ref}", "")
    git, here = pull.repository.git, Ident("GitHub", merging.GITHUB, world.now())
    if git.is_ancestor(pull.base_sha, pull.head):
        raise Problem(422, "There are no new commits on the base branch.")
    made = picking.merged(git, pull.head, pull.base_sha, message, merging.ident(world, call.actor), here)
    if made is None:
        raise Problem(422, "merge conflict between base and head")
    world.signed.add(made)
    home.git.fetch(git, made, f"refs/pull/{pull.number}/update")
    moves.move(world, home, f"refs/heads/{pull.head_ref}", made, call.actor)
    url = f"{world.web_url}/{pull.repository.full_name}/pull/{pull.number}"
    return Answer({"message": "Updating pull request branch.", "url": url}, status=202)


_PATH = "/repos/{owner}/{repo}/pulls/{number}"

ROUTES = (
    Route(
        "PUT",
        f"{_PATH}/merge",
        "contents:write",
        merge,
        body=("commit_title", "commit_message", "sha", "merge_method"),
        role="write",
    ),
    Route("GET", f"{_PATH}/merge", "contents:read", is_merged),
    Route(
        "PUT", f"{_PATH}/update-branch", "pull_requests:write", update_branch, body=("expected_head_sha",), role="read"
    ),
)
