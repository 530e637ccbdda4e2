"""What is wrong, where, and why: the value that detection yields and everything else reads."""

import hashlib
from dataclasses import dataclass, replace
from enum import StrEnum


class Severity(StrEnum):
    """How bad the fault is when it strikes, ordered from `info` to `critical`."""

    INFO = "info"
    LOW = "low"
    MEDIUM = "medium"
    HIGH = "high"
    CRITICAL = "critical"

    @property
    def rank(self) -> int:
        """0 for `info` to 4 for `critical`."""
        return list(Severity).index(self)


class Confidence(StrEnum):
    """How sure the detector is that the fault is real."""

    LOW = "low"
    MEDIUM = "medium"
    HIGH = "high"

    @property
    def rank(self) -> int:
        """0 for `low` to 2 for `high`."""
        return list(Confidence).index(self)


@dataclass(frozen=True, slots=True)
class Finding:
    """One fault at one place.

    `file` is relative to the repository's root with `/` separators. Lines and columns count from 1; columns are
    in characters, `end_column` is the first column after the fault. `rule` is a name of ours
    (`mutable-default-argument`) or another tool's code (`B602`, `F821`). `tool` found it; `tools` are all that
    agreed on it. `fingerprint` survives moved lines: see `fingerprint()`.
    """

    file: str
    line: int
    column: int
    end_line: int
    end_column: int
    rule: str
    severity: Severity
    confidence: Confidence
    message: str
    cwe: int | None
    tool: str
    tools: tuple[str, ...]
    fixable: bool
    aliases: tuple[str, ...] = ()
    """Codes of other tools for the same fault: a suppression or a baseline may name them."""
    scope: str = ""
    """Qualified name of the enclosing function or class, empty at module level."""
    text: str = ""
    """The source line of the fault, white space folded: what a fingerprint is made of."""
    left: str = ""
    """Why no fix is offered, in words for a person; empty where one is, or where another tool found the fault."""
    fingerprint: str = ""

    @property
    def place(self) -> str:
        """`file:line:column`, as compilers write it."""
        return f"{self.file}:{self.line}:{self.column}"


def fingerprint(finding: Finding, ordinal: int) -> str:
    """32 hexadecimal digits that stay the same when lines above move.

    Made of the file, the rule, the enclosing scope, the folded text of the line, and the ordinal among findings that
    are equal in all of these (0 for the first in the file): never of a line number.
    """
    parts = (finding.file, finding.rule, finding.scope, finding.text, str(ordinal))
    return hashlib.sha256("\0".join(parts).encode("utf-8", "surrogatepass")).hexdigest()[:32]


def with_fingerprints(findings: list[Finding]) -> list[Finding]:
    """The findings in order of place, each with its fingerprint; equal faults are numbered from the top of the file."""
    seen: dict[tuple[str, str, str, str], int] = {}
    result = []
    for finding in sorted(findings, key=lambda f: (f.file, f.line, f.column, f.rule, f.message)):
        key = (finding.file, finding.rule, finding.scope, finding.text)
        ordinal = seen.get(key, 0)
        seen[key] = ordinal + 1
        result.append(replace(finding, fingerprint=fingerprint(finding, ordinal)))
    return result


@dataclass(frozen=True, slots=True)
class NotAnalysed:
    """A file that no verdict was reached on, and why, in words for a person."""

    file: str
    reason: str
