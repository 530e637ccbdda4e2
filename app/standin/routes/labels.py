"""Labels of a repository, and of an issue or pull request."""

import re

from app.standin import opening
from app.standin.routes.issues import scope, set_labels
from app.standin.routing import Answer, Call, Problem, Route, gone, invalid
from app.standin.shapes import issues
from app.standin.state import Issue, Label


def _find(call: Call, name: str) -> Label | None:
    return next((one for one in call.repository.labels if one.name.casefold() == name.casefold()), None)


def _label(call: Call) -> Label:
    found = _find(call, call.params["name"])
    if found is None:
        raise gone()
    return found


def list_labels(call: Call) -> Answer:
    return call.paged(call.repository.labels, lambda one: issues.label(call.world, call.repository, one))


def get_label(call: Call) -> Answer:
    return Answer(issues.label(call.world, call.repository, _label(call)))


def create_label(call: Call) -> Answer:
    name = call.want("name", str)
    color, description = _checked(call)
    if not name.strip() or len(name) > 50:
        raise invalid("Label", "name", "custom", "name is too long (maximum is 50 characters)")
    if _find(call, name):
        raise invalid("Label", "name", "already_exists")
    made = call.world.new(Label, name=name, color=color or "ededed", description=description)
    call.repository.labels.append(made)
    return Answer(issues.label(call.world, call.repository, made), 201)


def _checked(call: Call) -> tuple[str | None, str | None]:
    color, description = call.maybe("color", str), call.maybe("description", str)
    if color is not None and not re.fullmatch(r"[0-9A-Fa-f]{6}", color):
        raise invalid("Label", "color", "invalid")
    if description is not None and len(description) > 100:
        raise invalid("Label", "description", "custom", "description is too long (maximum is 100 characters)")
    return color, description


def update_label(call: Call) -> Answer:
    label = _label(call)
    color, description = _checked(call)
    new = call.maybe("new_name", str)
    if new and _find(call, new) not in {None, label}:
        raise invalid("Label", "name", "already_exists")
    label.name, label.color = new or label.name, color or label.color
    label.description = description if "description" in call.body else label.description
    return Answer(issues.label(call.world, call.repository, label))


def delete_label(call: Call) -> Answer:
    label = _label(call)
    call.repository.labels.remove(label)
    for issue in call.repository.issues.values():
        issue.labels = [one for one in issue.labels if one is not label]
    return Answer(status=204)


# ── of an issue ──


def _shown(call: Call, issue: Issue) -> Answer:
    return Answer([issues.label(call.world, call.repository, one) for one in issue.labels])


def _named(call: Call) -> list[Label]:
    """`{"labels": [...]}` or the list alone, of names or objects with a name; GitHub makes those that are missing."""
    told = call.body if isinstance(call.body, list) else call.maybe("labels", list) or []
    names = [one.get("name") if isinstance(one, dict) else one for one in told]
    if any(not isinstance(name, str) or not name.strip() or len(name) > 50 for name in names):
        raise Problem(422, "Validation Failed", [{"resource": "Label", "field": "name", "code": "invalid"}])
    return [opening.label(call.world, call.repository, str(name)) for name in names]


def _issue(call: Call, level: str) -> Issue:
    issue = call.issue()
    scope(call, issue, level)
    return issue


def of_issue(call: Call) -> Answer:
    issue = _issue(call, "read")
    return call.paged(issue.labels, lambda one: issues.label(call.world, call.repository, one))


def add_labels(call: Call) -> Answer:
    issue = _issue(call, "write")
    set_labels(call, issue, [*issue.labels, *_named(call)])
    return _shown(call, issue)


def replace_labels(call: Call) -> Answer:
    issue = _issue(call, "write")
    set_labels(call, issue, _named(call))
    return _shown(call, issue)


def remove_label(call: Call) -> Answer:
    issue = _issue(call, "write")
    name = call.params["name"].casefold()
    kept = [one for one in issue.labels if one.name.casefold() != name]
    if len(kept) == len(issue.labels):
        raise Problem(404, "Label does not exist")
    set_labels(call, issue, kept)
    return _shown(call, issue)


def remove_labels(call: Call) -> Answer:
    set_labels(call, _issue(call, "write"), [])
    return Answer(status=204)


READ, WRITE = "issues:read|pull_requests:read", "issues:write|pull_requests:write"
ALL, ONE = "/repos/{owner}/{repo}/labels", "/repos/{owner}/{repo}/labels/{name:path}"
ISSUE = "/repos/{owner}/{repo}/issues/{number}/labels"
ROUTES = (
    Route("GET", ALL, READ, list_labels),
    Route("POST", ALL, WRITE, create_label, ("name", "color", "description")),
    Route("GET", ONE, READ, get_label),
    Route("PATCH", ONE, WRITE, update_label, ("new_name", "color", "description")),
    Route("DELETE", ONE, WRITE, delete_label),
    Route("GET", ISSUE, READ, of_issue),
    Route("POST", ISSUE, WRITE, add_labels, ("labels",), "triage"),
    Route("PUT", ISSUE, WRITE, replace_labels, ("labels",), "triage"),
    Route("DELETE", ISSUE, WRITE, remove_labels, (), "triage"),
    Route("DELETE", f"{ISSUE}/{{name:path}}", WRITE, remove_label, (), "triage"),
)
