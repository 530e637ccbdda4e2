"""Changes of the public interface.

What it sees: names that callers can reach (by public module names, `__all__`, or imported into a package's
`__init__.py`) in base and head: removed, renamed, new; parameters that are gone, needed, in another order or taken in
another way; defaults, return types, base classes, `async`, decorators, a property that became a method.

Why it counts: what calls it is not in this repository and not in its tests.

How to lower it: keep the old name or parameter beside the new one, with a default.
"""

from checks.model.safety import Factor
from checks.risk import api, kinds
from checks.risk.evidence import Evidence
from checks.risk.interface.grades import Grade
from checks.risk.weights import factor

NAME = "public API"
STANDS = False
_CASES = {
    Grade.ADDED: "added",
    Grade.EXTENDED: "extended",
    Grade.CHANGED: "changed",
    Grade.BROKEN: "broken",
}


def weigh(evidence: Evidence) -> tuple[Factor, ...]:
    """The gravest grade, with the names; a second factor for many broken names, a third for what was not compared."""
    found, left = api.differences(evidence.change)
    factors = []
    if found:
        grade = found[0].grade
        same = [each for each in found if each.grade is grade]
        lower = f"keep {kinds.listed(each.name for each in same)} as it was" if grade >= Grade.CHANGED else ""
        seen = "; ".join(str(each) for each in same[:3]) + (f" and {len(same) - 3} more" if len(same) > 3 else "")
        factors.append(factor(NAME, _CASES[grade], seen, lower))
        further = (len(same) - 1) // 3 if grade is Grade.BROKEN else 0
        if further:
            factors.append(factor(NAME, "further breaks", f"{len(same)} broken names", lower, times=further, most=4))
    if left:
        factors.append(factor(NAME, "not compared", f"not compared: {kinds.listed(left)}"))
    return tuple(factors)
