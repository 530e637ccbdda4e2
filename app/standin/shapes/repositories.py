"""Repositories, branches and refs."""

from typing import Any

from app.standin.shapes.people import permissions, user
from app.standin.state import Repository, World, iso

_TEMPLATES = {
    "archive_url": "/{archive_format}{/ref}",
    "assignees_url": "/assignees{/user}",
    "blobs_url": "/git/blobs{/sha}",
    "branches_url": "/branches{/branch}",
    "collaborators_url": "/collaborators{/collaborator}",
    "comments_url": "/comments{/number}",
    "commits_url": "/commits{/sha}",
    "compare_url": "/compare/{base}...{head}",
    "contents_url": "/contents/{+path}",
    "contributors_url": "/contributors",
    "deployments_url": "/deployments",
    "downloads_url": "/downloads",
    "events_url": "/events",
    "forks_url": "/forks",
    "git_commits_url": "/git/commits{/sha}",
    "git_refs_url": "/git/refs{/sha}",
    "git_tags_url": "/git/tags{/sha}",
    "hooks_url": "/hooks",
    "issue_comment_url": "/issues/comments{/number}",
    "issue_events_url": "/issues/events{/number}",
    "issues_url": "/issues{/number}",
    "keys_url": "/keys{/key_id}",
    "labels_url": "/labels{/name}",
    "languages_url": "/languages",
    "merges_url": "/merges",
    "milestones_url": "/milestones{/number}",
    "notifications_url": "/notifications{?since,all,participating}",
    "pulls_url": "/pulls{/number}",
    "releases_url": "/releases{/id}",
    "stargazers_url": "/stargazers",
    "statuses_url": "/statuses/{sha}",
    "subscribers_url": "/subscribers",
    "subscription_url": "/subscription",
    "tags_url": "/tags",
    "teams_url": "/teams",
    "trees_url": "/git/trees{/sha}",
}


def minimal(world: World, one: Repository) -> dict[str, Any]:
    """GitHub's `minimal-repository`: without what needs a look at the repository's things."""
    url = f"{world.url}/repos/{one.full_name}"
    return {
        "id": one.id,
        "node_id": one.node_id,
        "name": one.name,
        "full_name": one.full_name,
        "private": one.private,
        "owner": user(world, one.owner),
        "html_url": f"{world.web_url}/{one.full_name}",
        "description": one.description,
        "fork": one.parent is not None,
        "url": url,
        **{name: url + end for name, end in _TEMPLATES.items()},
    }


def repository(world: World, one: Repository, login: str = "") -> dict[str, Any]:
    """GitHub's `repository`, with the permissions of `login`."""
    web = f"{world.web_url}/{one.full_name}"
    open_issues = sum(1 for issue in one.issues.values() if issue.state == "open")
    forks = sum(1 for other in world.repositories.values() if other.parent is one)
    shape = minimal(world, one) | {
        "created_at": iso(one.created),
        "updated_at": iso(one.pushed or one.created),
        "pushed_at": iso(one.pushed or one.created),
        "git_url": f"git://{web.split('://')[1]}.git",
        "ssh_url": f"git@localhost:{one.full_name}.git",
        "clone_url": f"{web}.git",
        "svn_url": web,
        "mirror_url": None,
        "homepage": None,
        "size": 1,
        "stargazers_count": 0,
        "watchers_count": 0,
        "language": "Python",
        "has_issues": True,
        "has_projects": True,
        "has_downloads": True,
        "has_wiki": False,
        "has_pages": False,
        "has_discussions": False,
        "forks_count": forks,
        "archived": one.archived,
        "disabled": False,
        "open_issues_count": open_issues,
        "license": None,
        "allow_forking": True,
        "is_template": False,
        "web_commit_signoff_required": False,
        "topics": [],
        "visibility": "private" if one.private else "public",
        "forks": forks,
        "open_issues": open_issues,
        "watchers": 0,
        "default_branch": one.default_branch,
    }
    return shape | ({"permissions": permissions(world.role(one, login))} if login else {})


def full(world: World, one: Repository, login: str = "", reach: bool = False) -> dict[str, Any]:
    """GitHub's `full-repository`: what `GET /repos/{owner}/{repo}` gives. `reach` for an installation that has it."""
    shape = repository(world, one, login) | {"subscribers_count": 0, "network_count": 0, "temp_clone_token": None}
    if reach or (login and world.role(one, login) in {"write", "maintain", "admin"}):
        shape |= one.settings
    if one.parent:
        shape |= {"parent": repository(world, one.parent), "source": repository(world, one.parent)}
    if one.owner.kind == "Organization":
        shape |= {"organization": user(world, one.owner)}
    return shape


def hooked(world: World, one: Repository) -> dict[str, Any]:
    """GitHub's `repository-webhooks`: as payloads carry it."""
    return repository(world, one) | {"custom_properties": {}}


def tiny(one: Repository) -> dict[str, Any]:
    """As payloads about installations list them."""
    return {
        "id": one.id,
        "node_id": one.node_id,
        "name": one.name,
        "full_name": one.full_name,
        "private": one.private,
    }


def ref(world: World, one: Repository, name: str, sha: str) -> dict[str, Any]:
    """GitHub's `git-ref`; `name` begins with `refs/`."""
    kind = one.git.kind(sha) or "commit"
    url = f"{world.url}/repos/{one.full_name}/git"
    return {
        "ref": name,
        "node_id": f"REF_{one.id}_{name}",
        "url": f"{url}/{name}",
        "object": {"type": kind, "sha": sha, "url": f"{url}/{kind}s/{sha}"},
    }
