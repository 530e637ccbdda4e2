"""How the outcome of `selfmod fix` is shown."""

import json
from collections.abc import Iterable
from typing import TYPE_CHECKING, Any, TextIO

from checks.debugging.mending.fixing import Outcome
from checks.fix import Change
from checks.model.judged import Judged
from checks.model.safety import Level
from checks.model.verdicts import State
from checks.reports.judged.json import document
from checks.reports.judged.text import counts
from checks.reports.safe import for_terminal, lines_for_terminal
from checks.reports.text import counted
from checks.repository.writing.patch import as_diff

if TYPE_CHECKING:
    from checks.propose import Proposed

_COLOURS = {"fixed": "\033[32m", "refused": "\033[31m", "left": "\033[33m"}
_PLAIN = "\033[0m"


def as_json(proposed: "Proposed", written: str, diff: bool = False) -> str:
    """Keys: `outcomes` (finding, outcome, stage, why), `changes` (with `diff` where asked for), `not_analysed`,
    `written`, `summary`, `judged` (as `selfmod validate --json`; null where there is no change)."""
    fixes = proposed.fixes
    rows = [_row(outcome) for outcome in fixes.outcomes]
    changes = [_change(change, diff) for change in fixes.changes]
    states = [outcome.state for outcome in fixes.outcomes]
    summary = {
        "files": fixes.files,
        "seconds": round(fixes.seconds, 3),
        "fixed": states.count("fixed"),
        "left": states.count("left"),
        "refused": states.count("refused"),
    }
    unread = [{"file": note.file, "reason": note.reason} for note in fixes.not_analysed]
    value: dict[str, Any] = {
        "outcomes": rows,
        "changes": changes,
        "not_analysed": unread,
        "written": written,
        "summary": summary,
    }
    value["judged"] = document(proposed.judged) if proposed.judged else None
    return json.dumps(value, indent=2)


def difference(change: Change, stream: TextIO | None = None) -> str:
    """The diff of a change. For a terminal what would act on it is made visible; a program gets every byte."""
    made = as_diff(change.change_set, change.before.__getitem__)
    return lines_for_terminal(made) if stream is not None and stream.isatty() else made


def _change(change: Change, diff: bool) -> dict[str, Any]:
    files = [file.path for file in change.change_set.files]
    value = {"name": change.name, "summary": change.change_set.summary, "files": files}
    return value | ({"diff": difference(change)} if diff else {})


def _row(outcome: Outcome) -> dict[str, Any]:
    f = outcome.finding
    return {
        "outcome": outcome.state,
        "stage": outcome.stage,
        "why": outcome.why,
        "file": f.file,
        "line": f.line,
        "column": f.column,
        "rule": f.rule,
        "severity": f.severity,
        "fingerprint": f.fingerprint,
        "message": f.message,
    }


def as_text(proposed: "Proposed", written: str, colour: bool) -> str:
    """For people: a line an outcome (equal ones of a file together), then what it comes to and what to do next."""
    fixes = proposed.fixes
    states = [outcome.state for outcome in fixes.outcomes]
    lines = [
        f" {counted(len(states), 'finding')} in {counted(fixes.files, 'file')} ({fixes.seconds:.1f} s)"
        f"   {states.count('fixed')} fixed, {states.count('refused')} refused, {states.count('left')} left"
    ]
    shown = [o for o in fixes.outcomes if o.state != "left" or o.finding.tool == "selfmod"]
    rows = [(state, rule, _places(group), why) for (state, rule, why), group in _grouped(shown)]
    widths = [max((len(row[n]) for row in rows), default=0) for n in (1, 2)]
    for state, rule, places, why in rows:
        painted = f"{_COLOURS[state]}{state:8}{_PLAIN}" if colour else f"{state:8}"
        lines.append(f"  {painted}  {rule:{widths[0]}}  {places:{min(widths[1], 60)}}  {why}".rstrip())
    hidden = len(fixes.outcomes) - len(shown)
    if hidden:
        lines.append(f"  and {counted(hidden, 'finding')} of bandit and ruff without a fix: selfmod review --all")
    lines += [f"  not analysed  {for_terminal(n.file)}  {for_terminal(n.reason)}" for n in fixes.not_analysed]
    if proposed.judged:
        lines += _judged(proposed.judged)
    if written:
        lines.append(f" {for_terminal(written)}")
    elif fixes.changes:
        lines.append(" nothing written yet: --diff, --apply, --branch NAME or --propose")
    else:
        lines.append(" nothing to write")
    return "\n".join(lines)


def _judged(judged: Judged) -> list[str]:
    """What validation saw of all fixes together, and the level: a line each, and one for a stage that did not pass."""
    said, odd = [], []
    for stage in judged.verdict.stages:
        tests = judged.verdict.tests
        if stage.state is not State.PASSED:
            odd.append(f"  {stage.state.value}: {stage.stage}: {for_terminal(stage.reason)}")
        elif stage.stage == "sandbox" and tests:
            said.append(f"sandbox ({for_terminal(counts(tests.head))}, {tests.head.seconds:.1f} s)")
        else:
            said.append(stage.stage)
    level, lower = judged.assessment.level, judged.assessment.lower
    if level.rank > Level.LOW_RISK.rank:
        odd.append(f"  {for_terminal(lower)}")
    return [f" validated: {', '.join(said)}   level {level.value}", *odd]


def _grouped(outcomes: Iterable[Outcome]) -> list[tuple[tuple[str, str, str], list[Outcome]]]:
    order = ("fixed", "refused", "left")
    groups: dict[tuple[str, str, str, str], list[Outcome]] = {}
    for outcome in outcomes:
        why = f"{outcome.stage}: {outcome.why}" if outcome.stage else outcome.why
        key = (outcome.state, outcome.finding.rule, outcome.finding.file, for_terminal(why))
        groups.setdefault(key, []).append(outcome)
    ranked = sorted(groups.items(), key=lambda item: (order.index(item[0][0]), item[0][1], item[0][2]))
    return [((state, rule, why), group) for (state, rule, _, why), group in ranked]


def _places(group: list[Outcome]) -> str:
    lines = [str(outcome.finding.line) for outcome in group]
    more = f" and {len(lines) - 8} more" if len(lines) > 8 else ""
    return for_terminal(f"{group[0].finding.file}:{', '.join(lines[:8])}{more}")
