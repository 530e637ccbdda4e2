"""Rulesets of a repository, and the rules of a branch.

Source: https://docs.github.com/en/rest/repos/rules. The sentences of 422 are *unverified*."""

from typing import Any

from app.standin.routes.protection import paid
from app.standin.routing import Answer, Call, Problem, Route, gone
from app.standin.rules.required import Demand, passes, rules
from app.standin.state import iso

PARAMETERS: dict[str, tuple[tuple[str, ...], tuple[str, ...]]] = {
    "required_status_checks": (
        ("required_status_checks", "strict_required_status_checks_policy"),
        ("do_not_enforce_on_create",),
    ),
    "pull_request": (
        (
            "dismiss_stale_reviews_on_push",
            "require_code_owner_review",
            "require_last_push_approval",
            "required_approving_review_count",
            "required_review_thread_resolution",
        ),
        ("allowed_merge_methods", "dismissal_restriction", "required_reviewers"),
    ),
    "update": ((), ("update_allows_fetch_and_merge",)),
    "merge_queue": (
        (
            "check_response_timeout_minutes",
            "grouping_strategy",
            "max_entries_to_build",
            "max_entries_to_merge",
            "merge_method",
            "min_entries_to_merge",
            "min_entries_to_merge_wait_minutes",
        ),
        (),
    ),
    "required_linear_history": ((), ()),
    "required_signatures": ((), ()),
    "non_fast_forward": ((), ()),
    "creation": ((), ()),
    "deletion": ((), ()),
}
"""Of each rule that the stand-in knows: the parameters that must be there, and those that may be."""
FIELDS = ("name", "target", "enforcement", "bypass_actors", "conditions", "rules")
ENFORCEMENTS = frozenset({"disabled", "active", "evaluate"})


def of_branch(call: Call) -> Answer:
    """The active rules of a branch, that of an organisation or of a branch that is not there yet too."""
    paid(call)
    found = list(rules(call.repository, call.params["branch"]))
    return call.paged(
        found,
        lambda pair: (
            pair[1]
            | {
                "ruleset_source_type": "Repository",
                "ruleset_source": call.repository.full_name,
                "ruleset_id": pair[0]["id"],
            }
        ),
    )


def index(call: Call) -> Answer:
    paid(call)
    shown = {"bypass_actors", "conditions", "rules", "current_user_can_bypass"}
    return call.paged(
        list(call.repository.rulesets.values()),
        lambda each: {key: value for key, value in shape(call, each).items() if key not in shown},
    )


def get(call: Call) -> Answer:
    paid(call)
    return Answer(shape(call, _found(call)))


def create(call: Call) -> Answer:
    paid(call)
    for name in ("name", "enforcement"):
        if name not in call.body:
            raise Problem(422, f'Invalid request.\n\n"{name}" wasn\'t supplied.')
    _judge(call, call.body)
    number = next(call.world.ids)
    kept = {"target": "branch", "bypass_actors": [], "conditions": None, "rules": []} | call.body
    kept |= {"id": number, "created": call.world.now(), "updated": call.world.now()}
    call.repository.rulesets[number] = kept
    return Answer(shape(call, kept), status=201)


def update(call: Call) -> Answer:
    paid(call)
    kept = _found(call)
    _judge(call, call.body)
    kept |= call.body | {"updated": call.world.now()}
    return Answer(shape(call, kept))


def delete(call: Call) -> Answer:
    paid(call)
    del call.repository.rulesets[_found(call)["id"]]
    return Answer(status=204)


def _found(call: Call) -> dict[str, Any]:
    found: dict[str, Any] | None = call.repository.rulesets.get(call.number("ruleset_id"))
    if found is None:
        raise gone()
    return found


def _judge(call: Call, body: dict[str, Any]) -> None:
    """Raises 422 for what GitHub refuses."""
    faults = []
    if body.get("enforcement", "active") not in ENFORCEMENTS:
        faults.append("Invalid enforcement")
    if body.get("target", "branch") not in {"branch", "tag", "push"}:
        faults.append("Invalid target")
    own = call.number("ruleset_id") if "ruleset_id" in call.params else 0
    names = {each["name"] for number, each in call.repository.rulesets.items() if number != own}
    if body.get("name") in names:
        faults.append("Name must be unique")
    for rule in body.get("rules", ()):
        faults += _of_rule(rule)
    if faults:
        raise Problem(422, "Validation Failed", faults)


def _of_rule(rule: Any) -> list[str]:
    kind = rule.get("type") if isinstance(rule, dict) else None
    if kind not in PARAMETERS:
        return [f"Invalid rule '{kind}': "]
    needed, optional = PARAMETERS[kind]
    given = rule.get("parameters") or {}
    faults = [f"Invalid parameters: {name} is missing" for name in needed if name not in given]
    faults += [f"Invalid parameters: {name} is not permitted" for name in given if name not in {*needed, *optional}]
    for each in given.get("required_status_checks", ()):
        if not isinstance(each, dict) or not isinstance(each.get("context"), str):
            faults.append("Invalid parameters: required_status_checks: context is missing")
    return [f"Invalid rule '{kind}': {fault}" for fault in faults]


def shape(call: Call, kept: dict[str, Any]) -> dict[str, Any]:
    """GitHub's `repository-ruleset`; who may bypass it is shown to those only who may change it."""
    repository = call.repository
    may_change = call.caller.has("administration", "write") if call.app else _is_admin(call)
    demand = Demand(source="ruleset", bypass=tuple(kept["bypass_actors"] or ()))
    can = passes(call.world, repository, demand, call.actor, call.app) if call.caller.account else False
    shown = {
        "id": kept["id"],
        "name": kept["name"],
        "target": kept["target"],
        "source_type": "Repository",
        "source": repository.full_name,
        "enforcement": kept["enforcement"],
        "conditions": kept["conditions"],
        "rules": kept["rules"],
        "node_id": f"RRS_{kept['id']}",
        "created_at": iso(kept["created"]),
        "updated_at": iso(kept["updated"]),
        "current_user_can_bypass": "always" if can else "never",
        "_links": {
            "self": {"href": f"{call.world.url}/repos/{repository.full_name}/rulesets/{kept['id']}"},
            "html": {"href": f"{call.world.web_url}/{repository.full_name}/rules/{kept['id']}"},
        },
    }
    return shown | ({"bypass_actors": kept["bypass_actors"]} if may_change else {})


def _is_admin(call: Call) -> bool:
    account = call.caller.account
    return account is not None and call.world.role(call.repository, account.login) == "admin"


_PATH = "/repos/{owner}/{repo}/rulesets"
_ONE = f"{_PATH}/{{ruleset_id}}"

ROUTES = (
    Route("GET", "/repos/{owner}/{repo}/rules/branches/{branch:path}", "metadata:read", of_branch),
    Route("GET", _PATH, "metadata:read", index),
    Route("POST", _PATH, "administration:write", create, body=FIELDS, role="admin"),
    Route("GET", _ONE, "metadata:read", get),
    Route("PUT", _ONE, "administration:write", update, body=FIELDS, role="admin"),
    Route("DELETE", _ONE, "administration:write", delete, role="admin"),
)
