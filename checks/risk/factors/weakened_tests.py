"""Tests that the change removes or weakens.

What it sees: in test files, tests that are gone, skipped or excused; fewer or looser assertions, broader exceptions,
greater tolerances, assertions within `try` or under a condition, returns before them; parameter sets removed; hooks,
automatic fixtures and lists of what is not collected; deselecting options, coverage thresholds and time limits in the
configuration. Other expected values beside changed code are mentioned. A test that only moved is nothing.

Why it counts: such a change makes itself pass.

How to lower it: keep the tests as they are, and propose their removal by itself.
"""

from checks.model.safety import Factor
from checks.model.verdicts import Outcome
from checks.risk import kinds, weakened
from checks.risk.evidence import Evidence
from checks.risk.weights import factor

NAME = "weakened tests"
STANDS = True


def weigh(evidence: Evidence) -> tuple[Factor, ...]:
    """One factor for what is weaker, one for other expectations beside changed code, one for what was not compared."""
    found, left = weakened.found(evidence.change)
    firm = [each for each in found if each.firm]
    mentioned = [each for each in found if not each.firm]
    tests = evidence.verdict.tests
    fewer = 0
    if tests is not None and not firm:
        # a module that skips itself is told as one test that is new and never ran
        ran = [each for each in tests.added if each.outcome not in (Outcome.SKIPPED, Outcome.ERROR)]
        fewer = max(0, len(tests.removed) - len(ran))
    factors = []
    if firm or fewer:
        count = len(firm) or fewer
        case = "ten or more" if count >= 10 else "three or more" if count >= 3 else "weakened"
        seen = "; ".join(str(each) for each in firm[:3]) or f"{fewer} fewer tests ran"
        seen += f" and {count - 3} more" if len(firm) > 3 else ""
        where = kinds.listed(dict.fromkeys(f"{each.path}:{each.line}" for each in firm)) or "what is gone"
        factors.append(factor(NAME, case, seen, f"restore the tests ({where})"))
    if mentioned and any(kinds.is_source(each.path) for each in evidence.change.touched):
        places = kinds.listed(dict.fromkeys(f"{each.path}:{each.line}" for each in mentioned))
        factors.append(factor(NAME, "new expectations", f"expectations changed with the code: {places}"))
    if left:
        factors.append(factor(NAME, "not compared", f"not compared: {kinds.listed(left)}"))
    return tuple(factors)
