"""What is dangerous in files that are no Python: a script that is downloaded and run at once."""

import re
from collections.abc import Iterator

from checks.model.findings import Severity
from checks.validation.patterns.rows import Row, row
from checks.validation.patterns.table import BY_RULE, Fails, sentence

_RUN_AT_ONCE = re.compile(
    r"\b(?:curl|wget|fetch|iwr|irm|invoke-webrequest)\b[^|\n]{0,400}\|\s*"
    r"(?:sudo\s+(?:-\S+\s+){0,5})?(?:env\s+(?:\S+=\S*\s+){0,5})?(?:\S{0,80}/)?"
    r"(?:(?:ba|z|da|k|fi)?sh|python[\d.]*|perl|ruby|node|php|iex|invoke-expression)\b|"
    r"\b(?:ba|z|da)?sh\s+(?:-c\s+)?[\"']?(?:<\(|\$\(|`)\s*(?:curl|wget)\b|\b(?:eval|source|\.)\s+[\"']?(?:<\(|\$\(|`)(?:curl|wget)\b",
    re.IGNORECASE,
)
_PROSE = re.compile(r"\.(md|markdown|rst|txt|adoc|html?)$", re.IGNORECASE)
_LONGEST = 4_000


def look(path: str, text: str) -> Iterator[Row]:
    """The rows of one file; in prose, where it is advice to people, a hint."""
    pattern = BY_RULE["dangerous-download"]
    prose = _PROSE.search(path) is not None
    severity, fails = (Severity.LOW, Fails.NEVER) if prose else (pattern.severity, pattern.fails)
    for number, line in enumerate(re.split(r"\r\n|\r|\n", text), 1):
        match = _RUN_AT_ONCE.search(line[:_LONGEST]) if "|" in line or "(" in line or "`" in line else None
        if match is not None:
            place = (number, match.start() + 1, number, match.end() + 1)
            yield row(pattern.rule, place, severity, fails, sentence(pattern, "what is downloaded is run"), text=line)
