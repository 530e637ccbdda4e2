"""Who or what made the change, and how its kind fared before.

What it sees: a person, somebody from a fork, a dependency bot, one of selfmod's pre-approved fix patterns, or other
code of a program; and the share of such changes that were kept, where it is known.

Why it counts: a pattern that is tried, checked and seldom taken back tells more than code made once.

How to lower it: nothing in the change can.
"""

from checks.model.safety import Factor, Proposer
from checks.risk.evidence import Evidence
from checks.risk.weights import factor

NAME = "generator"
STANDS = False
_OTHERS = {
    Proposer.PERSON: ("person", "a person"),
    Proposer.FORK: ("fork", "somebody without write access, from a fork"),
    Proposer.DEPENDENCY_BOT: ("dependency bot", "a dependency bot"),
    Proposer.SELFMOD: ("program", "code of a program, no pre-approved pattern"),
}


def weigh(evidence: Evidence) -> tuple[Factor, ...]:
    """What made it, and the record of its kind."""
    if evidence.fixes and evidence.proposer is not Proposer.FORK:
        made = factor(NAME, "pre-approved fix", f"pre-approved fix: {', '.join(sorted(set(evidence.fixes)))}")
    else:
        made = factor(NAME, *_OTHERS[evidence.proposer])
    if evidence.proposer in (Proposer.PERSON, Proposer.FORK) and not evidence.fixes:
        return (made,)  # people are not scored
    record = evidence.record
    if record is None:
        return made, factor(NAME, "record unknown", "how such changes fared before: unknown here", known=False)
    case = "record good" if record >= 0.95 else "record fair" if record >= 0.8 else "record poor"
    return made, factor(NAME, case, f"{record:.0%} of such changes were kept")
