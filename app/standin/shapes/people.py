"""Users, organisations and teams."""

from typing import Any

from app.standin.state import Account, Repository, Team, World, iso


def user(world: World, account: Account) -> dict[str, Any]:
    """GitHub's `simple-user`."""
    login = account.login
    url = f"{world.url}/users/{login}"
    page = (
        f"{world.web_url}/apps/{login.removesuffix('[bot]')}" if account.kind == "Bot" else f"{world.web_url}/{login}"
    )
    return {
        "login": login,
        "id": account.id,
        "node_id": account.node_id,
        "avatar_url": f"{world.web_url}/avatars/u/{account.id}?v=4",
        "gravatar_id": "",
        "url": url,
        "html_url": page,
        "followers_url": f"{url}/followers",
        "following_url": f"{url}/following{{/other_user}}",
        "gists_url": f"{url}/gists{{/gist_id}}",
        "starred_url": f"{url}/starred{{/owner}}{{/repo}}",
        "subscriptions_url": f"{url}/subscriptions",
        "organizations_url": f"{url}/orgs",
        "repos_url": f"{url}/repos",
        "events_url": f"{url}/events{{/privacy}}",
        "received_events_url": f"{url}/received_events",
        "type": account.kind,
        "user_view_type": "public",
        "site_admin": False,
    }


def full_user(world: World, account: Account) -> dict[str, Any]:
    """GitHub's `public-user`: what `/users/{user}` and `/user` give."""
    public = sum(1 for r in world.repositories.values() if r.owner is account and not r.private)
    return user(world, account) | {
        "name": account.name or None,
        "company": None,
        "blog": "",
        "location": None,
        "email": account.email or None,
        "hireable": None,
        "bio": None,
        "twitter_username": None,
        "public_repos": public,
        "public_gists": 0,
        "followers": 0,
        "following": 0,
        "created_at": iso(account.created),
        "updated_at": iso(account.created),
    }


def simple_organisation(world: World, account: Account) -> dict[str, Any]:
    """GitHub's `organization-simple`, as webhooks carry it."""
    url = f"{world.url}/orgs/{account.login}"
    return {
        "login": account.login,
        "id": account.id,
        "node_id": account.node_id,
        "url": url,
        "repos_url": f"{url}/repos",
        "events_url": f"{url}/events",
        "hooks_url": f"{url}/hooks",
        "issues_url": f"{url}/issues",
        "members_url": f"{url}/members{{/member}}",
        "public_members_url": f"{url}/public_members{{/member}}",
        "avatar_url": f"{world.web_url}/avatars/u/{account.id}?v=4",
        "description": None,
    }


def organisation(world: World, account: Account) -> dict[str, Any]:
    """GitHub's `organization-full`."""
    return simple_organisation(world, account) | {
        "name": account.name or account.login,
        "blog": "",
        "twitter_username": None,
        "is_verified": False,
        "has_organization_projects": True,
        "has_repository_projects": True,
        "public_repos": sum(1 for r in world.repositories.values() if r.owner is account and not r.private),
        "public_gists": 0,
        "followers": 0,
        "following": 0,
        "html_url": f"{world.web_url}/{account.login}",
        "type": "Organization",
        "created_at": iso(account.created),
        "updated_at": iso(account.created),
        "archived_at": None,
    }


def team(world: World, one: Team) -> dict[str, Any]:
    """GitHub's `team`."""
    owner = world.account(one.organisation)
    url = f"{world.url}/organizations/{owner.id if owner else 0}/team/{one.id}"
    return {
        "id": one.id,
        "node_id": one.node_id,
        "name": one.name,
        "slug": one.slug,
        "description": None,
        "privacy": "closed",
        "notification_setting": "notifications_enabled",
        "permission": "pull",
        "url": url,
        "html_url": f"{world.web_url}/orgs/{one.organisation}/teams/{one.slug}",
        "members_url": f"{url}/members{{/member}}",
        "repositories_url": f"{url}/repos",
        "type": "organization",
        "organization_id": owner.id if owner else 0,
        "parent": None,
    }


def full_team(world: World, one: Team) -> dict[str, Any]:
    """GitHub's `team-full`."""
    owner = world.account(one.organisation)
    return team(world, one) | {
        "members_count": len(one.members),
        "repos_count": len(one.repositories),
        "created_at": iso(owner.created if owner else 0),
        "updated_at": iso(owner.created if owner else 0),
        "organization": organisation(world, owner) if owner else None,
    }


def permissions(role: str) -> dict[str, bool]:
    """The five flags of a role, as repositories and collaborators carry them."""
    names = {"pull": "read", "triage": "triage", "push": "write", "maintain": "maintain", "admin": "admin"}
    order = ("none", "read", "triage", "write", "maintain", "admin")
    return {flag: order.index(role) >= order.index(least) for flag, least in names.items()}


def association(world: World, repository: Repository, account: Account) -> str:
    """`author_association`: display only, also at GitHub."""
    login = account.login.casefold()
    if account is repository.owner:
        return "OWNER"
    if login in repository.owner.members:
        return "MEMBER"
    if login in repository.collaborators:
        return "COLLABORATOR"
    merged = any(pull.author is account and pull.merged is not None for pull in repository.pulls)
    return "CONTRIBUTOR" if merged else "NONE"
