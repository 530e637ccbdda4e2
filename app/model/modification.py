"""A change that selfmod proposes or takes back: what can be approved, applied and rolled back."""

import hashlib
import re
from dataclasses import dataclass
from enum import StrEnum

BRANCHES = "selfmod/"
"""What the names of selfmod's own branches begin with."""
IDENTIFIER = re.compile(r"mod_[0-9a-f]{12}")


class Status(StrEnum):
    """Where a modification stands (PRODUCT.md, section 6)."""

    PENDING_APPROVAL = "PENDING_APPROVAL"
    """Proposed, waits for people."""
    APPROVED = "APPROVED"
    """May be applied."""
    REJECTED = "REJECTED"
    """By a stage, the orchestrator or a person, with the reason."""
    APPLIED = "APPLIED"
    """Merged."""
    ROLLED_BACK = "ROLLED_BACK"
    """Its revert is merged."""
    FAILED = "FAILED"
    """Could not be built or applied."""
    SUPERSEDED = "SUPERSEDED"
    """A newer one replaced it."""


class Sort(StrEnum):
    """What a modification is."""

    FIX = "fix"
    TEST = "test"
    GENERATE = "generate"
    MODIFY = "modify"
    REVERT = "revert"
    CONFIGURATION = "configuration"


@dataclass(frozen=True, slots=True)
class Modification:
    """`repository` is `owner/name`, `branch` where it is proposed, `base_ref` the branch that it goes into. `base` and
    `head` are commits, `number` the pull request (0: none yet). `requester` asked for it (empty: a schedule). `keys`
    say what it is about, such as fingerprints of findings: what has the same is the same proposal. `reverts` is the
    identifier of the modification that this one takes back, empty for none, or `#` and the number of a pull request
    that was none of selfmod's. `merged` is the commit on the target branch that brought it. `reason` says why it stands
    as it does; `created` and `changed` are seconds since the epoch. `first` is the identifier that it was kept under
    first, where its repository was called something else then (empty: it was not)."""

    repository: str
    sort: Sort
    branch: str
    base_ref: str
    title: str
    base: str = ""
    head: str = ""
    number: int = 0
    requester: str = ""
    keys: tuple[str, ...] = ()
    reverts: str = ""
    status: Status = Status.PENDING_APPROVAL
    merged: str = ""
    reason: str = ""
    created: float = 0.0
    changed: float = 0.0
    first: str = ""

    @property
    def id(self) -> str:
        """`mod_` and twelve hexadecimal digits, the same for good."""
        return self.first or identifier(self.repository, self.branch)


def identifier(repository: str, branch: str) -> str:
    """The identifier of what is proposed on a branch; the name of the branch follows from what it is about, so that
    the same proposal has the same, with a database and without one."""
    return f"mod_{hashlib.sha256(f'{repository.casefold()}\0{branch}'.encode()).hexdigest()[:12]}"


def branch(sort: Sort, word: str, *keys: str) -> str:
    """The name of the branch of a proposal: `selfmod/fix/unused-import-1a2b3c4d`. `word` is for people, `keys` tell
    proposals apart; their order does not matter."""
    plain = re.sub(r"[^a-z0-9._]+", "-", word.casefold()).strip("-.")[:40].strip("-.") or "change"
    plain = re.sub(r"\.\.+|\.lock$", "-", plain)
    digest = hashlib.sha256("\0".join(sorted(set(keys))).encode()).hexdigest()[:8]
    return f"{BRANCHES}{sort.value}/{plain}-{digest}"
