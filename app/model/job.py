"""What is to be done, as plain values that survive a restart."""

import hashlib
import re
from dataclasses import asdict, dataclass
from enum import StrEnum
from typing import Any, Self

_NAME = re.compile(r"[A-Za-z0-9_-]{1,100}/(?!\.{1,2}$)[A-Za-z0-9._-]{1,100}")
_COMMIT = re.compile(r"(?:[0-9a-f]{40}|[0-9a-f]{64})?")


PUSHED = "pushed"
"""The reason of a job of the gate that tells of a push: by whom, and (its head) which commit is the head no more."""
PAGE = "page-"
"""The beginning of `again` where somebody asked on a page of selfmod's own, signed in as the account of the job."""
MOVED = "moved"
"""The reason of a job of a branch that somebody pushed to without changing what pull requests are judged by."""


class Kind(StrEnum):
    """The verbs of the App."""

    REVIEW = "review"
    """Validates a pull request's head and reports it."""
    GATE = "gate"
    """Weighs approvals anew, and repaints labels and the gate's check run; runs nothing."""
    GROUP = "group"
    """Validates a merge group."""
    COMMENT = "comment"
    """Answers a comment that begins with `/selfmod`."""
    ONBOARD = "onboard"
    """Opens the pull request with a first configuration."""
    BRANCH = "branch"
    """After a push to a branch: proposals into it are made anew, and pull requests are looked at whose configuration or
    code owners may be others now."""
    PROPOSE = "propose"
    """Opens pull requests for what can be fixed for sure in a branch, or into a pull request."""
    ROLLBACK = "rollback"
    """Opens the pull request that takes a merged one back."""
    REJECT = "reject"
    """Closes a proposal of selfmod's own, with the reason."""
    STOP = "stop"
    """Carries a stop, or its end, to what is open: disarms auto-merge, and has the gates say so."""
    RECONCILE = "reconcile"
    """Looks for what was missed: failed deliveries, open pull requests without a report."""


@dataclass(frozen=True, slots=True)
class Job:
    """`repository` is `owner/name`, `installation` the number of the App's installation there. `number` is the pull
    request or issue (0: none), `head` the commit that it was asked for (empty: the one that is there when it runs),
    `base` the base of a merge group, `branch` a branch that was pushed to. `reason` says in a word why (`opened`,
    `synchronize`, `rerequested`, a button's identifier), `actor` the login of who caused it and `account` the number of
    that account (0: not known), `needs` the least permission that the actor must have when it runs (empty: none).
    `comment` is the identifier of a comment, `asked` when that was written (ISO 8601). `delivery` is the GUID that it
    came with, `words` the rest of the line of the command that asked for it (of a comment the fingerprint of its
    commands as it was written, empty where that is not known). `again` tells asking twice for one commit apart: it
    is part of the job's identity. `repository_id` is GitHub's number of the repository (0: not known), which stays
    when its name changes."""

    kind: Kind
    repository: str
    installation: int
    number: int = 0
    head: str = ""
    base: str = ""
    reason: str = ""
    actor: str = ""
    needs: str = ""
    comment: int = 0
    asked: str = ""
    delivery: str = ""
    again: str = ""
    words: str = ""
    branch: str = ""
    account: int = 0
    repository_id: int = 0

    def __post_init__(self) -> None:
        if not _NAME.fullmatch(self.repository) and self.kind not in (Kind.RECONCILE, Kind.STOP):
            raise ValueError(f"no repository: {self.repository[:100]!r}")
        if not _COMMIT.fullmatch(self.head) or not _COMMIT.fullmatch(self.base):
            raise ValueError("no commit")

    @property
    def identity(self) -> str:
        """The same for the same work, whatever delivery asked for it: the identifier of its durable workflow."""
        subject = f"{self.repository}#{self.number}@{self.head or self.base}"
        rest = "\0".join(
            (str(self.comment), self.again, self.base, self.reason if self.kind is not Kind.REVIEW else "")
        )
        return f"{self.kind}:{subject}:{hashlib.sha256(rest.encode()).hexdigest()[:12]}"

    @property
    def on_page(self) -> bool:
        """Whether it was asked for on a page of selfmod's own."""
        return self.again.startswith(PAGE)

    @property
    def subject(self) -> str:
        """What no two jobs may work on at the same time."""
        return f"{self.repository}#{self.number}" if self.number else f"{self.repository}@{self.head}"

    def plain(self) -> dict[str, Any]:
        """As JSON values."""
        return asdict(self) | {"kind": self.kind.value}

    @classmethod
    def of(cls, value: dict[str, Any]) -> Self:
        """From JSON values; fields that a later version added are ignored. Raises ValueError for what is no job."""
        known = {name: value[name] for name in cls.__dataclass_fields__ if name in value}
        return cls(**known | {"kind": Kind(known.get("kind", ""))})
