"""Who must agree to a change, and how it gets in: what the orchestrator obeys."""

from enum import StrEnum
from typing import ClassVar, Self

from pydantic import Field, model_validator

from checks.model.safety import Level
from checks.model.section import Section, Who, switch, whole


class Mode(StrEnum):
    """How far selfmod goes: it reports, proposes changes too, or holds merges and merges too."""

    OBSERVE = "observe"
    PROPOSE = "propose"
    ENFORCE = "enforce"


class AutoApply(StrEnum):
    """The highest level that is merged without a person."""

    NONE = "NONE"
    SAFE = "SAFE"
    LOW_RISK = "LOW_RISK"

    def allows(self, level: Level) -> bool:
        """Whether a change of this level may be merged without a person."""
        return self is not AutoApply.NONE and level.rank <= Level(self.value).rank


class Method(StrEnum):
    """How GitHub merges."""

    MERGE = "merge"
    SQUASH = "squash"
    REBASE = "rebase"


class ApprovalSettings(Section):
    """How many people must agree to a change of each level, and who."""

    EXAMPLE: ClassVar[str] = """\
approvals:
  high_risk: 3
  critical: 3
  critical_teams: ["@acme/security", "@acme/maintainers"]
  merge_after_approval: true       # MEDIUM_RISK need not wait for a click
"""
    solo: bool = switch(
        False,
        "For repositories of one person: the owner approves what selfmod proposes at the owner's request; never "
        "`CRITICAL`.",
    )
    medium_risk: int = whole(1, 1, 10, "Approvals that `MEDIUM_RISK` needs.")
    high_risk: int = whole(2, 2, 10, "Approvals that `HIGH_RISK` needs.")
    critical: int = whole(2, 2, 10, "Approvals that `CRITICAL` needs.")
    critical_teams: tuple[Who, ...] = Field(
        default=(), max_length=20, description="Whose approvals count for `CRITICAL`; empty: maintainers and admins."
    )
    code_owners: bool = switch(
        True, "Whether one of the approvals of `HIGH_RISK` is to be a code owner's, where there are code owners."
    )
    merge_after_approval: bool = switch(
        False, "Whether `MEDIUM_RISK` is merged automatically once it is approved; else by a person."
    )

    @model_validator(mode="after")
    def _rising(self) -> Self:
        for lower, higher in (("medium_risk", "high_risk"), ("high_risk", "critical")):
            least, next_one = getattr(self, lower), getattr(self, higher)
            if next_one < least:
                raise ValueError(f"{higher} ({next_one}) is to be at least {lower} ({least})")
        return self


class MergeSettings(Section):
    """How an approved change gets in."""

    EXAMPLE: ClassVar[str] = """\
merge:
  method: rebase
  others: true               # not only selfmod's own pull requests; never those of forks
"""
    others: bool = switch(
        False,
        "Whether pull requests of others are merged automatically too where their level allows it; never from forks.",
    )
    method: Method = Field(default=Method.SQUASH, description="How GitHub merges; it must be allowed there.")
