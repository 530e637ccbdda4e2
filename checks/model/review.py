"""What a review came to: the value that every report is rendered from."""

from dataclasses import dataclass

from checks.model.findings import Finding, NotAnalysed, Severity


@dataclass(frozen=True, slots=True)
class Review:
    """The findings of one run over `files` files in `seconds`.

    `findings` holds all that is reported, below the threshold too. `older` counts findings of the base or the baseline,
    `suppressed` those that a comment in the source silences: neither is among `findings`.
    """

    findings: tuple[Finding, ...]
    not_analysed: tuple[NotAnalysed, ...]
    files: int
    seconds: float
    threshold: Severity
    older: int = 0
    suppressed: int = 0

    @property
    def failing(self) -> tuple[Finding, ...]:
        """The findings at or above the threshold, in their order: any of these makes the review fail."""
        return tuple(finding for finding in self.findings if finding.severity.rank >= self.threshold.rank)

    @property
    def counts(self) -> dict[Severity, int]:
        """The number of findings of each severity, the worst first, zeros included."""
        counts = dict.fromkeys(reversed(Severity), 0)
        for finding in self.findings:
            counts[finding.severity] += 1
        return counts

    @property
    def by_severity(self) -> tuple[Finding, ...]:
        """All findings, the worst first, then the surest, then by place: what to keep where there is a limit."""
        return tuple(sorted(self.findings, key=_worst_first))


def _worst_first(finding: Finding) -> tuple[int, int, str, int, int, str]:
    place = (finding.file, finding.line, finding.column, finding.rule)
    return (-finding.severity.rank, -finding.confidence.rank, *place)
