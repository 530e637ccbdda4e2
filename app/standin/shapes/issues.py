"""Issues, comments, labels and reactions."""

from typing import Any

from app.standin.shapes.apps import integration
from app.standin.shapes.people import association, user
from app.standin.state import Comment, Issue, Label, Reaction, Repository, World, iso, iso_or_none

CONTENTS = ("+1", "-1", "laugh", "hooray", "confused", "heart", "rocket", "eyes")


def label(world: World, repository: Repository, one: Label) -> dict[str, Any]:
    return {
        "id": one.id,
        "node_id": one.node_id,
        "url": f"{world.url}/repos/{repository.full_name}/labels/{one.name.replace(' ', '%20')}",
        "name": one.name,
        "color": one.color,
        "default": one.default,
        "description": one.description,
    }


def reactions(url: str, found: list[Reaction]) -> dict[str, Any]:
    counts = {content: sum(1 for one in found if one.content == content) for content in CONTENTS}
    return {"url": f"{url}/reactions", "total_count": len(found), **counts}


def reaction(world: World, one: Reaction) -> dict[str, Any]:
    return {
        "id": one.id,
        "node_id": one.node_id,
        "user": user(world, one.author),
        "content": one.content,
        "created_at": iso(one.created),
    }


def page(world: World, one: Issue) -> str:
    """Where a person looks at it."""
    return f"{world.web_url}/{one.repository.full_name}/{'pull' if one.pull else 'issues'}/{one.number}"


def issue(world: World, one: Issue) -> dict[str, Any]:
    repository = one.repository
    url = f"{world.url}/repos/{repository.full_name}/issues/{one.number}"
    shape: dict[str, Any] = {
        "url": url,
        "repository_url": f"{world.url}/repos/{repository.full_name}",
        "labels_url": f"{url}/labels{{/name}}",
        "comments_url": f"{url}/comments",
        "events_url": f"{url}/events",
        "html_url": page(world, one),
        "id": one.id,
        "node_id": one.node_id,
        "number": one.number,
        "title": one.title,
        "user": user(world, one.author),
        "labels": [label(world, repository, each) for each in one.labels],
        "state": one.state,
        "locked": False,
        "assignee": user(world, one.assignees[0]) if one.assignees else None,
        "assignees": [user(world, each) for each in one.assignees],
        "milestone": None,
        "comments": len(one.comments),
        "created_at": iso(one.created),
        "updated_at": iso(one.updated),
        "closed_at": iso_or_none(one.closed),
        "author_association": association(world, repository, one.author),
        "active_lock_reason": None,
        "body": one.body,
        "closed_by": user(world, one.closed_by) if one.closed_by else None,
        "reactions": reactions(url, one.reactions),
        "timeline_url": f"{url}/timeline",
        "performed_via_github_app": integration(world, one.app) if one.app else None,
        "state_reason": "completed" if one.state == "closed" else None,
    }
    if one.pull:
        web = page(world, one)
        shape["draft"] = one.pull.draft
        shape["pull_request"] = {
            "url": f"{world.url}/repos/{repository.full_name}/pulls/{one.number}",
            "html_url": web,
            "diff_url": f"{web}.diff",
            "patch_url": f"{web}.patch",
            "merged_at": iso_or_none(one.pull.merged),
        }
    return shape


def hooked(world: World, one: Issue) -> dict[str, Any]:
    """As webhooks carry it."""
    return {name: value for name, value in issue(world, one).items() if name != "closed_by"}


def comment(world: World, one: Comment) -> dict[str, Any]:
    repository = one.issue.repository
    url = f"{world.url}/repos/{repository.full_name}/issues/comments/{one.id}"
    return {
        "url": url,
        "html_url": f"{page(world, one.issue)}#issuecomment-{one.id}",
        "issue_url": f"{world.url}/repos/{repository.full_name}/issues/{one.issue.number}",
        "id": one.id,
        "node_id": one.node_id,
        "user": user(world, one.author),
        "created_at": iso(one.created),
        "updated_at": iso(one.updated),
        "author_association": association(world, repository, one.author),
        "body": one.body,
        "reactions": reactions(url, one.reactions),
        "performed_via_github_app": integration(world, one.app) if one.app else None,
    }
