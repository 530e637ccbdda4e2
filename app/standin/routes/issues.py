"""Issues. Every pull request is one too."""

from typing import Any

from app.standin import events, moves, opening
from app.standin.routes.pulls import reopen
from app.standin.routing import Answer, Call, Problem, Route, forbidden, invalid
from app.standin.shapes import issues
from app.standin.state import Account, Issue, Label

MOST = 65_536
"""Characters of a body."""


def scope(call: Call, issue: Issue, level: str) -> None:
    """An App needs the permission of what it is: `issues` for an issue, either for a pull request."""
    if call.app and issue.pull is None and not call.caller.has("issues", level):
        raise forbidden()


def short(resource: str, body: str | None) -> None:
    if body is not None and len(body) > MOST:
        raise invalid(resource, "body", "custom", f"body is too long (maximum is {MOST} characters)")


def list_issues(call: Call) -> Answer:
    query, found = call.query, sorted(call.repository.issues.values(), key=lambda one: -one.number)
    if query.get("state", "open") != "all":
        found = [one for one in found if one.state == query.get("state", "open")]
    for name in filter(None, query.get("labels", "").split(",")):
        found = [one for one in found if name.casefold() in {label.name.casefold() for label in one.labels}]
    if "creator" in query:
        found = [one for one in found if one.author.login.casefold() == query["creator"].casefold()]
    if query.get("direction") == "asc":
        found.reverse()
    return call.paged(found, lambda one: issues.issue(call.world, one))


def get_issue(call: Call) -> Answer:
    issue = call.issue()
    scope(call, issue, "read")
    return Answer(issues.issue(call.world, issue))


def create_issue(call: Call) -> Answer:
    title, body = call.want("title", str), call.maybe("body", str)
    short("Issue", body)
    made = opening.issue(call.world, call.repository, call.actor, title, body, call.app)
    if _may_sort(call):
        made.labels = [opening.label(call.world, call.repository, name) for name in _names(call)]
        made.assignees = _assignees(call)
    events.issue(call.world, made, "opened", call.actor)
    return Answer(issues.issue(call.world, made), 201)


def _may_sort(call: Call) -> bool:
    """Labels and assignees of people without triage access are dropped without a word."""
    return call.app is not None or call.world.role(call.repository, call.login) not in {"none", "read"}


def _names(call: Call) -> list[str]:
    return [str(one["name"] if isinstance(one, dict) else one) for one in call.maybe("labels", list) or ()]


def _assignees(call: Call) -> list[Account]:
    logins = [*(call.maybe("assignees", list) or ()), *([call.body["assignee"]] if call.body.get("assignee") else ())]
    return [account for login in logins if (account := call.world.account(str(login)))]


def update_issue(call: Call) -> Answer:
    world, issue, changes = call.world, call.issue(), dict[str, Any]()
    scope(call, issue, "write")
    if call.caller.kind == "person" and call.actor is not issue.author and not _may_sort(call):
        raise Problem(403, "Must have admin rights to Repository.")
    short("Issue", call.maybe("body", str))
    for name in ("title", "body"):
        if name in call.body and call.body[name] != getattr(issue, name):
            changes[name] = {"from": getattr(issue, name) or ""}
            setattr(issue, name, call.maybe(name, str))
    issue.updated = world.now()
    if "body" in changes:
        issue.edited, issue.editor = issue.updated, call.actor
    if changes:
        told(call, issue, "edited", changes=changes)
    if "labels" in call.body:
        set_labels(call, issue, [opening.label(world, issue.repository, name) for name in _names(call)])
    if "assignees" in call.body:
        issue.assignees = _assignees(call)
    state = call.maybe("state", str)
    if state == "closed" and issue.state == "open":
        if issue.pull:
            moves.close(world, issue.pull, call.actor)
        else:
            issue.state, issue.closed, issue.closed_by = "closed", world.now(), call.actor
            told(call, issue, "closed")
    elif state == "open" and issue.state == "closed":
        if issue.pull:
            reopen(call, issue.pull)
        else:
            issue.state, issue.closed, issue.closed_by = "open", None, None
            told(call, issue, "reopened")
    return Answer(issues.issue(world, issue))


def told(call: Call, issue: Issue, action: str, **rest: Any) -> None:
    """The event of an issue, or of the pull request that it is."""
    if issue.pull:
        events.pull_request(call.world, issue.pull, action, call.actor, **rest)
    else:
        events.issue(call.world, issue, action, call.actor, **rest)


def set_labels(call: Call, issue: Issue, wanted: list[Label]) -> None:
    """Makes the labels these, with an event for each that came or went."""
    before, issue.labels = issue.labels, list(dict.fromkeys(wanted))
    for action, labels in (
        ("unlabeled", [one for one in before if one not in issue.labels]),
        ("labeled", [one for one in issue.labels if one not in before]),
    ):
        for label in labels:
            told(call, issue, action, label=issues.label(call.world, issue.repository, label))


def add_assignees(call: Call) -> Answer:
    issue = call.issue()
    scope(call, issue, "write")
    issue.assignees = list(dict.fromkeys([*issue.assignees, *_assignees(call)]))
    return Answer(issues.issue(call.world, issue), 201)


READ, WRITE = "issues:read|pull_requests:read", "issues:write|pull_requests:write"
CREATE = ("title", "body", "assignee", "milestone", "labels", "assignees", "issue_field_values", "type")
UPDATE = (*CREATE, "state", "state_reason", "duplicate_issue_id")
ONE = "/repos/{owner}/{repo}/issues/{number}"
ROUTES = (
    Route("GET", "/repos/{owner}/{repo}/issues", "issues:read", list_issues),
    Route("POST", "/repos/{owner}/{repo}/issues", "issues:write", create_issue, CREATE, "read"),
    Route("GET", ONE, READ, get_issue),
    Route("PATCH", ONE, WRITE, update_issue, UPDATE, "read"),
    Route("POST", f"{ONE}/assignees", WRITE, add_assignees, ("assignees",), "triage"),
)
