"""Size of the change.

What it sees: lines added and taken away and files touched; lock files and others that a program writes, tests and
documentation are counted apart and weigh nothing here. Also what could not be read (binary names, too large).

Why it counts: people find fewer faults in longer changes, and scattered ones break more.

How to lower it: split the change; each part gets a level of its own.
"""

from checks.model.safety import Factor
from checks.risk import kinds
from checks.risk.evidence import Evidence
from checks.risk.proof import documents
from checks.risk.weights import factor

NAME = "size"
STANDS = False
STEPS = ((50, "up to 50 lines"), (150, "up to 150 lines"), (400, "up to 400 lines"), (1000, "up to 1,000 lines"))
FILES = ((40, "more than 40 files"), (10, "more than 10 files"))
MOST = 2_000
"""Files whose lines are counted; of a change of more the rest is taken as not read."""


def weigh(evidence: Evidence) -> tuple[Factor, ...]:
    """The lines always; files and what was not read where there is something to say."""
    lines = aside = files = 0
    unread = []
    for number, each in enumerate(evidence.change.touched):
        old, new = kinds.sides(evidence.change, each) if number < MOST else (None, None)
        if kinds.unreadable(each, old, new):
            unread.append(each.path)
            continue
        count = kinds.changed_lines(old, new)
        if _apart(each.path) and _apart(each.was):
            aside += count
        else:
            lines, files = lines + count, files + 1
    case = next((case for most, case in STEPS if lines <= most), "more lines")
    seen = f"{lines} line{'' if lines == 1 else 's'} in {files} file{'' if files == 1 else 's'}"
    seen += f", and {aside} of tests, documentation and generated files" if aside else ""
    found = [factor(NAME, case, seen, "split the change" if case != STEPS[0][1] else "")]
    scattered = next((case for most, case in FILES if files > most), None)
    if scattered:
        found.append(factor(NAME, scattered, f"{files} files", "split the change"))
    if unread:
        found.append(factor(NAME, "not read", f"not read: {kinds.listed(unread)}", f"leave out {kinds.listed(unread)}"))
    return tuple(found)


def _apart(path: str) -> bool:
    return kinds.is_written(path) or kinds.in_tests(path) or path.endswith(documents.ENDINGS)
