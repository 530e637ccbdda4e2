"""Hot spots in the history.

What it sees: whether a touched file is among the tenth of files in which most faults were mended lately, and whether it
changed much relative to its size; from at most 1,000 commits before the base. In a shallow clone it is `unknown here`
and weighs the same everywhere.

Why it counts: faults come where faults were (Lewis et al., ICSE 2013) and where code is churned (Nagappan and Ball,
ICSE 2005).

How to lower it: nothing in the change can.
"""

from checks.model.errors import Refusal
from checks.model.safety import Factor
from checks.repository import history, hotspots
from checks.repository.change import Change
from checks.risk import kinds
from checks.risk.evidence import Evidence
from checks.risk.weights import factor

NAME = "hot spots"
STANDS = False
FIXES = 1.5
"""Weighted mended faults from which a file is hot: about two of the last months."""
TENTH = 0.9
CHURN = 0.5
"""Weighted changed lines relative to the file's own from which it is churned."""
LINES = 100
"""Weighted changed lines below which nothing is churned."""


def weigh(evidence: Evidence) -> tuple[Factor, ...]:
    """One factor: the hottest of the touched files."""
    change = evidence.change
    touched = [each for each in change.touched if kinds.is_source(each.was) and each.status != "added"]
    known = _history(change)
    if known is None:
        return (factor(NAME, "unknown", "unknown here: the history is not complete", known=False),)
    faulty = [t.was for t in touched if _spot(known, t.was).fixes >= FIXES and known.rank(t.was) >= TENTH]
    churned = []
    for each in touched:
        lines = len((kinds.content(change.base, each.was) or b"").splitlines())
        churn = _spot(known, each.was).churn
        if churn >= LINES and churn >= CHURN * max(1, lines):
            churned.append(each.was)
    if not faulty and not churned:
        return (
            factor(
                NAME,
                "none",
                f"none in the last {known.commits} commits" if known.commits != 1 else "none in the only commit",
            ),
        )
    case = "faults and churn" if faulty and churned else "faults" if faulty else "churn"
    seen = []
    if faulty:
        seen.append(f"many mended faults lately: {kinds.listed(faulty)}")
    if churned:
        seen.append(f"much changed for their size: {kinds.listed(churned)}")
    return (factor(NAME, case, "; ".join(seen)),)


def _history(change: Change) -> hotspots.History | None:
    """What is known of the files before the change. A base that is no commit is the working tree: it follows HEAD."""
    if change.root is None:
        return None
    try:
        return hotspots.before(change.root, change.base_commit or history.resolve(change.root, "HEAD"))
    except Refusal:
        return None


def _spot(known: hotspots.History, path: str) -> hotspots.Spot:
    return known.spots.get(path, hotspots.Spot())
