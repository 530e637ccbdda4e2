"""What the repository's policy adds.

What it sees: rules of the policy that match the change, each with the level that it demands.

Why it counts: a stage or a person can raise a level.

How to lower it: nothing in the change can; the policy is the maintainers'.
"""

from checks.model.safety import Factor
from checks.risk.evidence import Evidence
from checks.risk.weights import factor

NAME = "policy"
STANDS = True


def weigh(evidence: Evidence) -> tuple[Factor, ...]:
    """One factor for each rule. Only the highest has points: rules that each demand MEDIUM_RISK do not together come to
    a level that none of them demands."""
    ranked = sorted(evidence.demanded, key=lambda demand: -demand[1].rank)
    return tuple(
        factor(NAME, level.value, f"the rule '{rule}' asks for {level.value}", times=int(place == 0))
        for place, (rule, level) in enumerate(ranked)
    )
