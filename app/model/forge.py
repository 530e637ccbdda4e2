"""What is read of a forge and written to it: pull requests, reviews, check runs, comments. Values only.

The terms are GitHub's (https://docs.github.com/en/rest); whatever is not needed is left out."""

from dataclasses import dataclass, field
from enum import StrEnum


class Role(StrEnum):
    """What somebody may do in a repository, from the collaborator permission API; an unknown role is `NONE`."""

    NONE = "none"
    READ = "read"
    TRIAGE = "triage"
    WRITE = "write"
    MAINTAIN = "maintain"
    ADMIN = "admin"

    @property
    def rank(self) -> int:
        """0 for `none` to 5 for `admin`."""
        return list(Role).index(self)

    def at_least(self, other: "Role") -> bool:
        """Whether everything that `other` may do may be done."""
        return self.rank >= other.rank


@dataclass(frozen=True, slots=True)
class Person:
    """An account: `id` survives a change of the login. `bot` for Apps and machine users that GitHub marks as such."""

    login: str
    id: int
    bot: bool = False


@dataclass(frozen=True, slots=True)
class Pull:
    """A pull request as it is now. `head_repository` is `owner/name`, empty where the fork is gone; `base_sha` the tip
    of the target branch that GitHub compares with; `head_ref` and `base_ref` are names of branches."""

    number: int
    title: str
    body: str
    author: Person
    head: str
    head_ref: str
    head_repository: str
    base_ref: str
    base_sha: str
    repository: str
    open: bool = True
    merged: bool = False
    draft: bool = False
    labels: tuple[str, ...] = ()
    requested: tuple[str, ...] = ()
    """Logins and `org/team` names of whom a review was requested."""
    url: str = ""
    updated: str = ""
    created: str = ""
    """When it was opened (ISO 8601), empty where that is not known."""
    own: bool = False
    """Whether this App opened it, known by the App's account and not by a name."""
    armed: bool = False
    """Whether GitHub merges it by itself once its demands are met."""
    merge_commit: str = ""
    """The commit on the target branch that brought it, empty while it is not merged."""
    armed_by: Person | None = None
    """Who had GitHub merge it by itself, None where nobody did or that is not said."""

    @property
    def from_fork(self) -> bool:
        """Whether the head lies in another repository, or in one that is gone."""
        return self.head_repository.casefold() != self.repository.casefold()


@dataclass(frozen=True, slots=True)
class Committer:
    """Author and committer of one commit of a pull request, None where GitHub knows no account for one. `verified`: its
    signature is one that GitHub knows to be theirs; what it commits itself it signs itself."""

    sha: str
    author: Person | None
    committer: Person | None
    verified: bool = False


@dataclass(frozen=True, slots=True)
class Grouped:
    """A pull request that a merge queue has a group for: `head` is the commit on top of the group, which holds those
    before it in the queue too; `number` 0 where its name does not say it."""

    base_ref: str
    number: int
    head: str


class Opinion(StrEnum):
    """What a review says."""

    APPROVED = "APPROVED"
    CHANGES_REQUESTED = "CHANGES_REQUESTED"
    COMMENTED = "COMMENTED"
    DISMISSED = "DISMISSED"
    PENDING = "PENDING"


@dataclass(frozen=True, slots=True)
class Review:
    """A submitted review. `commit` is the head that it was given for, `submitted` when (ISO 8601)."""

    id: int
    person: Person
    opinion: Opinion
    commit: str
    submitted: str


class Landed(StrEnum):
    """What became of a merge."""

    MERGED = "merged"
    ARMED = "armed"
    """GitHub merges it by itself once its demands are met."""
    WAITS = "waits"
    """Not now, for a reason that may pass."""


@dataclass(frozen=True, slots=True)
class Landing:
    """What became of a merge: `commit` is the one on the target branch, `why` the forge's reason where it waits."""

    what: Landed
    commit: str = ""
    why: str = ""

    @classmethod
    def merged(cls, commit: str) -> "Landing":
        """It is in."""
        return cls(Landed.MERGED, commit)

    @classmethod
    def armed(cls) -> "Landing":
        """It goes in by itself."""
        return cls(Landed.ARMED)

    @classmethod
    def waits(cls, why: str) -> "Landing":
        """It does not go in now."""
        return cls(Landed.WAITS, why=why)


class Conclusion(StrEnum):
    """How a check run ends; only these are used: `neutral` and `skipped` would satisfy a required check, and none of
    these but `success` does."""

    SUCCESS = "success"
    FAILURE = "failure"
    ACTION_REQUIRED = "action_required"
    CANCELLED = "cancelled"
    """Of a commit that is no longer the head."""


@dataclass(frozen=True, slots=True)
class Annotation:
    """Something to say about lines. `level` is `notice`, `warning` or `failure`; `title` at most 255 characters,
    `message` and `details` at most 64 KiB. Columns only where both lines are one (0: none)."""

    path: str
    start_line: int
    end_line: int
    level: str
    message: str
    title: str = ""
    details: str = ""
    start_column: int = 0
    end_column: int = 0


@dataclass(frozen=True, slots=True)
class Button:
    """An action that a check run offers: label of at most 20 characters, description 40, identifier 20."""

    label: str
    description: str
    identifier: str


@dataclass(frozen=True, slots=True)
class CheckRun:
    """A check run as it is to be. `conclusion` None while it is `in_progress`. `key` is its `external_id`: the same
    work has the same, so that writing twice makes one. `title` is one line, `summary` and `text` Markdown of at most
    65,535 characters. `started` and `completed` are ISO 8601, empty for GitHub's own."""

    name: str
    head: str
    key: str
    title: str
    summary: str
    text: str = ""
    conclusion: Conclusion | None = None
    annotations: tuple[Annotation, ...] = ()
    buttons: tuple[Button, ...] = ()
    url: str = ""
    started: str = ""
    completed: str = ""


@dataclass(frozen=True, slots=True)
class SeenRun:
    """A check run as the forge has it; `app` is the number of the App that made it."""

    id: int
    name: str
    head: str
    key: str
    status: str
    conclusion: str
    title: str
    app: int
    annotations: int = 0


@dataclass(frozen=True, slots=True)
class Comment:
    """A comment on a pull request or issue. `own`: this App wrote it (known by the App's id, not by a name); `by_app`:
    some App did, be it in the name of a person."""

    id: int
    author: Person
    body: str
    created: str
    updated: str
    own: bool = False
    by_app: bool = False


@dataclass(frozen=True, slots=True)
class FileEdit:
    """One file of a commit that is made through the API: `content` None deletes it."""

    path: str
    content: bytes | None


@dataclass(frozen=True, slots=True)
class Required:
    """What a branch requires before a merge: `checks` are (name, App's number or 0 for anybody), `known` False where
    this may not be read here."""

    checks: tuple[tuple[str, int], ...] = field(default=())
    known: bool = True
    protected: bool = False


@dataclass(frozen=True, slots=True)
class Installed:
    """An installation of the App: `account` is the owner's login."""

    id: int
    account: str


@dataclass(frozen=True, slots=True)
class Sent:
    """An attempt to deliver a webhook: `id` is the attempt's, `guid` the delivery's, `at` seconds since the epoch."""

    id: int
    guid: str
    event: str
    at: float
