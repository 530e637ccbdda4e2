"""The policy for one change, as plain values: what the configuration says and who is there to agree."""

from collections.abc import Mapping
from dataclasses import dataclass, field

from checks.configuration.approvals import AutoApply, Mode
from checks.model.safety import Level, Proposer

LEAST = {Level.SAFE: 0, Level.LOW_RISK: 0, Level.MEDIUM_RISK: 1, Level.HIGH_RISK: 2, Level.CRITICAL: 2}
"""Approvals of each level. A configuration may ask for more, never for fewer."""
TEAM = ("maintainers", "admins")
"""Who approves CRITICAL changes where nobody is configured: everybody with these roles."""


@dataclass(frozen=True, slots=True)
class Policy:
    """Everything that `decide` needs beside the assessment and the verdict.

    `proposer` and `from_fork` tell whose change it is. `approvals` are numbers for levels where more than LEAST are
    asked for; `require_approval` False frees MEDIUM_RISK and nothing else. `critical_approvers` are teams or people who
    alone count for CRITICAL. `code_owners` are those of the touched paths: empty where there are none, None where that
    is unknown here. `named` must be among those who agree, because rules of the repository ask for them.

    `eligible`, `eligible_critical` and `eligible_owners` are numbers of people who could agree (with write access, of
    the critical team, of the code owners; without the requester, the author, the committers and bots), None where that
    is unknown here. `solo` with `owner`: the only person of the repository may approve what selfmod proposes at the
    owner's own request (`asked_by_owner`). `merge_after_approval` lets MEDIUM_RISK be merged by itself once approved,
    `merge_others` lets other people's and bots' pull requests be merged at all. `declined`: it was closed or taken
    back before it was opened again. `sandbox_required` blocks what was not tried in the sandbox."""

    proposer: Proposer = Proposer.PERSON
    from_fork: bool = False
    mode: Mode = Mode.OBSERVE
    auto_apply_threshold: AutoApply = AutoApply.LOW_RISK
    approvals: Mapping[Level, int] = field(default_factory=dict)
    require_approval: bool = True
    critical_approvers: tuple[str, ...] = TEAM
    code_owners: tuple[str, ...] | None = None
    named: tuple[str, ...] = ()
    eligible: int | None = None
    eligible_critical: int | None = None
    eligible_owners: int | None = None
    solo: bool = False
    owner: str = ""
    asked_by_owner: bool = False
    merge_after_approval: bool = False
    merge_others: bool = False
    declined: bool = False
    sandbox_required: bool = False
