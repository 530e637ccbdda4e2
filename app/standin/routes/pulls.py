"""Pull requests: lists, one, its files and commits, and whom a review is asked of."""

from typing import Any

from app.standin import events, mergeability, moves, opening
from app.standin.auth import ACTIONS
from app.standin.routing import Answer, Call, Problem, Route, invalid
from app.standin.shapes import commits, people, pulls
from app.standin.state import Account, Pull, Reopened, Team


def list_pulls(call: Call) -> Answer:
    query, found = call.query, call.repository.pulls
    state = query.get("state", "open")
    if state not in {"open", "closed", "all"}:
        raise invalid("PullRequest", "state", "invalid")
    if state != "all":
        found = [pull for pull in found if pull.issue.state == state]
    if "head" in query and ":" in query["head"]:  # GitHub ignores a head without its owner
        found = [pull for pull in found if pull.head_label.casefold() == query["head"].casefold()]
    if "base" in query:
        found = [pull for pull in found if pull.base_ref == query["base"]]
    sort = query.get("sort", "created")
    keys = {
        "created": lambda pull: (pull.issue.created, pull.number),
        "updated": lambda pull: (pull.issue.updated, pull.number),
        "popularity": lambda pull: (len(pull.issue.comments), pull.number),
        "long-running": lambda pull: (pull.issue.created, pull.number),
    }
    down = query.get("direction", "desc" if sort == "created" else "asc") == "desc"
    found.sort(key=keys.get(sort, keys["created"]), reverse=down)
    return call.paged(found, lambda pull: pulls.simple(call.world, pull))


def get_pull(call: Call) -> Answer:
    pull = call.pull()
    accept = call.headers.get("accept", "")
    git = pull.repository.git
    if "diff" in accept or "patch" in accept:
        base = git.merge_base(pull.base_sha, pull.head) or pull.base_sha
        text = git.run("diff-tree", "-r", "-p", "-M", base, pull.head)
        return Answer(text, content_type="application/vnd.github.v3.diff; charset=utf-8")
    known = mergeability.mergeable(pull, call.world.now()) if pull.open else None
    return Answer(pulls.pull(call.world, pull, known))


def create_pull(call: Call) -> Answer:
    if call.app and call.app.slug == ACTIONS and not call.repository.actions_open_pulls:
        raise Problem(403, "GitHub Actions is not permitted to create or approve pull requests.")
    issue = call.maybe("issue", int)
    title = call.maybe("title", str)
    if not title and issue is None:
        raise invalid("PullRequest", "title", "missing_field")
    pull = opening.pull(
        call.world,
        call.repository,
        call.actor,
        head=call.want("head", str),
        base=call.want("base", str),
        title=title or call.repository.issues[issue or 0].title,
        body=call.maybe("body", str),
        draft=call.maybe("draft", bool) or False,
        maintainer_can_modify=call.maybe("maintainer_can_modify", bool) is not False,
        app=call.app,
    )
    return Answer(pulls.pull(call.world, pull), 201)


def update_pull(call: Call) -> Answer:
    """Title, body, base, and closing or reopening; its author may do so too, and whoever may write."""
    world, pull, changes = call.world, call.pull(), dict[str, Any]()
    _may_change(call, pull)
    for name in ("title", "body"):
        if name in call.body:
            value = call.maybe(name, str)
            if name == "title" and not value:
                raise invalid("PullRequest", "title", "missing_field")
            if value != getattr(pull.issue, name):
                changes[name] = {"from": getattr(pull.issue, name) or ""}
                setattr(pull.issue, name, value)
    base = call.maybe("base", str)
    if base and base != pull.base_ref:
        changes |= _rebased(pull, base)
    state = call.maybe("state", str)
    if state not in {None, "open", "closed"}:
        raise invalid("PullRequest", "state", "invalid")
    pull.issue.updated = world.now()
    if "body" in changes:
        pull.issue.edited, pull.issue.editor = pull.issue.updated, call.actor
    if changes:
        events.pull_request(world, pull, "edited", call.actor, changes=changes)
    if state == "closed" and pull.open:
        moves.close(world, pull, call.actor)
    elif state == "open" and not pull.open:
        reopen(call, pull)
    return Answer(pulls.pull(world, pull))


def _may_change(call: Call, pull: Pull) -> None:
    if call.caller.kind == "person" and call.actor is not pull.author:
        if call.world.role(call.repository, call.login) not in {"triage", "write", "maintain", "admin"}:
            raise Problem(403, "Must have admin rights to Repository.")


def _rebased(pull: Pull, base: str) -> dict[str, Any]:
    sha = pull.repository.git.tip(base)
    if sha is None or not pull.open:
        raise invalid("PullRequest", "base", "invalid")
    if any(
        other.open and other is not pull and other.head_label == pull.head_label and other.base_ref == base
        for other in pull.repository.pulls
    ):
        text = f"A pull request already exists for base branch '{base}' and head branch '{pull.head_ref}'"
        raise Problem(422, "Validation Failed", [{"resource": "PullRequest", "code": "invalid", "message": text}])
    old, old_sha = pull.base_ref, pull.base_sha
    pull.base_ref = base
    return {"base": {"ref": {"from": old}, "sha": {"from": old_sha}}}


def reopen(call: Call, pull: Pull) -> None:
    """Not where it is merged, its branch gone, or another one open. The head is where the branch is now."""
    source = pull.head_repository
    sha = source.git.tip(pull.head_ref) if source else None
    twin = any(
        p.open and p.head_label == pull.head_label and p.base_ref == pull.base_ref for p in pull.repository.pulls
    )
    if pull.merged is not None or sha is None or twin:
        text = "state cannot be changed."
        if sha is None:
            text += f" The {pull.head_ref} branch has been deleted."
        raise Problem(
            422, "Validation Failed", [{"resource": "PullRequest", "code": "custom", "field": "state", "message": text}]
        )
    issue = pull.issue
    issue.state, issue.closed, issue.closed_by = "open", None, None
    pull.head = sha
    pull.turns.append(call.world.new(Reopened, actor=call.actor, at=call.world.now()))
    moves.keep_head(pull)
    events.pull_request(call.world, pull, "reopened", call.actor)


def list_files(call: Call) -> Answer:
    pull, git = call.pull(), call.repository.git
    base = git.merge_base(pull.base_sha, pull.head) or pull.base_sha
    return call.paged(
        git.diff(base, pull.head)[:3000], lambda one: commits.changed(call.world, pull.repository, one, pull.head)
    )


def list_commits(call: Call) -> Answer:
    """The oldest first, 250 at most."""
    pull = call.pull()
    shas = call.repository.git.log(pull.head, pull.base_sha, most=10_000)[::-1][:250]
    return call.paged(shas, lambda sha: commits.commit(call.world, pull.repository, sha))


# ── requested reviewers ──


def list_requested(call: Call) -> Answer:
    pull = call.pull()
    return Answer(
        {
            "users": [people.user(call.world, one) for one in pull.requested],
            "teams": [people.team(call.world, one) for one in pull.requested_teams],
        }
    )


def _named(call: Call, pull: Pull) -> tuple[list[Account], list[Team]]:
    """Who is named in the body; 422 for whoever has no access."""
    people_found, teams_found = [], []
    for login in call.maybe("reviewers", list) or ():
        account = call.world.account(str(login))
        if account is pull.author:
            raise Problem(422, "Review cannot be requested from pull request author.")
        if account is None or account.kind != "User" or not _collaborates(call, account):
            text = "Reviews may only be requested from collaborators. One or more of the users or teams you specified "
            raise Problem(422, f"{text}is not a collaborator of the {call.repository.full_name} repository.")
        people_found.append(account)
    for slug in call.maybe("team_reviewers", list) or ():
        team = call.world.teams.get((call.repository.owner.login.casefold(), str(slug).casefold()))
        if team is None or call.repository.full_name not in team.repositories:
            raise Problem(422, f"Could not resolve to a node with the global id of '{slug}'.")
        teams_found.append(team)
    return people_found, teams_found


def _collaborates(call: Call, account: Account) -> bool:
    """Whether the repository knows this person: public read access alone is not enough."""
    one, login = call.repository, account.login.casefold()
    role = call.world.role(one, login)
    return role not in {"none", "read"} or login in one.collaborators or login in one.owner.members


def request_reviewers(call: Call) -> Answer:
    pull = call.pull()
    persons, teams = _named(call, pull)
    for person in persons:
        if person not in pull.requested:
            pull.requested.append(person)
            events.review_requested(call.world, pull, "review_requested", call.actor, person)
    for team in teams:
        if team not in pull.requested_teams:
            pull.requested_teams.append(team)
            events.review_requested(call.world, pull, "review_requested", call.actor, team)
    return Answer(pulls.simple(call.world, pull), 201)


def remove_reviewers(call: Call) -> Answer:
    pull = call.pull()
    call.want("reviewers", list)
    persons, teams = _named(call, pull)
    for person in persons:
        if person in pull.requested:
            pull.requested.remove(person)
            events.review_requested(call.world, pull, "review_request_removed", call.actor, person)
    for team in teams:
        if team in pull.requested_teams:
            pull.requested_teams.remove(team)
            events.review_requested(call.world, pull, "review_request_removed", call.actor, team)
    return Answer(pulls.simple(call.world, pull))


READ, WRITE = "pull_requests:read", "pull_requests:write"
CREATE = ("title", "head", "head_repo", "base", "body", "maintainer_can_modify", "draft", "issue")
UPDATE = ("title", "body", "state", "base", "maintainer_can_modify")
WHO = ("reviewers", "team_reviewers")
ONE = "/repos/{owner}/{repo}/pulls/{number}"
ROUTES = (
    Route("GET", "/repos/{owner}/{repo}/pulls", READ, list_pulls),
    Route("POST", "/repos/{owner}/{repo}/pulls", WRITE, create_pull, CREATE, "read"),
    Route("GET", ONE, f"{READ}|contents:read", get_pull),
    Route("PATCH", ONE, WRITE, update_pull, UPDATE, "read"),
    Route("GET", f"{ONE}/files", READ, list_files),
    Route("GET", f"{ONE}/commits", READ, list_commits),
    Route("GET", f"{ONE}/requested_reviewers", READ, list_requested),
    Route("POST", f"{ONE}/requested_reviewers", WRITE, request_reviewers, WHO, "triage"),
    Route("DELETE", f"{ONE}/requested_reviewers", WRITE, remove_reviewers, WHO, "triage"),
)
