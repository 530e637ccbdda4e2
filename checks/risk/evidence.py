"""What is known of a change when its risk is assessed."""

from collections.abc import Mapping
from dataclasses import dataclass, field

from checks.model.safety import Level, Proposer
from checks.model.verdicts import Verdict
from checks.repository.change import Change

THRESHOLDS = {Level.LOW_RISK: 1, Level.MEDIUM_RISK: 4, Level.HIGH_RISK: 9, Level.CRITICAL: 24}
"""The least score of each level."""


@dataclass(frozen=True, slots=True)
class Evidence:
    """`sensitive` are patterns as in .gitignore with the level that they demand at least; `fixes` the rules whose fixes
    the change consists of, empty for a change of any other kind; `demanded` what the repository's policy adds, each
    with the name of its rule; `record` the share of changes of this kind that were kept, None where nobody counted."""

    change: Change
    verdict: Verdict
    proposer: Proposer = Proposer.PERSON
    fixes: tuple[str, ...] = ()
    sensitive: tuple[tuple[str, Level], ...] = ()
    demanded: tuple[tuple[str, Level], ...] = ()
    thresholds: Mapping[Level, int] = field(default_factory=lambda: THRESHOLDS)
    record: float | None = None
