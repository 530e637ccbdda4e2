"""
## What it does
Analyses the files of the change as they were and as they are, with bandit, ruff's security rules and selfmod's own,
and looks for passwords, tokens and keys on every line that the change adds, whatever the kind of file.

## What fails it
A security finding at or above the threshold (`medium`, unless the configuration says otherwise) that the base did not
have: one that was only moved, or whose file was renamed, is not new. Findings below the threshold are listed as hints.
A Python file that could be analysed before and cannot be now, or a new one that cannot, fails it too: nobody knows what
is in it. Syntax errors are left to the stage *syntax*. What a revert of selfmod's own brings back, because it was there
before what is taken back, does not fail it: it is told, and makes the change HIGH_RISK at least.

## What to do
Mend the finding (`selfmod explain RULE` says how, `selfmod fix` mends many). A secret that was pushed is known: revoke
it, then take it out. A finding that is none is silenced on its line with the reason (`# selfmod: ignore[RULE] why`).
"""

import base64
from collections.abc import Iterable, Iterator
from contextlib import closing
from typing import Any

from pathspec import GitIgnoreSpec

from checks.debugging import introduced, pool, selection
from checks.debugging.rules import BY_NAME
from checks.model.findings import Finding, NotAnalysed, with_fingerprints
from checks.model.verdicts import StageResult, State
from checks.repository.change import Change
from checks.repository.changed import added_lines
from checks.repository.history import shown
from checks.validation import returning
from checks.validation.asked import Asked
from checks.validation.patterns import rows, secrets

NAME = "security"
TITLE = "No new security finding"
TOPICS = frozenset({"injection", "network", "secrets"})
"""Topics of rules of ours that are about security; others are where bandit has the same check."""
SYNTAX = "syntax error"


def run(change: Change, asked: Asked) -> StageResult:
    """Fails for what is new at or above the threshold, and for what cannot be analysed any more."""
    exclude = selection.excluding(asked.exclude)
    compared, unread = _compared(change, asked, exclude)
    found = [f for f in compared.new if is_security(f)]
    others = len(compared.new) - len(found)
    seen = {(f.file, f.line) for f in found if f.rule == secrets.RULE}
    told, broken = _secrets(change, exclude) if secrets.RULE not in asked.disable else ([], [])
    found += [f for f in told if (f.file, f.line) not in seen]
    unread += broken
    worst = [f for f in found if f.severity.rank >= asked.threshold.rank]
    returned = _returned(worst, told, asked, exclude)
    found, worst = ([f for f in each if f not in returned] for each in (found, worst))
    count = len(compared.results)
    facts = {"analysed": f"{count} Python file{'' if count == 1 else 's'}"}
    if others:
        facts["other findings"] = f"{others} new, not about security"
    older = sum(is_security(f) for f in compared.found) - sum(is_security(f) for f in compared.new)
    if older:
        facts["older findings"] = str(older)
    reason = "; ".join(part for part in (_too_bad(worst, asked), _unknown(unread)) if part)
    back = _ordered(returned)
    facts |= returning.facts(back)
    state = State.FAILED if reason else State.PASSED
    return StageResult(NAME, state, reason, _ordered(found), facts, brought_back=back)


def _ordered(found: Iterable[Finding]) -> tuple[Finding, ...]:
    return tuple(sorted(found, key=lambda f: (-f.severity.rank, f.file, f.line, f.column, f.rule)))


def _returned(worst: list[Finding], secret: list[Finding], asked: Asked, exclude: GitIgnoreSpec) -> frozenset[Finding]:
    """Those that were there before what a revert takes back; `secret` are those that were looked for line by line."""
    if asked.before is None or not worst:
        return frozenset()
    change = returning.narrowed(asked.before, {f.file for f in worst})
    compared, _ = _compared(change, asked, exclude)
    there = {_place(f) for f in compared.found} - {_place(f) for f in compared.new}
    added = added_lines(change)
    lines = {f for f in secret if f.file in added and f.line not in added[f.file]}
    return frozenset(f for f in worst if (f in lines if f in secret else _place(f) in there))


def _place(finding: Finding) -> tuple[str, int, int, str]:
    return finding.file, finding.line, finding.column, finding.rule


def is_security(finding: Finding) -> bool:
    """Whether a finding is about security: of bandit, of ruff's rules that came from it, or of such a rule of ours."""
    codes = (finding.rule, *finding.aliases)
    rule = BY_NAME.get(finding.rule)
    if rule is not None and rule.topic == "exceptions":
        return False
    own = rule is not None and rule.topic in TOPICS
    return own or finding.tool == "bandit" or any(code[:1] == "S" and code[1:].isdigit() for code in codes)


def _too_bad(worst: list[Finding], asked: Asked) -> str:
    if not worst:
        return ""
    places = ", ".join(f"{f.rule} in {f.file}:{f.line}" for f in worst[:3])
    more = f" and {len(worst) - 3} more" if len(worst) > 3 else ""
    noun = "finding" if len(worst) == 1 else "findings"
    return f"{len(worst)} new security {noun} of {asked.threshold} or above: {places}{more}"


def _unknown(unread: list[NotAnalysed]) -> str:
    if not unread:
        return ""
    return "not analysed: " + ", ".join(f"{note.file} ({note.reason})" for note in unread[:3])


def _compared(change: Change, asked: Asked, exclude: GitIgnoreSpec) -> tuple[introduced.Introduced, list[NotAnalysed]]:
    """Both sides' findings, and the files that were analysed before, or not there, and are not analysed now."""
    here = set(selection.python_files(change.head, exclude))
    before = {entry.path for entry in change.base.files}
    touched = [each for each in change.present() if each.path in here]
    old_paths = {each.path: each.was for each in touched if each.status != "added" and each.was in before}
    texts, failed = selection.contents(change.head, (each.path for each in touched))
    old_texts, _ = selection.contents(change.base, sorted(set(old_paths.values())))
    compared = introduced.between(
        introduced.Side(old_texts, selection.surroundings(change.base)),
        introduced.Side(texts, selection.surroundings(change.head)),
        old_paths,
        asked.disable,
        store=asked.cache,
    )
    known = {(path, note.reason) for path, result in compared.old_results.items() for note in result.not_analysed}
    new = [
        note
        for path, result in compared.results.items()
        for note in result.not_analysed
        if not note.reason.startswith(SYNTAX) and (old_paths.get(path, ""), note.reason) not in known
    ]
    names = {shown(each.path) for each in change.present() if each.new_mode in ("100644", "100755")}
    skipped = {note.file for note in change.base.skipped}
    unread = [n for n in selection.unread(change.head, exclude) if n.file in names and n.file not in skipped]
    return compared, [*failed, *new, *unread]


def _secrets(change: Change, exclude: GitIgnoreSpec) -> tuple[list[Finding], list[NotAnalysed]]:
    """Secrets on added lines, looked for in worker processes: a hostile line can make any search slow."""
    found: list[Finding] = []
    broken: list[NotAnalysed] = []
    with closing(pool.run(_tasks(change, exclude), look)) as running:
        for path, answer, why in running:
            if answer is None:
                broken.append(NotAnalysed(path, why))
            else:
                found += [rows.finding(path, row, secrets.CWE) for row in answer]
    return with_fingerprints(found), broken


def _tasks(change: Change, exclude: GitIgnoreSpec) -> Iterator[pool.Task]:
    for path, numbers in sorted(added_lines(change).items()):
        if numbers and not exclude.match_file(path):
            content = base64.b64encode(change.head.read(path)).decode()
            yield path, {"path": path, "content": content, "lines": sorted(numbers)}


def look(task: dict[str, Any]) -> list[rows.Row]:
    """In a worker: the rows of one file; none of a binary one."""
    content = base64.b64decode(task["content"])
    if b"\0" in content:
        return []
    python = task["path"].endswith(selection.ENDINGS)
    return list(secrets.look(task["path"], content.decode("utf-8", "replace"), frozenset(task["lines"]), python=python))
