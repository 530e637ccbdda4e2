"""Repositories and accounts: what can be read of them, who belongs to them."""

from typing import Any

from app.standin import opening
from app.standin.git import Ident
from app.standin.routing import Answer, Call, Problem, Route, gone, invalid
from app.standin.shapes import people, repositories
from app.standin.state import ROLES, Account, Team

LEGACY = {"admin": "admin", "maintain": "write", "write": "write", "triage": "read", "read": "read", "none": "none"}
"""`permission` of a role, as it was before there were five."""


def get_repository(call: Call) -> Answer:
    login = call.login if call.caller.kind == "person" else ""
    return Answer(repositories.full(call.world, call.repository, login, call.caller.reaches(call.repository)))


def update_repository(call: Call) -> Answer:
    one = call.repository
    for name, value in call.body.items():
        if name in one.settings:
            one.settings[name] = bool(value)
    if "default_branch" in call.body:
        if one.git.tip(call.body["default_branch"]) is None:
            raise invalid("Repository", "default_branch", "invalid")
        one.default_branch = call.body["default_branch"]
        one.git.text("symbolic-ref", "HEAD", f"refs/heads/{one.default_branch}")
    one.private = bool(call.body.get("private", one.private))
    one.archived = bool(call.body.get("archived", one.archived))
    one.description = call.body.get("description", one.description)
    return get_repository(call)


def create_repository(call: Call) -> Answer:
    """Of the caller, or of an organisation that the caller belongs to; `auto_init` makes a first commit."""
    owner, name = (_account(call, "org") if "org" in call.params else call.actor), call.want("name", str)
    if owner is not call.actor and call.login.casefold() not in owner.members:
        raise Problem(403, "You need admin access to the organization before adding a repository to it.")
    try:
        made = opening.repository(call.world, owner, name, private=call.maybe("private", bool) or False)
    except ValueError:
        raise invalid("Repository", "name", "custom", "name already exists on this account") from None
    made.description = call.maybe("description", str)
    if call.maybe("auto_init", bool):
        tree = made.git.write_files(None, {"README.md": f"# {name}\n"})
        ident = Ident(call.actor.name or call.login, call.actor.email, call.world.now())
        made.git.set_ref("refs/heads/main", made.git.write_commit(tree, (), "Initial commit", ident))
    return Answer(repositories.full(call.world, made, call.login), 201)


def create_fork(call: Call) -> Answer:
    """Where the caller has one already, that one."""
    there = call.world.repository(f"{call.login}/{call.repository.name}")
    made = there or opening.fork(call.world, call.repository, call.actor, call.maybe("name", str) or "")
    return Answer(repositories.full(call.world, made, call.login), 202)


def delete_repository(call: Call) -> Answer:
    opening.delete(call.world, call.repository)
    return Answer(status=204)


def _account(call: Call, name: str) -> Account:
    found = call.world.account(call.params[name])
    if found is None:
        raise gone()
    return found


def get_organisation(call: Call) -> Answer:
    found = _account(call, "org")
    if found.kind != "Organization":
        raise gone()
    return Answer(people.organisation(call.world, found))


def get_user(call: Call) -> Answer:
    return Answer(people.full_user(call.world, _account(call, "username")))


def get_self(call: Call) -> Answer:
    if call.caller.kind != "person":
        raise Problem(403, "Resource not accessible by integration")
    return Answer(people.full_user(call.world, call.actor))


def rate_limit(call: Call) -> Answer:
    one = {"limit": 5000, "used": 1, "remaining": 4999, "reset": int(call.world.now()) + 3600}
    names = ("core", "search", "graphql", "integration_manifest", "source_import", "code_search")
    return Answer({"resources": dict.fromkeys(names, one), "rate": one})


def meta(call: Call) -> Answer:
    return Answer({"verifiable_password_authentication": False, "hooks": ["127.0.0.1/32"], "web": ["127.0.0.1/32"]})


ROOT = {
    "current_user_url": "/user",
    "current_user_authorizations_html_url": "/settings/connections/applications{/client_id}",
    "authorizations_url": "/authorizations",
    "code_search_url": "/search/code?q={query}{&page,per_page,sort,order}",
    "commit_search_url": "/search/commits?q={query}{&page,per_page,sort,order}",
    "emails_url": "/user/emails",
    "emojis_url": "/emojis",
    "events_url": "/events",
    "feeds_url": "/feeds",
    "followers_url": "/user/followers",
    "following_url": "/user/following{/target}",
    "gists_url": "/gists{/gist_id}",
    "issue_search_url": "/search/issues?q={query}{&page,per_page,sort,order}",
    "issues_url": "/issues",
    "keys_url": "/user/keys",
    "label_search_url": "/search/labels?q={query}&repository_id={repository_id}{&page,per_page}",
    "notifications_url": "/notifications",
    "organization_url": "/orgs/{org}",
    "organization_repositories_url": "/orgs/{org}/repos{?type,page,per_page,sort}",
    "organization_teams_url": "/orgs/{org}/teams",
    "public_gists_url": "/gists/public",
    "rate_limit_url": "/rate_limit",
    "repository_url": "/repos/{owner}/{repo}",
    "repository_search_url": "/search/repositories?q={query}{&page,per_page,sort,order}",
    "current_user_repositories_url": "/user/repos{?type,page,per_page,sort}",
    "starred_url": "/user/starred{/owner}{/repo}",
    "starred_gists_url": "/gists/starred",
    "user_url": "/users/{user}",
    "user_organizations_url": "/user/orgs",
    "user_repositories_url": "/users/{user}/repos{?type,page,per_page,sort}",
    "user_search_url": "/search/users?q={query}{&page,per_page,sort,order}",
}
"""What `GET /` names, most of which the stand-in does not have."""


def root(call: Call) -> Answer:
    return Answer({name: call.world.url + path for name, path in ROOT.items()})


# ── people ──


def _people(call: Call) -> list[tuple[Account, str]]:
    """Everybody with a role that more than the public has, with the role."""
    one, found = call.repository, []
    for account in call.world.accounts.values():
        role = call.world.role(one, account.login)
        named = account.login.casefold() in one.collaborators or account.login.casefold() in one.owner.members
        if account.kind == "User" and (ROLES.index(role) > ROLES.index("read") or (named and role != "none")):
            found.append((account, role))
    return found


def list_collaborators(call: Call) -> Answer:
    found = _people(call)
    least = {"pull": "read", "triage": "triage", "push": "write", "maintain": "maintain", "admin": "admin"}
    wanted, kind = call.query.get("permission"), call.query.get("affiliation", "all")
    if wanted in least:
        found = [each for each in found if ROLES.index(each[1]) >= ROLES.index(least[wanted])]
    if kind == "direct":
        found = [each for each in found if each[0].login.casefold() in call.repository.collaborators]
    if kind == "outside":
        found = [each for each in found if each[0].login.casefold() not in call.repository.owner.members]
    return call.paged(found, lambda each: _collaborator(call, *each))


def _collaborator(call: Call, account: Account, role: str) -> dict[str, Any]:
    return people.user(call.world, account) | {"permissions": people.permissions(role), "role_name": role}


def is_collaborator(call: Call) -> Answer:
    wanted = call.params["username"].casefold()
    if all(account.login.casefold() != wanted for account, _ in _people(call)):
        raise gone()
    return Answer(status=204)


def permission(call: Call) -> Answer:
    """Of anybody: outsiders have `read` of what is public and `none` of what is private; 404 for no account."""
    account = _account(call, "username")
    role = call.world.role(call.repository, account.login)
    return Answer({"permission": LEGACY[role], "role_name": role, "user": _collaborator(call, account, role)})


def add_collaborator(call: Call) -> Answer:
    names = {"pull": "read", "push": "write"}
    role = call.body.get("permission", "push")
    role = names.get(role, role)
    if role not in ROLES[1:]:
        raise invalid("Repository", "permission", "invalid")
    call.repository.collaborators[_account(call, "username").login.casefold()] = role
    return Answer(status=204)


def remove_collaborator(call: Call) -> Answer:
    call.repository.collaborators.pop(call.params["username"].casefold(), None)
    return Answer(status=204)


def _team(call: Call) -> Team:
    found = call.world.teams.get((call.params["org"].casefold(), call.params["team_slug"].casefold()))
    token = call.caller.token
    if found is None or call.world.account(call.params["org"]) is None:
        raise gone()
    if token and token.installation and token.installation.account.login != found.organisation:
        raise gone()
    return found


def get_team(call: Call) -> Answer:
    return Answer(people.full_team(call.world, _team(call)))


def organisation_members(call: Call) -> Answer:
    found = [one for login in _account(call, "org").members if (one := call.world.account(login))]
    return call.paged(found, lambda one: people.user(call.world, one))


def organisation_teams(call: Call) -> Answer:
    found = [one for one in call.world.teams.values() if one.organisation == _account(call, "org").login]
    return call.paged(found, lambda one: people.team(call.world, one))


def team_members(call: Call) -> Answer:
    found = [account for login in _team(call).members if (account := call.world.account(login))]
    return call.paged(found, lambda one: people.user(call.world, one))


def team_repositories(call: Call) -> Answer:
    found = [(one, role) for name, role in _team(call).repositories.items() if (one := call.world.repository(name))]
    return call.paged(
        found,
        lambda each: (
            repositories.minimal(call.world, each[0])
            | {"permissions": people.permissions(each[1]), "role_name": each[1]}
        ),
    )


def repository_teams(call: Call) -> Answer:
    one = call.repository
    names = {"read": "pull", "write": "push"}
    found = [
        (team, team.repositories[one.full_name])
        for team in call.world.teams.values()
        if one.full_name in team.repositories
    ]
    return call.paged(
        found, lambda each: people.team(call.world, each[0]) | {"permission": names.get(each[1], each[1])}
    )


SETTINGS = (
    "name",
    "description",
    "homepage",
    "private",
    "visibility",
    "default_branch",
    "archived",
    "has_issues",
    "has_projects",
    "has_wiki",
    "allow_squash_merge",
    "allow_merge_commit",
    "allow_rebase_merge",
    "allow_auto_merge",
    "delete_branch_on_merge",
    "allow_update_branch",
)

CREATE = (*SETTINGS, "auto_init", "has_discussions", "gitignore_template", "license_template", "team_id", "is_template")
ROUTES = (
    Route("GET", "/", "public", root),
    Route("GET", "/rate_limit", "public", rate_limit),
    Route("GET", "/meta", "public", meta),
    Route("GET", "/user", "user", get_self),
    Route("GET", "/users/{username}", "public", get_user),
    Route("GET", "/orgs/{org}", "public", get_organisation),
    Route("GET", "/orgs/{org}/teams/{team_slug}", "members:read", get_team),
    Route("GET", "/orgs/{org}/teams/{team_slug}/members", "members:read", team_members),
    Route("GET", "/orgs/{org}/teams/{team_slug}/repos", "members:read", team_repositories),
    Route("GET", "/orgs/{org}/members", "members:read", organisation_members),
    Route("GET", "/orgs/{org}/teams", "members:read", organisation_teams),
    Route("POST", "/user/repos", "user", create_repository, CREATE),
    Route("POST", "/orgs/{org}/repos", "user", create_repository, CREATE),
    Route("GET", "/repos/{owner}/{repo}", "metadata:read", get_repository),
    Route("DELETE", "/repos/{owner}/{repo}", "administration:write", delete_repository, (), "admin"),
    Route("POST", "/repos/{owner}/{repo}/forks", "user", create_fork, ("organization", "name", "default_branch_only")),
    Route("PATCH", "/repos/{owner}/{repo}", "administration:write", update_repository, SETTINGS, "admin"),
    Route("GET", "/repos/{owner}/{repo}/teams", "administration:read", repository_teams),
    Route("GET", "/repos/{owner}/{repo}/collaborators", "metadata:read", list_collaborators, role="write"),
    Route("GET", "/repos/{owner}/{repo}/collaborators/{username}", "metadata:read", is_collaborator, role="write"),
    Route(
        "PUT",
        "/repos/{owner}/{repo}/collaborators/{username}",
        "administration:write",
        add_collaborator,
        ("permission",),
        "admin",
    ),
    Route(
        "DELETE",
        "/repos/{owner}/{repo}/collaborators/{username}",
        "administration:write",
        remove_collaborator,
        (),
        "admin",
    ),
    Route("GET", "/repos/{owner}/{repo}/collaborators/{username}/permission", "metadata:read", permission),
)
