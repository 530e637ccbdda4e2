"""Security findings that the change brings.

What it sees: the findings of the security stage, those that made it fail and hints, by their severity.

Why it counts: each is a way in, or may become one.

How to lower it: mend what was found (`/selfmod fix`), or say in the code why it is none.
"""

from checks.model.safety import Factor
from checks.risk.evidence import Evidence
from checks.risk.factors._findings import by_severity

NAME = "security findings"
STANDS = True
MOST = {"low": 5, "medium": 8}


def weigh(evidence: Evidence) -> tuple[Factor, ...]:
    """One factor for each severity."""
    return by_severity(NAME, evidence.verdict.stage("security"), MOST, "mend")
