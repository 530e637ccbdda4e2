"""Where a fault is told as a hint: the base relies on the same, a test tells by itself, an example is run by nobody."""

import re
from collections.abc import Iterable
from dataclasses import replace

from checks.debugging.selection import ENDINGS
from checks.debugging.source.module import is_test_path
from checks.model.findings import Finding
from checks.model.safety import Proposer
from checks.repository.snapshot import Snapshot
from checks.validation.imports import notes
from checks.validation.imports.found import Import

OUTSIDE = frozenset({"import-undeclared", "import-unknown"})
"""Rules about modules that come from elsewhere."""
_EXAMPLE = re.compile(
    r"(^|/)(docs?|documentation|examples?|samples?|demos?|notebooks?|tutorials?|contrib|snippets|playground)/"
)


def is_example(path: str) -> bool:
    """Whether a file is documentation or an example: nobody installs what it needs with the project."""
    return _EXAMPLE.search(path.lower()) is not None


def imported(base: Snapshot, tops: set[str]) -> dict[str, str]:
    """For each of these top-level names a file of the base that imports it, as what a host program or the system
    brings. Text is searched, nothing parsed: an import is a line of its own."""
    names = "|".join(re.escape(top) for top in sorted(tops))
    pattern = re.compile(rf"^[ \t]*(?:import|from)[ \t]+({names})\b".encode(), re.MULTILINE)
    found: dict[str, str] = {}
    for entry in base.files:
        if entry.path.endswith(ENDINGS) and len(found) < len(tops):
            try:
                content = base.read(entry.path)
            except OSError:
                continue
            for name in pattern.findall(content):
                found.setdefault(name.decode(), entry.path)
    return found


def weighed(path: str, each: Import, finding: Finding, known: dict[str, str], proposer: Proposer) -> Finding:
    """The finding, or a hint of the same words. What selfmod proposes is held to the letter but in tests."""
    if finding.severity is not notes.FAILS:
        return finding
    if each.later and is_test_path(path):
        # a test that needs what is not there fails in the sandbox; many make the module first
        return replace(finding, severity=notes.HINT)
    if proposer is Proposer.SELFMOD:
        return finding
    file = known.get(each.module.partition(".")[0])
    if finding.rule in OUTSIDE and file is not None:
        return replace(finding, severity=notes.HINT, message=f"{finding.message} {file} on the base imports it too.")
    return replace(finding, severity=notes.HINT) if is_example(path) else finding


def distinct(findings: Iterable[Finding]) -> list[Finding]:
    """One finding for each thing that is said of a file, at its first place; the worst where they differ."""
    kept: dict[tuple[str, str, str], Finding] = {}
    for finding in findings:
        key = (finding.file, finding.rule, finding.message)
        if key not in kept or finding.severity.rank > kept[key].severity.rank:
            kept[key] = finding
    return list(kept.values())
