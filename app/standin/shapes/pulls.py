"""Pull requests."""

from typing import Any

from app.standin import mergeability
from app.standin.shapes import issues
from app.standin.shapes.people import association, team, user
from app.standin.shapes.repositories import repository
from app.standin.state import Pull, World, iso, iso_or_none


def simple(world: World, one: Pull) -> dict[str, Any]:
    """GitHub's `pull-request-simple`: as lists show it."""
    base = one.repository
    url = f"{world.url}/repos/{base.full_name}"
    here, web = f"{url}/pulls/{one.number}", issues.page(world, one.issue)
    issue = one.issue
    links = {
        "self": here,
        "html": web,
        "issue": f"{url}/issues/{one.number}",
        "comments": f"{url}/issues/{one.number}/comments",
        "review_comments": f"{here}/comments",
        "review_comment": f"{url}/pulls/comments{{/number}}",
        "commits": f"{here}/commits",
        "statuses": f"{url}/statuses/{one.head}",
    }
    return {
        "url": here,
        "id": one.id,
        "node_id": one.node_id,
        "html_url": web,
        "diff_url": f"{web}.diff",
        "patch_url": f"{web}.patch",
        "issue_url": links["issue"],
        "number": one.number,
        "state": issue.state,
        "locked": False,
        "title": issue.title,
        "user": user(world, issue.author),
        "body": issue.body,
        "created_at": iso(issue.created),
        "updated_at": iso(issue.updated),
        "closed_at": iso_or_none(issue.closed),
        "merged_at": iso_or_none(one.merged),
        "merge_commit_sha": one.merge_commit or one.computed[2],
        "assignee": user(world, issue.assignees[0]) if issue.assignees else None,
        "assignees": [user(world, each) for each in issue.assignees],
        "requested_reviewers": [user(world, each) for each in one.requested],
        "requested_teams": [team(world, each) for each in one.requested_teams],
        "labels": [issues.label(world, base, each) for each in issue.labels],
        "milestone": None,
        "draft": one.draft,
        "commits_url": links["commits"],
        "review_comments_url": links["review_comments"],
        "review_comment_url": links["review_comment"],
        "comments_url": links["comments"],
        "statuses_url": links["statuses"],
        "head": {
            "label": one.head_label,
            "ref": one.head_ref,
            "sha": one.head,
            "user": user(world, one.head_repository.owner if one.head_repository else issue.author),
            "repo": repository(world, one.head_repository) if one.head_repository else None,
        },
        "base": {
            "label": f"{base.owner.login}:{one.base_ref}",
            "ref": one.base_ref,
            "sha": one.base_sha,
            "user": user(world, base.owner),
            "repo": repository(world, base),
        },
        "_links": {name: {"href": value} for name, value in links.items()},
        "author_association": association(world, base, issue.author),
        "auto_merge": auto_merge(world, one),
        "active_lock_reason": None,
    }


def auto_merge(world: World, one: Pull) -> dict[str, Any] | None:
    """`Pull.auto_merge` is a dictionary with `enabled_by` (an account), `merge_method`, `commit_title` and
    `commit_message`."""
    if not one.auto_merge:
        return None
    armed: dict[str, Any] = one.auto_merge
    return {
        "enabled_by": user(world, armed["enabled_by"]),
        "merge_method": armed["merge_method"],
        "commit_title": armed.get("commit_title") or f"Merge pull request #{one.number} from {one.head_label}",
        "commit_message": armed.get("commit_message") or one.issue.title,
    }


def pull(world: World, one: Pull, known: bool | None = None) -> dict[str, Any]:
    """GitHub's `pull-request`. `known` is what is known of its mergeability: the caller decides whether this is a read
    that starts the computation."""
    git = one.repository.git
    base = git.merge_base(one.base_sha, one.head) or one.base_sha
    files = git.diff(base, one.head)
    mergeable = None if one.merged is not None else known
    return simple(world, one) | {
        "merged": one.merged is not None,
        "mergeable": mergeable,
        "rebaseable": mergeable,
        "mergeable_state": mergeability.state(world, one, mergeable),
        "merged_by": user(world, one.merged_by) if one.merged_by else None,
        "comments": len(one.issue.comments),
        "review_comments": 0,
        "maintainer_can_modify": one.maintainer_can_modify,
        "commits": git.counts(one.base_sha, one.head)[1],
        "additions": sum(file.additions for file in files),
        "deletions": sum(file.deletions for file in files),
        "changed_files": len(files),
    }


def minimal(world: World, one: Pull) -> dict[str, Any]:
    """GitHub's `pull-request-minimal`, as check runs carry it."""

    def side(ref: str, sha: str, repository: Any) -> dict[str, Any]:
        place = {"id": repository.id, "url": f"{world.url}/repos/{repository.full_name}", "name": repository.name}
        return {"ref": ref, "sha": sha, "repo": place}

    return {
        "id": one.id,
        "number": one.number,
        "url": f"{world.url}/repos/{one.repository.full_name}/pulls/{one.number}",
        "head": side(one.head_ref, one.head, one.head_repository or one.repository),
        "base": side(one.base_ref, one.base_sha, one.repository),
    }
