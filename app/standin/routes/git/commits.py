"""Commits with their accounts, comparisons, commit statuses."""

from app.standin import events
from app.standin.routing import Answer, Call, Problem, Route, gone, invalid
from app.standin.shapes import checks, commits, pulls, repositories
from app.standin.state import Repository, Status

STATES = ("error", "failure", "pending", "success")


def commit_of(call: Call, name: str) -> str:
    """The commit that a branch, tag or commit names; GitHub's 422 where there is none."""
    sha = call.repository.git.resolve(name)
    if sha is None:
        raise Problem(422, f"No commit found for SHA: {name}")
    return sha


def list_commits(call: Call) -> Answer:
    git = call.repository.git
    start = call.query.get("sha") or call.repository.default_branch
    sha = git.resolve(start)
    if sha is None:
        if not git.refs("refs/heads/"):
            raise Problem(409, "Git Repository is empty.")
        raise gone()
    found = git.log(sha, path=call.query.get("path", ""), most=1000)
    return call.paged(found, lambda one: commits.commit(call.world, call.repository, one))


def get_commit(call: Call) -> Answer:
    sha = commit_of(call, call.params["ref"])
    if "sha" in call.headers.get("accept", ""):
        return Answer(sha.encode(), content_type="application/vnd.github.sha")
    return Answer(commits.commit(call.world, call.repository, sha, whole=True))


def pulls_of_commit(call: Call) -> Answer:
    """Pull requests that have the commit: open ones and merged ones, those of forks among them."""
    git, sha = call.repository.git, commit_of(call, call.params["ref"])
    found = [
        pull
        for pull in call.repository.pulls
        if pull.head == sha
        or (git.is_ancestor(sha, pull.head) and not git.is_ancestor(sha, pull.base_sha))
        or (pull.merge_commit == sha and pull.merged is not None)
    ]
    return call.paged(found, lambda one: pulls.simple(call.world, one))


def _side(call: Call, name: str) -> str:
    """One side of a comparison: `branch`, `owner:branch` of a fork, or a commit. Fetched here where it is elsewhere."""
    owner, _, branch = name.rpartition(":")
    git = call.repository.git
    if owner and owner.casefold() != call.repository.owner.login.casefold():
        other = _relative(call, owner)
        tip = other.git.resolve(branch) if other else None
        if other is None or tip is None:
            raise gone()
        git.fetch(other.git, tip, f"refs/compared/{tip}")
        return tip
    found = git.resolve(branch)
    if found is None:
        raise gone()
    return found


def _relative(call: Call, owner: str) -> Repository | None:
    one = call.repository
    family = [other for other in call.world.repositories.values() if other.parent is one or one.parent is other]
    return next((other for other in family if other.owner.login.casefold() == owner.casefold()), None)


def compare(call: Call) -> Answer:
    one, git = call.repository, call.repository.git
    basehead = call.params["basehead"]
    if basehead.count("...") != 1:
        raise gone()
    base, head = (_side(call, name) for name in basehead.split("..."))
    common = git.merge_base(base, head)
    if common is None:
        raise Problem(404, f"No common ancestor between {basehead.replace('...', ' and ')}.")
    behind, ahead = git.counts(base, head)
    words = {(False, False): "identical", (True, False): "behind", (False, True): "ahead", (True, True): "diverged"}
    page, size = call.page
    shas = git.log(head, base)[::-1]
    url = f"{call.world.url}/repos/{one.full_name}/compare/{basehead}"
    web = f"{call.world.web_url}/{one.full_name}/compare/{basehead}"
    files = git.diff(common, head) if page == 1 else []
    return Answer(
        {
            "url": url,
            "html_url": web,
            "permalink_url": web,
            "diff_url": f"{web}.diff",
            "patch_url": f"{web}.patch",
            "base_commit": commits.commit(call.world, one, base),
            "merge_base_commit": commits.commit(call.world, one, common),
            "status": words[behind > 0, ahead > 0],
            "ahead_by": ahead,
            "behind_by": behind,
            "total_commits": ahead,
            "commits": [commits.commit(call.world, one, sha) for sha in shas[(page - 1) * size : page * size]],
            "files": [commits.changed(call.world, one, file, head) for file in files[:300]],
        }
    )


# ── statuses ──


def create_status(call: Call) -> Answer:
    state = call.want("state", str)
    if state not in STATES:
        raise invalid("Status", "state", "custom", "state is not included in the list")
    sha = call.params["ref"]
    if call.repository.git.kind(sha) != "commit":
        raise Problem(422, f"No commit found for SHA: {sha}")
    made = call.world.new(
        Status,
        sha=sha,
        context=call.maybe("context", str) or "default",
        state=state,
        description=call.maybe("description", str),
        target_url=call.maybe("target_url", str),
        creator=call.actor,
        created=call.world.now(),
    )
    call.repository.statuses.append(made)
    events.status(call.world, call.repository, made, call.actor)
    return Answer(checks.status(call.world, call.repository, made), 201)


def list_statuses(call: Call) -> Answer:
    sha = commit_of(call, call.params["ref"])
    found = [one for one in reversed(call.repository.statuses) if one.sha == sha]
    return call.paged(found, lambda one: checks.status(call.world, call.repository, one))


def combined_status(call: Call) -> Answer:
    one, sha = call.repository, commit_of(call, call.params["ref"])
    newest = {status.context: status for status in one.statuses if status.sha == sha}
    states = {status.state for status in newest.values()}
    state = "failure" if states & {"failure", "error"} else "success" if states == {"success"} else "pending"
    url = f"{call.world.url}/repos/{one.full_name}/commits/{sha}"
    return Answer(
        {
            "state": state,
            "statuses": [checks.simple_status(call.world, one, status) for status in newest.values()],
            "sha": sha,
            "total_count": len(newest),
            "repository": repositories.minimal(call.world, one),
            "commit_url": url,
            "url": f"{url}/status",
        }
    )


STATUS = ("state", "target_url", "description", "context")
ROUTES = (
    Route("GET", "/repos/{owner}/{repo}/commits", "contents:read", list_commits),
    Route("GET", "/repos/{owner}/{repo}/commits/{ref:path}/pulls", "pull_requests:read|contents:read", pulls_of_commit),
    Route("GET", "/repos/{owner}/{repo}/commits/{ref:path}/status", "statuses:read", combined_status),
    Route("GET", "/repos/{owner}/{repo}/commits/{ref:path}/statuses", "statuses:read", list_statuses),
    Route("POST", "/repos/{owner}/{repo}/statuses/{ref}", "statuses:write", create_status, STATUS),
    Route("GET", "/repos/{owner}/{repo}/compare/{basehead:path}", "contents:read", compare),
)
LATE = (Route("GET", "/repos/{owner}/{repo}/commits/{ref:path}", "contents:read", get_commit),)
"""Tried last: a ref has slashes, and other routes lie beneath it."""
