"""Newly declared dependencies beside the well-known distributions."""

import re

from checks.model.findings import Confidence, Finding, Severity
from checks.model.safety import Proposer
from checks.repository.declarations.dependencies import Dependencies
from checks.repository.declarations.requirement import Requirement
from checks.repository.snapshot import Snapshot
from checks.validation.imports import notes
from checks.validation.known import distributions, lookalikes
from checks.validation.syntax import places


def judged(head: Snapshot, new: list[Requirement], before: Dependencies, proposer: Proposer) -> list[Finding]:
    """A finding for each new dependency that is not among the well-known distributions: at HIGH where it passes for
    one of them, or where selfmod proposes it; at MEDIUM else, and lower where the base names a private index (one that
    the change names itself is no excuse) or the file is data of tests."""
    found = []
    files = {entry.path for entry in head.files}
    for each in new:
        plain = each.written.isascii()
        if plain and each.name in distributions.ranks():
            continue
        severity, rule, message, sure = _said(each, plain=plain)
        private = bool(before.indexes)
        ours = proposer is Proposer.SELFMOD
        if private and plain:
            message += f" {before.indexes[0]} names a private index, where it may be."
            severity = Severity.MEDIUM if severity is notes.FAILS else Severity.LOW
        elif ours:
            severity = notes.FAILS
        if places.is_data(each.file, files) and not ours:
            severity = Severity.LOW
        line, column, text = _place(head, each)
        place = (line, column, column + len(each.written))
        found.append(notes.finding(each.file, place, rule, severity, message, text=text, sure=sure))
    return found


def _said(each: Requirement, *, plain: bool) -> tuple[Severity, str, str, Confidence]:
    mistaken = lookalikes.mistaken_for(each.name)
    if not plain:
        message = f"The name {each.written!a} has letters that no distribution's name may have."
        return notes.FAILS, "distribution-look-alike", message, Confidence.HIGH
    if mistaken and lookalikes.only_counts(each.name, mistaken):
        message = f"{each.name} is not among the well-known distributions: make sure that {mistaken} is not meant."
        return Severity.MEDIUM, "distribution-unknown", message, Confidence.MEDIUM
    if mistaken:
        message = f"{each.name} is not among the well-known distributions and looks like one: did you mean {mistaken}?"
        return notes.FAILS, "distribution-look-alike", message, Confidence.MEDIUM
    message = f"{each.name} is not among the well-known distributions: make sure that it exists and is what is meant."
    return Severity.MEDIUM, "distribution-unknown", message, Confidence.MEDIUM


def _place(head: Snapshot, each: Requirement) -> tuple[int, int, str]:
    """Line and column of a requirement's name in its file, and the line's text; line 1 where it is not found."""
    try:
        lines = head.read(each.file).decode("utf-8", "replace").splitlines()
    except OSError:
        return 1, 1, ""
    pattern = re.compile(rf"(?<![\w.-]){re.escape(each.written)}(?![\w-])")
    for number, line in enumerate(lines, 1):
        match = pattern.search(line[:4096])
        if match:
            return number, match.start() + 1, " ".join(line.split())[:200]
    return 1, 1, ""
