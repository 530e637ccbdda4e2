"""Sets up the world and acts in it from Python: what a person would do by hand at GitHub."""

import secrets
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from app.standin import auth, events, moves, opening
from app.standin.git import ZERO, Files, Ident
from app.standin.hooks import Hooks
from app.standin.rules import queue
from app.standin.state import Account, Delivery, Installation, Pull, Repository, Run, Team, World

EVERYTHING = {
    "actions": "read",
    "administration": "write",
    "checks": "write",
    "contents": "write",
    "issues": "write",
    "members": "read",
    "merge_queues": "write",
    "metadata": "read",
    "pull_requests": "write",
    "statuses": "write",
    "workflows": "write",
}
EVENTS = (
    "check_run",
    "check_suite",
    "issue_comment",
    "issues",
    "merge_group",
    "pull_request",
    "pull_request_review",
    "push",
    "status",
)


@dataclass(frozen=True)
class AppCredentials:
    """What an App is given once: `private_key` is PEM."""

    app_id: int
    client_id: str
    slug: str
    private_key: str
    webhook_secret: str
    client_secret: str = ""


class Setup:
    """Logins and `owner/name` name things; what is made is kept in `world`."""

    def __init__(self, world: World, hooks: Hooks) -> None:
        self.world = world
        self._hooks = hooks

    # ── accounts ──

    def person(self, login: str, *, name: str = "", email: str = "") -> str:
        """A token of this person, who is made where there is none of that name yet."""
        with self.world.lock:
            return auth.person_token(self.world, self._account(login, name=name, email=email))

    def rename_account(self, login: str, new: str) -> None:
        """The account keeps its number, its access and whatever it said; its tokens go on."""
        with self.world.lock:
            opening.rename(self.world, self._account(login), new)

    def organisation(self, login: str, *, members: Sequence[str] = (), admins: Sequence[str] = ()) -> Account:
        with self.world.lock:
            made = self.world.account(login) or self._new_account(login, "Organization", login.title(), "")
            for member in (*members, *admins):
                self._account(member)
                made.members[member.casefold()] = "admin" if member in admins else "member"
            return made

    def team(
        self, organisation: str, slug: str, members: Sequence[str], repositories: Mapping[str, str] | None = None
    ) -> Team:
        """`repositories` are full names with the role that the team has there."""
        with self.world.lock:
            for member in members:
                self._account(member)
                self.organisation(organisation).members.setdefault(member.casefold(), "member")
            made = self.world.new(
                Team,
                organisation=organisation,
                slug=slug,
                name=slug,
                members=list(members),
                repositories=dict(repositories or {}),
            )
            self.world.teams[organisation.casefold(), slug.casefold()] = made
            return made

    def _account(self, login: str, name: str = "", email: str = "") -> Account:
        return self.world.account(login) or self._new_account(login, "User", name, email)

    def _new_account(self, login: str, kind: str, name: str, email: str) -> Account:
        return opening.account(self.world, login, kind, name, email)

    # ── repositories ──

    def repository(
        self,
        full_name: str,
        files: Files | None = None,
        *,
        collaborators: Mapping[str, str] | None = None,
        private: bool = False,
        branch: str = "main",
        message: str = "Initial commit",
    ) -> Repository:
        """A repository with one commit of these files (none without files); its owner is made where needed."""
        with self.world.lock:
            owner, _, name = full_name.partition("/")
            account = self._account(owner)
            for login in collaborators or {}:
                self._account(login)
            made = opening.repository(self.world, account, name, branch, private)
            made.collaborators = {login.casefold(): role for login, role in (collaborators or {}).items()}
            if files:
                tree = made.git.write_files(None, files)
                sha = made.git.write_commit(tree, (), message, self._ident(account))
                made.git.set_ref(f"refs/heads/{branch}", sha)
                made.pushed = self.world.now()
            return made

    def fork(self, full_name: str, owner: str, *, name: str = "") -> Repository:
        """A fork with all branches of the original."""
        with self.world.lock:
            return opening.fork(self.world, self._repository(full_name), self._account(owner), name)

    def delete_repository(self, full_name: str) -> None:
        """It is gone; pull requests that come from it keep their commits and have no head repository."""
        with self.world.lock:
            opening.delete(self.world, self._repository(full_name))

    def push(
        self,
        full_name: str,
        branch: str,
        files: Files,
        *,
        by: str,
        parent: str | None = None,
        message: str = "Change",
        author_email: str = "",
        force: bool = False,
    ) -> str:
        """One commit on a branch (made where it is missing, from `parent` or else from the default branch); None as
        content removes a file. Returns the commit. With `force` and `parent` the branch is moved to where it is no
        descendant of its tip. Everything follows as after a real push."""
        with self.world.lock:
            repository, account = self._repository(full_name), self._account(by)
            git = repository.git
            tip = git.tip(branch)
            base = (git.resolve(parent) if parent else None) or tip or git.tip(repository.default_branch)
            if parent and tip and base != tip and not force:
                raise ValueError(f"{branch} is at {tip}, not at {parent}: push with force=True")
            ident = self._ident(account, author_email)
            sha = git.write_commit(git.write_files(base, files), (base,) if base else (), message, ident)
            moves.move(self.world, repository, f"refs/heads/{branch}", sha, account)
            return sha

    def delete_branch(self, full_name: str, branch: str, *, by: str) -> None:
        with self.world.lock:
            moves.move(self.world, self._repository(full_name), f"refs/heads/{branch}", ZERO, self._account(by))

    def file(self, full_name: str, ref: str, path: str) -> bytes | None:
        """A file of a branch or commit, None where there is none."""
        git = self._repository(full_name).git
        sha = git.resolve(ref)
        entry = git.entry(sha, path) if sha else None
        return git.blob(entry.sha) if entry and entry.kind == "blob" else None

    def _ident(self, account: Account, email: str = "") -> Ident:
        address = email or account.email or f"{account.id}+{account.login}@users.noreply.github.com"
        return Ident(account.name or account.login, address, self.world.now())

    def _repository(self, full_name: str) -> Repository:
        found = self.world.repository(full_name)
        if found is None:
            raise KeyError(full_name)
        return found

    # ── pull requests ──

    def open_pull(
        self,
        full_name: str,
        head: str,
        *,
        by: str,
        base: str = "",
        title: str = "A change",
        body: str = "",
        draft: bool = False,
    ) -> Pull:
        """`head` is a branch, or `owner:branch` of a fork."""
        with self.world.lock:
            repository, account = self._repository(full_name), self._account(by)
            base = base or repository.default_branch
            return opening.pull(
                self.world, repository, account, head=head, base=base, title=title, body=body, draft=draft
            )

    def queue(self, full_name: str, number: int, *, by: str = "") -> str:
        """Puts a pull request into the merge queue: makes the temporary branch, emits `merge_group` and returns the
        commit of the group."""
        with self.world.lock:
            pull = self._repository(full_name).pull(number)
            if pull is None:
                raise KeyError(f"{full_name}#{number}")
            return opening.queue(self.world, pull, self._account(by) if by else pull.author)

    def rename(self, full_name: str, to: str) -> None:
        """Gives a repository another name, or another owner who is there. Its old name leads nowhere: GitHub would send
        who asks for it on to the new one."""
        with self.world.lock:
            found, (owner, _, name) = self._repository(full_name), to.partition("/")
            account = self.world.account(owner)
            if account is None or self.world.repository(to) not in (None, found):
                raise ValueError(f"{to} cannot be")
            del self.world.repositories[found.full_name.casefold()]
            if account is not found.owner:
                for each in self.world.installations.values():
                    each.repositories = [one for one in each.repositories if one is not found]
            found.owner, found.name = account, name
            self.world.repositories[found.full_name.casefold()] = found

    def finish_queue(self, full_name: str, number: int) -> bool:
        """GitHub looks at the checks of a queued pull request's group: it merges it, takes it out, or waits. Returns
        whether it was merged."""
        with self.world.lock:
            pull = self._repository(full_name).pull(number)
            if pull is None:
                raise KeyError(f"{full_name}#{number}")
            return queue.finish(self.world, pull, pull.author)

    def press(self, full_name: str, run: int, button: str, *, by: str) -> None:
        """Presses a button of a check run: `check_run` with `requested_action`."""
        with self.world.lock:
            account, found = self._account(by), self.run(full_name, run)
            if button not in {action["identifier"] for action in found.actions}:
                raise KeyError(button)
            events.check_run(self.world, found, "requested_action", account, requested_action={"identifier": button})

    def rerequest(self, full_name: str, run: int, *, by: str) -> None:
        """Presses "Re-run" of a check run."""
        with self.world.lock:
            found = self.run(full_name, run)
            found.status, found.conclusion, found.completed = "queued", None, None
            events.check_run(self.world, found, "rerequested", self._account(by))

    def run(self, full_name: str, number: int) -> Run:
        """A check run by its id."""
        return next(run for run in self._repository(full_name).runs if run.id == number)

    # ── Apps ──

    def app(
        self,
        *,
        webhook_url: str = "",
        secret: str = "",
        name: str = "selfmod",
        owner: str = "selfmod-owner",
        permissions: Mapping[str, str] | None = None,
        events: Sequence[str] = EVENTS,
    ) -> AppCredentials:
        """Registers an App. Without a secret one is made up. Default: all permissions and events that selfmod uses."""
        with self.world.lock:
            made, private = opening.app(
                self.world,
                name=name,
                owner=self._account(owner),
                webhook_url=webhook_url,
                secret=secret or secrets.token_hex(20),
                permissions=dict(EVERYTHING if permissions is None else permissions),
                events=list(events),
            )
            return AppCredentials(made.id, made.client_id, made.slug, private, made.webhook_secret, made.client_secret)

    def workflow_token(self, full_name: str, permissions: Mapping[str, str], *, opens_pulls: bool = True) -> str:
        """What a job of a workflow gets as GITHUB_TOKEN, with the permissions that the job names: an installation
        token of the Actions App for the one repository. `opens_pulls` is the repository's setting *Allow GitHub Actions
        to create and approve pull requests*.

        Source: https://docs.github.com/en/actions/concepts/security/github_token"""
        with self.world.lock:
            repository = self._repository(full_name)
            actions = next((each for each in self.world.apps.values() if each.slug == auth.ACTIONS), None)
            if actions is None:
                name, owner = "GitHub Actions", self._account("github")
                actions, _ = opening.app(
                    self.world, name=name, owner=owner, webhook_url="", secret="", permissions=EVERYTHING, events=[]
                )
            found = opening.install(self.world, actions, [repository])
            repository.actions_open_pulls = opens_pulls
            return auth.installation_token(
                self.world, found, [repository], {"metadata": "read"} | dict(permissions)
            ).value

    def callback_urls(self, app: AppCredentials, *urls: str) -> None:
        """Where people may be sent who signed in, from now on."""
        with self.world.lock:
            self.world.apps[app.app_id].callback_urls = list(urls)

    def hook_url(self, app: AppCredentials, url: str) -> None:
        """Where the App's webhooks go from now on."""
        self.world.apps[app.app_id].webhook_url = url

    def install(
        self,
        app: AppCredentials,
        repositories: Sequence[str],
        *,
        permissions: Mapping[str, str] | None = None,
        everything: bool = False,
    ) -> int:
        """Installs the App on these repositories of one account (`everything`: on later ones too). Returns the
        installation's id; a second call for the same account adds repositories."""
        with self.world.lock:
            found = [self._repository(full_name) for full_name in repositories]
            return opening.install(self.world, self.world.apps[app.app_id], found, permissions, everything).id

    def uninstall(self, installation: int) -> None:
        with self.world.lock:
            gone: Installation = self.world.installations.pop(installation)
            events.installation(self.world, gone, "deleted", gone.account)

    def suspend(self, installation: int, suspended: bool = True) -> None:
        """Suspends an installation, or lets it work again."""
        with self.world.lock:
            one = self.world.installations[installation]
            one.suspended = self.world.now() if suspended else None
            events.installation(self.world, one, "suspend" if suspended else "unsuspend", one.account)

    def remove(self, installation: int, repositories: Sequence[str]) -> None:
        """Takes repositories from an installation."""
        with self.world.lock:
            one = self.world.installations[installation]
            gone = [self._repository(full_name) for full_name in repositories]
            one.repositories = [repository for repository in one.repositories if repository not in gone]
            events.installation_repositories(self.world, one, [], gone, one.account)

    def ping(self, app: AppCredentials) -> None:
        """What GitHub sends when a webhook is set up."""
        events.ping(self.world, self.world.apps[app.app_id])

    def deliveries(self, app: AppCredentials) -> list[Delivery]:
        """All attempts, the oldest first."""
        return list(self.world.apps[app.app_id].deliveries)

    def redeliver(self, delivery: Delivery, times: int = 1) -> list[Delivery]:
        """The same delivery again, with its GUID."""
        return [self._hooks.again(delivery) for _ in range(times)]

    def emitted(self, app: AppCredentials, event: str) -> list[Delivery]:
        """Deliveries of `event` or `event.action`."""
        name, _, action = event.partition(".")
        return [one for one in self.deliveries(app) if one.event == name and (not action or one.action == action)]
