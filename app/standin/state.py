"""The world of the stand-in: accounts, repositories, pull requests, checks, Apps and their installations.

Plain values that the routes change under `World.lock`. Every thing has an integer `id` that no other thing of this
world has, and the `node_id` that GraphQL knows it by. Times are seconds since the epoch, from `World.clock`."""

import itertools
import threading
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from app.standin.git import Bare
from app.standin.things import Account, App, Closed, Delivery, Label, Node, Reaction, Reopened, Seen, Team

__all__ = [
    "ROLES",
    "Account",
    "App",
    "Closed",
    "Comment",
    "Delivery",
    "Installation",
    "Issue",
    "Label",
    "Node",
    "Pull",
    "Reaction",
    "Reopened",
    "Repository",
    "Review",
    "Run",
    "Seen",
    "Status",
    "Suite",
    "Team",
    "Token",
    "Watcher",
    "World",
    "iso",
    "iso_or_none",
]

WEB_FLOW = "noreply@github.com"
"""The address of GitHub's own commits."""
ROLES = ("none", "read", "triage", "write", "maintain", "admin")
"""What somebody may do in a repository, the least first."""


@dataclass(eq=False, kw_only=True)
class Comment(Node):
    """A comment on an issue or pull request; `app` is the App that wrote it."""

    PREFIX = "IC"
    issue: "Issue"
    author: Account
    body: str
    created: float
    updated: float
    app: App | None = None
    reactions: list[Reaction] = field(default_factory=list)
    edited: float | None = None
    editor: Account | None = None


@dataclass(eq=False, kw_only=True)
class Issue(Node):
    """An issue, or the issue that every pull request is too (`pull` is set then; both have one number). `edited` and
    `editor` are of its text."""

    PREFIX = "I"
    repository: "Repository"
    number: int
    title: str
    body: str | None
    author: Account
    created: float
    updated: float
    state: str = "open"
    closed: float | None = None
    closed_by: Account | None = None
    labels: list[Label] = field(default_factory=list)
    assignees: list[Account] = field(default_factory=list)
    comments: list[Comment] = field(default_factory=list)
    reactions: list[Reaction] = field(default_factory=list)
    pull: "Pull | None" = None
    app: App | None = None
    edited: float | None = None
    editor: Account | None = None


@dataclass(eq=False, kw_only=True)
class Review(Node):
    """`state` is APPROVED, CHANGES_REQUESTED, COMMENTED, DISMISSED or PENDING; `commit` the head that it was for."""

    PREFIX = "PRR"
    pull: "Pull"
    author: Account
    state: str
    body: str
    commit: str
    submitted: float | None


@dataclass(eq=False, kw_only=True)
class Pull(Node):
    """A pull request: what it shares with an issue is in `issue`. `head` is the commit at its head, which follows
    `head_ref` of `head_repository` (None: the fork is gone) while it is open. `base_sha` is the tip of its base: now
    while it is open, and what it was when it was closed."""

    PREFIX = "PR"
    issue: Issue
    head_repository: "Repository | None"
    head_ref: str
    head_label: str
    head: str
    base_ref: str
    draft: bool = False
    pushed_by: Account | None = None
    """Who pushed its head last, None before the first push."""
    merged: float | None = None
    merged_by: Account | None = None
    merge_commit: str | None = None
    closed_base: str = ""
    requested: list[Account] = field(default_factory=list)
    requested_teams: list[Team] = field(default_factory=list)
    reviews: list[Review] = field(default_factory=list)
    turns: list[Closed | Reopened] = field(default_factory=list)
    """Each time that it was closed and opened again, the oldest first."""
    auto_merge: Any = None
    maintainer_can_modify: bool = False
    asked: tuple[str, str] = ("", "")
    """Head and base whose mergeability was asked for: the first read of a pair gives null, as GitHub does."""
    computed: tuple[str, str, str | None] = ("", "", None)
    """Head, base and the test merge commit of both (None: they conflict)."""

    @property
    def repository(self) -> "Repository":
        """The one that it is to be merged into."""
        return self.issue.repository

    @property
    def number(self) -> int:
        return self.issue.number

    @property
    def open(self) -> bool:
        return self.issue.state == "open"

    @property
    def author(self) -> Account:
        return self.issue.author

    @property
    def base_sha(self) -> str:
        if self.open:
            return self.repository.git.tip(self.base_ref) or self.closed_base
        return self.closed_base

    @property
    def from_fork(self) -> bool:
        return self.head_repository is not self.repository


@dataclass(eq=False, kw_only=True)
class Suite(Node):
    PREFIX = "CS"
    repository: "Repository"
    app: "App"
    head: str
    branch: str | None
    before: str | None
    created: float
    updated: float
    runs: list["Run"] = field(default_factory=list)


@dataclass(eq=False, kw_only=True)
class Run(Node):
    """A check run. `output` has title, summary, text; `annotations` and `actions` as they came in."""

    PREFIX = "CR"
    suite: Suite
    name: str
    status: str
    conclusion: str | None
    started: float | None
    completed: float | None
    external_id: str = ""
    details_url: str | None = None
    output: dict[str, Any] = field(default_factory=dict)
    annotations: list[dict[str, Any]] = field(default_factory=list)
    actions: list[dict[str, str]] = field(default_factory=list)

    @property
    def head(self) -> str:
        return self.suite.head


@dataclass(eq=False, kw_only=True)
class Status(Node):
    """A commit status (the older form of a check)."""

    PREFIX = "SC"
    sha: str
    context: str
    state: str
    description: str | None
    target_url: str | None
    creator: Account
    created: float


@dataclass(eq=False, kw_only=True)
class Repository(Node):
    """`protection` (by branch) and `rulesets` (by id) are kept by the routes of that name. `paid` False: the
    owner's plan has neither for a private repository."""

    PREFIX = "R"
    owner: Account
    name: str
    git: Bare
    created: float
    private: bool = False
    paid: bool = True
    default_branch: str = "main"
    description: str | None = None
    parent: "Repository | None" = None
    pushed: float = 0
    archived: bool = False
    collaborators: dict[str, str] = field(default_factory=dict)
    labels: list[Label] = field(default_factory=list)
    issues: dict[int, Issue] = field(default_factory=dict)
    suites: list[Suite] = field(default_factory=list)
    statuses: list[Status] = field(default_factory=list)
    queue: dict[str, Pull] = field(default_factory=dict)
    """Temporary branches of the merge queue, with the pull request that each stands for."""
    actions_open_pulls: bool = False
    """*Allow GitHub Actions to create and approve pull requests*."""
    protection: dict[str, Any] = field(default_factory=dict)
    rulesets: dict[int, Any] = field(default_factory=dict)
    settings: dict[str, Any] = field(
        default_factory=lambda: {
            "allow_squash_merge": True,
            "allow_merge_commit": True,
            "allow_rebase_merge": True,
            "allow_auto_merge": True,
            "delete_branch_on_merge": False,
        }
    )

    @property
    def full_name(self) -> str:
        return f"{self.owner.login}/{self.name}"

    @property
    def pulls(self) -> list[Pull]:
        """By number."""
        return [issue.pull for _, issue in sorted(self.issues.items()) if issue.pull]

    @property
    def runs(self) -> list[Run]:
        return [run for suite in self.suites for run in suite.runs]

    def pull(self, number: int) -> Pull | None:
        issue = self.issues.get(number)
        return issue.pull if issue else None


@dataclass(eq=False, kw_only=True)
class Installation(Node):
    PREFIX = "IN"
    app: App
    account: Account
    repositories: list[Repository]
    permissions: dict[str, str]
    created: float
    selection: str = "selected"
    suspended: float | None = None


@dataclass(eq=False)
class Token:
    """Of a person (`installation` None) or of an installation, then restricted to `repositories` (None: all of it)
    and `permissions`. `signed_in` is the App that a person signed in to, for that App's use. `expires` None: never."""

    value: str
    account: Account
    installation: Installation | None = None
    repositories: list[Repository] | None = None
    permissions: dict[str, str] = field(default_factory=dict)
    expires: float | None = None
    signed_in: App | None = None


Watcher = Callable[["World", str, Any], None]


@dataclass(eq=False)
class World:
    """Everything there is. `url` and `web_url` are set when the server is up. `watchers` are told of every event
    (`pull_request.synchronize`, the pull request) after its webhooks are queued, under the lock. `send` queues a
    webhook, `resend` another attempt of one; `merge_state` gives `mergeable_state` of a pull request that can merge;
    `refuses` says why a ref may not be moved (ref, old, new, by whom), empty where it may."""

    folder: Path
    clock: Callable[[], float]
    url: str = ""
    web_url: str = ""
    lock: threading.RLock = field(default_factory=threading.RLock)
    ids: Iterator[int] = field(default_factory=lambda: itertools.count(100_001))
    accounts: dict[str, Account] = field(default_factory=dict)
    teams: dict[tuple[str, str], Team] = field(default_factory=dict)
    repositories: dict[str, Repository] = field(default_factory=dict)
    apps: dict[int, App] = field(default_factory=dict)
    installations: dict[int, Installation] = field(default_factory=dict)
    tokens: dict[str, Token] = field(default_factory=dict)
    nodes: dict[str, Any] = field(default_factory=dict)
    signed: set[str] = field(default_factory=set)
    """Commits made through the API by an App, which GitHub signs."""
    manifests: dict[str, Any] = field(default_factory=dict)
    """Apps made from a manifest, by the code that is not converted yet."""
    codes: dict[str, Any] = field(default_factory=dict)
    """Who signed in, by the code that is not exchanged yet."""
    unknown: list[str] = field(default_factory=list)
    """Requests that no route knew and body fields that GitHub does not have. Tests assert that it is empty."""
    calls: list[Seen] = field(default_factory=list)
    watchers: list[Watcher] = field(default_factory=list)
    send: Callable[[Delivery], None] = lambda delivery: None
    resend: Callable[[Delivery], object] = lambda delivery: None
    refuses: Callable[["World", Repository, str, str, str, Account], str] = lambda *move: ""
    merge_state: Callable[["World", Pull], str] = lambda world, pull: "clean"

    def now(self) -> float:
        return self.clock()

    def new[N: Node](self, kind: type[N], /, **values: Any) -> N:
        """A new thing with the next id, found by its node id from then on."""
        made = kind(id=next(self.ids), **values)
        self.nodes[made.node_id] = made
        return made

    def account(self, login: str) -> Account | None:
        return self.accounts.get(login.casefold())

    def account_of_email(self, email: str) -> Account | None:
        """Whom a commit is attributed to: `web-flow` is what GitHub commits itself, through its pages and its API."""
        wanted = email.casefold()
        found = next((each for each in self.accounts.values() if each.email.casefold() == wanted != ""), None)
        if found is None and wanted == WEB_FLOW:
            found = self.new(Account, login="web-flow", kind="User", name="GitHub", email=email, created=self.now())
            self.accounts[found.login] = found
        return found

    def repository(self, full_name: str) -> Repository | None:
        return self.repositories.get(full_name.casefold())

    def role(self, repository: Repository, login: str) -> str:
        """One of ROLES: the greatest of what owner, collaborators, teams and the organisation give."""
        login = login.casefold()
        owner = repository.owner
        found = ["none" if repository.private else "read"]
        if owner.login.casefold() == login or owner.members.get(login) == "admin":
            found.append("admin")
        elif login in owner.members:
            found.append("read")
        found.append(repository.collaborators.get(login, "none"))
        for team in self.teams.values():
            if team.organisation == owner.login and login in [member.casefold() for member in team.members]:
                found.append(team.repositories.get(repository.full_name, "none"))
        return max(found, key=ROLES.index)

    def installed(self, repository: Repository) -> list[Installation]:
        """Installations that reach this repository."""
        return [i for i in self.installations.values() if repository in i.repositories and i.suspended is None]


def iso(seconds: float) -> str:
    """As GitHub writes times: `2026-11-29T12:00:00Z`."""
    return datetime.fromtimestamp(seconds, UTC).strftime("%Y-%m-%dT%H:%M:%SZ")


def iso_or_none(seconds: float | None) -> str | None:
    return None if seconds is None else iso(seconds)
