"""Branches and refs."""

from typing import Any

from app.standin import moves
from app.standin.git import SHA, ZERO
from app.standin.routing import Answer, Call, Problem, Route, gone
from app.standin.rules import required
from app.standin.shapes import commits, repositories


def list_branches(call: Call) -> Answer:
    one = call.repository
    found = [(ref.removeprefix("refs/heads/"), sha) for ref, sha in one.git.refs("refs/heads/").items()]
    if call.query.get("protected") in {"true", "false"}:
        found = [each for each in found if _protected(call, each[0]) == (call.query["protected"] == "true")]
    return call.paged(found, lambda each: _branch(call, *each))


def _protected(call: Call, name: str) -> bool:
    return required.is_protected(call.repository, name)


def _branch(call: Call, name: str, sha: str) -> dict[str, Any]:
    url = f"{call.world.url}/repos/{call.repository.full_name}"
    return {
        "name": name,
        "commit": {"sha": sha, "url": f"{url}/commits/{sha}"},
        "protected": _protected(call, name),
        "protection_url": f"{url}/branches/{name}/protection",
    }


def get_branch(call: Call) -> Answer:
    one, name = call.repository, call.params["branch"]
    sha = one.git.tip(name)
    if sha is None:
        raise Problem(404, "Branch not found")
    web = f"{call.world.web_url}/{one.full_name}/tree/{name}"
    url = f"{call.world.url}/repos/{one.full_name}/branches/{name}"
    on = _protected(call, name)
    demands = required.demands(one, name)
    wanted = [check for demand in demands if not demand.ruleset for check in demand.checks]
    level = "off" if not wanted else "non_admins" if any(demand.admins_pass for demand in demands) else "everyone"
    protection = {
        "enabled": on,
        "required_status_checks": {
            "enforcement_level": level,
            "contexts": [context for context, _ in wanted],
            "checks": [{"context": context, "app_id": app} for context, app in wanted],
        },
    }
    return Answer(
        _branch(call, name, sha)
        | {
            "commit": commits.commit(call.world, one, sha),
            "_links": {"self": url, "html": web},
            "protection": protection,
        }
    )


def _name(call: Call) -> str:
    return f"refs/{call.params['ref'].removeprefix('refs/')}"


def get_ref(call: Call) -> Answer:
    name = _name(call)
    sha = call.repository.git.refs(name).get(name)
    if sha is None:
        raise gone()
    return Answer(repositories.ref(call.world, call.repository, name, sha))


def matching_refs(call: Call) -> Answer:
    wanted = _name(call)
    found = [(name, sha) for name, sha in call.repository.git.refs().items() if name.startswith(wanted)]
    return call.paged(found, lambda each: repositories.ref(call.world, call.repository, *each))


def create_ref(call: Call) -> Answer:
    name, sha = call.want("ref", str), call.want("sha", str)
    git = call.repository.git
    if not name.startswith("refs/") or name.count("/") < 2 or not git.is_valid_ref(name):
        raise Problem(
            422, "Reference name is invalid" if name.startswith("refs/") else "Reference name must be fully-qualified"
        )
    if name.startswith("refs/pull/"):
        raise Problem(422, "Reference update failed")
    _object(call, sha)
    if name in git.refs(name):
        raise Problem(422, "Reference already exists")
    moves.asked(call.world, call.repository, name, sha, call.actor)
    return Answer(repositories.ref(call.world, call.repository, name, sha), 201)


def _object(call: Call, sha: str) -> None:
    """It must be a commit that is there."""
    if not SHA.fullmatch(sha):
        raise Problem(422, "The sha parameter must be exactly 40 characters and contain only [0-9a-f].")
    if call.repository.git.kind(sha) != "commit":
        raise Problem(422, "Object does not exist")


def update_ref(call: Call) -> Answer:
    """Without `force` only forwards."""
    name, sha, force = _name(call), call.want("sha", str), call.maybe("force", bool) or False
    git = call.repository.git
    old = git.refs(name).get(name)
    if old is None:
        raise Problem(422, "Reference does not exist")
    _object(call, sha)
    if not force and not git.is_ancestor(old, sha):
        raise Problem(422, "Update is not a fast forward")
    moves.asked(call.world, call.repository, name, sha, call.actor)
    return Answer(repositories.ref(call.world, call.repository, name, sha))


def delete_ref(call: Call) -> Answer:
    name = _name(call)
    if name not in call.repository.git.refs(name):
        raise Problem(422, "Reference does not exist")
    if name == f"refs/heads/{call.repository.default_branch}":
        raise Problem(422, "Cannot delete the default branch")
    moves.asked(call.world, call.repository, name, ZERO, call.actor)
    return Answer(status=204)


ROUTES = (
    Route("GET", "/repos/{owner}/{repo}/branches", "contents:read", list_branches),
    Route("GET", "/repos/{owner}/{repo}/git/ref/{ref:path}", "contents:read", get_ref),
    Route("GET", "/repos/{owner}/{repo}/git/matching-refs/{ref:path}", "contents:read", matching_refs),
    Route("POST", "/repos/{owner}/{repo}/git/refs", "contents:write", create_ref, ("ref", "sha")),
    Route("PATCH", "/repos/{owner}/{repo}/git/refs/{ref:path}", "contents:write", update_ref, ("sha", "force")),
    Route("DELETE", "/repos/{owner}/{repo}/git/refs/{ref:path}", "contents:write", delete_ref),
)
LATE = (Route("GET", "/repos/{owner}/{repo}/branches/{branch:path}", "contents:read", get_branch),)
"""Tried last: a branch's name has slashes, and other routes lie beneath it."""
