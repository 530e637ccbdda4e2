"""Comments on issues and pull requests, and reactions."""

from app.standin import events
from app.standin.routes.issues import scope, short
from app.standin.routing import Answer, Call, Problem, Route, forbidden, gone, invalid
from app.standin.shapes import issues
from app.standin.state import Comment, Issue, Reaction, iso


def list_comments(call: Call) -> Answer:
    """The oldest first."""
    issue = call.issue()
    scope(call, issue, "read")
    return call.paged(_since(call, issue.comments), lambda one: issues.comment(call.world, one))


def list_all(call: Call) -> Answer:
    found = [comment for issue in call.repository.issues.values() for comment in issue.comments]
    found.sort(key=lambda one: one.id, reverse=call.query.get("direction") == "desc")
    return call.paged(_since(call, found), lambda one: issues.comment(call.world, one))


def _since(call: Call, found: list[Comment]) -> list[Comment]:
    since = call.query.get("since", "")
    return [one for one in found if iso(one.updated) >= since]


def create_comment(call: Call) -> Answer:
    issue = call.issue()
    scope(call, issue, "write")
    body = _body(call)
    now = call.world.now()
    made = call.world.new(
        Comment,
        issue=issue,
        author=call.actor,
        body=body,
        created=now,
        updated=now,
        app=call.app,
    )
    issue.comments.append(made)
    issue.updated = now
    events.issue_comment(call.world, made, "created", call.actor)
    return Answer(issues.comment(call.world, made), 201)


def _body(call: Call) -> str:
    body = call.want("body", str)
    if not body.strip():
        raise invalid("IssueComment", "body", "missing_field", "body can't be blank")
    short("IssueComment", body)
    return body


def _comment(call: Call, level: str) -> Comment:
    """404 where there is none; writing is for its author and for whoever may write to the repository."""
    number = call.number("comment_id")
    for issue in call.repository.issues.values():
        for comment in issue.comments:
            if comment.id == number:
                scope(call, issue, level)
                return comment
    raise gone()


def _own(call: Call, comment: Comment) -> None:
    if call.app:
        if comment.app is not call.app and not call.caller.has("issues", "write"):
            raise forbidden()
    elif comment.author is not call.actor and call.world.role(call.repository, call.login) in {
        "none",
        "read",
        "triage",
    }:
        raise Problem(403, "Must have admin rights to Repository.")


def get_comment(call: Call) -> Answer:
    return Answer(issues.comment(call.world, _comment(call, "read")))


def update_comment(call: Call) -> Answer:
    comment = _comment(call, "write")
    _own(call, comment)
    body = _body(call)
    before, comment.body, comment.updated = comment.body, body, call.world.now()
    if before != body:
        comment.edited, comment.editor = comment.updated, call.actor
    events.issue_comment(call.world, comment, "edited", call.actor, changes={"body": {"from": before}})
    return Answer(issues.comment(call.world, comment))


def delete_comment(call: Call) -> Answer:
    comment = _comment(call, "write")
    _own(call, comment)
    comment.issue.comments.remove(comment)
    events.issue_comment(call.world, comment, "deleted", call.actor)
    return Answer(status=204)


# ── reactions ──


def _subject(call: Call, level: str) -> Comment | Issue:
    if "comment_id" in call.params:
        return _comment(call, level)
    issue = call.issue()
    scope(call, issue, level)
    return issue


def list_reactions(call: Call) -> Answer:
    wanted = call.query.get("content")
    found = [one for one in _subject(call, "read").reactions if wanted in {None, one.content}]
    return call.paged(found, lambda one: issues.reaction(call.world, one))


def react(call: Call) -> Answer:
    """200 where this caller's reaction is there already."""
    subject, content = _subject(call, "write"), call.want("content", str)
    if content not in issues.CONTENTS:
        raise invalid("Reaction", "content", "invalid")
    for one in subject.reactions:
        if one.author is call.actor and one.content == content:
            return Answer(issues.reaction(call.world, one))
    made = call.world.new(Reaction, author=call.actor, content=content, created=call.world.now())
    subject.reactions.append(made)
    return Answer(issues.reaction(call.world, made), 201)


def remove_reaction(call: Call) -> Answer:
    subject = _subject(call, "write")
    found = next((one for one in subject.reactions if one.id == call.number("reaction_id")), None)
    if found is None or found.author is not call.actor:
        raise gone()
    subject.reactions.remove(found)
    return Answer(status=204)


READ, WRITE = "issues:read|pull_requests:read", "issues:write|pull_requests:write"
ISSUE = "/repos/{owner}/{repo}/issues/{number}"
COMMENT = "/repos/{owner}/{repo}/issues/comments/{comment_id}"
ROUTES = (
    Route("GET", "/repos/{owner}/{repo}/issues/comments", READ, list_all),
    Route("GET", COMMENT, READ, get_comment),
    Route("PATCH", COMMENT, WRITE, update_comment, ("body",), "read"),
    Route("DELETE", COMMENT, WRITE, delete_comment, (), "read"),
    Route("GET", f"{COMMENT}/reactions", READ, list_reactions),
    Route("POST", f"{COMMENT}/reactions", WRITE, react, ("content",), "read"),
    Route("DELETE", f"{COMMENT}/reactions/{{reaction_id}}", WRITE, remove_reaction, (), "read"),
    Route("GET", f"{ISSUE}/comments", READ, list_comments),
    Route("POST", f"{ISSUE}/comments", WRITE, create_comment, ("body",), "read"),
    Route("GET", f"{ISSUE}/reactions", READ, list_reactions),
    Route("POST", f"{ISSUE}/reactions", WRITE, react, ("content",), "read"),
    Route("DELETE", f"{ISSUE}/reactions/{{reaction_id}}", WRITE, remove_reaction, (), "read"),
)
