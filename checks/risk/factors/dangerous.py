"""Dangerous patterns that the change brings.

What it sees: the findings of the dangerous-patterns stage: `eval` and `exec`, shells, deletion, writes elsewhere, the
network, processes, deserialisation, dynamic import, characters that deceive readers, by their severity.

Why it counts: none need be wrong, but each gives the code more power than it had.

How to lower it: do without the pattern.
"""

from checks.model.safety import Factor
from checks.risk.evidence import Evidence
from checks.risk.factors._findings import by_severity

NAME = "dangerous patterns"
STANDS = True
MOST = {"low": 3, "medium": 6, "high": 10}


def weigh(evidence: Evidence) -> tuple[Factor, ...]:
    """One factor for each severity."""
    return by_severity(NAME, evidence.verdict.stage("dangerous"), MOST, "do without")
