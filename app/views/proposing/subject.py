"""What a proposal is about, in a few words: the part of its title that is not habit."""

from collections.abc import Sequence

from checks.debugging.rules import BY_NAME
from checks.model.findings import Finding
from checks.reports.safe import visible
from checks.reports.text import counted


def about(fixed: Sequence[Finding]) -> str:
    """`File opened and not closed on every path in cache.py`; for several rules their number."""
    files = sorted({each.file for each in fixed})
    rules = sorted({each.rule for each in fixed})
    where = visible(files[0].split("/")[-1]) if len(files) == 1 else counted(len(files), "file")
    if len(rules) > 1:
        return f"{counted(len(fixed), 'finding')} of {counted(len(rules), 'rule')} in {where}"
    known = BY_NAME.get(rules[0]) if rules else None
    return f"{known.summary if known else visible(rules[0])} in {where}"
