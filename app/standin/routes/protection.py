"""Protection of branches, the older form: PUT, GET and DELETE, exactly as GitHub wants it, and the PATCH of its checks.

Source: https://docs.github.com/en/rest/branches/branch-protection. That `contexts` and `checks` together make one
requirement of each name is *unverified*."""

from typing import Any

from app.standin.routing import Answer, Call, Problem, Route
from app.standin.rules.required import ANY_APP
from app.standin.shapes.apps import integration
from app.standin.shapes.people import team, user
from app.standin.state import App, Repository

NEEDED = ("required_status_checks", "enforce_admins", "required_pull_request_reviews", "restrictions")
SWITCHES = (
    "required_linear_history",
    "allow_force_pushes",
    "allow_deletions",
    "block_creations",
    "required_conversation_resolution",
    "lock_branch",
    "allow_fork_syncing",
)
UPGRADE = "Upgrade to GitHub Pro or make this repository public to enable this feature."


def paid(call: Call) -> None:
    """Raises GitHub's 403 where the plan of a private repository has neither protection nor rulesets."""
    if call.repository.private and not call.repository.paid:
        raise Problem(403, UPGRADE)


def _branch(call: Call) -> str:
    branch = call.params["branch"]
    if call.repository.git.tip(branch) is None:
        raise Problem(404, "Branch not found")
    return branch


def get(call: Call) -> Answer:
    paid(call)
    branch = _branch(call)
    if branch not in call.repository.protection:
        raise Problem(404, "Branch not protected")
    return Answer(shape(call, branch))


def put(call: Call) -> Answer:
    paid(call)
    branch = _branch(call)
    call.repository.protection[branch] = _read(call)
    return Answer(shape(call, branch))


def patch_checks(call: Call) -> Answer:
    """Required checks alone: what is not named stays. That `checks` goes before `contexts` is *unverified*."""
    paid(call)
    kept = call.repository.protection.get(_branch(call))
    if kept is None:
        raise Problem(404, "Branch not protected")
    if kept["required_status_checks"] is None:
        raise Problem(404, "Required status checks not enabled")
    before = kept["required_status_checks"]
    if "checks" in call.body:
        named = {"contexts": [], "checks": call.body["checks"]}
    elif "contexts" in call.body:
        named = {"contexts": call.body["contexts"]}
    else:
        stays = [each | {"app_id": each["app_id"] or ANY_APP} for each in before["checks"]]
        named = {"contexts": [], "checks": stays}
    strict = call.body.get("strict", before["strict"])
    kept["required_status_checks"] = _read_checks(call.repository, {"strict": strict, **named})
    return Answer(shape(call, call.params["branch"])["required_status_checks"])


def delete(call: Call) -> Answer:
    paid(call)
    if call.repository.protection.pop(_branch(call), None) is None:
        raise Problem(404, "Branch not protected")
    return Answer(status=204)


def _wrong(text: str) -> Problem:
    return Problem(422, f"Invalid request.\n\n{text}")


def _read(call: Call) -> dict[str, Any]:
    """The body as it is kept: `checks` filled in, `app_id` None where any App will do."""
    body: dict[str, Any] = call.body
    if missing := [f'"{name}"' for name in NEEDED if name not in body]:
        raise _wrong(f"{', '.join(missing)} {'was' if len(missing) == 1 else 'were'}n't supplied.")
    for name in ("enforce_admins", *SWITCHES):
        if not isinstance(body.get(name), bool | None):
            raise _wrong(f"For '/{name}', {body[name]!r} is not a boolean.")
    for name in ("required_status_checks", "required_pull_request_reviews", "restrictions"):
        if not isinstance(body[name], dict | None):
            raise _wrong(f"For '/{name}', {body[name]!r} is not an object.")
    if body["restrictions"] is not None:
        _read_restrictions(call, body["restrictions"])
    reviews = body["required_pull_request_reviews"]
    if reviews is not None and not 0 <= reviews.get("required_approving_review_count", 1) <= 6:
        raise _wrong("For '/required_approving_review_count', the count must be between 0 and 6.")
    return body | {"required_status_checks": _read_checks(call.repository, body["required_status_checks"])}


def _read_checks(repository: Repository, value: dict[str, Any] | None) -> dict[str, Any] | None:
    if value is None:
        return None
    if missing := [f'"{name}"' for name in ("strict", "contexts") if name not in value]:
        raise _wrong(f"{', '.join(missing)} {'was' if len(missing) == 1 else 'were'}n't supplied.")
    checks = []
    for each in value.get("checks", ()):
        if not isinstance(each, dict) or not isinstance(each.get("context"), str):
            raise _wrong("For '/checks', \"context\" wasn't supplied.")
        number = each.get("app_id", _latest_app(repository, each["context"]))
        checks.append({"context": each["context"], "app_id": None if number == ANY_APP else number})
    named = {each["context"] for each in checks}
    checks += [{"context": name, "app_id": None} for name in value["contexts"] if name not in named]
    return {"strict": value["strict"], "checks": checks}


def _latest_app(repository: Repository, name: str) -> int | None:
    """Who set this check last: GitHub pins it where no App is named."""
    runs = [run for run in repository.runs if run.name == name]
    return max(runs, key=lambda run: run.id).suite.app.id if runs else None


def _read_restrictions(call: Call, value: dict[str, Any]) -> None:
    if call.repository.owner.kind != "Organization":
        raise Problem(
            422,
            "Validation Failed",
            ["Only organization repositories can have users and team restrictions"],
        )
    if missing := [f'"{name}"' for name in ("users", "teams") if name not in value]:
        raise _wrong(f"{', '.join(missing)} {'was' if len(missing) == 1 else 'were'}n't supplied.")


# ── as GitHub shows it ──


def shape(call: Call, branch: str) -> dict[str, Any]:
    """GitHub's `branch-protection`."""
    kept = call.repository.protection[branch]
    url = f"{call.world.url}/repos/{call.repository.full_name}/branches/{branch}/protection"
    shown: dict[str, Any] = {
        "url": url,
        "enforce_admins": {"url": f"{url}/enforce_admins", "enabled": bool(kept["enforce_admins"])},
        "required_signatures": {"url": f"{url}/required_signatures", "enabled": False},
    }
    shown |= {name: {"enabled": bool(kept.get(name))} for name in SWITCHES}
    if (checks := kept["required_status_checks"]) is not None:
        shown["required_status_checks"] = {
            "url": f"{url}/required_status_checks",
            "strict": checks["strict"],
            "contexts": [each["context"] for each in checks["checks"]],
            "contexts_url": f"{url}/required_status_checks/contexts",
            "checks": checks["checks"],
        }
    if (reviews := kept["required_pull_request_reviews"]) is not None:
        shown["required_pull_request_reviews"] = _reviews(call, reviews, f"{url}/required_pull_request_reviews")
    if (restrictions := kept["restrictions"]) is not None:
        place = f"{url}/restrictions"
        shown["restrictions"] = _actors(call, restrictions) | {
            "url": place,
            "users_url": f"{place}/users",
            "teams_url": f"{place}/teams",
            "apps_url": f"{place}/apps",
        }
    return shown


def _reviews(call: Call, kept: dict[str, Any], url: str) -> dict[str, Any]:
    shown = {
        "url": url,
        "dismiss_stale_reviews": kept.get("dismiss_stale_reviews", False),
        "require_code_owner_reviews": kept.get("require_code_owner_reviews", False),
        "require_last_push_approval": kept.get("require_last_push_approval", False),
        "required_approving_review_count": kept.get("required_approving_review_count", 1),
    }
    if allowances := kept.get("bypass_pull_request_allowances"):
        shown["bypass_pull_request_allowances"] = _actors(call, allowances)
    if restrictions := kept.get("dismissal_restrictions"):
        shown["dismissal_restrictions"] = _actors(call, restrictions) | {
            "url": f"{url}/dismissal_restrictions",
            "users_url": f"{url}/dismissal_restrictions/users",
            "teams_url": f"{url}/dismissal_restrictions/teams",
        }
    return shown


def _actors(call: Call, named: dict[str, Any]) -> dict[str, Any]:
    """Users, teams and Apps of these names; who is not there is left out."""
    world, owner = call.world, call.repository.owner.login
    users = [world.account(login) for login in named.get("users", ())]
    apps = _apps(call, named.get("apps", ()))
    teams = [world.teams.get((owner, slug)) for slug in named.get("teams", ())]
    return {
        "users": [user(world, each) for each in users if each],
        "teams": [team(world, each) for each in teams if each],
        "apps": [integration(world, each) | {"description": each.description or ""} for each in apps],
    }


def _apps(call: Call, slugs: Any) -> list[App]:
    return [app for app in call.world.apps.values() if app.slug in slugs]


_PATH = "/repos/{owner}/{repo}/branches/{branch:path}/protection"

ROUTES = (
    Route("GET", _PATH, "administration:read", get, role="admin"),
    Route("PUT", _PATH, "administration:write", put, body=(*NEEDED, *SWITCHES), role="admin"),
    Route("DELETE", _PATH, "administration:write", delete, role="admin"),
    Route(
        "PATCH",
        f"{_PATH}/required_status_checks",
        "administration:write",
        patch_checks,
        body=("strict", "contexts", "checks"),
        role="admin",
    ),
)
