"""Things that belong to no repository: accounts, teams, labels, Apps, deliveries. See `state`, which has them too."""

import base64
from dataclasses import dataclass, field
from typing import Any, ClassVar


@dataclass(eq=False, kw_only=True)
class Node:
    """Anything with an identity of its own."""

    PREFIX: ClassVar[str] = "N"
    id: int

    @property
    def node_id(self) -> str:
        """As GitHub's look since 2021: the kind, and the number in base 64."""
        return f"{self.PREFIX}_kwDO{base64.urlsafe_b64encode(self.id.to_bytes(6, 'big')).decode().rstrip('=')}"


@dataclass(eq=False, kw_only=True)
class Account(Node):
    """A person, an organisation (`members` are logins with `admin` or `member`) or the bot of an App."""

    login: str
    kind: str = "User"
    """`User`, `Organization` or `Bot`."""
    name: str = ""
    email: str = ""
    created: float = 0
    members: dict[str, str] = field(default_factory=dict)

    @property
    def PREFIX(self) -> str:  # type: ignore[override]  # noqa: N802  # its kind decides, not its class
        return {"User": "U", "Organization": "O", "Bot": "BOT"}[self.kind]


@dataclass(eq=False, kw_only=True)
class Team(Node):
    """`members` are logins, `repositories` full names with the role that the team gives there."""

    PREFIX = "T"
    organisation: str
    slug: str
    name: str
    members: list[str] = field(default_factory=list)
    repositories: dict[str, str] = field(default_factory=dict)


@dataclass(eq=False, kw_only=True)
class Label(Node):
    PREFIX = "LA"
    name: str
    color: str = "ededed"
    description: str | None = None
    default: bool = False


@dataclass(eq=False, kw_only=True)
class Closed(Node):
    """Somebody closed a pull request, be it by merging it."""

    PREFIX = "CE"
    actor: Account
    at: float


@dataclass(eq=False, kw_only=True)
class Reopened(Node):
    """Somebody opened a closed pull request again."""

    PREFIX = "REE"
    actor: Account
    at: float


@dataclass(eq=False, kw_only=True)
class Reaction(Node):
    PREFIX = "REA"
    author: Account
    content: str
    created: float


@dataclass(eq=False, kw_only=True)
class Delivery(Node):
    """One attempt to deliver a webhook; a redelivery is another attempt with the same `guid`."""

    PREFIX = "HD"
    app: "App"
    guid: str
    event: str
    action: str | None
    body: bytes
    headers: dict[str, str]
    url: str
    installation: int | None
    repository: int | None
    redelivery: bool = False
    delivered: float = 0
    duration: float = 0
    status: str = "PENDING"
    status_code: int = 0
    answer: str | None = None
    answer_headers: dict[str, str] = field(default_factory=dict)


@dataclass(eq=False, kw_only=True)
class App(Node):
    PREFIX = "A"
    slug: str
    name: str
    owner: Account
    bot: Account
    client_id: str
    client_secret: str
    public_key: bytes
    """PEM; the private key is given once and not kept, as GitHub does."""
    webhook_url: str
    webhook_secret: str
    permissions: dict[str, str]
    events: list[str]
    created: float
    external_url: str = "https://example.com"
    setup_url: str = ""
    """Where a person is sent after an installation."""
    callback_urls: list[str] = field(default_factory=list)
    """Where people may be sent who signed in."""
    description: str | None = None
    deliveries: list[Delivery] = field(default_factory=list)
    hook: dict[str, str] = field(default_factory=lambda: {"content_type": "json", "insecure_ssl": "0"})


@dataclass(frozen=True)
class Seen:
    """One request as it was answered. `caller` is a login, `slug[bot]`, `app:slug` for a JSON Web Token, or empty."""

    method: str
    path: str
    query: str
    status: int
    caller: str
    body: Any = None
