"""How accounts, Apps, installations, issues, pull requests and merge groups come to be, by Python and by REST."""

import re
import secrets
from collections.abc import Mapping

from app.standin import auth, events, moves
from app.standin.git import ZERO, Bare, Ident
from app.standin.routing import Problem, invalid
from app.standin.state import Account, App, Installation, Issue, Label, Pull, Repository, World


def account(world: World, login: str, kind: str, name: str = "", email: str = "") -> Account:
    if not re.fullmatch(r"[A-Za-z0-9](?:[A-Za-z0-9-]{0,38}|[A-Za-z0-9-]*\[bot\])", login):
        raise ValueError(f"no login: {login!r}")
    made = world.new(Account, login=login, kind=kind, name=name, email=email, created=world.now())
    made.email = email or f"{made.id}+{login}@users.noreply.github.com"
    if kind == "Organization":
        made.email = ""
    world.accounts[login.casefold()] = made
    return made


def rename(world: World, one: Account, login: str) -> None:
    old, new = one.login.casefold(), login.casefold()
    one.login = login
    world.accounts[new] = world.accounts.pop(old)
    holders = [each.collaborators for each in world.repositories.values()]
    for kept in (*holders, *(each.members for each in world.accounts.values())):
        if old in kept:
            kept[new] = kept.pop(old)
    for team in world.teams.values():
        team.members = [login if each.casefold() == old else each for each in team.members]


def app(
    world: World,
    *,
    name: str,
    owner: Account,
    webhook_url: str,
    secret: str,
    permissions: dict[str, str],
    events: list[str],
    external_url: str = "https://example.com",
) -> tuple[App, str]:
    """The App and its private key (PEM), which is not kept."""
    slug = re.sub(r"[^a-z0-9]+", "-", name.casefold()).strip("-")
    if any(other.slug == slug for other in world.apps.values()):
        raise ValueError(f"there is an App {slug} already")
    private, public = auth.make_keys()
    made = world.new(
        App,
        slug=slug,
        name=name,
        owner=owner,
        bot=account(world, f"{slug}[bot]", "Bot"),
        client_id=f"Iv23li{secrets.token_hex(7)}",
        client_secret=secrets.token_hex(20),
        public_key=public,
        webhook_url=webhook_url,
        webhook_secret=secret,
        permissions={"metadata": "read"} | permissions,
        events=events,
        created=world.now(),
        external_url=external_url,
    )
    world.apps[made.id] = made
    return made, private.decode()


def install(
    world: World,
    one: App,
    repositories: list[Repository],
    permissions: Mapping[str, str] | None = None,
    everything: bool = False,
) -> Installation:
    """A new installation, or more repositories for the one that the account has."""
    owner = repositories[0].owner
    if any(repository.owner is not owner for repository in repositories):
        raise ValueError("an installation belongs to one account")
    found = next((i for i in world.installations.values() if i.app is one and i.account is owner), None)
    if found:
        added = [repository for repository in repositories if repository not in found.repositories]
        found.repositories += added
        events.installation_repositories(world, found, added, [], owner)
        return found
    made = world.new(
        Installation,
        app=one,
        account=owner,
        repositories=list(repositories),
        permissions=dict(one.permissions if permissions is None else permissions),
        created=world.now(),
        selection="all" if everything else "selected",
    )
    world.installations[made.id] = made
    events.installation(world, made, "created", owner)
    return made


def repository(world: World, owner: Account, name: str, branch: str = "main", private: bool = False) -> Repository:
    """An empty repository, which installations on everything of its owner reach from now on."""
    full_name = f"{owner.login}/{name}"
    if not re.fullmatch(r"[A-Za-z0-9._-]{1,100}", name) or name in {".", ".."}:
        raise ValueError(f"no name of a repository: {name!r}")
    if world.repository(full_name):
        raise ValueError(f"{full_name} is there already")
    made = world.new(
        Repository,
        owner=owner,
        name=name,
        git=Bare.make(world.folder / "git" / owner.login / f"{name}.{next(world.ids)}.git", branch),
        created=world.now(),
        private=private,
        default_branch=branch,
    )
    made.labels = [world.new(Label, name=word, default=True) for word in ("bug", "enhancement")]
    world.repositories[full_name.casefold()] = made
    for one in world.installations.values():
        if one.account is owner and one.selection == "all":
            one.repositories.append(made)
            events.installation_repositories(world, one, [made], [], owner)
    return made


def fork(world: World, parent: Repository, owner: Account, name: str = "") -> Repository:
    """With all branches of the original."""
    made = repository(world, owner, name or parent.name, parent.default_branch, parent.private)
    made.parent = parent
    for ref, sha in parent.git.refs("refs/heads/").items():
        made.git.fetch(parent.git, sha, ref)
    return made


def delete(world: World, gone: Repository) -> None:
    """Pull requests that come from it keep their commits and have no head repository."""
    del world.repositories[gone.full_name.casefold()]
    for one in world.installations.values():
        one.repositories = [each for each in one.repositories if each is not gone]
    for other in world.repositories.values():
        other.parent = None if other.parent is gone else other.parent
        for each in other.pulls:
            each.head_repository = None if each.head_repository is gone else each.head_repository


def label(world: World, repository: Repository, name: str) -> Label:
    """The label of this name, made where the repository has none."""
    found = next((one for one in repository.labels if one.name.casefold() == name.casefold()), None)
    if found is None:
        found = world.new(Label, name=name)
        repository.labels.append(found)
    return found


def number(repository: Repository) -> int:
    return max(repository.issues, default=0) + 1


def issue(
    world: World, repository: Repository, author: Account, title: str, body: str | None, app: App | None = None
) -> Issue:
    """An issue; nothing is told of it yet."""
    now = world.now()
    made = world.new(
        Issue,
        repository=repository,
        number=number(repository),
        title=title,
        body=body,
        author=author,
        created=now,
        updated=now,
        app=app,
    )
    repository.issues[made.number] = made
    return made


def pull(
    world: World,
    repository: Repository,
    by: Account,
    *,
    head: str,
    base: str,
    title: str,
    body: str | None = None,
    draft: bool = False,
    maintainer_can_modify: bool = True,
    app: App | None = None,
) -> Pull:
    """Opens a pull request; raises Problem as GitHub does."""
    owner, _, branch = head.rpartition(":")
    source = repository if not owner or owner.casefold() == repository.owner.login.casefold() else None
    if source is None:
        relatives = [one for one in world.repositories.values() if one.parent is repository]
        source = next((one for one in relatives if one.owner.login.casefold() == owner.casefold()), None)
    sha = source.git.tip(branch) if source else None
    if source is None or sha is None:
        raise invalid("PullRequest", "head", "invalid")
    base_sha = repository.git.tip(base)
    if base_sha is None:
        raise invalid("PullRequest", "base", "invalid")
    named = f"{source.owner.login}:{branch}"
    if any(
        p.open and p.head_repository is source and p.head_ref == branch and p.base_ref == base for p in repository.pulls
    ):
        text = f"A pull request already exists for {named}."
        raise Problem(422, "Validation Failed", [{"resource": "PullRequest", "code": "custom", "message": text}])
    if source is not repository:
        repository.git.fetch(source.git, sha, f"refs/pull/{number(repository)}/head")
    if repository.git.counts(base_sha, sha)[1] == 0:
        text = f"No commits between {base if source is repository else f'{repository.owner.login}:{base}'} and {named}"
        raise Problem(422, "Validation Failed", [{"resource": "PullRequest", "code": "custom", "message": text}])
    made = world.new(
        Pull,
        issue=issue(world, repository, by, title, body, app),
        head_repository=source,
        head_ref=branch,
        head_label=named,
        head=sha,
        base_ref=base,
        draft=draft,
        maintainer_can_modify=maintainer_can_modify and source is not repository,
    )
    made.issue.pull = made
    moves.keep_head(made)
    events.pull_request(world, made, "opened", by)
    return made


def queue(world: World, one: Pull, by: Account) -> str:
    """Puts it into the merge queue: the temporary branch `gh-readonly-queue/{base}/pr-{number}-{base commit}` and its
    `merge_group` event. Returns the commit of the group; raises Problem where it conflicts."""
    repository = one.repository
    base = one.base_sha
    tree = repository.git.merge_tree(base, one.head)
    if tree is None:
        raise Problem(422, "Pull request is in conflict")
    message = f"Merge pull request #{one.number} from {one.head_label}\n\n{one.issue.title}"
    ident = Ident("GitHub", "noreply@github.com", world.now())
    sha = repository.git.write_commit(tree, (base, one.head), message, ident)
    ref = f"refs/heads/gh-readonly-queue/{one.base_ref}/pr-{one.number}-{base}"
    repository.queue[ref] = one
    one.auto_merge = None  # *unverified*: as people report it, what waits in the queue is armed no more
    moves.move(world, repository, ref, sha, by)
    events.merge_group(world, one, "checks_requested", ref, sha, by)
    return sha


def leave_queue(world: World, one: Pull, by: Account, reason: str = "dequeued") -> None:
    """Takes a pull request out again: `merge_group` with `destroyed`; `reason` is merged, invalidated or dequeued."""
    for ref, pull in list(one.repository.queue.items()):
        if pull is one:
            sha = one.repository.git.refs(ref).get(ref, ZERO)
            events.merge_group(world, one, "destroyed", ref, sha, by, reason=reason)
            del one.repository.queue[ref]
            moves.move(world, one.repository, ref, ZERO, by)
