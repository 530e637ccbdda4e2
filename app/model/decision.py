"""What the policy permits for one change, and who must agree."""

from dataclasses import dataclass
from enum import StrEnum

from checks.model.safety import Level


class Merge(StrEnum):
    """How an approved change gets in."""

    AUTOMATIC = "automatic"
    BY_PERSON = "by_person"
    NEVER = "never"


@dataclass(frozen=True, slots=True)
class Decision:
    """`blocked` says why it may not get in at all, empty where it may. `approvals` is the number of people who must
    agree, of them `code_owners` code owners; `approvers` are teams or people who alone count (empty: anybody with write
    access); each of `named` must be among those who agree, one approval may serve several. `review` asks for the
    orchestrator's review. `why` names the level with what weighs most. `reasons` are sentences about how it gets in,
    the first the deciding one; they repeat nothing that the other fields say."""

    level: Level
    merge: Merge
    approvals: int
    code_owners: int = 0
    approvers: tuple[str, ...] = ()
    review: bool = False
    reasons: tuple[str, ...] = ()
    blocked: str = ""
    named: tuple[str, ...] = ()
    why: str = ""
